"""Query strings: what was asked, read from its very bytes, for the framework hides which of them are no UTF-8."""

from collections import Counter
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from content.errors import Fault


def faults(query: bytes) -> dict[str, Fault]:
    """Return what is wrong with the writing of each parameter, by its name; empty where nothing is.

    A name that is no UTF-8 itself is told in percent-encoding.
    """
    pairs = _pairs(query)
    times = Counter(_name(name) for name, _ in pairs)
    told = {name: Fault(pointer(name), "stands there more than once") for name in times if times[name] > 1}
    unreadable = [_name(name) for name, value in pairs if None in (_text(name), _text(value))]
    return told | {name: Fault(pointer(name), "is not UTF-8") for name in unreadable}


def parameters(query: bytes) -> dict[str, str]:
    """Return what can be read of a query: the last value of each name."""
    readable = ((_text(name), _text(value)) for name, value in _pairs(query))
    return {name: value for name, value in readable if name is not None and value is not None}


def pointer(name: str) -> str:
    """Return the JSON Pointer (RFC 6901) to a parameter's name."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


# Asked for by each of those above, for one request.
@lru_cache(maxsize=64)
def _pairs(query: bytes) -> tuple[tuple[bytes, bytes], ...]:
    parts = (part.partition(b"=") for part in query.replace(b"+", b" ").split(b"&") if part)
    return tuple((unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in parts)


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _name(raw: bytes) -> str:
    text = _text(raw)
    return quote(raw, safe="") if text is None else text
