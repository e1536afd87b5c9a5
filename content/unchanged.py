"""Unchanged: since when the list of a topic has been what it is, from its first page to its last.

A walk that goes on at that sequence meets what it would meet now, so an act elsewhere changes no byte of a page.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, Integer, bindparam, func, or_, select
from sqlalchemy.orm import Session

from content import memory, types
from content.database import in_order
from content.editions import Facet
from content.entries import Entry
from content.log import Line
from content.prepared import Prepared, connected, one_of
from content.touched import Stretch, touched
from content.types import ContentType

Sequenced = Any  # a sequence as a statement has it
# What bounds the work: so much of the log is looked at. A list that nothing in it touched counts as changed at its
# beginning, which moves only now and then.
STRETCH = 64  # acts
MOST_LINES = 400


def since(session: Session, declared: ContentType, topics: Sequence[UUID], *, at: int) -> int:
    """Return a sequence up to `at` since which nothing has changed the cards of a type under any of `topics`.

    `topics` are those that are meant at `at`, sub-topics too. It may name too late a sequence, never too early a one.
    One statement, none where the session remembers it.
    """
    key = ("since", declared.name, *topics, at)
    return memory.recalled(
        session, key, lambda: _since(session, declared, topics, at), size=len(topics) * 100
    )


def _since(session: Session, declared: ContentType, topics: Sequence[UUID], at: int) -> int:
    connection = connected(session)
    told = {"start": at // STRETCH * STRETCH, "at": at, "topics": [str(topic) for topic in topics]}
    [known] = _last_changes(declared.name, connection.dialect).rows(connection, told)
    return max(int(sequence) for sequence in known if sequence is not None)


@lru_cache(maxsize=32)
def _last_changes(type_name: str, dialect: Dialect) -> Prepared:
    """Return the statement of all sequences of which the last counts; making it takes longer than its answer."""
    start, at = (bindparam(name, type_=Integer()) for name in ("start", "at"))
    began = func.coalesce(_crowded(start, at), start)
    changes = _of_what_is_shared(began, at), _of_what_is_listed(type_name, began, at, dialect)
    return Prepared(select(began, *changes), dialect)


def _crowded(start: Sequenced, at: Sequenced) -> Sequenced:
    """The act before which lines are too many to be looked at, if they are."""
    newest = select(Line.sequence).where(Line.sequence > start, Line.sequence <= at)
    return newest.order_by(Line.sequence.desc()).offset(MOST_LINES).limit(1).scalar_subquery()


def _of_what_is_shared(began: Sequenced, at: Sequenced) -> Sequenced:
    """The last act after `began` on a topic or an author: its name, and its place, may change any list."""
    lines = in_order(Line.__table__, Entry, Entry.id == Line.entry_id)
    acted = select(func.max(Line.sequence)).select_from(lines)
    shared = [declared.name for declared in types.everyone() if not declared.health]
    return acted.where(Line.sequence > began, Line.sequence <= at, Entry.type.in_(shared)).scalar_subquery()


def _of_what_is_listed(type_name: str, began: Sequenced, at: Sequenced, dialect: Dialect) -> Sequenced:
    """The last act after `began` that touched what is listed, or was, or what it shows."""
    acted = touched(Stretch(began, at), began + 1, at, dialect.name).subquery()
    listed = select(func.max(acted.c.sequence)).join(Facet, Facet.entry_id == acted.c.entry_id)
    held = or_(Facet.until_sequence.is_(None), Facet.until_sequence > began)
    under = one_of(Facet.value, "topics", dialect)
    here = (Facet.name == "topic", under, Facet.type == type_name, Facet.from_sequence <= at, held)
    return listed.where(*here).scalar_subquery()
