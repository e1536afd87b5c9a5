"""What the pages of acts ask about: an entry where it stands, the version meant, and what speaks against it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from flask import abort, request
from sqlalchemy.orm import Session

from admin import companions, listing
from admin.act_forms import LATER
from admin.companions import Companion, needs_force
from admin.comparing import Compared, compared, numbers_changed
from admin.numbers import number_of
from admin.reviewing import Since, since_last_review
from admin.times import moment_in
from content import comments, entries, reviews, submissions, versions
from content.comments import Comment
from content.entries import Entry
from content.errors import Invalid
from content.reviews import Review
from content.standings import Standing, standings
from content.submissions import Submission
from content.versions import Version
from storage import db


@dataclass(frozen=True)
class Question:
    """What a page asks about: the entry where it stands, the version meant, and whether a review of it holds then.

    `ends` is a review that holds now, and no more at the moment for which the form puts it on the schedule.
    `since` tells what changed since an earlier text was reviewed; `signed` is that version, where it can be published
    instead; `sent_back` is the last submission by which these very words were sent back, where nobody has signed them
    since; `said` are the open comments on the text; `numbers` those that only the live text has, and those that only
    this one has; `left_behind` are drafts that it shows and readers will not have, since nobody has signed them or they
    lie in the trash.
    """

    entry: Entry
    row: listing.Row
    standing: Standing
    version: Version
    needs_force: bool
    ends: Review | None
    since: Since | None
    signed: int | None
    sent_back: Submission | None
    said: Sequence[Comment]
    changed: tuple[Compared, ...]
    numbers: tuple[list[str], list[str]]
    companions: tuple[Companion, ...]
    left_behind: tuple[Entry, ...]

    @property
    def is_another_text(self) -> bool:
        """Whether readers would get other words than those that they had last."""
        last = self.standing.last
        return last is None or last.content_hash != self.version.content_hash


def question(entry_id: UUID) -> Question:
    """Return what the page of an entry asks about, as its form is filled in."""
    session = db.session()
    entry = entries.entry(session, entry_id)
    standing = standings(session, [entry_id])[entry_id]
    version = versions.version(session, entry_id, _number(entry))
    shown = versions.version(session, entry_id, standing.live.version).values if standing.live else {}
    at, now = _moment_asked(), datetime.now(UTC)
    forced = needs_force(standing, version, at)
    named = companions.drafts(session, version, entry, at=at)
    since = since_last_review(session, version, entry)
    changed = tuple(compared(session, entry.content_type, shown, version.values, near=True))
    return Question(
        entry=entry,
        row=listing.row(session, entry_id),
        standing=standing,
        version=version,
        needs_force=forced,
        ends=reviews.holding(standing.reviews.get(version.content_hash, []), now) if forced else None,
        since=since,
        signed=_signed(standing, since, at),
        sent_back=_sent_back(session, standing, version),
        said=comments.open_of(session, entry_id),
        changed=changed,
        numbers=numbers_changed(entry.content_type, changed),
        companions=tuple(companions.companions(named, forced=forced)),
        left_behind=tuple(companions.left_behind(named, forced=forced)),
    )


def _sent_back(session: Session, standing: Standing, version: Version) -> Submission | None:
    return None if version.content_hash in standing.reviews else submissions.sent_back(session, version)


def _signed(standing: Standing, since: Since | None, at: datetime) -> int | None:
    """Return the version that was signed last, where that holds and nothing newer is public; else None."""
    if since is None or reviews.holding(standing.reviews[since.review.content_hash], at) is None:
        return None
    number, live = since.review.version, standing.live.version if standing.live else 0
    return number if number > live and since.review.content_hash not in standing.struck else None


def _moment_asked() -> datetime:
    """Return when it is to be done: now, unless the form puts it on the schedule."""
    if LATER in request.form:
        with suppress(Invalid):
            # A moment that is past is refused, and asks for no reason.
            return max(moment_in(request.form, "due_at", "/moment"), datetime.now(UTC))
    return datetime.now(UTC)


def _number(entry: Entry) -> int:
    number = number_of(request.values.get("version", str(entry.latest)))
    if number is None or number > entry.latest:
        abort(HTTPStatus.NOT_FOUND)
    return number
