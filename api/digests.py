"""Digests: what the content of an answer hashes to, told with it (RFC 9530), so that a changed byte shows.

`Content-Digest` is of the content as it is sent, packed where it is packed, and a part where a part is sent. A HEAD has
none, and tells in `Repr-Digest` what a GET would have; a 304 tells neither, for what it would say in place of that.
"""

import base64
import hashlib
from collections.abc import Iterable

from flask import Response

OF_CONTENT = "Content-Digest"
OF_WHOLE = "Repr-Digest"


def told(digest: bytes) -> str:
    """Return a SHA-256 as a dictionary of structured fields (RFC 9651)."""
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def of(content: bytes) -> str:
    """Return what is told of some content."""
    return told(hashlib.sha256(content).digest())


def tell(response: Response, method: str) -> None:
    """Put it on an answer with content, whatever its status, unless it is told already; name it as a HEAD must."""
    # Files that the documentation is dressed with would be streamed.
    response.direct_passthrough = False
    if OF_CONTENT not in response.headers and (content := response.get_data()):
        response.headers[OF_CONTENT] = of(content)
    if method == "HEAD" and OF_CONTENT in response.headers:
        response.headers[OF_WHOLE] = response.headers.pop(OF_CONTENT)


def named_for_head(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of a GET as those of a HEAD, which has no content.

    A cache would take a digest of nothing for that of the content which it has (RFC 9111, section 4.3.5).
    """
    return [(OF_WHOLE if name == OF_CONTENT else name, value) for name, value in headers]
