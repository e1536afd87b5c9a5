"""Encodings: the compressed forms of an answer, and which of them a client takes (RFC 9110, section 12.5.3)."""

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard

SMALLEST = 512  # bytes; what is shorter travels in one packet anyway
LONGEST = 200  # characters of an Accept-Encoding that is remembered
IDENTITY = ""
# Best first, by how small they make our JSON; each with what marks its ETag, for its bytes are others.
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    "zstd": lambda body: zstandard.compress(body, 6),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


def chosen(accepted: str | None) -> str:
    """Return the name of the encoding for an `Accept-Encoding`, IDENTITY where none of ours is wanted."""
    # A longer one is no client's that comes again, and not to be remembered.
    known = accepted is None or len(accepted) <= LONGEST
    return _remembered(accepted) if known else _chosen(accepted)


def _chosen(accepted: str | None) -> str:
    weights = dict(_weighed(part) for part in (accepted or "").lower().split(",") if part.strip())
    anything = weights.get("*", 0.0)
    offered = [(weights.get(name, anything), -rank, name) for rank, name in enumerate(COMPRESSORS)]
    weight, _, name = max(offered)
    return name if weight > 0 and weight >= weights.get("identity", 0.0) else IDENTITY


_remembered = lru_cache(maxsize=512)(_chosen)


def _weighed(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    told = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return name, float(told)
    except ValueError:
        return name, 0.0


def compressed(body: bytes, encoding: str) -> bytes:
    """Return a body in one of COMPRESSORS."""
    return COMPRESSORS[encoding](body)


def marked(etag: str, encoding: str) -> str:
    """Return the ETag of the encoded form of what bears `etag`, quotes included."""
    return f'{etag[:-1]}-{encoding}"' if encoding else etag


def unmarked(etags: str) -> str:
    """Return a list of ETags, as a condition holds it, with the marks of encodings taken away."""
    for encoding in COMPRESSORS:
        etags = etags.replace(f'-{encoding}"', '"')
    return etags
