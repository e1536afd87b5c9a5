"""Signed texts: bytes that callers carry for us and cannot make up: the payload and its signature, as base64url.

What a text was signed with besides, its question, is not in it; whoever reads it must ask the same one.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

_SIGNATURE = 16  # bytes


class BadCursor(Exception):
    """Not a text of ours, or one that was signed with another question."""


def write(payload: bytes, question: bytes, key: bytes) -> str:
    """Return `payload` as callers carry it."""
    return _text(payload + _signature(payload, question, key))


def length(payload: int) -> int:
    """Return how many characters a text with a payload of so many bytes has."""
    return -(-(payload + _SIGNATURE) * 8 // 6)


def read(text: str, question: bytes, key: bytes) -> bytes:
    """Return the payload that was written so; raises BadCursor."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise BadCursor from error
    payload, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    # Base64 has several writings for some bytes, and skips what it does not know; only ours counts.
    genuine = _text(raw) == text
    if not genuine or not hmac.compare_digest(signature, _signature(payload, question, key)):
        raise BadCursor
    return payload


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _signature(payload: bytes, question: bytes, key: bytes) -> bytes:
    # Its length stands first, so that no end of a payload is ever taken for the beginning of a question.
    signed = len(payload).to_bytes(4) + payload + question
    return hmac.new(key, b"signed\0" + signed, hashlib.sha256).digest()[:_SIGNATURE]
