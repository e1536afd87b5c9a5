"""Companions: the topics, authors and the like that a text is the first to name, and how they go public with it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from admin import picking
from content import publishing, schedule, versions
from content.entries import Entry
from content.fields import Link
from content.lists import Links
from content.log import ChangeKind, State
from content.schedule import Verb
from content.standings import standings
from content.steps import Step
from content.versions import Version


def companions(session: Session, version: Version, entry: Entry) -> list[Entry]:
    """Return what goes public with a version: drafts that need no review, and the drafts that those name in turn.

    What is named stands before what names it: a parent before its child.
    """
    found: dict[UUID, Entry] = {}
    waiting = _drafts(session, _named(version, entry))
    while waiting:
        new = {draft.id: draft for draft in waiting if draft.id not in found and draft.id != entry.id}
        found |= new
        named = [one for draft in new.values() for one in _named(versions.latest(session, draft.id), draft)]
        waiting = _drafts(session, named)
    return list(reversed(found.values()))


def publications(
    session: Session,
    version: Version,
    along: Iterable[Entry],
    *,
    kind: ChangeKind = ChangeKind.EDITORIAL,
    note: str | None = None,
    forced: bool,
) -> list[Step]:
    """Return the steps that publish a version, its companions' first, with all that they need rendered."""
    first: list[Step] = [publishing.publication(session, one.id, one.latest) for one in along]
    entry_id, number = version.entry_id, version.number
    return [
        *first,
        publishing.publication(session, entry_id, number, kind=kind, note=note, forced=forced),
    ]


def plan(
    session: Session,
    version: Version,
    along: Iterable[Entry],
    *,
    due_at: datetime,
    by: str,
    kind: ChangeKind,
    note: str | None,
    reason: str | None,
) -> None:
    """Put publishing a version on the schedule, after its companions; it is forced where a reason is given."""
    for one in along:
        schedule.schedule(session, Verb.PUBLISH, one.id, version=one.latest, due_at=due_at, by=by)
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
    )


def _named(version: Version, entry: Entry) -> list[UUID]:
    links = [field for field in entry.content_type.fields if isinstance(field, Link | Links)]
    return [one for field in links for one in picking.ids_of(version.values.get(field.name))]


def _drafts(session: Session, ids: Iterable[UUID]) -> list[Entry]:
    wanted = list(dict.fromkeys(ids))
    found = standings(session, wanted).values() if wanted else ()
    drafts = [standing.entry for standing in found if standing.state == State.DRAFT]
    return [draft for draft in drafts if not draft.content_type.health and draft.trashed_at is None]
