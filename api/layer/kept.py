"""Kept answers: what Flask answered to a read, ready to be sent in each encoding, within a budget of bytes."""

import threading
from dataclasses import dataclass, field

from werkzeug.http import parse_date, parse_etags

from api import digests
from api.layer import encodings, lifetimes
from api.layer.flask_behind import Answered, Environ, Headers
from content.keys import Bearer
from content.moments import Life
from content.usage.counting import Handed

# A path, a query, and what the request says in each header that the answer varies by.
Question = tuple[str | None, ...]

# What is different in each form, or on each sending.
_OWN = frozenset(
    {
        "content-length",
        "content-encoding",
        "content-digest",
        "etag",
        "cache-control",
        "cdn-cache-control",
        "vary",
    }
)
_OVERHEAD = 2_000  # bytes that an answer costs beside its body and its question, roughly
_OF_A_VERSION = 200  # bytes that it costs to know of a version that it is in an answer, roughly


@dataclass(frozen=True, slots=True)
class Form:
    """An answer in one encoding: its strong ETag, its bytes, and the headers of a 200 and of a 304."""

    etag: str
    body: bytes
    headers: Headers
    headers_of_304: Headers


@dataclass(slots=True)
class Kept:
    """One answer: Flask's headers and body, and its forms as they were asked for.

    `digest` is its body's Content-Digest, `lifetime` its Cache-Control, `lifetime_in_cdns` its CDN-Cache-Control,
    `modified` its Last-Modified; `varies_by` names what else in the request it answers, as WSGI names it. Of what a key
    opened, `borne` says whose that is, and `until` at which moment of `trust.clock` it expires. `handed` is what it
    hands out, None where that is nothing.
    """

    headers: Headers
    body: bytes
    etag: str
    digest: str
    lifetime: str
    lifetime_in_cdns: str | None
    modified: str | None
    varies_by: tuple[str, ...]
    borne: Bearer | None = None
    until: float | None = None
    handed: Handed | None = None
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Roughly how many bytes of memory it may take, its forms included."""
        versions = len(self.handed.versions) if self.handed else 0
        return 2 * len(self.body) + versions * _OF_A_VERSION + _OVERHEAD

    def form(self, accepted: str | None) -> Form:
        """Return the form for an `Accept-Encoding`."""
        encoding = encodings.chosen(accepted) if len(self.body) >= encodings.SMALLEST else encodings.IDENTITY
        form = self.forms.get(encoding)
        if form is None:
            form = self.forms[encoding] = self._made(encoding)
        return form

    def lifetimes(self, seconds_left: float | None) -> Headers:
        """Return how long this may be kept by others, where something changes by itself in so many seconds."""
        given = [("Cache-Control", self.lifetime)]
        if self.lifetime_in_cdns:
            given.append(("CDN-Cache-Control", self.lifetime_in_cdns))
        if seconds_left is None:
            return given
        # One less, as in `caching`: other caches count in whole seconds.
        whole = int(seconds_left) - 1
        return [(name, lifetimes.shortened(told, whole)) for name, told in given]

    def is_one_of(self, etags: str) -> bool:
        """Whether an If-None-Match names this answer, in whatever encoding."""
        return parse_etags(encodings.unmarked(etags)).contains_weak(self.etag[1:-1])

    def unmodified_since(self, since: str) -> bool:
        """Whether an If-Modified-Since is no earlier than this answer's last change; what is no date says nothing."""
        asked, modified = parse_date(since), parse_date(self.modified)
        return bool(asked and modified and modified <= asked)

    def _made(self, encoding: str) -> Form:
        body = encodings.compressed(self.body, encoding) if encoding else self.body
        digest = digests.of(body) if encoding else self.digest
        etag = encodings.marked(self.etag, encoding)
        encoded = [("Content-Encoding", encoding)] if encoding else []
        shared = [*self.headers, ("ETag", etag)]
        bare = [(name, value) for name, value in shared if name.lower() != "content-type"]
        of_content = [("Content-Length", str(len(body))), (digests.OF_CONTENT, digest)]
        return Form(etag, body, [*shared, *encoded, *of_content], bare)


def kept(answered: Answered, *, until: float | None = None) -> Kept | None:
    """Return a 200 of Flask's ready to be kept, or None for any other answer, and where it says that it must not be.

    What is one caller's own is kept only where it is found by nothing but the key that opened it.
    """
    told = {name.lower(): value for name, value in answered.headers}
    lifetime, etag, vary = told.get("cache-control", ""), told.get("etag", ""), told.get("vary", "")
    if not answered.status.startswith("200") or not etag.startswith('"') or "set-cookie" in told:
        return None
    if not lifetime or "no-store" in lifetime or "*" in vary:
        return None
    varies_by = _variables(vary)
    if "private" in lifetime and (answered.borne is None or "HTTP_AUTHORIZATION" not in varies_by):
        return None
    shared = [(name, value) for name, value in answered.headers if name.lower() not in _OWN]
    shared.append(("Vary", by_encoding(vary)))
    in_cdns, modified = told.get("cdn-cache-control"), told.get("last-modified")
    borne, digest = answered.borne, told.get("content-digest") or digests.of(answered.body)
    of_it = (etag, digest, lifetime, in_cdns, modified, varies_by)
    return Kept(shared, answered.body, *of_it, borne, until, answered.handed)


def by_encoding(vary: str) -> str:
    """Return a Vary that says besides that an answer varies by its encoding."""
    return ", ".join(filter(None, (vary, "Accept-Encoding")))


def _variables(vary: str) -> tuple[str, ...]:
    """Return the names that WSGI gives the headers in a Vary."""
    names = (name.strip().upper().replace("-", "_") for name in vary.split(",") if name.strip())
    return tuple(sorted(f"HTTP_{name}" for name in names))


class Shelf:
    """The kept answers of one life of the log, at most `budget` bytes of them; the oldest go first."""

    def __init__(self, life: Life | None, budget: int) -> None:
        self.life, self._budget, self._size = life, budget, 0
        self._answers: dict[Question, Kept] = {}
        self._varies_by: dict[Question, tuple[str, ...]] = {}
        self._changing = threading.Lock()

    def get(self, environ: Environ) -> Kept | None:
        """Return the answer to a request."""
        question = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        names = self._varies_by.get(question)
        return None if names is None else self._answers.get((*question, *map(environ.get, names)))

    def put(self, environ: Environ, answer: Kept) -> None:
        """Keep the answer to a request, unless it alone would take a large part of all there is."""
        question = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        key = (*question, *map(environ.get, answer.varies_by))
        if _size(key, answer) * 8 > self._budget:
            return
        with self._changing:
            self._drop(key)
            self._varies_by[question] = answer.varies_by
            self._answers[key] = answer
            self._size += _size(key, answer)
            while self._size > self._budget:
                self._drop(next(iter(self._answers)))

    def _drop(self, key: Question) -> None:
        dropped = self._answers.pop(key, None)
        if dropped:
            self._size -= _size(key, dropped)
            # What else is kept under this path and query is not found then, until one of them is made anew.
            self._varies_by.pop(key[:2], None)


def _size(key: Question, answer: Kept) -> int:
    """Roughly how many bytes of memory an answer may take with its question, which the caller may write at length."""
    return answer.size + sum(map(len, filter(None, key)))
