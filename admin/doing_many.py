"""What a bulk act does to one entry: the act of its own page, in the version that was chosen, as was asked for all."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from admin import acts, companions
from content import publishing, submissions, versions
from content.batches import Item, Verb
from content.entries import Entry
from content.errors import Fault, Invalid, Overtaken
from content.log import ChangeKind, State
from content.placement import TAGS
from content.standings import standings
from content.versions import Version

ADD, TAKE = "add", "take"
UNFILLED = "unfilled"  # a form that nobody has filled in yet is asked for no note
OLDER = 0  # whatever was live when the newest version was chosen, that was newer than none


def _submit(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    submissions.submit(session, item.entry_id, item.version, by=by, message=options["message"])


def _publish(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    """Publish the version that was chosen, with the topics and authors that it is the first to name."""
    version, along, reason = _to_publish(session, options, item)
    kind, note = ChangeKind(options["kind"]), options["note"]
    steps = companions.publications(
        session, version, along, kind=kind, note=note, forced=bool(reason), planned_over=OLDER
    )
    publishing.perform(session, steps, by=by, reason=reason)


def _schedule(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    version, along, reason = _to_publish(session, options, item)
    told = {"kind": ChangeKind(options["kind"]), "note": options["note"], "reason": reason}
    due_at = datetime.fromisoformat(options["due_at"])
    companions.plan(session, version, along, due_at=due_at, by=by, planned_over=OLDER, **told)


def _to_publish(
    session: Session, options: dict[str, Any], item: Item
) -> tuple[Version, list[companions.Companion], str | None]:
    """Return the version, what goes with it, and the reason for forcing it where no review holds.

    Refuses what its own page refuses.
    """
    version = versions.version(session, item.entry_id, item.version)
    standing = standings(session, [item.entry_id])[item.entry_id]
    if standing.live and standing.live.version > version.number:
        raise Overtaken(version.number, standing.live.version)
    if UNFILLED not in options:
        acts.require_note(standing, ChangeKind(options["kind"]), options["note"])
    # Without a reason nothing goes along by force either: it fails for its own words, not for theirs.
    forced = bool(options["reason"]) and companions.needs_force(standing, version, datetime.now(UTC))
    along = companions.companions(session, version, standing.entry, forced=forced)
    return version, along, options["reason"] if forced else None


def left_behind(session: Session, options: dict[str, Any], item: Item) -> list[Entry]:
    """Return the drafts that a version shows and that would not go public with it, since nobody has signed them."""
    version = versions.version(session, item.entry_id, item.version)
    standing = standings(session, [item.entry_id])[item.entry_id]
    forced = bool(options["reason"]) and companions.needs_force(standing, version, datetime.now(UTC))
    return companions.left_behind(session, version, standing.entry, forced=forced)


def _tag(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    """Save a version that bears the tag, or bears it no more; one that does so already stays as it is."""
    newest, tag = versions.latest(session, item.entry_id), options["tag"]
    if newest.erased:
        raise Invalid([Fault("/version", "was erased")])
    if tag is None:
        raise Invalid([Fault("/tag", "was erased with a text that it was asked for too")])
    borne = newest.values.get(TAGS.name, [])
    tags = [*borne, tag] if options["way"] == ADD else [one for one in borne if one != tag]
    if (tag in borne) == (options["way"] == ADD):
        return
    values = {**newest.values, TAGS.name: tags}
    versions.save(session, item.entry_id, values, based_on=newest.number, by=by, note="Tagged with others.")


def _withdraw(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    told = {
        "manner": State(options.get("manner", State.GONE)),
        "target": options.get("target"),
        "note": options["note"],
    }
    publishing.withdraw(session, item.entry_id, by=by, reason=options["reason"], **told)


DOING: dict[Verb, Callable[[Session, dict[str, Any], str, Item], None]] = {
    Verb.SUBMIT: _submit,
    Verb.PUBLISH: _publish,
    Verb.SCHEDULE: _schedule,
    Verb.TAG: _tag,
    Verb.WITHDRAW: _withdraw,
}
