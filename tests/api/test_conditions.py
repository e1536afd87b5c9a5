"""Preconditions, in the order of RFC 9110, section 13.2.2."""

from datetime import UTC, datetime

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from api.conditions import Verdict, verdict

CHANGED = datetime(2026, 5, 1, 9, tzinfo=UTC)
BEFORE, AT, AFTER = (f"Fri, 01 May 2026 {time} GMT" for time in ("08:59:59", "09:00:00", "09:00:01"))


class TestVerdict:
    @pytest.mark.parametrize(
        ("headers", "judged"),
        [
            ({}, Verdict.SEND),
            ({"If-None-Match": '"a"'}, Verdict.NOT_MODIFIED),
            ({"If-None-Match": 'W/"a"'}, Verdict.NOT_MODIFIED),
            ({"If-None-Match": '"b", "a"'}, Verdict.NOT_MODIFIED),
            ({"If-None-Match": "*"}, Verdict.NOT_MODIFIED),
            ({"If-None-Match": '"b"'}, Verdict.SEND),
            ({"If-None-Match": '"b"', "If-Modified-Since": AFTER}, Verdict.SEND),
            ({"If-Modified-Since": BEFORE}, Verdict.SEND),
            ({"If-Modified-Since": AT}, Verdict.NOT_MODIFIED),
            ({"If-Modified-Since": "the other day"}, Verdict.SEND),
            ({"If-Match": '"a"'}, Verdict.SEND),
            ({"If-Match": "*"}, Verdict.SEND),
            ({"If-Match": 'W/"a"'}, Verdict.FAILED),
            ({"If-Match": '"b"'}, Verdict.FAILED),
            ({"If-Match": '"a"', "If-None-Match": '"a"'}, Verdict.NOT_MODIFIED),
            ({"If-Match": '"a"', "If-Unmodified-Since": BEFORE}, Verdict.SEND),
            ({"If-Unmodified-Since": BEFORE}, Verdict.FAILED),
            ({"If-Unmodified-Since": AT}, Verdict.SEND),
        ],
    )
    def test_it_follows_the_standard(self, headers, judged):
        request = Request(EnvironBuilder(headers=headers).get_environ())

        assert verdict(request, "a", CHANGED) == judged

    def test_it_makes_nothing_of_dates_where_there_is_none(self):
        request = Request(EnvironBuilder(headers={"If-Modified-Since": AFTER}).get_environ())

        assert verdict(request, "a", None) == Verdict.SEND
