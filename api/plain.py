"""Plain reads: GET of one entry or of a list, answered past Flask by the functions that Flask's views call.

What Flask does for each request takes several times as long as such an answer. What is not answered 200 here, or asks
for more than these reads know, goes Flask's way, as if it had never been here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from api import ahead, asking, cdns, handed, headers, querystring, reading, retiring
from api.answers import JSON, JSON_LD, Ready, accepted
from api.asking import Plain
from api.queries import BadParameters, Query
from api.signed import BadCursor
from content.documents import API
from content.errors import ContentError
from content.memory import MEMORY, Memory
from content.moments import Life, Moment
from content.readers import Readers
from content.wholes import WHOLES
from storage import db

Environ = dict[str, Any]
_READS = "verso.plain"
_ADDRESS = re.compile(rf"{API}/([a-z]+)(?:/([A-Za-z0-9-]+))?")
# What makes an answer another one than a 200 that anybody may have.
_NOT_PLAIN = frozenset(
    {
        "HTTP_AUTHORIZATION",
        "HTTP_IF_MATCH",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_UNMODIFIED_SINCE",
    }
)


@dataclass(frozen=True, slots=True)
class Read:
    """One kind of read: what it may be asked, and what answers that, told the `key` where one is named."""

    query: Query
    answer: Callable[..., Ready]


def init_app(app: Flask, reads: Mapping[str, Mapping[str, Read]]) -> None:
    """Let reads of `app` be answered past Flask: under the plural of each type its `list`, and `one`."""
    app.extensions[_READS] = reads


class PastFlask:
    """What is plain, answered past Flask; all else by Flask."""

    def __init__(self, app: Flask, *, budget: int) -> None:
        """`app` has the reads that `init_app` gave it; `budget` is for what is remembered, in bytes.

        Opens no database.
        """
        with app.app_context():
            self._readers = Readers(db.engine)
            self._driver = db.engine.dialect.loaded_dbapi
        self._wholes = ahead.wholes(app)
        self._reads: Mapping[str, Mapping[str, Read]] = app.extensions[_READS]
        self._flask, self._config = app.wsgi_app, app.config
        # A worker's first request is Flask's: some things are started by it.
        self._begun = False
        self._budget = budget
        self._remembered: tuple[Life | None, Memory] = None, Memory(budget)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        made = self._plainly(environ) if self._begun else None
        self._begun = True
        if made is None:
            return self._flask(environ, start_response)
        start_response("200 OK", [*made.headers.items(), ("Content-Length", str(len(made.content)))])
        return (made.content,)

    def _plainly(self, environ: Environ) -> Ready | None:
        """Return the answer to a plain read that finds something, else None; then nothing is remembered of it."""
        known = environ.get(reading.KNOWN)
        if known is None or environ["REQUEST_METHOD"] != "GET" or not _NOT_PLAIN.isdisjoint(environ):
            return None
        wanted = accepted(environ.get("HTTP_ACCEPT", ""), (JSON, JSON_LD))
        if retiring.any_declared(self._config) or wanted != JSON:
            return None
        address = _ADDRESS.fullmatch(environ["PATH_INFO"])
        kinds = self._reads.get(address[1]) if address else None
        query = environ.get("QUERY_STRING", "").encode("latin-1")
        parameters = querystring.parameters(query)
        if address is None or kinds is None:
            return None
        read, named = (kinds["one"], {"key": address[2]}) if address[2] else (kinds["list"], {})
        mine = {**environ, reading.MOMENT: known}
        self._wholes.meet(known)
        carried = {MEMORY: self._memory(known), WHOLES: self._wholes}
        try:
            with self._readers.reading(**carried) as session:
                made = _made(read, Plain(mine, parameters, session, self._config), query, named, known)
        except (ContentError, BadParameters, BadCursor, SQLAlchemyError, self._driver.Error):
            # What else there is to say has forms of its own, which Flask's handlers know.
            return None
        environ |= {reading.MOMENT: known, **handed.with_answer(mine)}
        return made

    def _memory(self, known: Moment) -> Memory:
        """Return what is remembered of the life of the log that a moment belongs to."""
        life, memory = self._remembered
        if life != known.life:
            memory = Memory(self._budget)
            self._remembered = known.life, memory
        return memory


def _made(read: Read, plain: Plain, query: bytes, named: Mapping[str, str], known: Moment) -> Ready | None:
    with asking.plainly(plain):
        asked = read.query.asked(query)
        as_of = asked.get("as_of")
        # A moment that has just passed is waited for, which takes a transaction.
        if isinstance(as_of, datetime) and known.has_just_been(as_of):
            return None
        made = read.answer(asked, **named)
        # Of an act that this process has not heard of yet, Flask tells the layer.
        if reading.sequence_told() > known.sequence:
            return None
        headers.dress(made.headers, 200)
        cdns.tell(made.headers, 200)
    return made
