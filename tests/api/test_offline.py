"""The verifier in the docs tells each way in which a copy is not what is public; it knows nothing of our code."""

import copy
import importlib.util
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

import signing_key
from content import publishing, signing, versions
from content.signing import Kind
from tests.api.test_manifest import ENTRIES, HEAD, walked
from tests.builders import ED, a_live_article, a_live_faq, a_topic, publish, saved, signed

SCRIPT = Path(__file__).parents[2] / "docs" / "verify.py"
SPEC = importlib.util.spec_from_file_location("verify", SCRIPT)
verify = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(verify)
NOW = datetime.now(UTC)


@pytest.fixture
def config(config, key, tmp_path):
    return config | {"VERSO_SIGNING_KEY": str(tmp_path / "key.pem")}


class Partner:
    """Who keeps a copy, a manifest and the keys, as files of JSON would hold them."""

    def __init__(self, api, session):
        self.api, self.session = api, session
        self.keys = {key["kid"]: key["x"] for key in api.get("/api/v1/jwks.json").get_json()["keys"]}
        self.copy = [one["document"] for page in walked(api, "/api/v1/sync?limit=2") for one in page["data"]]
        self.take()

    def take(self):
        """Take the manifest of now."""
        self.manifest = [self.api.get(HEAD).get_json(), *walked(self.api, f"{ENTRIES}?limit=2")]

    def faults(self, *, keys=None, now=NOW):
        """What the verifier tells."""
        given = self.keys if keys is None else keys
        return list(verify.faults(self.copy, copy.deepcopy(self.manifest), given, now))

    def held(self, type_):
        """The copy of the one text of a type."""
        return next(one for one in self.copy if one["type"] == type_)


@pytest.fixture
def partner(api, session):
    topic = a_topic(session)
    article = a_live_article(session, topics=[topic], body="Fünf Wörter — und \U0001f9b5.", now=None)
    a_live_faq(session, article=str(article.entry_id), topics=[topic], now=None)
    return Partner(api, session)


class TestFaults:
    def test_there_are_none_in_what_was_published(self, partner):
        assert len(partner.copy) == 3
        assert partner.faults() == []

    def test_one_changed_letter_is_one(self, partner):
        article = partner.held("article")
        article["body"]["html"] = article["body"]["html"].replace("Wörter", "Worter")

        [fault] = partner.faults()

        assert fault.startswith(f"{article['id']} in version 1 is not what was published")

    def test_a_member_that_stands_twice_is_refused(self, partner):
        told = json.dumps(partner.held("faq"))
        twice = told.replace('{"type"', '{"version": 99, "type"', 1)

        assert verify.lines(told) == [partner.held("faq")]
        with pytest.raises(SystemExit, match="stands twice"):
            verify.lines(f"{told}\n{twice}")

    def test_a_document_in_the_place_of_another_is_one(self, partner):
        article, faq = partner.held("article"), partner.held("faq")
        article["id"], faq["id"] = faq["id"], article["id"]

        assert len(partner.faults()) == 2

    def test_a_version_that_was_replaced_is_one(self, partner, session):
        version = versions.latest(session, UUID(partner.held("article")["id"]))
        publish(
            session,
            signed(session, saved(session, version, body="Anew.", now=None), now=None),
            note="Anew.",
            now=None,
        )
        partner.take()

        assert f"{version.entry_id} in version 1 is stale: version 2 is public" in partner.faults()

    def test_what_was_withdrawn_and_is_held_is_one(self, partner, session):
        faq = UUID(partner.held("faq")["id"])
        publishing.withdraw(session, faq, by=ED)
        partner.take()

        assert f"{faq} in version 1 is not public" in partner.faults()

    def test_an_old_manifest_is_one(self, partner):
        [fault] = partner.faults(now=NOW + timedelta(hours=25))

        assert fault.endswith("out of date")

    def test_a_manifest_of_the_past_is_out_of_date(self, partner):
        at = partner.manifest[0]["sequence"] - 1
        partner.manifest = [
            partner.api.get(f"{HEAD}?as_of={at}").get_json(),
            *walked(partner.api, f"{ENTRIES}?as_of={at}"),
        ]

        assert partner.faults()[0].endswith("out of date")

    def test_a_key_of_somebody_else_vouches_for_nothing(self, partner, tmp_path):
        [name] = partner.keys
        another = signing_key.make(tmp_path / "another.pem")

        for keys in (
            {},
            {another.id: signing.jwk(another.public)["x"]},
            {name: signing.jwk(another.public)["x"]},
        ):
            assert partner.faults(keys=keys) == ["the manifest is not signed with one of these keys"]

    @pytest.mark.parametrize("place", range(3))
    def test_a_changed_manifest_is_signed_by_nobody(self, partner, place):
        partner.manifest[place]["sequence"] += 1

        assert partner.faults() == ["the manifest is not signed with one of these keys"]

    @pytest.mark.parametrize("place", range(3))
    def test_a_manifest_that_nobody_signed_says_so(self, partner, place):
        partner.manifest[place]["signature"] = None

        [told] = partner.faults()

        assert told == "the manifest bears no signature: whoever made it has no key to sign with"

    def test_a_signature_of_a_version_is_none_of_a_manifest(self, partner, session):
        head = {name: value for name, value in partner.manifest[0].items() if name != "signature"}
        made = signing.key_of(session).sign(signing.canonical(head), Kind.VERSION)
        partner.manifest[0] = {**head, "signature": made}

        assert partner.faults() == ["the manifest is not signed with one of these keys"]

    @pytest.mark.parametrize("left_out", [1, 2])
    def test_a_page_that_is_missing_is_told(self, partner, left_out):
        del partner.manifest[left_out]

        assert partner.faults() == ["the manifest is not whole, or of several"]

    @pytest.mark.parametrize("order", [(1, 0, 2), (1, 2, 0), (1, 2), (0, 0, 1, 2)])
    def test_a_manifest_in_another_order_is_told(self, partner, order):
        partner.manifest = [dict(partner.manifest[place]) for place in order]

        assert partner.faults() == [
            "the manifest does not begin with the answer of /manifest, with pages of its entries after it"
        ]

    @pytest.mark.parametrize("signature", [5, ["x"], {"x": 1}, "x", "é..é"])
    def test_what_is_no_signature_is_none_of_these_keys(self, partner, signature):
        partner.manifest[0]["signature"] = signature

        assert partner.faults() == ["the manifest is not signed with one of these keys"]

    def test_pages_of_two_manifests_are_told(self, partner, session):
        old = partner.manifest
        a_live_article(session, slug="later", now=None)
        partner.take()
        partner.manifest[1] = old[1]

        assert partner.faults() == ["the manifest is not whole, or of several"]


def run(files):
    """The script, run on files."""
    asked = [sys.executable, str(SCRIPT), *map(str, files.values())]
    return subprocess.run(asked, capture_output=True, text=True, check=False)


class TestTheScript:
    @pytest.fixture
    def files(self, partner, tmp_path):
        """The files that a partner has, by name."""
        public = {"keys": [{"kid": name, "x": x} for name, x in partner.keys.items()]}
        given = {"copy": partner.copy, "manifest": partner.manifest, "keys": [public]}
        for name, lines in given.items():
            (tmp_path / name).write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        return {name: tmp_path / name for name in given}

    def test_it_ends_with_0_or_tells_what_is_wrong(self, partner, files):
        assert (run(files).returncode, run(files).stderr) == (0, "")

        partner.copy[0]["version"] = 7
        files["copy"].write_text("\n".join(map(json.dumps, partner.copy)), encoding="utf-8")
        told = run(files)
        assert told.returncode == 1
        assert "is stale" in told.stderr

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("", "the copy is empty"),
            (" \n", "the copy is empty"),
            ('{"version": 1}', "document 1 of the copy has no id, or no version"),
            ('{"id": "x"}', "document 1 of the copy has no id, or no version"),
            ('{"id": [], "version": 1}', "document 1 of the copy has no id, or no version"),
            ('{"id": "\\ud800", "version": 1}', "is not public"),
            ("[1]", "line 1 is no JSON object: [1]"),
            ("\n{", "line 2 is no JSON object: {"),
        ],
    )
    def test_it_says_in_a_sentence_what_is_no_copy(self, files, written, said):
        files["copy"].write_text(written, encoding="utf-8")

        told = run(files)

        assert (told.returncode, told.stdout) == (1, "")
        assert said in told.stderr
        assert "Traceback" not in told.stderr

    @pytest.mark.parametrize("written", ["", "[]", '{"keys": 5}', '{"keys": [{"kid": []}]}', "{}\n{}"])
    def test_it_says_in_a_sentence_what_are_no_keys(self, files, written):
        files["keys"].write_text(written, encoding="utf-8")

        told = run(files)

        assert (told.returncode, told.stderr) == (1, "KEYS is not what /jwks.json answers\n")

    @pytest.mark.parametrize("name", ["copy", "manifest", "keys"])
    def test_it_says_in_a_sentence_what_cannot_be_read(self, files, tmp_path, name):
        (tmp_path / "latin").write_bytes(b"\xe9")

        for unreadable in ("none", ".", "latin"):
            told = run(files | {name: tmp_path / unreadable})
            assert told.returncode == 1
            assert told.stderr.startswith(f"{tmp_path / unreadable} cannot be read: ")
            assert told.stderr.count("\n") == 1

    def test_it_reads_a_copy_as_editors_of_text_leave_it(self, files):
        kept = files["copy"].read_text(encoding="utf-8")
        files["copy"].write_text(kept.replace("\n", "\n \n"), encoding="utf-8-sig")

        assert (run(files).returncode, run(files).stderr) == (0, "")

    def test_it_says_what_it_is_to_be_told(self):
        told = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)

        assert told.returncode == 1
        assert "COPY has a whole document on each line" in told.stderr
