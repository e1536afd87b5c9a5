"""Foresight: what an act would change for readers, seen by rehearsing it.

The verbs run as they will, and the documents of all that they touched are read as readers will get them. So what is
foreseen is what happens, unless somebody else acts in between.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select, tuple_
from sqlalchemy.orm import Session

from content import expansion, including, log, moments, types
from content.editions import Edition
from content.entries import Entry
from content.log import Act, Head, Line
from content.partners import Reach
from content.placement import LICENSED, PUBLIC
from content.rehearsal import rehearsing
from content.touched import Stretch, touched
from content.types import ContentType

MOST = 200  # entries whose documents are compared; of more it is only told that they may change
Documents = dict[UUID, dict[str, Any]]
EVERYBODY = (Reach(audiences=(PUBLIC, LICENSED)),)


class Way(StrEnum):
    """What happens to a document."""

    APPEARS = "appears"
    CHANGES = "changes"
    LEAVES = "leaves"


@dataclass(frozen=True)
class Effect:
    """One entry's document as readers have it and as they will; None where they have none of it.

    `line` is what the act does to the entry itself, or None where it only shows another one that changes. `takes_from`
    is the title of the entry to which its new address led until now, None where it led nowhere.
    """

    entry_id: UUID
    type: str
    title: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    line: Line | None = None
    takes_from: str | None = None

    @property
    def content_type(self) -> ContentType:
        """The declaration of its type."""
        return types.get(self.type)

    @property
    def way(self) -> Way:
        """What happens to it."""
        if self.before is None:
            return Way.APPEARS
        return Way.CHANGES if self.after is not None else Way.LEAVES

    @property
    def moves(self) -> tuple[str, str] | None:
        """The slugs that it leaves and gets, where these are two: the old one then leads to the new one."""
        if self.before is None or self.after is None or self.before["slug"] == self.after["slug"]:
            return None
        return self.before["slug"], self.after["slug"]

    @property
    def parts(self) -> tuple[str, ...]:
        """The keys of the document whose values are others afterwards."""
        before, after = self.before or {}, self.after or {}
        return tuple(key for key in {**after, **before} if before.get(key) != after.get(key))


@dataclass(frozen=True)
class Foreseen:
    """What an act changes: first what it is about, then what shows that; `more` entries were not looked at."""

    effects: tuple[Effect, ...]
    more: int = 0


def foresee(engine: Engine, act: Callable[[Session], Act | Head]) -> Foreseen:
    """Return what `act` would change, and take it back; raises what it raises, and OperationalError if it waits long.

    It holds the log's lock meanwhile. Nothing that was due is among the effects. Where `act` does several, it returns
    the end of the log.
    """
    with rehearsing(engine) as session:
        moments.present(session)
        since = log.head(session).sequence
        until = act(session).sequence
        ids, own = _touched(session, since, until)
        chosen = ids[:MOST]
        after = _documents(session, chosen, until)
        entries = {entry.id: entry for entry in session.scalars(select(Entry).where(Entry.id.in_(chosen)))}
        told = {one: (entries[one].type, entries[one].title) for one in chosen}
        session.expunge_all()  # the lines are read once all is taken back
    # Read after all was taken back: what the act strikes is a stub in its own past.
    with Session(engine) as session:
        before = _documents(session, chosen, since)
        taken = _taken(session, before, after, since)
    effects = [
        Effect(one, *told[one], before.get(one), after.get(one), own.get(one), taken.get(one))
        for one in chosen
    ]
    changed = [one for one in effects if one.before != one.after]
    changed.sort(key=lambda effect: (effect.entry_id not in own, effect.type, effect.title, effect.entry_id))
    return Foreseen(tuple(changed), len(ids) - len(chosen))


def _touched(session: Session, since: int, until: int) -> tuple[list[UUID], dict[UUID, Line]]:
    """Return all that acts touched, what they are about first, and that alone with its last lines."""
    lines = select(Line).where(Line.sequence > since, Line.sequence <= until).order_by(Line.sequence)
    own = {line.entry_id: line for line in session.scalars(lines)}
    statement = touched(Stretch(since, until), since + 1, until, session.get_bind().dialect.name)
    rows = {row.entry_id for row in session.execute(statement)}
    return sorted(own.keys() | rows, key=lambda one: (one not in own, one)), own


def _taken(session: Session, before: Documents, after: Documents, at: int) -> dict[UUID, str]:
    """Return of each entry that comes to an address which led to another at `at` the title of that one."""
    new = {
        (told["type"], told["locale"], told["slug"]): one
        for one, told in after.items()
        if told.get("slug") and told["slug"] != before.get(one, {}).get("slug")
    }
    address = (Edition.type, Edition.locale, Edition.slug)
    chosen = select(*address, Edition.entry_id, Entry.title).join(Entry, Entry.id == Edition.entry_id)
    bore = chosen.where(tuple_(*address).in_(list(new)), Edition.from_sequence <= at)
    last = {
        (name, locale, slug): (bearer, title)
        for name, locale, slug, bearer, title in session.execute(bore.order_by(Edition.from_sequence))
    }
    return {new[where]: title for where, (bearer, title) in last.items() if title and bearer != new[where]}


def _documents(session: Session, ids: Collection[UUID], at: int) -> Documents:
    items = including.items(session, ids, at=at, reach=EVERYBODY)
    told = expansion.wholes(session, items, at=at, reach=EVERYBODY)
    return {item.edition.entry_id: document for item, document in zip(items, told, strict=True)}
