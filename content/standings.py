"""Standings: where each entry of an act stands at the head of the log, read under its lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from content import expiry
from content.editions import Edition
from content.entries import Entry
from content.errors import NotFound
from content.log import Act, ChangeKind, Event, Line, State
from content.prepared import any_of
from content.reviews import Review, unrevoked
from content.types import OnReviewDue
from content.versions import Version


@dataclass(frozen=True)
class Standing:
    """One entry as the log has left it, with all that deciding the next line needs.

    `last` is its newest edition, ended or not; `hashes` has the content hash of every version, `public` the numbers
    that were ever public, `erased` those whose content is gone, `struck` the state (retracted or erased) of each
    content that readers may not have any more; `reviews` are those that nobody took back, by content hash, newest
    first, and `disowned` the contents whose reviews were all taken back. `expired`: it was taken from readers because
    its review fell due; `on_review_due` is what its type's policy does then. `typo_at` is when its words were last
    published, if as a typo, which moves no review date.
    """

    entry: Entry
    state: State
    target: str | None
    last: Edition | None
    hashes: dict[int, str]
    public: frozenset[int]
    erased: frozenset[int]
    struck: dict[str, State]
    reviews: dict[str, list[Review]]
    disowned: frozenset[str]
    expired: bool
    on_review_due: OnReviewDue
    typo_at: datetime | None

    @property
    def live(self) -> Edition | None:
        """The live edition, or None."""
        return self.last if self.state == State.LIVE else None

    def renewals(self, content_hash: str) -> list[Review]:
        """Return the reviews of a content that renew what readers see, newest first: none that a typo went out by."""
        signed = self.reviews.get(content_hash, [])
        return [one for one in signed if self.typo_at is None or one.signed_at > self.typo_at]

    def alike(self, numbers: Sequence[int]) -> list[int]:
        """Return every version with the content of one of `numbers`, in order."""
        wanted = {self.hashes[number] for number in numbers}
        return sorted(number for number, content in self.hashes.items() if content in wanted)


def _of_last_line(column: Any) -> Any:
    last = select(column).where(Line.entry_id == Entry.id).order_by(Line.sequence.desc()).limit(1)
    return last.correlate(Entry).scalar_subquery()


# Where each entry of a statement stands, by its last line, and where that sends whoever comes.
STATE = func.coalesce(_of_last_line(Line.state), State.DRAFT.value)
TARGET = _of_last_line(Line.target)


def standings(session: Session, ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Return the standing of each entry, by a fixed number of statements; raises NotFound."""
    found = {
        entry.id: entry for entry in session.scalars(select(Entry).where(any_of(session, Entry.id, ids)))
    }
    for one in ids:
        if one not in found:
            raise NotFound(f"entry {one}")
    lines, lasts, (signed, void) = (
        _last_lines(session, ids),
        _last_editions(session, ids),
        _reviews(session, ids),
    )
    kept, shown, typos = _versions(session, ids), _shown(session, ids), _typos(session, ids)
    return {
        one: Standing(
            entry=found[one],
            state=State(lines[one].state) if one in lines else State.DRAFT,
            target=lines[one].target if one in lines else None,
            last=lasts.get(one),
            hashes={row.number: row.content_hash for row in kept[one]},
            public=frozenset(row.version for row in shown[one]),
            erased=frozenset(row.number for row in kept[one] if row.erased),
            struck={row.content_hash: _STRUCK[row.event] for row in shown[one] if row.event},
            reviews=signed[one],
            disowned=frozenset(void[one] - signed[one].keys()),
            expired=one in lines and is_expired(lines[one]),
            on_review_due=expiry.policy(session, found[one].content_type),
            typo_at=typos.get(one),
        )
        for one in ids
    }


def is_expired(line: Line) -> bool:
    """Whether a line took its entry from readers because its review fell due (`log.EXPIRED`)."""
    return line.state != State.LIVE and line.review is not None


_STRUCK = {Event.RETRACTED: State.RETRACTED, Event.ERASED: State.ERASED}


def _last_lines(session: Session, ids: Sequence[UUID]) -> dict[UUID, Line]:
    of_these = select(Line.entry_id, func.max(Line.sequence)).where(any_of(session, Line.entry_id, ids))
    newest = of_these.group_by(Line.entry_id)
    chosen = select(Line).where(tuple_(Line.entry_id, Line.sequence).in_(newest))
    return {line.entry_id: line for line in session.scalars(chosen)}


def _typos(session: Session, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When the words of each entry were last published, of those whose were so as a typo."""
    making = (any_of(session, Line.entry_id, ids), Line.event.in_((Event.PUBLISHED, Event.REINSTATED)))
    newest = select(Line.entry_id, func.max(Line.sequence)).where(*making).group_by(Line.entry_id)
    chosen = select(Line.entry_id, Act.at).join(Act, Act.sequence == Line.sequence)
    typos = chosen.where(
        tuple_(Line.entry_id, Line.sequence).in_(newest), Line.change_kind == ChangeKind.TYPO
    )
    return {row.entry_id: row.at for row in session.execute(typos)}


def _last_editions(session: Session, ids: Sequence[UUID]) -> dict[UUID, Edition]:
    newest = (
        select(Edition.entry_id, func.max(Edition.from_sequence))
        .where(any_of(session, Edition.entry_id, ids))
        .group_by(Edition.entry_id)
    )
    chosen = select(Edition).where(tuple_(Edition.entry_id, Edition.from_sequence).in_(newest))
    return {edition.entry_id: edition for edition in session.scalars(chosen)}


def _reviews(
    session: Session, ids: Sequence[UUID]
) -> tuple[dict[UUID, dict[str, list[Review]]], dict[UUID, set[str]]]:
    """Every review of each entry by its content, the newest first; and the contents of those that were taken back."""
    signed: dict[UUID, dict[str, list[Review]]] = {one: {} for one in ids}
    void: dict[UUID, set[str]] = {one: set() for one in ids}
    newest_first = select(Review, unrevoked()).order_by(Review.signed_at.desc(), Review.id.desc())
    for review, stands in session.execute(newest_first.where(any_of(session, Review.entry_id, ids))):
        if stands:
            signed[review.entry_id].setdefault(review.content_hash, []).append(review)
        else:
            void[review.entry_id].add(review.content_hash)
    return signed, void


def _versions(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Every version of each entry, with its number, its content's hash and whether it was erased."""
    erased = Version.content.is_(None).label("erased")
    chosen = select(Version.entry_id, Version.number, Version.content_hash, erased).where(
        any_of(session, Version.entry_id, ids)
    )
    return _by_entry(ids, session.execute(chosen))


def _shown(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Every version of each entry that was public, with the event that has struck it since, or None."""
    struck = and_(Line.entry_id == Edition.entry_id, Line.sequence == Edition.struck_by)
    chosen = select(Edition.entry_id, Edition.version, Edition.content_hash, Line.event).outerjoin(
        Line, struck
    )
    return _by_entry(ids, session.execute(chosen.where(any_of(session, Edition.entry_id, ids))))


def _by_entry(ids: Sequence[UUID], rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    sorted_out: dict[UUID, list[Any]] = {one: [] for one in ids}
    for row in rows:
        sorted_out[row.entry_id].append(row)
    return sorted_out
