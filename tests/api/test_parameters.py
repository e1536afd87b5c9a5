"""How a value is written in a query."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from marshmallow import ValidationError

from api import parameters


class TestInstant:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("2026-05-01T09:00:00Z", datetime(2026, 5, 1, 9, tzinfo=UTC)),
            ("2026-05-01t09:00:00z", datetime(2026, 5, 1, 9, tzinfo=UTC)),
            ("2026-05-01T09:00:00.5+02:00", datetime(2026, 5, 1, 7, 0, 0, 500_000, tzinfo=UTC)),
            ("2026-05-01T09:00:00.123456789Z", datetime(2026, 5, 1, 9, 0, 0, 123_456, tzinfo=UTC)),
            ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ],
    )
    def test_it_reads_what_rfc_3339_writes(self, written, meant):
        assert parameters.instant(written) == meant

    @pytest.mark.parametrize(
        "written",
        [
            "2026-05-01",
            "2026-05-01T09:00:00",
            "2026-05-01 09:00:00Z",
            "20260501T090000Z",
            "2026-05-01T09:00:00 02:00",
            "2026-13-01T09:00:00Z",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "٢٠٢٦-05-01T09:00:00Z",
            "",
        ],
    )
    def test_it_refuses_all_else(self, written):
        with pytest.raises(ValidationError):
            parameters.instant(written)


class TestKey:
    def test_it_tells_an_id_from_a_slug(self):
        text = "0197A2C4-5b1e-7c3d-9f20-6a1b2c3d4e5f"

        assert parameters.key(text) == UUID(text)
        assert parameters.key("clots-2") == "clots-2"

    @pytest.mark.parametrize("text", ["", "-", "a--b", "Clots", "a b", "a\0", "ü", "a" * 101, "a\n"])
    def test_it_knows_what_can_be_neither(self, text):
        assert parameters.key(text) is None


class TestListed:
    @pytest.mark.parametrize(
        ("asked", "detail"),
        [
            ("fields=", "has an empty item"),
            ("fields=title,,", "has an empty item"),
            ("include=", "has an empty item"),
            ("fallback=de,xx-,en", "xx- is not a language tag such as en or de-CH (BCP 47)"),
            ("fallback=a,b,c,d,e,f", "names more than 5 languages"),
            ("ids=abc,0197a2c4-5b1e-7c3d-9f20-6a1b2c3d4e5f,", "abc is not an id; has an empty item"),
            ("fields=title,A", "A is no path"),
        ],
    )
    def test_it_says_which_of_its_items_is_bad(self, api, asked, detail):
        told = api.get(f"/api/v1/articles?{asked}").get_json()

        assert told["errors"] == [{"pointer": f"/{asked.partition('=')[0]}", "detail": detail}]
