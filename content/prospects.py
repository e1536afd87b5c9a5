"""Prospects: which acts that wait on the schedule would be refused as things stand, and why, with nothing done.

Each is decided as it will be, behind all that is due before it for the same entries, its review's day included.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import schedule
from content.database import among
from content.documents import RENDERER, Rendering
from content.editions import Edition, Listed, due_on, is_fresh, makes_edition
from content.entries import Entry
from content.errors import AlreadyLive, ContentError, NotFound, SlugTaken
from content.lines import Address, live_at
from content.log import Act, Event, Line, State
from content.placement import PUBLIC
from content.schedule import Fate, Scheduled, midnight
from content.settling import steps_of, still_wanted
from content.standings import Standing, is_expired, standings
from content.steps import FallDue
from content.versions import Version

Placements = dict[tuple[UUID, int], dict[str, Any]]


def refusals(session: Session, planned: Iterable[Scheduled], *, now: datetime) -> dict[UUID, str]:
    """Return of acts that wait why they would fail, by their ids; those that would not are left out.

    A fixed number of statements, none where nothing waits. One whose version is public by then fails not: it is taken
    off. Whether a topic would come to lie below itself is not looked at.
    """
    asked = {one.entry_id for one in planned if one.fate == Fate.WAITING}
    if not asked:
        return {}
    acts = schedule.waiting_for(session, *asked)
    placements = _placements(session, acts)
    stand = standings(session, list(asked | {one for one, _ in placements}))
    bearers = _bearers(session, stand, placements)
    ahead = _Ahead(stand, placements, bearers, _titles(session, bearers))
    told = {}
    for act in acts:
        try:
            ahead.do(act, max(act.due_at, now))
        except AlreadyLive:
            continue
        except ContentError as error:
            told[act.id] = f"{error}{ahead.fallen(act.entry_id)}"
    return told


def _placements(session: Session, acts: Iterable[Scheduled]) -> Placements:
    """Return where the versions that acts publish stand: their own, and those that they take along."""
    own = {(act.entry_id, act.version) for act in acts if act.version}
    along = {(UUID(one), number) for act in acts for one, number in act.options.get("along", ())}
    chosen = select(Version.entry_id, Version.number, Version.placement)
    found = session.execute(chosen.where(among((Version.entry_id, Version.number), list(own | along))))
    return {(row.entry_id, row.number): row.placement for row in found}


def _bearers(session: Session, stand: dict[UUID, Standing], placements: Placements) -> dict[Address, UUID]:
    """Return which other entries bear an address that is to come, but for those that may have left it by then."""
    addresses = {
        (stand[one].entry.type, stand[one].entry.locale, placement["slug"])
        for (one, _), placement in placements.items()
        if "slug" in placement
    }
    found = {address: one for address, one in live_at(session, addresses) if one not in stand}
    leave = {one.entry_id for one in schedule.waiting_for(session, *found.values())} if found else set()
    return {address: one for address, one in found.items() if one not in leave}


def _titles(session: Session, bearers: dict[Address, UUID]) -> dict[UUID, str]:
    chosen = select(Entry.id, Entry.title).where(Entry.id.in_(bearers.values()))
    return {row.id: row.title for row in session.execute(chosen)} if bearers else {}


@dataclass
class _Ahead:
    """The entries as what is due will leave them, and who else bears the addresses that they come to."""

    stand: dict[UUID, Standing]
    placements: Placements
    bearers: dict[Address, UUID]
    titles: dict[UUID, str]
    fell: dict[UUID, date] = field(default_factory=dict)

    def do(self, act: Scheduled, at: datetime) -> None:
        """Do an act in thought, what fell due before it first; raises what would refuse it, and nothing was done."""
        self._fall_due(act.entry_id, at)
        steps = still_wanted(self.stand, act.entry_id, steps_of(act, self._shown))
        lines = [step.line(self.stand[step.entry_id], Act(sequence=0, at=at)) for step in steps]
        self._require_free_slugs(after := [self._after(line, at) for line in lines])
        self.stand.update((standing.entry.id, standing) for standing in after)

    def _fall_due(self, entry_id: UUID, at: datetime) -> None:
        while (shown := self.stand[entry_id].live) and shown.review_due_on:
            if at < (day := midnight(shown.review_due_on)):
                return
            line = FallDue(entry_id=entry_id).line(self.stand[entry_id], Act(sequence=0, at=day))
            self.stand[entry_id] = self._after(line, day)
            if line.state != State.LIVE:
                self.fell[entry_id] = shown.review_due_on

    def fallen(self, entry_id: UUID) -> str:
        """Return a sentence that tells since when an entry will be away, where its review takes it from readers."""
        is_away = entry_id in self.fell and self.stand[entry_id].live is None
        return f" Its review falls due on {self.fell[entry_id]}, before that." if is_away else ""

    def _shown(self, entry_id: UUID, number: int) -> tuple[Rendering, str]:
        """Stand in for a version's public form, which nothing that is decided looks into."""
        if (entry_id, number) not in self.placements:
            raise NotFound(f"version {number} of entry {entry_id}")
        audience = str(self.placements[entry_id, number].get("audience", PUBLIC))
        listed = Listed(number, "", "", audience, None, None, "", ())
        return Rendering("", entry_id, number, b"", b"", RENDERER, None, None, listed), audience

    def _after(self, line: Line, at: datetime) -> Standing:
        before = self.stand[line.entry_id]
        struck = before.struck
        if line.event == Event.REINSTATED:
            struck = {one: how for one, how in struck.items() if one != before.hashes[line.version or 0]}
        last = self._edition(line, before, at) if makes_edition(line) else before.last
        taken = is_expired(line)
        return replace(
            before, state=State(line.state), target=line.target, last=last, struck=struck, expired=taken
        )

    def _edition(self, line: Line, before: Standing, at: datetime) -> Edition:
        """Return as much of the edition that a line begins as the next one is decided by."""
        number, last, entry = line.version or 0, before.last, before.entry
        kept = {"slug": last.slug, "audience": last.audience} if last else {}
        placement = {**kept, **self.placements.get((entry.id, number), {})}
        review = line.review or (last.review if last else {})
        return Edition(
            updated_at=at if last is None or is_fresh(line) else last.updated_at,
            entry_id=entry.id,
            type=entry.type,
            locale=entry.locale,
            slug=placement.get("slug"),
            version=number,
            content_hash=before.hashes[number],
            audience=placement.get("audience", PUBLIC),
            review=review,
            review_due_on=due_on(review),
        )

    def _require_free_slugs(self, after: Sequence[Standing]) -> None:
        stand = self.stand | {standing.entry.id: standing for standing in after}
        for one in after:
            if one.live:
                here = _address(one.live)
                others = (
                    other.live.entry_id
                    for other in stand.values()
                    if other.live and _address(other.live) == here
                )
                bearer = next((other for other in others if other != one.entry.id), self.bearers.get(here))
                if bearer:
                    title = stand[bearer].entry.title if bearer in stand else self.titles[bearer]
                    raise SlugTaken(one.live.slug, one.live.locale, bearer, title)


def _address(edition: Edition) -> Address:
    return edition.type, edition.locale, edition.slug
