"""Consolidating: a topic, an author, a tag or a source is renamed, merged or taken away, wherever it is borne.

Each verb has its effect, by which it goes: what it would do can be shown before, and is refused where it has changed
since. The live text of an entry gets what takes its place even where a draft is ahead; the draft stays ahead, and gets
it too. Nothing here forces a publication: what a review must come before waits for it, and is told.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import entries, marks, pinning, publishing, schedule, trash, under_drafts, uses, versions
from content.database import among, begin_writing
from content.editions import Edition
from content.entries import Entry
from content.errors import EffectChanged, Fault, Invalid
from content.fields import Link
from content.log import Act, ChangeKind, State
from content.marks import Mark
from content.pinning import Pinned
from content.standings import standings
from content.steps import WITHDRAWN, Step
from content.uses import Use
from content.versions import Version

# In one act: while entries are saved, SQLite lets nobody else write, and each takes some milliseconds.
MOST_PARTS = 1_000
_LOADED_AT_ONCE = 500  # a database binds a limited number of values to one statement
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """What happens to one entry: `shown` is saved and published where it is not None, then `draft` saved after it."""

    use: Use
    shown: Values | None
    draft: Values | None


@dataclass(frozen=True)
class Left:
    """An entry that bears it still, or whose readers do not see the change yet, and why; `due_at`: until when."""

    entry: Entry
    why: str
    due_at: datetime | None = None

    @classmethod
    def of_pinned(cls, pinned: Pinned) -> "Left":
        """What is on the schedule, and what becomes of it."""
        entry, due, why = pinned
        return cls(entry, why, due.due_at)


@dataclass(frozen=True)
class Effect:
    """What a verb would do: to which entries, with what left, and whether what was borne ends by a line of its own.

    `lose` are the entries that stay as they are, and whose readers see no more in them what was borne. `stays`: it does
    not end yet, for live texts show it until they are published anew.
    """

    parts: tuple[Part, ...]
    left: tuple[Left, ...]
    ends: bool = False
    stays: bool = False
    lose: tuple[Use, ...] = ()

    @property
    def shown(self) -> list[Part]:
        """The parts that readers see."""
        return [part for part in self.parts if part.shown is not None]

    @property
    def lines(self) -> int:
        """How many lines the log gets."""
        return len(self.shown) + self.ends

    @property
    def acts(self) -> int:
        """How many acts there will be."""
        batches = list(_batches(self.parts))
        last = [part.shown is not None for part in batches[-1]]
        return sum(any(part.shown is not None for part in one) for one in batches[:-1]) + (
            any(last) or self.ends
        )

    @property
    def fingerprint(self) -> str:
        """What tells two effects apart: the entries, the versions that they stand at, and what is left."""
        told = [
            (str(one.use.entry.id), one.use.newest, one.use.live, one.shown is None, one.draft is None)
            for one in self.parts
        ]
        left = [(str(one.entry.id), one.why, str(one.due_at)) for one in self.left]
        lose = [(str(use.entry.id), use.live) for use in self.lose]
        return hashlib.sha256(repr((told, left, self.ends, lose)).encode()).hexdigest()


def effect_of_renaming(session: Session, entry_id: UUID, changes: Values) -> Effect:
    """Return what it does to give an entry that needs no review another name, or another slug.

    Raises Invalid where that changes nothing, or does not fit.
    """
    entry = entries.entry(session, entry_id)
    entries.require_kept(entry)
    _require_no_review(entry, entry.content_type.needs_review)
    use = _use(session, entry)
    live = versions.version(session, entry_id, use.live).values if use.live else None
    newest = versions.version(session, entry_id, use.newest)
    checked = {name: entry.content_type.field(name).clean(value) for name, value in changes.items()}
    now = live if live is not None else newest.values
    if all(now.get(name) == value for name, value in checked.items()):
        raise Invalid([Fault(f"/{name}", "is what it is already") for name in checked])
    shown = {**live, **checked} if live is not None else None
    draft = None
    if use.live != use.newest and not newest.erased:
        # What somebody has changed in the draft stays as it is there.
        draft = {
            **newest.values,
            **{name: one for name, one in checked.items() if newest.values.get(name) == now.get(name)},
        }
    part = Part(use, shown, draft)
    return Effect((part,), _on_schedule(session, (part,), pinning.of_entry(session, entry)))


def rename(
    session: Session,
    entry_id: UUID,
    changes: Values,
    *,
    by: str,
    note: str | None = None,
    expected: str | None = None,
    now: datetime | None = None,
) -> list[Act]:
    """Give an entry another name; a live one in one act of one line, which all that bear it follow.

    A draft is only saved, for the caller to commit. Raises what `effect_of_renaming` raises, and EffectChanged.
    """
    begin_writing(session)
    versions.queue(session, [entry_id])
    effect = effect_of_renaming(session, entry_id, changes)
    require_expected(effect, expected)
    return _done(session, effect, None, by=by, told="Renamed.", note=note, kind=ChangeKind.EDITORIAL, now=now)


def effect_of_merging(session: Session, entry_id: UUID, into_id: UUID) -> Effect:
    """Return what it does to put one topic or author into another of its type and language.

    Raises Invalid where they cannot be merged: not alike, one above the other, not public, or on the schedule.
    """
    entry, into = entries.entry(session, entry_id), entries.entry(session, into_id)
    state, mark = _require_mergeable(session, entry, into), marks.entry_mark(entry)
    effect = effect_of_replacing(session, mark, str(into.id))
    stays = state == State.LIVE and _is_left_in_live(session, mark, effect)
    ends = not stays and state in (State.LIVE, State.HELD, *WITHDRAWN)
    return Effect(effect.parts, effect.left, ends=ends, stays=stays)


def _is_left_in_live(session: Session, mark: Mark, effect: Effect) -> bool:
    """Whether a live text bears a mark once all that can be is done: a picture in words that wait for a review."""
    changed = {part.use.entry.id for part in effect.shown}
    return any(
        use.in_live and use.state == State.LIVE and use.entry.id not in changed
        for use in uses.uses(session, mark)
    )


def merge(
    session: Session,
    entry_id: UUID,
    into_id: UUID,
    *,
    by: str,
    manner: State = State.REDIRECTED,
    expected: str | None = None,
    now: datetime | None = None,
) -> list[Act]:
    """Put `into_id` in the place of an entry wherever it is borne, then withdraw it, `manner` REDIRECTED or REPLACED.

    It stays public where a live text shows it until that is reviewed; merged once more after that, it is withdrawn.
    In one act, or as many as it takes; one that was never public goes to the trash. What was only saved is for the
    caller to commit. Raises what `effect_of_merging` raises, EffectChanged, and LiveMeanwhile with that act undone.
    """
    entry = entries.entry(session, entry_id)
    _queue(session, marks.entry_mark(entry), entry_id, into_id)
    effect = effect_of_merging(session, entry_id, into_id)
    require_expected(effect, expected)
    # No names: they would stand in other entries' notes, where no erasure of this one could find them.
    told = f"One {entry.content_type.label.lower()} was merged into another."
    ending = (
        publishing.withdrawal(session, entry_id, manner=manner, target=str(into_id)) if effect.ends else None
    )
    if _state(session, entry) == State.DRAFT:
        trash.throw_away(session, entry_id, by=by, now=now)
    return _done(session, effect, ending, by=by, told=told, now=now)


def effect_of_replacing(session: Session, mark: Mark, other: Any) -> Effect:
    """Return what it does to put `other` in the place of a mark wherever it is borne; None takes it out."""
    found = uses.uses(session, mark)
    kept = _versions(session, found)
    parts, left = [], tuple[Left, ...]()
    for use in found:
        try:
            # What takes its place does not come to link itself.
            part, waits = _part(use, mark, None if str(use.entry.id) == other else other, kept)
        except Invalid as error:
            left += (Left(use.entry, f"It does not fit its fields as they are now: {error}"),)
            continue
        parts += [part] if part else []
        left += tuple(Left(use.entry, why) for why in waits)
    return Effect(tuple(parts), (*_on_schedule(session, parts, pinning.of_mark(session, mark)), *left))


def replace(
    session: Session,
    mark: Mark,
    other: Any,
    *,
    by: str,
    told: str,
    expected: str | None = None,
    now: datetime | None = None,
) -> list[Act]:
    """Put another tag or source in the place of one wherever it is borne; `told` is the versions' note and the reason.

    What was only saved is for the caller to commit. Raises EffectChanged, and LiveMeanwhile with that act undone.
    """
    _queue(session, mark)
    effect = effect_of_replacing(session, mark, other)
    require_expected(effect, expected)
    return _done(session, effect, None, by=by, told=told, now=now)


def _part(
    use: Use, mark: Mark, other: Any, kept: Mapping[tuple[UUID, int], Version]
) -> tuple[Part | None, list[str]]:
    """Return what happens to one entry that bears a mark, and whatever about it stays as it is."""
    declared, newest = use.entry.content_type, kept[use.entry.id, use.newest]
    if use.entry.trashed_at is not None:
        return None, ["It lies in the trash."]
    if newest.erased and not use.in_live:
        return None, ["Its words were erased."]
    waits = ["It is held: once released, readers have what was held."] if use.state == State.HELD else []
    shown = None
    if use.in_live and use.live is not None:
        values = kept[use.entry.id, use.live].values
        changed = mark.replaced(declared, values, other)
        if declared.needs_review and any(
            changed.get(one.name) != values.get(one.name) for one in declared.content
        ):
            waits.append(f"Readers have version {use.live} until the new one is reviewed and published.")
        else:
            shown = declared.clean(changed)
    draft = None
    if not newest.erased and (use.in_newest if shown is None else use.live != use.newest):
        draft = declared.clean(mark.replaced(declared, newest.values, other))
    return (Part(use, shown, draft) if shown or draft else None), waits


def _done(
    session: Session,
    effect: Effect,
    ending: Step | None,
    *,
    by: str,
    told: str,
    note: str | None = None,
    kind: ChangeKind = ChangeKind.TYPO,
    now: datetime | None,
) -> list[Act]:
    acts, batches = [], list(_batches(effect.parts))
    for place, parts in enumerate(batches, 1):
        steps = [step for part in parts if (step := _saved(session, part, by, told, note, kind, now))]
        steps += [ending] if ending and place == len(batches) else []
        if steps:
            acts.append(publishing.perform(session, steps, by=by, reason=told, now=now))
    return acts


def _saved(
    session: Session, part: Part, by: str, told: str, note: str | None, kind: ChangeKind, now: datetime | None
) -> Step | None:
    return under_drafts.saved(
        session,
        part.use.entry.id,
        newest=part.use.newest,
        live=part.use.live,
        shown=part.shown,
        draft=part.draft,
        by=by,
        told=told,
        kind=kind,
        note=note,
        now=now,
    )


def _queue(session: Session, mark: Mark, *ids: UUID) -> None:
    """Queue for all that bear a mark, so that nobody saves meanwhile, and read everything anew."""
    begin_writing(session)
    versions.queue(session, {*ids, *(use.entry.id for use in uses.uses(session, mark))})
    session.expire_all()


def _batches(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    for start in range(0, max(len(parts), 1), MOST_PARTS):
        yield tuple(parts[start : start + MOST_PARTS])


def require_expected(effect: Effect, expected: str | None) -> None:
    """Raise EffectChanged where another effect was shown, by its fingerprint, than there would be by now."""
    if expected is not None and expected != effect.fingerprint:
        raise EffectChanged


def _require_no_review(entry: Entry, needed: bool) -> None:
    if needed:
        raise Invalid([Fault("/entry", "needs a review for every word, so it is changed in its own page")])


def _require_mergeable(session: Session, entry: Entry, into: Entry) -> State:
    """Raise Invalid where one cannot be put into the other; return where it stands."""
    # An image changes no word of its own by it; the texts that come to show the other wait for their own review.
    _require_no_review(entry, entry.content_type.health)
    for one in (entry, into):
        entries.require_kept(one)
    if entry.id == into.id or (entry.type, entry.locale) != (into.type, into.locale):
        raise Invalid([Fault("/into", f"is not another {entry.type} of the same language")])
    if _lies_below(session, into, entry):
        raise Invalid(
            [Fault("/into", "lies below it; merge the lower one into the upper one, or move it first")]
        )
    if schedule.waits_for(session, entry.id):
        raise Invalid([Fault("/entry", "is on the schedule; take it off first")])
    state, other = _state(session, entry), _state(session, into)
    if other != State.LIVE and not state == other == State.DRAFT:
        raise Invalid([Fault("/into", "is not public; publish it first")])
    return state


def _lies_below(session: Session, entry: Entry, above: Entry) -> bool:
    """Tell whether an entry lies below another, in the newest versions or before readers."""
    met, waiting = {entry.id}, [entry]
    while waiting:
        named = _parents(session, waiting.pop())
        if above.id in named:
            return True
        waiting += [entries.entry(session, one) for one in named - met]
        met |= named
    return False


def _parents(session: Session, entry: Entry) -> set[UUID]:
    """Return what an entry names above it: one of its own type, by a link of which there is one."""
    up = [field for field in entry.content_type.fields if isinstance(field, Link) and field.to == entry.type]
    kept = _versions(session, [_use(session, entry)]).values()
    return {UUID(value) for one in kept for field in up if (value := one.values.get(field.name))}


def _use(session: Session, entry: Entry) -> Use:
    live = select(Edition.version).where(Edition.entry_id == entry.id, Edition.until_sequence.is_(None))
    return Use(entry, _state(session, entry), entry.latest, session.scalar(live), False, False)


def _state(session: Session, entry: Entry) -> State:
    return standings(session, [entry.id])[entry.id].state


def _on_schedule(session: Session, parts: Sequence[Part], pinned: Sequence[Pinned]) -> tuple[Left, ...]:
    """Return what of the schedule the parts overtake, and what else is pinned there, soonest first."""
    shown = {part.use.entry.id: part.use.entry for part in parts if part.shown is not None}
    overtaken = pinning.overtaken(session, shown)
    refused = {due.id for _, due, _ in overtaken}
    both = [*overtaken, *(one for one in pinned if one[1].id not in refused)]
    return tuple(map(Left.of_pinned, sorted(both, key=lambda one: (one[1].due_at, one[1].id))))


def _versions(session: Session, found: Sequence[Use]) -> dict[tuple[UUID, int], Version]:
    """Return the newest version of each entry, and the live one where it has one."""
    wanted = {(use.entry.id, number) for use in found for number in (use.newest, use.live) if number}
    kept: dict[tuple[UUID, int], Version] = {}
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _LOADED_AT_ONCE):
        some = ordered[start : start + _LOADED_AT_ONCE]
        chosen = select(Version).where(among((Version.entry_id, Version.number), some))
        kept |= {(one.entry_id, one.number): one for one in session.scalars(chosen)}
    return kept
