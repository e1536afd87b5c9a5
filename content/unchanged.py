"""Unchanged: since when the list of a topic has been what it is, from its first page to its last.

A walk that goes on at that sequence meets what it would meet now, so an act elsewhere changes no byte of a page.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from content import types
from content.editions import Facet
from content.entries import Entry
from content.log import Line
from content.touched import Stretch, touched
from content.types import ContentType

# What bounds the work: so much of the log is looked at. A list that nothing in it touched counts as changed at its
# beginning, which moves only now and then.
STRETCH = 64  # acts
MOST_LINES = 400


def since(session: Session, declared: ContentType, topics: Sequence[UUID], *, at: int) -> int:
    """Return a sequence up to `at` since which nothing has changed the cards of a type under any of `topics`.

    `topics` are those that are meant at `at`, sub-topics too. It may name too late a sequence, never too early a one.
    One statement.
    """
    start = at // STRETCH * STRETCH
    began = func.coalesce(_crowded(start, at), start)
    changes = _of_what_is_shared(began, at), _of_what_is_listed(session, declared, topics, began, at)
    known: Sequence[int | None] = session.execute(select(began, *changes)).one()
    return max(sequence for sequence in known if sequence is not None)


def _crowded(start: int, at: int) -> Any:
    """The act before which lines are too many to be looked at, if they are."""
    newest = select(Line.sequence).where(Line.sequence > start, Line.sequence <= at)
    return newest.order_by(Line.sequence.desc()).offset(MOST_LINES).limit(1).scalar_subquery()


def _of_what_is_shared(began: Any, at: int) -> Any:
    """The last act after `began` on a topic or an author: its name, and its place, may change any list."""
    acted = select(func.max(Line.sequence)).join(Entry, Entry.id == Line.entry_id)
    shared = [declared.name for declared in types.everyone() if not declared.health]
    return acted.where(Line.sequence > began, Line.sequence <= at, Entry.type.in_(shared)).scalar_subquery()


def _of_what_is_listed(
    session: Session, declared: ContentType, topics: Sequence[UUID], began: Any, at: int
) -> Any:
    """The last act after `began` that touched what is listed, or was, or what it shows."""
    acted = touched(Stretch(began, at), began + 1, at, session.get_bind().dialect.name).subquery()
    listed = select(func.max(acted.c.sequence)).join(Facet, Facet.entry_id == acted.c.entry_id)
    held = or_(Facet.until_sequence.is_(None), Facet.until_sequence > began)
    under = Facet.value.in_([str(topic) for topic in topics])
    here = (Facet.name == "topic", under, Facet.type == declared.name, Facet.from_sequence <= at, held)
    return listed.where(*here).scalar_subquery()
