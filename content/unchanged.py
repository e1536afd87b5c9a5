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
    Two statements.
    """
    began = _began(session, at)
    changed = session.scalar(_last_change(session, declared, topics, began, at)) if began < at else None
    return began if changed is None else changed


def _began(session: Session, at: int) -> int:
    """Return the act after which the stretch begins that is looked at: in it are acts on texts alone, and not many.

    What a topic or an author is called, and where a topic stands, may change any list.
    """
    start = at // STRETCH * STRETCH
    chosen = select(Line.sequence, Entry.type).join(Entry, Entry.id == Line.entry_id)
    newest = chosen.where(Line.sequence > start, Line.sequence <= at).order_by(Line.sequence.desc())
    rows = session.execute(newest.limit(MOST_LINES + 1)).all()
    shared = (row.sequence for row in rows if not types.get(row.type).health)
    return max(next(shared, start), rows[-1].sequence if len(rows) > MOST_LINES else start)


def _last_change(session: Session, declared: ContentType, topics: Sequence[UUID], began: int, at: int) -> Any:
    """The last act after `began` that touched what is listed, or was, or what it shows."""
    acted = touched(Stretch(began, at), began + 1, at, session.get_bind().dialect.name).subquery()
    listed = select(func.max(acted.c.sequence)).join(Facet, Facet.entry_id == acted.c.entry_id)
    held = or_(Facet.until_sequence.is_(None), Facet.until_sequence > began)
    return listed.where(
        Facet.name == "topic",
        Facet.value.in_([str(topic) for topic in topics]),
        Facet.type == declared.name,
        Facet.from_sequence <= at,
        held,
    )
