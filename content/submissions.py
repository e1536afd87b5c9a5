"""Submissions: a version handed to the reviewers, and what came of it. One waits for each entry at most.

A submission asks. Words that were sent back go out by no earlier signature (see `reviews.unrevoked`).
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Select, String, Text, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from content import database, entries, versions
from content.database import Base, begin_writing, new_id
from content.entries import Entry
from content.errors import Fault, Invalid, NotFound
from content.fields import Plain
from content.versions import Version


class Outcome(StrEnum):
    """What came of a submission."""

    APPROVED = "approved"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"  # a later version was submitted or signed instead


MESSAGE = Plain(name="message", label="Message", most=2000)
ANSWER = Plain(name="answer", label="What is missing or wrong", most=2000, required=True)


class Submission(Base):
    """One version before the reviewers, with a `message` to them; `outcome` is None while it waits.

    `answer` says why it was sent back. Both are for colleagues, and go when the entry's words are erased.
    """

    __tablename__ = "submission"
    __table_args__ = (
        ForeignKeyConstraint(["entry_id", "version"], ["version.entry_id", "version.number"]),
        Index("ix_submission_entry_id_at", "entry_id", "at"),
        Index(
            "ix_submission_waiting",
            "entry_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    message: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(20))
    ended_by: Mapped[str | None] = mapped_column(String(100))
    ended_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)


def submit(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    by: str,
    message: str | None = None,
    now: datetime | None = None,
) -> Submission:
    """Hand a version to the reviewers, in place of an earlier one that still waits.

    Raises NotFound, InTrash, and Invalid where the type needs no review, the version was erased or waits already.
    """
    begin_writing(session)
    entry = versions.queued(session, entry_id)
    entries.require_kept(entry)
    version = versions.version(session, entry_id, number)
    if not entry.content_type.needs_review:
        raise Invalid([Fault("/entry", "needs no review")])
    if version.erased:
        raise Invalid([Fault("/version", "was erased")])
    now, before = now or database.clock(session), waiting_for(session, entry_id)
    if before and before.version == number:
        raise Invalid([Fault("/version", "waits for its review already")])
    if before:
        _end(session, before, Outcome.OVERTAKEN, by, now)
    submission = Submission(
        entry_id=entry_id,
        version=number,
        content_hash=version.content_hash,
        by=by,
        at=now,
        message=MESSAGE.clean(message),
    )
    session.add(submission)
    session.flush()
    return submission


def send_back(
    session: Session, submission_id: UUID, *, by: str, answer: str | None, now: datetime | None = None
) -> Submission:
    """End a submission with an answer to its writer; raises NotFound where it does not wait, Invalid without one."""
    waits, told = _waits(session, submission_id), ANSWER.clean(answer)
    return _end(session, waits, Outcome.SENT_BACK, by, now or database.clock(session), told)


def send_back_signed(
    session: Session, version: Version, *, by: str, answer: str | None, now: datetime
) -> Submission:
    """Send a version back to its writer, as if it waited: somebody signed it, and should not have.

    Raises Invalid without an answer.
    """
    sent = Submission(
        entry_id=version.entry_id,
        version=version.number,
        content_hash=version.content_hash,
        by=version.by,
        at=now,
    )
    _end(session, sent, Outcome.SENT_BACK, by, now, ANSWER.clean(answer))
    session.add(sent)
    session.flush()
    return sent


def take_back(session: Session, submission_id: UUID, *, by: str, now: datetime | None = None) -> Submission:
    """End a submission that its text is not ready for; raises NotFound where it does not wait."""
    waits = _waits(session, submission_id)
    return _end(session, waits, Outcome.TAKEN_BACK, by, now or database.clock(session))


def approve(session: Session, signed: Version, *, by: str, now: datetime) -> None:
    """End the submission of a text that was signed, if one waits for just these words, or for an earlier version."""
    waits = waiting_for(session, signed.entry_id)
    if waits is None:
        return
    if waits.content_hash == signed.content_hash:
        _end(session, waits, Outcome.APPROVED, by, now)
    elif waits.version < signed.number:
        _end(session, waits, Outcome.OVERTAKEN, by, now)


def waiting_for(session: Session, entry_id: UUID) -> Submission | None:
    """Return the submission of an entry that waits, or None."""
    chosen = select(Submission).where(Submission.entry_id == entry_id, Submission.outcome.is_(None))
    return session.scalar(chosen)


def sent_back(session: Session, version: Version) -> Submission | None:
    """Return the last submission by which the words of a version were sent back, or None."""
    chosen = select(Submission).where(
        Submission.entry_id == version.entry_id,
        Submission.content_hash == version.content_hash,
        Submission.outcome == Outcome.SENT_BACK,
    )
    return session.scalar(chosen.order_by(Submission.ended_at.desc(), Submission.id.desc()).limit(1))


def newest(session: Session, entry_id: UUID) -> Submission | None:
    """Return the last submission of an entry, whatever came of it, or None."""
    return next(iter(of_entry(session, entry_id)), None)


def of_entry(session: Session, entry_id: UUID) -> Sequence[Submission]:
    """Return every submission of an entry, the newest first."""
    chosen = select(Submission).where(Submission.entry_id == entry_id)
    return session.scalars(chosen.order_by(Submission.at.desc(), Submission.id.desc())).all()


def waiting(session: Session, most: int) -> list[tuple[Submission, Entry]]:
    """Return what waits for a review, each with its entry, the longest waiting first."""
    chosen = select(Submission, Entry).join(Entry, Entry.id == Submission.entry_id)
    waits = chosen.where(Submission.outcome.is_(None), Entry.trashed_at.is_(None))
    return _pairs(session, waits.order_by(Submission.at, Submission.id).limit(most))


def sent_back_to(session: Session, by: str, most: int) -> list[tuple[Submission, Entry]]:
    """Return what was sent back to somebody and not submitted again since, each with its entry, the last first."""
    chosen = last_of_each().where(Submission.outcome == Outcome.SENT_BACK, Submission.by == by)
    return _pairs(session, chosen.order_by(Submission.ended_at.desc(), Submission.id.desc()).limit(most))


def erase(session: Session, entry_id: UUID) -> None:
    """Destroy what colleagues said of an entry's text."""
    about = update(Submission).where(Submission.entry_id == entry_id).values(message=None, answer=None)
    session.execute(about.execution_options(synchronize_session="fetch"))


def last_of_each() -> Select[Submission, Entry]:
    """Select the last submission of each entry that is not in the trash, with the entry."""
    later = aliased(Submission)
    newer = (later.entry_id == Submission.entry_id, later.at > Submission.at)
    chosen = select(Submission, Entry).join(Entry, Entry.id == Submission.entry_id)
    return chosen.where(Entry.trashed_at.is_(None), ~select(later.id).where(*newer).exists())


def _pairs(session: Session, chosen: Select[Submission, Entry]) -> list[tuple[Submission, Entry]]:
    return [(submission, entry) for submission, entry in session.execute(chosen)]


def _waits(session: Session, submission_id: UUID) -> Submission:
    begin_writing(session)
    found = session.get(Submission, submission_id, with_for_update=True, populate_existing=True)
    if found is None or found.outcome is not None:
        raise NotFound(f"submission {submission_id} that waits")
    return found


def _end(
    session: Session,
    submission: Submission,
    outcome: Outcome,
    by: str,
    now: datetime,
    answer: str | None = None,
) -> Submission:
    submission.outcome, submission.answer = outcome, answer
    submission.ended_by, submission.ended_at = by, now
    session.flush()
    return submission
