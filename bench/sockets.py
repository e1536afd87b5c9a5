"""A small load of our own: `wrk` waits for a body that the answer to HEAD does not have.

It is slower than `wrk`, so what it measures is compared only with what it measures too.
"""

import re
import socket
import time
from collections.abc import Sequence
from itertools import cycle
from statistics import quantiles
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
_MOST = 65_536  # bytes read at a time


def waits(address: str, requests: Sequence[bytes], *, connections: int, seconds: float) -> list[float]:
    """Ask over so many connections in turn, and return how many seconds each answer took."""
    parts, asked = urlsplit(address), cycle(requests)
    talks = [socket.create_connection((str(parts.hostname), parts.port or 80)) for _ in range(connections)]
    sent = [_send(talk, next(asked)) for talk in talks]
    until, told = time.monotonic() + seconds, list[float]()
    while time.monotonic() < until:
        for place, talk in enumerate(talks):
            _read(talk, body=not requests[0].startswith(b"HEAD"))
            told.append(time.monotonic() - sent[place])
            sent[place] = _send(talk, next(asked))
    for talk in talks:
        talk.close()
    return told


def percentiles(told: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile."""
    hundredths = quantiles(told, n=100)
    return hundredths[49], hundredths[98]


def _send(talk: socket.socket, request: bytes) -> float:
    talk.sendall(request)
    return time.monotonic()


def _read(talk: socket.socket, *, body: bool) -> None:
    """Read one answer; raises ConnectionError where it is no 200 or the server ends the connection."""
    got = b""
    while (head := got.find(b"\r\n\r\n")) < 0:
        got += _more(talk)
    length = _LENGTH.search(got)
    if not got.startswith(b"HTTP/1.1 200") or length is None:
        raise ConnectionError(got[:head].decode("latin-1"))
    left = (int(length[1]) if body else 0) + head + 4 - len(got)
    while left > 0:
        left -= len(_more(talk))


def _more(talk: socket.socket) -> bytes:
    got = talk.recv(_MOST)
    if not got:
        raise ConnectionError("the server ended the connection")
    return got
