"""Reviews: a named reviewer's sign-off on one exact content, known by its hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, ForeignKeyConstraint, Index, String, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from content import database, entries, own_words, submissions, versions
from content.database import Base, begin_writing, new_id
from content.errors import Fault, Invalid, OwnText
from content.fields import Line
from content.newest import approved
from content.submissions import Outcome, Submission
from content.versions import Version


class Scope(StrEnum):
    """What the reviewer looked at."""

    PAGE = "page"
    CHANGE = "change"


class ReviewStatus(StrEnum):
    """What readers are told of the review of a public text."""

    REVIEWED = "reviewed"
    DUE = "due"
    NOT_REVIEWED = "not_reviewed"
    NOT_NEEDED = "not_needed"


# What a text that needs a review may be filtered by.
PUBLIC_STATUSES = (ReviewStatus.REVIEWED, ReviewStatus.DUE, ReviewStatus.NOT_REVIEWED)


@dataclass(frozen=True)
class Reviewer:
    """Who signs: `id` is what the log knows; name and credentials are what the public reads."""

    id: str
    name: str
    credentials: str | None = None


LONGEST = timedelta(days=10 * 365 + 3)  # for which a review may hold
NAME = Line(name="name", label="Name", required=True)
CREDENTIALS = Line(name="credentials", label="Credentials")


class Review(Base):
    """One sign-off. It holds for every version of the entry with that `content_hash`, until the day `due_on`.

    Or until these words are sent back.
    """

    __tablename__ = "review"
    __table_args__ = (
        ForeignKeyConstraint(["entry_id", "version"], ["version.entry_id", "version.number"]),
        Index("ix_review_entry_id_content_hash", "entry_id", "content_hash"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    reviewer_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    credentials: Mapped[str | None] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(10))
    signed_at: Mapped[datetime]
    due_on: Mapped[date]


def sign(
    session: Session,
    entry_id: UUID,
    number: int,
    reviewer: Reviewer,
    *,
    due_on: date,
    scope: Scope = Scope.PAGE,
    now: datetime | None = None,
) -> Review:
    """Sign the content of one version; `due_on` is the day when the next review is due, from which this one is void.

    Raises OwnText where the reviewer wrote on the text what nobody else has signed, Invalid where the day is past,
    InTrash where the draft lies in the trash.
    """
    begin_writing(session)
    signed = versions.version(session, entry_id, number)
    entries.require_kept(versions.queued(session, entry_id))
    now = now or database.clock(session)
    if due_on <= now.date():
        raise Invalid([Fault("/due_on", "is not after today: enter a later one")])
    if due_on > (now + LONGEST).date():
        raise Invalid(
            [Fault("/due_on", f"is more than {LONGEST.days // 365} years away: enter a sooner one")]
        )
    if signed.erased:
        raise Invalid([Fault("/version", "was erased")])
    if is_own(session, signed, reviewer.id):
        raise OwnText(number)
    name, credentials = NAME.clean(reviewer.name), CREDENTIALS.clean(reviewer.credentials)
    review = Review(
        entry_id=entry_id,
        version=number,
        content_hash=signed.content_hash,
        reviewer_id=reviewer.id,
        name=name,
        credentials=credentials,
        scope=scope,
        signed_at=now,
        due_on=due_on,
    )
    session.add(review)
    submissions.approve(session, signed, by=reviewer.id, now=now)
    session.flush()
    approved.settle(session, [entry_id])
    return review


def submit(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    by: str,
    message: str | None = None,
    now: datetime | None = None,
) -> Submission:
    """Hand a version to the reviewers, as `submissions.submit` does; raises Invalid also where a review of it holds."""
    begin_writing(session)
    versions.queued(session, entry_id)
    now = now or database.clock(session)
    if review := holding(_standing(session, versions.version(session, entry_id, number)), now):
        raise Invalid([Fault("/version", f"is signed by {review.name} already, until {review.due_on}")])
    return submissions.submit(session, entry_id, number, by=by, message=message, now=now)


def unrevoked() -> ColumnElement[bool]:
    """The reviews that nobody has taken back: those whose words were not sent back since they were signed."""
    sent = aliased(Submission)
    back = select(sent.id).where(
        sent.entry_id == Review.entry_id,
        sent.content_hash == Review.content_hash,
        sent.outcome == Outcome.SENT_BACK,
        sent.ended_at >= Review.signed_at,
    )
    return ~back.correlate(Review).exists()


def send_back(
    session: Session, submission_id: UUID, *, by: str, answer: str | None, now: datetime | None = None
) -> Submission:
    """End a submission with an answer to its writer, and with it the signatures that its very words had.

    Raises NotFound where it does not wait, Invalid without an answer.
    """
    sent = submissions.send_back(session, submission_id, by=by, answer=answer, now=now)
    approved.settle(session, [sent.entry_id])
    return sent


def revoke(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    by: str,
    answer: str | None,
    now: datetime | None = None,
) -> Submission:
    """Take the signatures of a version's words back, and send it to its writer with an answer.

    It is for `publishing.revoke`, which tells readers too. Raises Invalid where nobody has signed it or without an
    answer.
    """
    begin_writing(session)
    versions.queued(session, entry_id)
    signed = versions.version(session, entry_id, number)
    if not _standing(session, signed):
        raise Invalid([Fault("/version", "bears no signature that could be taken back")])
    now, waits = now or database.clock(session), submissions.waiting_for(session, entry_id)
    if waits and waits.content_hash == signed.content_hash:
        return send_back(session, waits.id, by=by, answer=answer, now=now)
    sent = submissions.send_back_signed(session, signed, by=by, answer=answer, now=now)
    approved.settle(session, [entry_id])
    return sent


def _standing(session: Session, version: Version) -> list[Review]:
    """Return the reviews of a version's words that nobody took back, newest first."""
    every = of_entry(session, version.entry_id, held=True)
    return [one for one in every if one.content_hash == version.content_hash]


def is_own(session: Session, signed: Version, reviewer_id: str) -> bool:
    """Return whether somebody wrote on a text what nobody else has signed, and so may not sign it."""
    others = [one for one in of_entry(session, signed.entry_id, held=True) if one.reviewer_id != reviewer_id]
    if signed.content_hash in {one.content_hash for one in others}:
        return False
    text = own_words.Text(
        content_hash=signed.content_hash,
        number=signed.number,
        kept=versions.history(session, signed.entry_id)[::-1],
        signed=frozenset(one.content_hash for one in others),
        reviewed=max((one.version for one in others if one.version <= signed.number), default=0),
        fields=entries.entry(session, signed.entry_id).content_type.content,
    )
    return own_words.are_in(text, reviewer_id)


def signed_before(session: Session, version: Version) -> Review | None:
    """Return the review of the newest earlier version that was signed with another content, or None."""
    others = [
        one
        for one in of_entry(session, version.entry_id, held=True)
        if one.content_hash != version.content_hash and one.version < version.number
    ]
    return max(others, key=lambda review: (review.version, review.signed_at), default=None)


def of_entry(session: Session, entry_id: UUID, *, held: bool = False) -> list[Review]:
    """Return every review of an entry, newest first; `held`: without those that were taken back."""
    chosen = select(Review).where(Review.entry_id == entry_id, *([unrevoked()] if held else []))
    return list(session.scalars(chosen.order_by(Review.signed_at.desc(), Review.id.desc())))


def holding(reviews: Sequence[Review], at: datetime) -> Review | None:
    """Return the newest of `reviews`, newest first, if it holds at `at`, else None; its day begins at midnight UTC.

    Whoever signs a text anew until a sooner day wants it looked at by then: no older signature outlasts that.
    """
    newest = next((review for review in reviews if review.signed_at <= at), None)
    return newest if newest and at.date() < newest.due_on else None


def public(review: Review) -> dict[str, Any]:
    """Return what readers are told of a review that holds."""
    return {
        "status": ReviewStatus.REVIEWED,
        "last_reviewed_on": review.signed_at.date().isoformat(),
        "review_due_on": review.due_on.isoformat(),
        "reviewers": [{"name": review.name, "credentials": review.credentials}],
    }


def due(shown: dict[str, Any], banner: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what readers are told of a review that has fallen due, with a banner where there is one."""
    return {**shown, "status": ReviewStatus.DUE} | ({"banner": banner} if banner else {})


def told(review: dict[str, Any]) -> dict[str, Any]:
    """Return a public review with every field that readers know; what was kept has a banner only where one is."""
    return {**review, "banner": review.get("banner")}


def none_public(status: ReviewStatus) -> dict[str, Any]:
    """Return what readers are told where no review holds."""
    return {"status": status, "last_reviewed_on": None, "review_due_on": None, "reviewers": []}
