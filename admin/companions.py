"""Companions: topics, authors, images and the like that a text is the first to name, and how they go public with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from admin import picking
from content import database, publishing, reviews, schedule, versions
from content.entries import Entry
from content.fields import Link
from content.lists import Links
from content.log import ChangeKind, State
from content.schedule import Verb
from content.standings import Standing, standings
from content.steps import Step
from content.versions import Version

# Tells where entries stand, by their ids.
Look = Callable[[Session, Sequence[UUID]], Mapping[UUID, Standing]]


@dataclass(frozen=True)
class Companion:
    """A draft that goes public with a text, in its newest version; `forced`: though nobody has signed that."""

    entry: Entry
    forced: bool

    @property
    def pin(self) -> str:
        """Which version of which entry goes along, as a form tells what its page showed."""
        return f"{self.entry.id}:{self.entry.latest}"


def drafts(
    session: Session,
    version: Version,
    entry: Entry,
    look: Look = standings,
    *,
    at: datetime | None = None,
) -> dict[Entry, bool]:
    """Return the drafts that a version names, each before what names it, and whether no signature of it holds at `at`.

    A parent stands before its child, for what a draft names in turn is among them. `look` tells where entries stand.
    """
    found: dict[UUID, Standing] = {}
    waiting = _drafts(look, session, named(version, entry))
    while waiting:
        new = {one.entry.id: one for one in waiting if one.entry.id not in found and one.entry.id != entry.id}
        found |= new
        kept = [one.entry for one in new.values() if one.entry.trashed_at is None]
        newest = [(versions.latest(session, one.id), one) for one in kept]
        waiting = _drafts(look, session, [one for draft in newest for one in named(*draft)])
    at = at or database.clock(session)
    return {standing.entry: _is_unsigned(session, standing, at) for standing in reversed(found.values())}


def companions(named: Mapping[Entry, bool], *, forced: bool) -> list[Companion]:
    """Return what goes public with a version, of the drafts that it names; of the trash, nothing.

    What needs a review goes along where its newest version is signed, or the text goes out by force itself.
    """
    return [
        Companion(one, unsigned)
        for one, unsigned in named.items()
        if one.trashed_at is None and (forced or not unsigned)
    ]


def left_behind(named: Mapping[Entry, bool], *, forced: bool) -> list[Entry]:
    """Return what does not go public with a version, of the drafts that it names.

    Nobody has signed it, or it lies in the trash.
    """
    return [one for one, unsigned in named.items() if one.trashed_at or (unsigned and not forced)]


def publications(
    session: Session,
    version: Version,
    along: Iterable[Companion],
    *,
    kind: ChangeKind = ChangeKind.EDITORIAL,
    note: str | None = None,
    forced: bool,
    planned_over: int | None = None,
) -> list[Step]:
    """Return the steps that publish a version, its companions' first, with all that they need rendered.

    `planned_over`: what was live when it was chosen, or 0, where a newer version may have gone public since.
    """
    first: list[Step] = [
        publishing.publication(session, one.entry.id, one.entry.latest, forced=one.forced) for one in along
    ]
    entry_id, number = version.entry_id, version.number
    own = publishing.publication(
        session, entry_id, number, kind=kind, note=note, forced=forced, planned_over=planned_over
    )
    return [*first, own]


def plan(
    session: Session,
    version: Version,
    along: Iterable[Companion],
    *,
    due_at: datetime,
    by: str,
    kind: ChangeKind,
    note: str | None,
    reason: str | None,
    planned_over: int | None = None,
) -> None:
    """Put publishing a version on the schedule, in one act with its companions; it is forced where a reason is given.

    `planned_over`: the live version that it was compared with, or 0; what is live now, unless told.
    """
    schedule.schedule(
        session,
        Verb.PUBLISH,
        version.entry_id,
        version=version.number,
        due_at=due_at,
        by=by,
        reason=reason,
        kind=kind,
        note=note,
        forced=bool(reason) or None,
        planned_over=planned_over,
        along=[[str(one.entry.id), one.entry.latest] for one in along] or None,
    )


def needs_force(standing: Standing, version: Version, at: datetime) -> bool:
    """Tell whether a version can be published at a moment only by force: it needs a review, and none holds then."""
    if not standing.entry.content_type.needs_review:
        return False
    if standing.live and standing.live.content_hash == version.content_hash:
        return version.content_hash in standing.disowned
    return reviews.holding(standing.reviews.get(version.content_hash, []), at) is None


def named(version: Version, entry: Entry) -> list[UUID]:
    """Return the ids of all that a version of an entry names."""
    links = [field for field in entry.content_type.fields if isinstance(field, Link | Links)]
    return [one for field in links for one in picking.ids_of(version.values.get(field.name))]


def _drafts(look: Look, session: Session, ids: Iterable[UUID]) -> list[Standing]:
    wanted = list(dict.fromkeys(ids))
    found = look(session, wanted).values() if wanted else ()
    new = [standing for standing in found if standing.state == State.DRAFT]
    return [one for one in new if not one.entry.content_type.health]


def _is_unsigned(session: Session, standing: Standing, at: datetime) -> bool:
    return needs_force(standing, versions.latest(session, standing.entry.id), at)
