"""By what readers tell that a version is ours: its signatures, and the public keys."""

import base64
import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from werkzeug.test import Client
from werkzeug.wrappers import Response

import signing_key
from api.layer import in_front_of
from content import documents, previews, publishing, signatures, signing
from content.documents import Document
from content.signatures import Signature, SigningKey
from content.signing import Kind
from storage import db
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, an_article, publish, saved, signed

VERSION = "/api/v1/articles/clots/versions/1"


@pytest.fixture
def config(config, tmp_path, key):
    return config | {"VERSO_SIGNING_KEY": str(tmp_path / "key.pem")}


def is_signed(keys, jws, payload):
    """Whether one of a set of keys has signed some bytes: told by none of our code."""
    header, _, value = jws.split(".")
    [public] = [one["x"] for one in keys["keys"] if one["kid"] == json.loads(unpacked(header))["kid"]]
    packed = base64.urlsafe_b64encode(payload).rstrip(b"=")
    try:
        Ed25519PublicKey.from_public_bytes(unpacked(public)).verify(
            unpacked(value), header.encode() + b"." + packed
        )
    except InvalidSignature:
        return False
    return True


def unpacked(text):
    return base64.urlsafe_b64decode(text + "==")


class TestSignature:
    def test_it_is_of_the_bytes_of_the_version(self, api, session, key):
        version = a_live_article(session)

        words, told = api.get(VERSION).data, api.get(f"{VERSION}/signature").get_json()

        [one] = told.pop("signatures")
        assert one["key_id"] == key.id
        assert told == {
            "type": "article",
            "id": str(version.entry_id),
            "version": 1,
            "content_hash": version.content_hash,
            "version_hash": hashlib.sha256(words).hexdigest(),
        }
        keys = api.get("/api/v1/jwks.json").get_json()
        assert is_signed(keys, one["jws"], words)
        assert not is_signed(keys, one["jws"], words.replace(b"Plain", b"Vague"))

    def test_every_way_to_publish_signs(self, api, session, key):
        version = a_live_faq(session)
        publishing.move(session, version.entry_id, "moved", by=ED, now=MAY_DAY)
        publishing.withdraw(session, version.entry_id, by=ED, now=MAY_DAY)
        newer = signed(session, saved(session, version, slug="moved", answer="Never."))
        publishing.reinstate(session, version.entry_id, newer.number, by=ED, now=MAY_DAY)

        assert session.query(Document).count() == session.query(Signature).count() == 3

    def test_nothing_vouches_for_what_was_struck(self, api, session, key):
        version = a_live_article(session)
        publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)

        assert api.get(f"/api/v1/articles/{version.entry_id}/versions/1/signature").status_code == 410

        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        assert api.get(f"/api/v1/articles/{version.entry_id}/versions/1/signature").status_code == 410
        assert session.query(Signature).count() == 0

    def test_a_draft_that_is_previewed_is_vouched_for_by_nobody(self, api, session, key):
        draft = an_article(session)
        _, token = previews.for_draft(session, draft.entry_id, 1, purpose="a look", by=ED)
        session.commit()
        bearer = {"Authorization": f"Bearer {token}"}

        assert api.get(VERSION, headers=bearer).status_code == 200
        assert api.get(f"{VERSION}/signature", headers=bearer).get_json()["signatures"] == []
        assert api.get(f"{VERSION}/signature").status_code == 404


class TestWithoutAKey:
    @pytest.fixture
    def config(self, config):
        return config | {"VERSO_SIGNING_KEY": ""}

    def test_it_says_that_nothing_is_signed(self, api, session, engine):
        signing.use(engine, None)
        a_live_article(session)

        assert api.get(f"{VERSION}/signature").get_json()["signatures"] == []
        assert api.get("/api/v1/jwks.json").get_json() == {"keys": []}
        assert api.get("/api/v1/manifest").get_json()["signature"] is None
        assert api.get("/api/v1/manifest/entries").get_json()["signature"] is None


class TestKeys:
    def test_one_of_before_stays_listed_behind_that_of_now(self, started, session, key, tmp_path):
        a_live_article(session)
        newer = signing_key.make(tmp_path / "newer.pem")
        app = started(VERSO_SIGNING_KEY=str(tmp_path / "newer.pem"))
        client = Client(in_front_of(app), Response)

        before = client.get("/api/v1/jwks.json").get_json()
        with app.app_context():
            assert documents.sign(db.session(), newer, most=10) == 1
            assert documents.sign(db.session(), newer, most=10) == 0

        assert before == {"keys": [signing.jwk(newer.public), signing.jwk(key.public)]}
        told = client.get(f"{VERSION}/signature").get_json()["signatures"]
        assert [one["key_id"] for one in told] == [newer.id, key.id]
        assert all(is_signed(before, one["jws"], client.get(VERSION).data) for one in told)

    def test_one_that_was_stolen_is_forgotten_with_all_that_it_signed(self, session, key):
        a_live_article(session)

        assert signatures.forget(session, key.id) == 1

        assert session.query(SigningKey).count() == session.query(Signature).count() == 0


class TestStore:
    def test_a_document_that_comes_back_is_signed_with_the_key_of_now(self, session, engine, key, tmp_path):
        first = a_live_article(session)
        publish(session, signed(session, saved(session, first, body="Other words.")), note="Anew.")
        newer = signing_key.make(tmp_path / "newer.pem")
        signing.use(engine, newer)

        publish(session, first, note="As before.")

        made = session.query(Signature).filter_by(document_hash=_document(session, first.number).hash).all()
        assert {one.key_id for one in made} == {key.id, newer.id}
        body = _document(session, first.number).body
        assert all(
            signing.vouches(session.get(SigningKey, one.key_id).public, one.jws, body, Kind.VERSION)
            for one in made
        )


def _document(session, number):
    return session.query(Document).filter_by(version=number).one()
