"""The time line of an entry: its versions, what clinicians signed, and what became public, in one order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.times import local
from content import comments, reviews, submissions, versions
from content.comments import Comment
from content.entries import Entry
from content.log import Act, Line
from content.reviews import Review
from content.submissions import Outcome, Submission
from content.versions import Version


@dataclass(frozen=True)
class Step:
    """One thing that happened to an entry: a version was saved, submitted, signed or discussed, or a line was logged.

    A submission comes twice: when it was made, and when it `ended` otherwise than by a signature. So does a comment
    that was settled.
    """

    at: datetime
    by: str
    version: Version | None = None
    review: Review | None = None
    act: Act | None = None
    line: Line | None = None
    submission: Submission | None = None
    comment: Comment | None = None
    ended: bool = False


@dataclass(frozen=True)
class Day:
    """What happened on one day of the newsroom's calendar, the last first."""

    on: date
    steps: tuple[Step, ...]


def timeline(session: Session, entry: Entry) -> list[Day]:
    """Return all that happened to an entry, the last day first."""
    # Of what happened at one moment, what follows from the other is the later.
    signed = [*_reviews(session, entry), *_submissions(session, entry), *_comments(session, entry)]
    happened = [*_lines(session, entry), *signed, *_versions(session, entry)]
    newest_first = sorted(happened, key=lambda step: step.at, reverse=True)
    return [Day(on, tuple(steps)) for on, steps in groupby(newest_first, lambda step: local(step.at).date())]


def _lines(session: Session, entry: Entry) -> Iterator[Step]:
    chosen = select(Act, Line).join(Line, Line.sequence == Act.sequence).where(Line.entry_id == entry.id)
    for act, line in session.execute(chosen.order_by(Act.sequence.desc())):
        yield Step(act.at, act.by, act=act, line=line)


def _reviews(session: Session, entry: Entry) -> Iterator[Step]:
    for review in reviews.of_entry(session, entry.id):
        yield Step(review.signed_at, review.reviewer_id, review=review)


def _submissions(session: Session, entry: Entry) -> Iterator[Step]:
    for one in submissions.of_entry(session, entry.id):
        if one.ended_at and one.ended_by and one.outcome in (Outcome.SENT_BACK, Outcome.TAKEN_BACK):
            yield Step(one.ended_at, one.ended_by, submission=one, ended=True)
        # What was signed and is sent back waited for nobody.
        if one.at != one.ended_at:
            yield Step(one.at, one.by, submission=one)


def _comments(session: Session, entry: Entry) -> Iterator[Step]:
    for one in reversed(comments.of_entry(session, entry.id)):
        if one.settled_at and one.settled_by:
            yield Step(one.settled_at, one.settled_by, comment=one, ended=True)
        yield Step(one.at, one.by, comment=one)


def _versions(session: Session, entry: Entry) -> Iterator[Step]:
    for version in versions.history(session, entry.id):
        yield Step(version.saved_at, version.by, version=version)
