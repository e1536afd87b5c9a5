"""The layer itself: what happens to a read from the request to the answer."""

import re
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from api import digests
from api.layer import flask_behind, refusals
from api.layer.flask_behind import Answered, Application, Environ, Headers, StartResponse
from api.layer.kept import Form, Kept, Shelf, by_encoding, kept
from api.layer.limits import Limits
from api.layer.tally import METRICS, Tally
from api.layer.trust import Known, Trust, clock
from content.depicting import MEDIA
from content.documents import API
from content.keys import Uses
from content.moments import Life, Moment
from content.usage.counting import Counts, Handed

_OURS = f"{API}/"
# Pages and their files, which follow no log.
_PAGES = (f"{API}/docs", f"{API}/static/", f"{API}/problems/")
_MEDIA = f"{MEDIA}/"
_DATED = f"{API}/manifest"  # names the moment at which it is asked for
_READS = frozenset({"GET", "HEAD"})
# What hardly anybody sends, and Flask judges well.
_RARE = frozenset({"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE"})
_HANDS_OUT = frozenset({"200", "206", "304"})
_STRIPES = 256
# Who asks for a preview holds up nobody who reads the same address in public.
_ALIKE = ("PATH_INFO", "QUERY_STRING", "HTTP_AUTHORIZATION")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class ReadLayer:
    """Answers reads under /api/v1 from what is kept, and hands everything else to `flask`.

    `budget` is in bytes; `uses` remembers which keys were used, `counts` what was handed out (None: nobody
    asks); `limits` is None where nobody is limited; `told`: whether anybody may read the tally.
    """

    def __init__(
        self,
        flask: Application,
        trust: Trust,
        *,
        budget: int,
        uses: Uses,
        counts: Counts | None,
        limits: Limits | None,
        told: bool = False,
    ) -> None:
        self._flask, self._trust, self._budget = flask, trust, budget
        self._uses, self._counts, self._limits = uses, counts, limits
        self.tally, self._told = Tally(), told
        self._shelf = Shelf(None, budget)
        self._turning = threading.Lock()
        self._building = [threading.Lock() for _ in range(_STRIPES)]
        self._requests, self._start = count(1), uuid4().hex[:12]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        path = environ["PATH_INFO"]
        if not path.startswith(_OURS) or path.startswith(_PAGES):
            return self._beside(path)(environ, start_response)
        own = [("X-Request-Id", self._request_id(environ))]
        if self._limits is not None and not _is_preflight(environ):
            allowance = self._limits.hit(environ, time.time())
            own += self._limits.headers(allowance)
            if allowance.left < 0:
                self.tally.add("limited")
                refused = refusals.too_many(allowance, own, environ["REQUEST_METHOD"])
                return refused(environ, start_response)
        if self._is_flasks(environ):
            return self._through(environ, start_response, own)
        return self._read(environ, start_response, own)

    def _is_flasks(self, environ: Environ) -> bool:
        """Whether Flask answers each of such requests."""
        rare = environ["REQUEST_METHOD"] not in _READS or not _RARE.isdisjoint(environ)
        return rare or self._is_never_kept(environ)

    def _is_never_kept(self, environ: Environ) -> bool:
        """Whether no answer of an address is kept: a few pictures would push out thousands of texts."""
        path = environ["PATH_INFO"]
        return bool(path.startswith(_MEDIA) or path == _DATED)

    def _beside(self, path: str) -> Application:
        """Return what answers an address that is no read: Flask, but for the tally where it is to be told."""
        return self.tally.tell if path == METRICS and self._told else self._flask

    def _request_id(self, environ: Environ) -> str:
        given = environ.get("HTTP_X_REQUEST_ID")
        if given and _REQUEST_ID.fullmatch(given):
            return str(given)
        told = environ["HTTP_X_REQUEST_ID"] = f"{self._start}-{next(self._requests)}"
        return told

    def _read(self, environ: Environ, start_response: StartResponse, own: Headers) -> Iterable[bytes]:
        try:
            known = self._trust.known()
        except SQLAlchemyError:
            # Nobody can say what is public now; Flask says so to the reader.
            return self._through(environ, start_response, own)
        shelf = self._shelf if self._shelf.life == known.life else self._turned(known.life)
        answer = _on(shelf, environ)
        if answer is None:
            return self._missed(environ, start_response, own, known, shelf)
        if answer.borne:
            self._uses.note(answer.borne, known.moment.clock.date())
        own.append(("Server-Timing", 'read;desc="kept"'))
        return self._send(answer, environ, start_response, own, known)

    def _turned(self, life: Life) -> Shelf:
        """Return the shelf for a life of the log, or that of a newer one, where that has come meanwhile.

        Where a log was restored, the life that was found last is the one that counts, although it is older.
        """
        with self._turning:
            shelf = self._shelf
            stands = shelf.life
            if stands != life and (
                stands is None or self._trust.found_last(life) or _is_no_older(life, stands)
            ):
                if self._limits and (stands is None or stands[3] != life[3]):
                    self._limits.forget_keys()
                shelf = self._shelf = Shelf(life, self._budget)
            return shelf

    def _missed(
        self, environ: Environ, start_response: StartResponse, own: Headers, known: Known, shelf: Shelf
    ) -> Iterable[bytes]:
        began = clock()
        # One request asks Flask; the others that want the same wait for it.
        with self._building[hash(tuple(map(environ.get, _ALIKE))) % _STRIPES]:
            found = _on(shelf, environ) or self._made(environ, known)
        own.append(("Server-Timing", f'read;desc="made";dur={(clock() - began) * 1000:.1f}'))
        if isinstance(found, Kept):
            return self._send(found, environ, start_response, own, known)
        return self._hand_on(found, environ, start_response, own)

    def _made(self, environ: Environ, known: Known) -> Kept | Answered:
        """Return what Flask answers, as an answer that is kept by now, or as it is where it must not be."""
        answered = flask_behind.whole(self._flask, environ, known.moment)
        self._learn(environ, answered)
        if answered.moment is None:
            return answered
        made = kept(answered, until=known.clocked(answered.borne.expires_at) if answered.borne else None)
        if made is None:
            return answered
        life = answered.moment.life
        shelf = self._turned(life)
        # While Flask made it an act may have happened: what was read before that one is no answer after it.
        if shelf.life == life:
            shelf.put(environ, made)
        return made

    def _learn(self, environ: Environ, answered: Answered) -> None:
        if answered.moment:
            self._trust.learn(answered.moment)
        if answered.borne and self._limits:
            self._limits.know(environ, answered.borne)

    def _send(
        self, answer: Kept, environ: Environ, start_response: StartResponse, own: Headers, known: Known
    ) -> Iterable[bytes]:
        form = answer.form(environ.get("HTTP_ACCEPT_ENCODING"))
        lifetimes = answer.lifetimes(_seconds_until(known.due, answer.until))
        if _has_it_already(environ, answer, form):
            self.tally.add("304")
            self._count(environ, answer.handed and answer.handed.unchanged, known.moment)
            start_response("304 NOT MODIFIED", [*lifetimes, *form.headers_of_304, *own])
            return ()
        self.tally.add("200")
        self._count(environ, answer.handed, known.moment)
        if environ["REQUEST_METHOD"] == "GET":
            start_response("200 OK", [*lifetimes, *form.headers, *own])
            return (form.body,)
        start_response("200 OK", [*lifetimes, *digests.named_for_head(form.headers), *own])
        return ()

    def _through(self, environ: Environ, start_response: StartResponse, own: Headers) -> Iterable[bytes]:
        """Let Flask answer this very request; nothing is kept of it."""
        answered = flask_behind.as_asked(self._flask, environ)
        self._learn(environ, answered)
        if not _RARE.isdisjoint(environ) and not self._is_never_kept(environ):
            # Without its condition the same address is answered in several encodings.
            answered = replace(answered, headers=_varying_by_encoding(answered.headers))
        return self._hand_on(answered, environ, start_response, own)

    def _hand_on(
        self, answered: Answered, environ: Environ, start_response: StartResponse, own: Headers
    ) -> Iterable[bytes]:
        self.tally.add(answered.status[:3])
        if answered.status[:3] in _HANDS_OUT:
            has_it = answered.status.startswith("304")
            out = answered.handed and (answered.handed.unchanged if has_it else answered.handed)
            self._count(environ, out, answered.moment)
        if environ["REQUEST_METHOD"] == "HEAD":
            start_response(answered.status, [*digests.named_for_head(answered.headers), *own])
            return ()
        start_response(answered.status, [*answered.headers, *own])
        return (answered.body,)

    def _count(self, environ: Environ, out: Handed | None, moment: Moment | None) -> None:
        """Count what an answer hands out; of a HEAD it is nothing."""
        if out and moment and self._counts and environ["REQUEST_METHOD"] == "GET":
            self._counts.note(out, moment.clock)


def _is_preflight(environ: Environ) -> bool:
    """Whether a browser asks by itself what it may ask: who reads in it has asked for nothing by that."""
    return environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ


def _varying_by_encoding(headers: Headers) -> Headers:
    return [(name, by_encoding(value) if name.lower() == "vary" else value) for name, value in headers]


def _on(shelf: Shelf, environ: Environ) -> Kept | None:
    """Return what is kept for a request, unless the key has expired that opened it."""
    answer = shelf.get(environ)
    if answer is None or (answer.until is not None and answer.until <= clock()):
        return None
    return answer


def _is_no_older(life: Life, other: Life) -> bool:
    """Whether a life has come with the other or after it; one in another epoch of the log always has."""
    (sequence, epoch, _, keyring, _), (stands, others, _, changed, _) = life, other
    return epoch != others or (sequence, keyring) >= (stands, changed)


def _seconds_until(due: float | None, until: float | None) -> float | None:
    """Return the seconds until the sooner of two moments of `clock`; None where neither will come."""
    sooner = until if due is None else due if until is None else min(due, until)
    return None if sooner is None else sooner - clock()


def _has_it_already(environ: Environ, answer: Kept, form: Form) -> bool:
    """Whether the client's conditions say that it has this answer, in whatever encoding (RFC 9110, section 13.2.2)."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is None:
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        return since is not None and answer.unmodified_since(since)
    return known == form.etag or answer.is_one_of(known)
