"""What Verso is measured beside: a Flask route and a WSGI callable that return given bytes and do nothing else.

BENCH_ANSWERS names a file of JSON: for each name, which is the path, a status, headers and a body.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from flask import Flask, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_TOLD = {200: "200 OK", 304: "304 Not Modified"}
_ANSWERS = {
    name: (_TOLD[told["status"]], [tuple(header) for header in told["headers"]], told["body"].encode())
    for name, told in orjson.loads(Path(os.environ["BENCH_ANSWERS"]).read_bytes()).items()
}

flask = Flask("bare")


@flask.get("/<name>")
def answer(name: str) -> Response:
    """Return the bytes as a view would."""
    status, headers, body = _ANSWERS[name]
    return Response(body, status, headers)


def wsgi(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Return the bytes as nothing else could faster."""
    status, headers, body = _ANSWERS[environ["PATH_INFO"][1:]]
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
