"""Networks: from which address a request comes, and whom that belongs to, for whoever counts requests by it."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

# Some proxies tell the port too, which is another one with each connection.
_WITH_PORT = re.compile(r"\[(?P<six>[^\[\]]+)\](?::\d+)?|(?P<four>[^:\[\]]+):\d+")


def client(environ: Mapping[str, Any], proxies: Collection[str]) -> str:
    """Return who asks (PEP 3333): the peer, or the nearest address that one of the trusted `proxies` has seen.

    WSGI tells `X_Forwarded_For` by the same name as `X-Forwarded-For`: a proxy must let no such header through.
    """
    peer = plain(str(environ.get("REMOTE_ADDR", "")))
    if peer not in proxies:
        return peer
    seen = [
        plain(part.strip()) for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    return next((address for address in reversed(seen) if address not in proxies), peer)


@lru_cache(maxsize=10_000)
def plain(address: str) -> str:
    """Return an address without a port, that of IPv4 also where a server on IPv6 tells it as `::ffff:192.0.2.1`."""
    told = _WITH_PORT.fullmatch(address)
    bare = (told["six"] or told["four"]) if told else address
    known = _known(bare)
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return str(mapped) if mapped else bare


@lru_cache(maxsize=10_000)
def network(address: str) -> str:
    """Return whom a `plain` address belongs to: of IPv6 each has 2^64 at the least, and so its whole first half."""
    known = _known(address)
    if not isinstance(known, IPv6Address):
        return address
    return str(IPv6Network((known.packed, 64), strict=False))


def _known(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address.partition("%")[0])
    except ValueError:
        return None
