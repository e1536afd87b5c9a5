"""What the read layer keeps for bearers of keys: as fresh as all else, and nobody else's."""

import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from api import callers
from api.layer.flask_behind import Answered
from api.layer.kept import kept
from api.layer.limits import Allowance, Limits
from content import keys, partners
from content.database import new_id
from content.keys import Bearer, Key
from content.placement import LICENSED
from tests.api.bearers import a_partner, bearing
from tests.api.layer.test_layer import how
from tests.builders import ED, a_live_faq, publish, saved, signed

BORNE = Bearer(new_id(), new_id(), frozenset({"read"}), None, None, None)
LIST, ONE = "/api/v1/faqs", "/api/v1/faqs/licensed"


@pytest.fixture
def licensed(newsroom):
    """A text for partners only."""
    return a_live_faq(newsroom, slug="licensed", question="Who pays?", audience=LICENSED)


@pytest.fixture
def partner_id(newsroom, licensed):
    return a_partner(newsroom)


@pytest.fixture
def borne(newsroom, partner_id):
    return bearing(newsroom, partner_id)


class TestWhatIsKept:
    @pytest.mark.parametrize("path", [LIST, ONE, "/api/v1/sync", "/api/v1/partner/terms"])
    def test_a_repeated_read_does_not_meet_flask(self, front, borne, path):
        first, again = (front.get(path, headers=borne) for _ in range(2))

        assert (how(first), how(again)) == ("made", "kept")
        assert again.data == first.data
        assert again.headers["Cache-Control"].startswith("private")

    def test_it_is_packed_and_judged_like_all_else(self, front, borne):
        front.get(LIST, headers=borne)
        packed = front.get(LIST, headers=borne | {"Accept-Encoding": "gzip"})
        told = front.get(LIST, headers=borne | {"If-None-Match": packed.headers["ETag"]})

        assert how(packed) == "kept"
        assert told.status_code == 304

    def test_it_is_for_nobody_who_bears_no_key_or_another(self, front, newsroom, borne):
        other = bearing(newsroom, a_partner(newsroom, "Nobody yet", None))

        for headers, status in ((borne, 200), ({}, 404), (other, 404), (borne, 200), ({}, 404), (other, 404)):
            assert front.get(ONE, headers=headers).status_code == status

    @pytest.mark.parametrize(("vary", "borne"), [("Accept", BORNE), ("Accept, Authorization", None)])
    def test_nothing_is_kept_that_another_would_find(self, vary, borne):
        headers = [("ETag", '"tag"'), ("Cache-Control", "private, max-age=60"), ("Vary", vary)]

        assert kept(Answered("200 OK", headers, b"{}", None, borne)) is None

    def test_an_act_ends_it(self, front, newsroom, licensed, borne):
        front.get(ONE, headers=borne)
        newer = signed(newsroom, saved(newsroom, licensed, question="Who pays now?", now=None), now=None)
        publish(newsroom, newer, note="Said anew.", now=None)

        assert front.get(ONE, headers=borne).json["question"] == "Who pays now?"

    def test_a_mistyped_key_finds_nothing_that_is_kept(self, front, borne):
        front.get(ONE, headers=borne)

        wrong = front.get(ONE, headers={"Authorization": borne["Authorization"][:-1]})

        assert wrong.status_code == 401


class TestWhatEndsIt:
    def test_a_key_that_is_revoked_opens_nothing_in_any_process(
        self, front, elsewhere, newsroom, partner_id, borne
    ):
        for site in (front, elsewhere):
            assert [site.get(ONE, headers=borne).status_code for _ in range(2)] == [200, 200]

        keys.revoke(newsroom, keys.keys(newsroom, partner_id)[0].id, why="It stood in a log.", by=ED)
        newsroom.commit()

        assert [site.get(ONE, headers=borne).status_code for site in (front, elsewhere)] == [401, 401]

    def test_a_key_that_expires_opens_nothing_from_that_moment_on(self, front, newsroom, partner_id):
        ends = datetime.now(UTC) + timedelta(seconds=2.5)
        borne = bearing(newsroom, partner_id, expires_at=ends)
        first, again = (front.get(ONE, headers=borne) for _ in range(2))
        assert how(again) == "kept"
        assert int(re.search(r"max-age=(\d+)|no-cache", again.headers["Cache-Control"])[1] or 0) <= 1

        time.sleep((ends - datetime.now(UTC)).total_seconds())

        assert front.get(ONE, headers=borne).status_code == 401
        assert first.status_code == 200

    def test_a_key_that_gives_way_to_another_is_kept_no_longer_than_it_works(
        self, front, newsroom, partner_id, borne
    ):
        before = front.get(LIST, headers=borne)
        keys.rotate(newsroom, keys.keys(newsroom, partner_id)[0].id, overlap=timedelta(seconds=30), by=ED)
        newsroom.commit()

        after = front.get(LIST, headers=borne)

        longest = [
            int(re.search(r"max-age=(\d+)", one.headers["Cache-Control"])[1]) for one in (before, after)
        ]
        assert longest[0] == 60
        assert longest[1] < 30

    def test_a_partner_s_terms_are_those_that_were_told_last(self, front, newsroom, partner_id, borne):
        assert front.get("/api/v1/partner/terms", headers=borne).json["licence"] is None
        told = partners.partner(newsroom, partner_id).told

        partners.change(newsroom, partner_id, told | {"licence": "CC-BY-4.0"})
        newsroom.commit()

        assert front.get("/api/v1/partner/terms", headers=borne).json["licence"] == "CC-BY-4.0"

    def test_a_date_says_nothing_of_terms_which_no_act_changes(self, front, newsroom, partner_id, borne):
        front.get("/api/v1/partner/terms", headers=borne)
        told = partners.partner(newsroom, partner_id).told
        partners.change(newsroom, partner_id, told | {"licence": "CC-BY-4.0"})
        newsroom.commit()

        since = borne | {"If-Modified-Since": "Fri, 31 Dec 2100 23:59:59 GMT"}

        assert front.get("/api/v1/partner/terms", headers=since).json["licence"] == "CC-BY-4.0"


class TestLimits:
    @pytest.fixture
    def config(self, config):
        return config | {"VERSO_READ_LIMIT": "3", "VERSO_WORKERS": "1"}

    def statuses(self, front, headers, times):
        return [front.get(LIST, headers=headers).status_code for _ in range(times)]

    def test_all_keys_of_a_partner_have_its_quota_together(self, front, newsroom, partner_id, borne):
        told = partners.partner(newsroom, partner_id).told
        partners.change(newsroom, partner_id, told | {"quota": 5})
        newsroom.commit()
        other = bearing(newsroom, partner_id)

        # The first read of each key still counts for the address.
        assert self.statuses(front, borne, 4) == [200] * 4
        assert self.statuses(front, other, 4) == [200, 200, 200, 429]
        assert front.get(LIST, headers=other).headers["RateLimit-Policy"] == '"reads";q=5;w=60'
        assert self.statuses(front, {}, 2) == [200, 429]

    def test_a_key_is_not_refused_for_what_others_asked_for_from_its_address(
        self, front, newsroom, partner_id, borne
    ):
        told = partners.partner(newsroom, partner_id).told
        partners.change(newsroom, partner_id, told | {"quota": 5})
        newsroom.commit()
        assert self.statuses(front, {}, 4) == [200, 200, 200, 429]

        assert self.statuses(front, borne, 6) == [200] * 5 + [429]
        # What changes at keys makes this process forget whose they are.
        other = bearing(newsroom, partner_id)
        keys.revoke(newsroom, keys.keys(newsroom, partner_id)[1].id, why="It stood in a log.", by=ED)
        newsroom.commit()
        assert self.statuses(front, other, 1) == [429]
        assert front.get(LIST, headers=other).headers["RateLimit-Policy"] == '"reads";q=5;w=60'
        assert front.get(LIST).headers["RateLimit-Policy"] == '"reads";q=3;w=60'

    def test_it_is_found_again_after_it_was_forgotten(self, partner_id):
        limits = Limits(1, bearer=lambda text: replace(BORNE, quota=5))
        environ = {"HTTP_AUTHORIZATION": f"Bearer {keys.written(bytes(20))}", "REMOTE_ADDR": "192.0.2.1"}

        assert [limits.hit(environ, 0).left for _ in range(3)] == [0, 4, 3]
        limits.forget_keys()
        assert limits.hit(environ, 0).left == 2

    def test_whoever_guesses_keys_has_few_of_them_looked_up(self):
        asked = []
        limits = Limits(1, bearer=asked.append)

        def guess(number, address):
            told = {
                "HTTP_AUTHORIZATION": f"Bearer {keys.written(number.to_bytes(20))}",
                "REMOTE_ADDR": address,
            }
            return limits.hit(told, 0).left

        for number in range(100):
            guess(number, "192.0.2.1")
            guess(number, "192.0.2.1")
        assert len(set(asked)) == len(asked) == 20
        limits.hit({"HTTP_AUTHORIZATION": "Bearer none", "REMOTE_ADDR": "192.0.2.1"}, 0)
        assert len(asked) == 20
        for number in range(100, 3_000):
            guess(number, f"198.51.100.{number % 100}")
        assert len(asked) == 1_000

    @pytest.mark.parametrize("more", [{"Range": "bytes=0-"}, {"If-Match": "*"}, {}])
    def test_however_it_is_asked_it_counts_for_the_partner(self, front, newsroom, partner_id, borne, more):
        told = partners.partner(newsroom, partner_id).told
        partners.change(newsroom, partner_id, told | {"quota": 1})
        newsroom.commit()
        otherwise = {"Authorization": borne["Authorization"].replace("Bearer ", "BEARER  ")}

        answers = [front.get(LIST, headers=one | more) for one in (borne, borne, otherwise)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]

    def test_it_counts_for_the_partner_in_the_next_minute_too(self, partner_id):
        limits, environ = Limits(3), {"HTTP_AUTHORIZATION": "Bearer key", "REMOTE_ADDR": "192.0.2.1"}
        limits.know(environ, replace(BORNE, quota=5))

        assert [limits.hit(environ, now).left for now in (0, 1, 60, 61)] == [4, 3, 4, 3]

        limits.forget_keys()
        assert limits.hit(environ, 62) == Allowance(3, 2, 58)

    def test_an_address_of_ipv6_is_that_of_its_network(self):
        limits = Limits(3)

        left = [
            limits.hit({"REMOTE_ADDR": one}, 0).left for one in ("2001:db8::1", "2001:db8::2", "2001:db9::1")
        ]

        assert left == [2, 1, 2]

    def test_a_key_that_has_expired_counts_for_its_address(self):
        limits, environ = Limits(9), {"HTTP_AUTHORIZATION": "Bearer some", "REMOTE_ADDR": "192.0.2.1"}
        limits.know(environ, replace(BORNE, quota=5, expires_at=datetime.fromtimestamp(30, UTC)))

        assert [limits.hit(environ, now).most for now in (29, 30)] == [5, 9]

    @pytest.mark.parametrize("proxy", ["192.0.2.9", "::ffff:192.0.2.9"])
    def test_an_address_of_ipv4_is_one_however_it_is_told(self, proxy):
        limits = Limits(9, [proxy])
        told = [
            {"REMOTE_ADDR": "::ffff:192.0.2.1"},
            {"REMOTE_ADDR": "192.0.2.1"},
            {"REMOTE_ADDR": "::ffff:192.0.2.9", "HTTP_X_FORWARDED_FOR": "192.0.2.1"},
            {"REMOTE_ADDR": "::ffff:192.0.2.2"},
        ]

        assert [limits.hit(environ, 0).left for environ in told] == [8, 7, 6, 8]

    def test_a_key_that_is_none_counts_for_its_address(self, front, borne):
        wrong = {"Authorization": borne["Authorization"][:-1]}

        assert self.statuses(front, wrong, 4) == [401, 401, 401, 429]
        assert self.statuses(front, {}, 1) == [429]


class TestUses:
    def test_a_kept_answer_counts_as_a_use_of_its_day(self, app, front, newsroom, borne):
        front.get(LIST, headers=borne)
        text, uses = borne["Authorization"].removeprefix("Bearer "), callers.uses(app)
        # As if that had been on another day.
        uses.note(keys.bearer(newsroom, text, now=datetime.now(UTC)), date(2026, 1, 1))
        uses.write(newsroom)

        kept = front.get(LIST, headers=borne)
        uses.write(newsroom)

        assert how(kept) == "kept"
        assert newsroom.query(Key).one().last_used_on == datetime.now(UTC).date()
