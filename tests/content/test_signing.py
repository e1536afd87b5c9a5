"""Signatures by RFC 7515, RFC 8037 and RFC 7638: their own examples, and what breaks one."""

import json

import orjson
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from content import signing
from content.signing import Key, Kind

# RFC 8037, appendix A.
PRIVATE = signing._bytes("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
KEY = Key(Ed25519PrivateKey.from_private_bytes(PRIVATE))
WORDS = '{"title":"Clots — and veins"}'.encode()


class TestKey:
    def test_it_is_named_and_told_as_the_rfc_says(self):
        assert KEY.id == THUMBPRINT
        assert signing.jwk(KEY.public) == {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": PUBLIC,
            "kid": THUMBPRINT,
            "use": "sig",
            "alg": "EdDSA",
        }

    def test_it_signs_the_same_bytes_alike_and_leaves_them_out(self):
        made = KEY.sign(WORDS, Kind.VERSION)

        assert made == KEY.sign(WORDS, Kind.VERSION)
        header, payload, signature = made.split(".")
        assert (payload, len(signing._bytes(signature))) == ("", 64)
        assert json.loads(signing._bytes(header)) == {
            "alg": "EdDSA",
            "kid": THUMBPRINT,
            "typ": "verso-version",
        }

    def test_it_signs_as_the_rfcs_example_does(self):
        signature = KEY.private.sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")

        assert signing._base64(signature) == (
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        )


class TestVouches:
    def test_it_is_for_the_very_bytes_kind_and_key(self):
        made = KEY.sign(WORDS, Kind.VERSION)
        another = Key(Ed25519PrivateKey.generate())

        assert signing.vouches(KEY.public, made, WORDS, Kind.VERSION)
        assert not signing.vouches(KEY.public, made, WORDS + b" ", Kind.VERSION)
        assert not signing.vouches(KEY.public, made, WORDS, Kind.MANIFEST)
        assert not signing.vouches(another.public, made, WORDS, Kind.VERSION)

    @pytest.mark.parametrize("text", ["", "..", "a..b", "é..", "e30..AAAA", "bnVsbA..AAAA"])
    def test_it_is_by_nothing_else(self, text):
        assert not signing.vouches(KEY.public, text, WORDS, Kind.VERSION)


class TestCanonical:
    def test_it_is_the_json_of_the_rfc_for_whatever_we_answer(self):
        told = {"b": [1, None, True, {"z": "", "a": '\u20ac \u2028 \x7f / \\ " \t \U0001f600 é'}], "a": -3}

        assert signing.canonical(told) == rfc8785.dumps(told)
        assert orjson.loads(signing.canonical(told)) == told
