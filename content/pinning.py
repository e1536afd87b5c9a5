"""Pinning: what becomes of versions on the schedule where something that they bear is renamed, merged or retired.

They were planned as they are, and are published so; or refused, where readers have got a newer version meanwhile.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from content import schedule, uses
from content.entries import Entry
from content.marks import Kind, Mark
from content.schedule import Scheduled, Verb

_ASKED_AT_ONCE = 500  # a database binds a limited number of values to one statement
Pinned = tuple[Entry, Scheduled, str]

_KEEPS = {
    Kind.ENTRY: "It goes public with this still in it, where readers do not see it.",
    Kind.TAG: "It goes public with this tag still on it.",
    Kind.SOURCE: "It goes public with this source still in it.",
}


def of_mark(session: Session, mark: Mark) -> list[Pinned]:
    """Return what is on the schedule with a mark in it, soonest first, and what becomes of that."""
    return [
        (entry, due, f"{_as_it_was(due)} {_KEEPS[mark.kind]}") for entry, due in uses.pinned(session, mark)
    ]


def of_entry(session: Session, entry: Entry) -> list[Pinned]:
    """Return the versions of an entry itself that are on the schedule with its old name, soonest first."""
    why = "It takes the old name back."
    return [
        (entry, due, f"{_as_it_was(due)} {why}")
        for due in schedule.waiting_for(session, entry.id)
        if due.version is not None
    ]


def overtaken(session: Session, shown: Mapping[UUID, Entry]) -> list[Pinned]:
    """Return what is on the schedule of entries of which readers get a newer version, and is refused then for that."""
    why = "It will be refused then: readers get a newer version by this. Plan that one instead."
    ids = list(shown)
    return [
        (shown[due.entry_id], due, f"{_as_it_was(due)} {why}")
        for start in range(0, len(ids), _ASKED_AT_ONCE)
        for due in schedule.waiting_for(session, *ids[start : start + _ASKED_AT_ONCE])
        if due.verb == Verb.PUBLISH
    ]


def of_retired(session: Session, entry: Entry) -> list[Pinned]:
    """Return what is on the schedule of an entry itself that is withdrawn before."""
    why = "Something of its own is on the schedule. It will be refused then: a withdrawn one is reinstated instead."
    return [
        (entry, due, why)
        for due in schedule.waiting_for(session, entry.id)
        if due.verb in (Verb.PUBLISH, Verb.HOLD, Verb.RELEASE)
    ]


def _as_it_was(due: Scheduled) -> str:
    return f"Version {due.version}, as it was, is on the schedule."
