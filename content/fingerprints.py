"""Fingerprints: what values are known by without telling their words."""

import hashlib
from typing import Any

import rfc8785

from content.fields import Values


def fingerprint(values: Values) -> str:
    """Return the SHA-256, in hex, of the values' RFC 8785 JSON."""
    return hashlib.sha256(rfc8785.dumps(dict(values))).hexdigest()


def key_of(value: Any) -> str:
    """Return what a tag or a source is known by."""
    return fingerprint({"value": value})
