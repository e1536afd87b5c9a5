"""Related: the entries that have most in common with one, as the corpus was at a sequence."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select, union_all
from sqlalchemy.orm import Session

from content import groups
from content.editions import Edition, Facet, live_at
from content.partners import Reach
from content.reach import within
from content.references import Subject
from content.types import ContentType

# What two entries may have in common.
COMMON = ("topic", "tag")
MOST = 5
# What bounds the work: so many of an entry's topics and tags count, and the newest bearers of each.
MOST_VALUES = 20
MOST_BEARERS = 100


def has_any(declared: ContentType) -> bool:
    """Whether entries of a type can have anything in common."""
    return any(field.facet in COMMON for field in declared.fields)


def to(session: Session, subject: Subject, *, at: int, reach: Sequence[Reach]) -> list[UUID]:
    """Return at most `MOST` live entries of the same type and locale that share most topics and tags with one.

    Of those that share as many, the newer come first. Only the newest bearers of each topic and tag are looked at. What
    was struck since is left out, and nothing that did not stand there before comes into its place. One statement, none
    where it has neither.
    """
    # Whatever is published may come to be related.
    groups.note(session, [groups.listing(subject.wanted.declared.plural)])
    bearing = [_bearers(subject, *one) for one in _values(subject)]
    if not bearing:
        return []
    here = (live_at(at), within(session, reach, at))
    found = union_all(*(select(one.where(*here).subquery()) for one in bearing)).subquery()
    order = (func.count().desc(), found.c.sort_at.desc(), found.c.entry_id.desc())
    alike = select(found.c.entry_id, found.c.struck_by).group_by(*found.c)
    return [
        one for one, struck_by in session.execute(alike.order_by(*order).limit(MOST)) if struck_by is None
    ]


def _values(subject: Subject) -> list[tuple[str, str]]:
    values = [
        (field.facet, value)
        for field in subject.wanted.declared.fields
        if field.facet in COMMON
        for value in subject.document.get(field.shown_at) or ()
    ]
    return values[:MOST_VALUES]


def _bearers(subject: Subject, name: str, value: str) -> Select[*tuple[Any, ...]]:
    own = subject.edition
    borne = and_(Facet.entry_id == Edition.entry_id, Facet.from_sequence == Edition.from_sequence)
    bearing = select(Edition.entry_id, Edition.sort_at, Edition.struck_by).join(Facet, borne)
    alike = bearing.where(
        Facet.name == name,
        Facet.value == value,
        Edition.type == own.type,
        Edition.locale == own.locale,
        Edition.entry_id != own.entry_id,
    )
    return alike.order_by(Edition.sort_at.desc(), Edition.entry_id.desc()).limit(MOST_BEARERS)
