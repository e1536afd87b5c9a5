"""What a bulk act does to one entry: the act of its own page, in the version that was chosen, as was asked for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import act_forms, companions
from admin.wrong import Unanswered, in_form
from content import publishing, reviews, versions
from content.batches import Batch, Item, Verb
from content.database import among, take_act_lock
from content.entries import Entry
from content.errors import Fault, Invalid, Overtaken
from content.log import ChangeKind, State
from content.placement import TAGS
from content.standings import Standing, standings
from content.types import ContentType
from content.versions import Version

ADD, TAKE = "add", "take"
UNFILLED = "unfilled"  # a form that nobody has filled in yet is asked for no note
OLDER = 0  # whatever was live when the newest version was chosen, that was newer than none


def _submit(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    reviews.submit(session, item.entry_id, item.version, by=by, message=options["message"])


def in_words(do: Callable[..., None], declared: ContentType) -> Callable[..., None]:
    """Return what does the same to entries of a type, and tells what does not fit as their form calls its fields."""

    def doing(*given: Any) -> None:
        try:
            do(*given)
        except Invalid as error:
            raise Unanswered(in_form(error, declared)) from error

    return doing


@dataclass(frozen=True)
class _Publication:
    """A version that is to be published, the drafts that it names, and the reason where it is forced."""

    version: Version
    named: Mapping[Entry, bool]
    reason: str | None

    @property
    def along(self) -> list[companions.Companion]:
        # Without a reason nothing goes along by force either: it fails for its own words, not for theirs.
        return companions.companions(self.named, forced=bool(self.reason))


def _publish(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    """Publish the version that was chosen, with the topics and authors that it is the first to name."""
    _perform(session, options, by, _to_publish(session, options, item))


def _perform(session: Session, options: dict[str, Any], by: str, asked: _Publication) -> None:
    kind, note, reason = ChangeKind(options["kind"]), options["note"], asked.reason
    steps = companions.publications(
        session, asked.version, asked.along, kind=kind, note=note, forced=bool(reason), planned_over=OLDER
    )
    publishing.perform(session, steps, by=by, reason=reason)


def _schedule(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    asked = _to_publish(session, options, item)
    told = {"kind": ChangeKind(options["kind"]), "note": options["note"], "reason": asked.reason}
    due_at = datetime.fromisoformat(options["due_at"])
    companions.plan(session, asked.version, asked.along, due_at=due_at, by=by, planned_over=OLDER, **told)


def _to_publish(
    session: Session, options: dict[str, Any], item: Item, look: companions.Look = standings
) -> _Publication:
    """Return what is to be published; refuses what its own page refuses. `look` tells where entries stand."""
    version = versions.version(session, item.entry_id, item.version)
    standing = look(session, [item.entry_id])[item.entry_id]
    if standing.live and standing.live.version > version.number:
        raise Overtaken(version.number, standing.live.version)
    if UNFILLED not in options:
        act_forms.require_note(standing, ChangeKind(options["kind"]), options["note"])
    at = datetime.fromisoformat(options["due_at"]) if "due_at" in options else datetime.now(UTC)
    unsigned = companions.needs_force(standing, version, at)
    if unsigned and "due_at" in options and not options["reason"]:
        raise Unanswered(
            "No review of its words holds at that moment, and no reason to do without one was given."
        )
    forced = bool(options["reason"]) and unsigned
    named = companions.drafts(session, version, standing.entry, look, at=at)
    return _Publication(version, named, options["reason"] if forced else None)


class Trial:
    """Publishing many in a rehearsal, as one after the other will be.

    Where they and what they name stand is read once for all, but for those that went public meanwhile. `left` are the
    drafts that they show and that would not go public with them.
    """

    def __init__(
        self, session: Session, options: dict[str, Any], items: Sequence[tuple[Item, Entry]]
    ) -> None:
        self.options = options
        self.left: dict[UUID, Entry] = {}
        shown = among(
            (Version.entry_id, Version.number), [(item.entry_id, item.version) for item, _ in items]
        )
        entries = {entry.id: entry for _, entry in items}
        chosen = session.scalars(select(Version).where(shown)).all() if items else ()
        named = {one for version in chosen for one in companions.named(version, entries[version.entry_id])}
        self._known = standings(session, [*entries, *(named - entries.keys())])

    def do(self, session: Session, by: str, item: Item) -> None:
        """Publish one."""
        asked = _to_publish(session, self.options, item, self._look)
        _perform(session, self.options, by, asked)
        for gone_public in (item.entry_id, *(one.entry.id for one in asked.along)):
            self._known.pop(gone_public, None)
        left = companions.left_behind(asked.named, forced=bool(asked.reason))
        self.left |= {one.id: one for one in left}

    def _look(self, session: Session, ids: Sequence[UUID]) -> dict[UUID, Standing]:
        others = [one for one in ids if one not in self._known]
        read = standings(session, others) if others else {}
        return {one: read[one] if one in read else self._known[one] for one in ids}


def _tag(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    """Save a version that bears the tag, or bears it no more; one that does so already stays as it is.

    In whichever capitals it has it.
    """
    newest, tag = versions.latest(session, item.entry_id), options["tag"]
    if newest.erased:
        raise Invalid([Fault("/version", "was erased")])
    if tag is None:
        raise Invalid([Fault("/tag", "was erased with a text that it was asked for too")])
    borne = newest.values.get(TAGS.name, [])
    same = [one for one in borne if one.casefold() == tag.casefold()]
    if bool(same) == (options["way"] == ADD):
        return
    tags = [*borne, tag] if options["way"] == ADD else [one for one in borne if one not in same]
    values = {**newest.values, TAGS.name: tags}
    versions.save(session, item.entry_id, values, based_on=newest.number, by=by, note="Tagged with others.")


def _withdraw(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    # No other text comes before readers between the look and the act.
    take_act_lock(session)
    _require_no_newer_text(session, item)
    told = {
        "manner": State(options.get("manner", State.GONE)),
        "target": options.get("target"),
        "note": options["note"],
    }
    publishing.withdraw(session, item.entry_id, by=by, reason=options["reason"], **told)


def _require_no_newer_text(session: Session, item: Item) -> None:
    """Refuse to take from readers a text that they have got, by more than a typo, since another was chosen."""
    live = standings(session, [item.entry_id])[item.entry_id].live
    if live and live.updated_at > session.get_one(Batch, item.batch_id).made_at:
        raise Unanswered(
            f"Readers have got version {live.version} since this was chosen. Choose it again if it is to go too."
        )


DOING: dict[Verb, Callable[[Session, dict[str, Any], str, Item], None]] = {
    Verb.SUBMIT: _submit,
    Verb.PUBLISH: _publish,
    Verb.SCHEDULE: _schedule,
    Verb.TAG: _tag,
    Verb.WITHDRAW: _withdraw,
}
