"""Posting: one request to an address of the operator's own, with a limit on everything.

The standard library's client: it follows no redirect, keeps no state, and leaves nothing to pin.
"""

import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

TIMEOUT = 5.0  # seconds to connect, and to wait for each piece of the answer
# Answers that find fault with what was posted, after which it may be taken later all the same.
_LATER = (408, 425, 429)


class NotTaken(Exception):
    """Nobody answered, or with something else than success."""


class Refused(NotTaken):
    """It is at fault itself: whoever posts it again is answered the same."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Post `body` and return once it was answered 2xx; raises NotTaken: Refused for most of 4xx.

    Of https the certificate is checked.
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, str(parts.hostname), parts.port)
    try:
        connection.request("POST", path, body, dict(headers))
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise NotTaken(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    if 400 <= status < 500 and status not in _LATER:
        raise Refused(f"answered {status}")
    if not 200 <= status < 300:
        raise NotTaken(f"answered {status}")


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=TIMEOUT)
