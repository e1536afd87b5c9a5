"""Publishing: the newsroom's verbs. Each prepares its steps, and `perform` does them in one act.

In all of them `by` is a person's id or a command's name, `note` is public, `reason` is not, and `now` is the
database's clock unless told. All raise Refused where a rule forbids the act, and then nothing was done.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import database, documents, entries, erased_pictures, lines, reviews, targets, versions
from content.database import begin_writing, empty_write_ahead_log
from content.documents import Document, Rendering
from content.editions import Edition, audience_of
from content.errors import Fault, Invalid, WrongStanding
from content.log import Act, ChangeKind, State, checked_kind
from content.reviews import Reviewer, ReviewStatus, Scope
from content.settling import settled_act
from content.standings import standings
from content.steps import (
    Disown,
    Hold,
    Move,
    Publish,
    Reinstate,
    Release,
    Rerender,
    Reviewed,
    Step,
    Withdraw,
)
from content.striking import Erase, Retract
from content.submissions import Submission
from content.versions import Version, checked_note


def perform(
    session: Session,
    steps: Sequence[Step],
    *,
    by: str,
    reason: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Do all `steps` in one act and commit it, with all else that the session holds; an entry stands once in it.

    Raises Invalid where one is forced and no reason given.
    """
    checked = checked_note(reason, "reason")
    if checked is None and any(isinstance(step, Publish | Reinstate) and step.forced for step in steps):
        raise Invalid(
            [Fault("/reason", "is required where nobody has reviewed the text: say why it cannot wait")]
        )
    return settled_act(session, lambda act: lines.write(session, act, steps), by=by, reason=checked, now=now)


def publication(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    kind: ChangeKind = ChangeKind.EDITORIAL,
    note: str | None = None,
    forced: bool = False,
    instead_of: int | None = None,
    planned_over: int | None = None,
) -> Publish:
    """Prepare the publication of a version, its document rendered, for an act of one or of many.

    `instead_of`: the live version that it was made from; the act is refused where another is live by then.
    `planned_over`: the version that was live when this was planned, or 0; the act is refused where a newer one than
    this went public since.
    """
    return Publish(
        entry_id=entry_id,
        rendering=_rendered(session, entry_id, number),
        audience=audience_of(versions.version(session, entry_id, number)),
        kind=checked_kind(kind),
        note=checked_note(note),
        forced=forced,
        instead_of=instead_of,
        planned_over=planned_over,
    )


def publish(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    by: str,
    kind: ChangeKind = ChangeKind.EDITORIAL,
    note: str | None = None,
    forced: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Make a version the public form of its entry; the edition that it replaces ends at this act.

    Raises NotReviewed unless a review of its very content holds; `forced`, a reason, publishes it all the same, for
    whoever has the right to.
    """
    step = publication(session, entry_id, number, kind=kind, note=note, forced=bool(forced))
    return perform(session, [step], by=by, reason=forced, now=now)


def move(session: Session, entry_id: UUID, slug: str, *, by: str, now: datetime | None = None) -> Act:
    """Give a live entry another slug; the old one leads to it from now on.

    The live text moves as it is. Where a draft is ahead of it, the draft takes the new slug too and stays ahead.
    """
    shown = _live_version(session, entry_id, Move.verb)
    draft = versions.latest(session, entry_id)
    moved = _with_slug(session, shown, slug, by=by, now=now)
    if draft.number > shown.number and not draft.erased:
        _with_slug(session, draft, slug, by=by, now=now)
    step = Move(entry_id=entry_id, rendering=_rendered(session, entry_id, moved.number))
    return perform(session, [step], by=by, now=now)


def _with_slug(session: Session, version: Version, slug: str, *, by: str, now: datetime | None) -> Version:
    latest = entries.entry(session, version.entry_id).latest
    values, note = {**version.values, "slug": slug}, f"moved to {slug}"
    # A draft ahead of it may have been erased; nothing of that comes back with these values.
    return versions.save(
        session,
        version.entry_id,
        values,
        based_on=latest,
        by=by,
        note=note,
        anew=True,
        as_spelled=True,
        now=now,
    )


def withdraw(
    session: Session,
    entry_id: UUID,
    *,
    by: str,
    manner: State = State.GONE,
    target: str | None = None,
    note: str | None = None,
    reason: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Take an entry from the public.

    `manner`: gone; redirected to `target`, an entry's id or a URL; or replaced by the entry `target`. Raises Invalid
    where manner and target do not fit.
    """
    step = withdrawal(session, entry_id, manner=manner, target=target, note=note)
    return perform(session, [step], by=by, reason=reason, now=now)


def withdrawal(
    session: Session,
    entry_id: UUID,
    *,
    manner: State = State.GONE,
    target: str | None = None,
    note: str | None = None,
) -> Withdraw:
    """Prepare a withdrawal, for an act of one or of many."""
    checked = targets.checked(session, manner, target)
    return Withdraw(entry_id=entry_id, manner=manner, target=checked, note=checked_note(note))


def reinstate(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    by: str,
    kind: ChangeKind = ChangeKind.EDITORIAL,
    note: str | None = None,
    reason: str | None = None,
    forced: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Bring a withdrawn entry back with one of its versions, or a retracted content, which nothing else brings back.

    Raises NotReviewed like `publish`.
    """
    step = Reinstate(
        entry_id=entry_id,
        rendering=_rendered(session, entry_id, number),
        kind=checked_kind(kind),
        note=checked_note(note),
        forced=bool(forced),
    )
    return perform(session, [step], by=by, reason=forced or reason, now=now)


def retract(
    session: Session,
    entry_id: UUID,
    numbers: Sequence[int],
    *,
    note: str,
    by: str,
    reason: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Declare public versions wrong, and with them every version of the same content: readers get `note` instead."""
    step = Retract(entry_id=entry_id, numbers=tuple(numbers), note=checked_note(note))
    return perform(session, [step], by=by, reason=reason, now=now)


def hold(
    session: Session,
    entry_id: UUID,
    *,
    by: str,
    note: str | None = None,
    reason: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Take a live entry from the public until it is released."""
    return perform(session, [Hold(entry_id=entry_id, note=checked_note(note))], by=by, reason=reason, now=now)


def release(
    session: Session,
    entry_id: UUID,
    *,
    by: str,
    note: str | None = None,
    reason: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Give a held entry back to the public as it was."""
    return perform(
        session, [Release(entry_id=entry_id, note=checked_note(note))], by=by, reason=reason, now=now
    )


def erase(
    session: Session,
    entry_id: UUID,
    numbers: Sequence[int] | None = None,
    *,
    by: str,
    note: str | None = None,
    reason: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Destroy the content of versions (all, unless told) and of their documents; numbers and hashes stay."""
    # Whoever saves and then acts locks the entry before the log; in another order the two could wait for each other.
    begin_writing(session)
    every = range(1, versions.queued(session, entry_id).latest + 1)
    erased_pictures.hold(session, entry_id)
    chosen = tuple(every if numbers is None else numbers)
    step = Erase(entry_id=entry_id, numbers=chosen, note=checked_note(note))
    act = perform(session, [step], by=by, reason=reason, now=now)
    empty_write_ahead_log(session)
    return act


def rereview(
    session: Session,
    entry_id: UUID,
    reviewer: Reviewer,
    *,
    due_on: date,
    number: int | None = None,
    scope: Scope = Scope.PAGE,
    now: datetime | None = None,
) -> Act:
    """Sign a text again that readers have, and show them so; raises OwnText, Invalid.

    `number`: the version that the reviewer was shown, else the one that readers have; raises ReplacedMeanwhile, and
    nothing is signed, where they have other words by the time of the act. One that is held since its review fell due
    comes back by it; whoever withdrew a text reinstates it.
    """
    signed = number or _reviewable(session, entry_id).number
    reviews.sign(session, entry_id, signed, reviewer, due_on=due_on, scope=scope, now=now)
    return perform(session, [Reviewed(entry_id=entry_id, signed=signed)], by=reviewer.id, now=now)


def revoke(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    by: str,
    answer: str | None,
    now: datetime | None = None,
) -> Submission:
    """Take the signatures of a version's words back, as `reviews.revoke` does, and commit it.

    Readers who have these words are told in an act of its own that nobody has reviewed them.
    """
    sent = reviews.revoke(session, entry_id, number, by=by, answer=answer, now=now)
    _disown(session, sent, by=by, now=now)
    return sent


def send_back(
    session: Session, submission_id: UUID, *, by: str, answer: str | None, now: datetime | None = None
) -> Submission:
    """End a submission with an answer to its writer, as `reviews.send_back` does, and commit it.

    Readers who have these words by a signature are told in an act of its own that nobody has reviewed them.
    """
    sent = reviews.send_back(session, submission_id, by=by, answer=answer, now=now)
    _disown(session, sent, by=by, now=now)
    return sent


def _disown(session: Session, sent: Submission, *, by: str, now: datetime | None) -> None:
    # Under the log's lock, else the words could go public by the signatures that are being taken back.
    database.take_act_lock(session)
    standing = standings(session, [sent.entry_id])[sent.entry_id]
    live = standing.live
    shown = (
        live and live.content_hash == sent.content_hash and live.review_status != ReviewStatus.NOT_REVIEWED
    )
    if shown and sent.content_hash in standing.disowned:
        perform(session, [Disown(entry_id=sent.entry_id)], by=by, now=now)
    session.commit()


def rerender(session: Session, *, by: str, now: datetime | None = None) -> Act | None:
    """Show live entries in the present renderer's form, as many as an act holds; None where all are shown so.

    No byte of the past changes. Whoever has more entries than an act has lines calls again.
    """
    outdated = (
        select(Edition.entry_id, Edition.version)
        .join(Document, Document.hash == Edition.document_hash)
        .where(Edition.until_sequence.is_(None), Document.renderer != documents.RENDERER)
        .order_by(Edition.entry_id)
        .limit(lines.MOST_STEPS)
    )
    steps = [
        Rerender(entry_id=row.entry_id, rendering=_rendered(session, row.entry_id, row.version))
        for row in session.execute(outdated).all()
    ]
    reason = f"rendered by {documents.RENDERER}"
    return perform(session, steps, by=by, reason=reason, now=now) if steps else None


def _rendered(session: Session, entry_id: UUID, number: int) -> Rendering:
    return documents.rendered(session, versions.version(session, entry_id, number))


def _reviewable(session: Session, entry_id: UUID) -> Version:
    """Return the version that readers have, or had until its review fell due."""
    standing = standings(session, [entry_id])[entry_id]
    held = standing.expired and standing.state == State.HELD
    if standing.last is None or not (standing.live or held):
        raise WrongStanding(Reviewed.verb, standing.state, [State.LIVE])
    return versions.version(session, entry_id, standing.last.version)


def _live_version(session: Session, entry_id: UUID, verb: str) -> Version:
    live = select(Edition.version).where(Edition.entry_id == entry_id, Edition.until_sequence.is_(None))
    number = session.scalar(live)
    if number is None:
        raise WrongStanding(verb, "not live", [State.LIVE])
    return versions.version(session, entry_id, number)
