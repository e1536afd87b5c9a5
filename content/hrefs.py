"""Hrefs: what the address that a link is written with says of where it leads."""

from urllib.parse import parse_qs


def parted(href: str) -> tuple[str, str | None]:
    """Return an address without its fragment, its query and its last `/`, and the locale that its query asks for."""
    address, _, query = href.partition("#")[0].partition("?")
    return address.rstrip("/"), parse_qs(query).get("locale", [None])[0]
