"""How a query is read from its bytes."""

import pytest

from api import querystring


class TestFaults:
    @pytest.mark.parametrize("query", [b"", b"&&", b"a=1&b=%C3%BC", b"a+b=c+d", b"a=%zz", b"a"])
    def test_it_finds_nothing_wrong_with_what_can_be_read(self, query):
        assert querystring.faults(query) == {}

    @pytest.mark.parametrize(
        ("query", "name", "detail"),
        [
            (b"a=1&%61=2", "a", "stands there more than once"),
            (b"a=%ff", "a", "is not UTF-8"),
            (b"a=\xff", "a", "is not UTF-8"),
            (b"a=%ED%A0%80", "a", "is not UTF-8"),
            (b"%ff=1", "%FF", "is not UTF-8"),
            (b"a=1&a=%ff", "a", "is not UTF-8"),
        ],
    )
    def test_it_tells_each_by_its_name(self, query, name, detail):
        assert {found: fault.detail for found, fault in querystring.faults(query).items()} == {name: detail}


class TestParameters:
    def test_it_leaves_out_what_cannot_be_read(self):
        assert querystring.parameters(b"a=%ff&b=c+d&%ff=1&e") == {"b": "c d", "e": ""}


class TestPointer:
    def test_it_escapes_a_name(self):
        assert querystring.pointer("a/b~") == "/a~1b~0"
