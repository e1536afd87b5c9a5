"""Signing: a text's bytes under Ed25519, so that whoever has the public half of the key can tell that they are ours.

A signature is a JWS (RFC 7515) of EdDSA (RFC 8037) whose payload is left out (appendix F): two dots follow its header.
The header names the key and what is signed, so that a signature of one kind is none of another.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Engine
from sqlalchemy.orm import Session

_OPTION = "signing_key"


class Kind(StrEnum):
    """What a signature is about, as its header says in `typ`."""

    VERSION = "verso-version"
    MANIFEST = "verso-manifest"


@dataclass(frozen=True)
class Key:
    """What is signed with."""

    private: Ed25519PrivateKey

    @cached_property
    def public(self) -> bytes:
        """Its public half: 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @cached_property
    def id(self) -> str:
        """What it is called."""
        return key_id(self.public)

    def sign(self, payload: bytes, kind: Kind) -> str:
        """Return the signature of some bytes; the same for the same bytes, always."""
        header = _base64(orjson.dumps({"alg": "EdDSA", "kid": self.id, "typ": kind}))
        return f"{header}..{_base64(self.private.sign(_signed(header, payload)))}"


def vouches(public: bytes, signature: str, payload: bytes, kind: Kind) -> bool:
    """Whether a signature is that of the bytes by the key with this public half, made for what is of that kind."""
    header, _, value = signature.partition("..")
    try:
        if orjson.loads(_bytes(header)) != {"alg": "EdDSA", "kid": key_id(public), "typ": kind}:
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(_bytes(value), _signed(header, payload))
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """Return what a key is called: the thumbprint of its public half (RFC 7638)."""
    return _base64(hashlib.sha256(orjson.dumps(_members(public))).digest())


def jwk(public: bytes) -> dict[str, str]:
    """Return a public half as a JSON Web Key (RFC 8037, section 2)."""
    return {**_members(public), "kid": key_id(public), "use": "sig", "alg": "EdDSA"}


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 JSON of what we answer: there are no fractions in it, and its keys are ASCII."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def hashed(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def use(engine: Engine, key: Key | None) -> None:
    """Have what is published through `engine` signed with a key; None signs nothing."""
    engine.update_execution_options(**{_OPTION: key})


def key_of(session: Session) -> Key | None:
    """Return what is signed with here, None where nothing is."""
    key: Key | None = session.get_bind().engine.get_execution_options().get(_OPTION)
    return key


def _members(public: bytes) -> Mapping[str, str]:
    # In the order of RFC 7638, for the thumbprint.
    return {"crv": "Ed25519", "kty": "OKP", "x": _base64(public)}


def _signed(header: str, payload: bytes) -> bytes:
    return f"{header}.{_base64(payload)}".encode()


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64url") from error
