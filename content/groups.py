"""Groups: the names under which caches file answers, so that one act can take from them all that it made untrue.

An answer is filed under what it follows: its own entry, the entries that it names, its list. An act names everything
that it touched. Each name, as caches are told it, has at most 32 characters, and an answer at most 32 of them: so much
every cache that knows RFC 9875 must take.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from content import grants, types
from content.editions import Edition, Facet
from content.entries import Entry
from content.log import Line
from content.traces import trace

ALL = "all"  # every answer is filed under it
LOG = "log"  # what follows the whole log, or more than can be named: every act touches it
MOST_LINES = 500  # of the acts whose groups are told one by one; of more, everything is taken
_ENTRY = "entry:"
_NOTED = "verso.groups"


def entry(entry_id: UUID) -> str:
    """The group of answers that show an entry, or would if it were public; `told` under another name."""
    return f"{_ENTRY}{entry_id.hex}"


def entries(names: Iterable[str]) -> Iterable[UUID]:
    """Return the entries whose groups are among some."""
    return (UUID(name.removeprefix(_ENTRY)) for name in names if name.startswith(_ENTRY))


def told(names: Iterable[str], key: bytes) -> list[str]:
    """Return the names under which caches know groups, in order: that of an entry is a digest, by a secret `key`.

    For an answer is filed under what it would show to others too, and tells nobody which entries those are.
    """
    return sorted(_digest(name, key) if name.startswith(_ENTRY) else name for name in names)


@lru_cache(maxsize=10_000)
def _digest(name: str, key: bytes) -> str:
    return blake2b(name.encode(), key=sha256(key).digest(), digest_size=16).hexdigest()


def listing(plural: str) -> str:
    """The group of a type's lists."""
    return f"list:{plural}"


def topic(entry_id: UUID) -> str:
    """The group of lists of what is filed under a topic, or below it."""
    return f"topic:{_short(entry_id.bytes)}"


def slug(type_name: str, slug: str) -> str:
    """The group of answers that had to look a slug up; an erased slug's is that of the slug that it was."""
    return f"slug:{_short(sha256(f'{type_name}/{trace(slug)}'.encode()).digest()[:16])}"


def _short(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def note(session: Session, names: Iterable[str]) -> None:
    """Remember what the answer that is being read must be filed under; kept with the session."""
    session.info.setdefault(_NOTED, set()).update(names)


def noted(session: Session) -> set[str]:
    """Return what was noted in this session."""
    names: set[str] = session.info.get(_NOTED, set())
    return names


def touched(session: Session, *, after: int, until: int) -> list[str]:
    """Return the groups of all answers that the acts after one sequence, up to another, may have made untrue.

    They hold for whatever was answered at any sequence from `after` on. Seven statements at most.
    """
    lines = _lines(session, after, until)
    if len(lines) > MOST_LINES or grants.said_between(session, after, until):
        return [ALL]
    # What needs no key by its topics comes and goes with those, and no line of its own tells of it.
    if any(line.type == "topic" for line in lines) and _goes_by_topic(session, until):
        return [ALL]
    groups = {LOG} if until > after else set()
    groups |= {listing(types.get(line.type).plural) for line in lines}
    groups |= {entry(one) for one in _with_translations(session, lines)}
    rows = _forms(session, lines, after, until)
    groups |= {slug(row.type, row.slug) for row in rows}
    groups |= {entry(UUID(row.value)) for row in rows if row.name in _pointed_at_by()}
    filed = {UUID(row.value) for row in rows if row.name == "topic"}
    filed |= {line.entry_id for line in lines if line.type == "topic"}
    return sorted(groups | {topic(one) for one in _with_above(session, filed, after, until)})


def _lines(session: Session, after: int, until: int) -> Sequence[Any]:
    columns = (Line.entry_id, Line.affects, Entry.type, Entry.translation_group)
    chosen = select(*columns).join(Entry, Entry.id == Line.entry_id)
    within = chosen.where(Line.sequence > after, Line.sequence <= until).limit(MOST_LINES + 1)
    return session.execute(within).all()


def _goes_by_topic(session: Session, sequence: int) -> bool:
    return any(reach.topics is not None for reach in grants.everybodys(session, sequence))


def _with_translations(session: Session, lines: Sequence[Any]) -> Iterable[UUID]:
    groups = {line.translation_group for line in lines}
    return session.scalars(select(Entry.id).where(Entry.translation_group.in_(groups))) if groups else ()


def _forms(session: Session, lines: Sequence[Any], after: int, until: int) -> Sequence[Any]:
    """The public forms that the entries of `lines` had, each with each of its facets.

    Of one that was struck, or may be read again, all that it ever had: a read of the past may show any of them.
    """
    if not lines:
        return ()
    struck = {line.entry_id for line in lines if line.affects}
    columns = (Edition.type, Edition.slug, Facet.name, Facet.value)
    chosen = select(*columns).outerjoin(Facet, _of_edition())
    had = or_(_held(after, until), Edition.entry_id.in_(struck))
    return session.execute(chosen.where(Edition.entry_id.in_({line.entry_id for line in lines}), had)).all()


def _of_edition() -> Any:
    return and_(Facet.entry_id == Edition.entry_id, Facet.from_sequence == Edition.from_sequence)


def _held(after: int, until: int) -> Any:
    """The editions that held at any sequence from `after` to `until`."""
    ended_later = or_(Edition.until_sequence.is_(None), Edition.until_sequence > after)
    return and_(Edition.from_sequence <= until, ended_later)


def _pointed_at_by() -> set[str]:
    """The facets by which an entry is shown with the one that it points at, as an FAQ is with its article."""
    return {part.by for declared in types.everyone() for part in declared.shown if part.by}


def _with_above(session: Session, filed: set[UUID], after: int, until: int) -> set[UUID]:
    """Return topics and all that stood above them at any of those sequences."""
    if not filed:
        return filed
    chosen = select(Edition.entry_id, Facet.value).join(Facet, _of_edition())
    parents: dict[UUID, set[UUID]] = {}
    for below, above in session.execute(chosen.where(Facet.name == "parent", _held(after, until))):
        parents.setdefault(below, set()).add(UUID(above))
    waiting = list(filed)
    for one in waiting:
        waiting += parents.get(one, set()).difference(waiting)
    return set(waiting)
