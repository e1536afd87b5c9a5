"""Asking: what a read looks at of the request that it answers, be that Flask's or one that is answered past Flask."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from sqlalchemy.orm import Session

from storage import db


@dataclass(frozen=True, slots=True)
class Plain:
    """A request that is answered past Flask: what the server tells of it, its parameters, and what it reads with."""

    environ: dict[str, Any]
    parameters: Mapping[str, str]
    session: Session
    config: Mapping[str, Any]


_PLAIN: ContextVar[Plain | None] = ContextVar("verso.plain", default=None)


@contextmanager
def plainly(plain: Plain) -> Iterator[None]:
    """Have all that is read within be about `plain`."""
    before = _PLAIN.set(plain)
    try:
        yield
    finally:
        _PLAIN.reset(before)


def environ() -> dict[str, Any]:
    """Return what the server tells of the request (PEP 3333), and what was remembered with it since.

    Not Flask's `g`: requests may share an app context.
    """
    plain = _PLAIN.get()
    return plain.environ if plain else request.environ


def parameters() -> Mapping[str, str]:
    """Return the request's parameters by name, in their order."""
    plain = _PLAIN.get()
    return plain.parameters if plain else request.args


def session() -> Session:
    """Return the session that the request reads with."""
    plain = _PLAIN.get()
    return plain.session if plain else db.session()


def config() -> Mapping[str, Any]:
    """Return the app's settings."""
    plain = _PLAIN.get()
    return plain.config if plain else current_app.config
