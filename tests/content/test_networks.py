"""From which address a request comes, as a proxy tells it."""

import pytest

from content.networks import client, plain

PROXY = "192.0.2.9"


class TestClient:
    @pytest.mark.parametrize(
        ("told", "who"),
        [
            ("203.0.113.50:40001", "203.0.113.50"),
            ("203.0.113.50", "203.0.113.50"),
            ("[2001:db8::1]:5000", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("198.51.100.7, 203.0.113.50:40001", "203.0.113.50"),
            (f"203.0.113.50:40001, {PROXY}:443", "203.0.113.50"),
            ("[::ffff:203.0.113.50]:5000", "203.0.113.50"),
        ],
    )
    def test_it_is_the_same_whatever_its_port(self, told, who):
        assert client({"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": told}, {PROXY}) == who

    def test_nobody_but_a_trusted_proxy_tells_it(self):
        assert (
            client({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}, {PROXY})
            == "192.0.2.1"
        )


class TestPlain:
    @pytest.mark.parametrize("address", ["", "unix:", "a:b:c", "[", "unknown"])
    def test_what_is_none_stays_as_it_is(self, address):
        assert plain(address) == address
