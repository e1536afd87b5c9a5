"""Steps: what an act is asked to do to one entry. Under the log's lock each becomes a line, or is refused.

Deciding is pure here: a step, the entry's standing and the act's moment give the line. What needs rendering was
rendered before the lock.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from content import entries, expiry, reviews
from content.documents import Rendering
from content.editions import Edition
from content.errors import (
    AlreadyLive,
    ContentRetracted,
    Fault,
    Invalid,
    LiveMeanwhile,
    NotReviewed,
    Overtaken,
    ReplacedMeanwhile,
    RewrittenMeanwhile,
    WithdrawnMeanwhile,
    WrongStanding,
)
from content.log import Act, ChangeKind, Event, Line, State
from content.reviews import ReviewStatus
from content.standings import Standing
from content.types import OnReviewDue

WITHDRAWN = (State.GONE, State.REDIRECTED, State.REPLACED)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One entry's part in an act. `note` is public."""

    event: ClassVar[Event]
    verb: ClassVar[str]
    allowed: ClassVar[tuple[State, ...]]

    entry_id: UUID
    note: str | None = None
    rendering: Rendering | None = None

    def line(self, standing: Standing, act: Act) -> Line:
        """Return the line that this step becomes; raises Refused where a rule forbids it."""
        if standing.state not in self.allowed:
            raise WrongStanding(self.verb, standing.state, self.allowed)
        return self.decide(standing, act.at, self._blank(standing, act))

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        """Check what this kind of step must, and fill the line in."""
        raise NotImplementedError

    def _blank(self, standing: Standing, act: Act) -> Line:
        """A line that leaves the entry where it stands, with the form that it last had."""
        last = standing.last
        return Line(
            sequence=act.sequence,
            entry_id=self.entry_id,
            event=self.event,
            state=standing.state,
            version=last.version if last else None,
            document_hash=last.document_hash if last else None,
            public_note=self.note,
            forced=False,
            target=standing.target,
        )


@dataclass(frozen=True, kw_only=True)
class _Making(Step):
    """A step after which another version, or another rendering of it, is the public form."""

    rendering: Rendering

    def _make(self, line: Line) -> Line:
        line.state, line.target = State.LIVE, None
        line.version, line.document_hash = self.rendering.version, self.rendering.hash
        return line

    def _unspoilt(self, standing: Standing, *, retracted_too: bool) -> None:
        number = self.rendering.version
        struck = standing.struck.get(standing.hashes[number])
        if number in standing.erased or struck == State.ERASED:
            raise ContentRetracted(number, State.ERASED)
        if struck == State.RETRACTED and not retracted_too:
            raise ContentRetracted(number, State.RETRACTED)


def _review(
    standing: Standing,
    number: int,
    at: datetime,
    *,
    forced: bool,
    audience: str | None = None,
    followed: bool = False,
) -> dict[str, Any]:
    """Return the public state of a version's review; raises NotReviewed where it needs one and is not forced.

    `followed`: nobody decides about the text, which only follows what was done to something else.
    """
    if not standing.entry.content_type.needs_review:
        return reviews.none_public(ReviewStatus.NOT_NEEDED)
    content = standing.hashes[number]
    signed = standing.reviews.get(content, [])
    if review := reviews.holding(signed, at):
        return reviews.public(review)
    live, disowned = standing.live, content in standing.disowned
    stays = live and live.content_hash == content and not _widens(live, audience)
    if live and stays and (followed or not disowned):
        # Only its placement changed: what readers know of its review stays as it is.
        return live.review
    if forced:
        return reviews.none_public(ReviewStatus.NOT_REVIEWED)
    if disowned:
        raise NotReviewed(number, "its signature was taken back")
    why = f"its review was due on {signed[0].due_on}" if signed else "no review of this very text holds"
    raise NotReviewed(number, why)


def _undated(standing: Standing, review: dict[str, Any]) -> dict[str, Any]:
    """Return the public review of a typo: that of the live text, which somebody signed again but for a typo.

    Only who signed these very words is named. It is due no later than that signature is void.
    """
    shown = standing.live.review if standing.live else review
    if {shown["status"], review["status"]} != {ReviewStatus.REVIEWED}:
        return review
    return {
        **shown,
        "reviewers": review["reviewers"],
        "review_due_on": min(shown["review_due_on"], review["review_due_on"]),
    }


def _widens(live: Edition, audience: str | None) -> bool:
    """Whether a text that nobody reviewed would come before readers for whom it was not forced."""
    unreviewed = live.review["status"] == ReviewStatus.NOT_REVIEWED
    return unreviewed and audience not in (None, live.audience)


@dataclass(frozen=True, kw_only=True)
class Publish(_Making):
    """Make a version the public form of its entry. `forced`: also without a review that holds.

    `instead_of`, where it is told: the live version that it was made from, which must be the live one still.
    `planned_over`, where it was planned: the version that was live then, or 0; no newer one that went public since is
    replaced by an older.
    """

    event = Event.PUBLISHED
    verb = "publishing"
    allowed = (State.DRAFT, State.LIVE, State.RETRACTED, State.ERASED)

    audience: str
    kind: ChangeKind = ChangeKind.EDITORIAL
    forced: bool = False
    instead_of: int | None = None
    planned_over: int | None = None

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        entries.require_kept(standing.entry)
        live = standing.live.version if standing.live else None
        if self.instead_of is not None and live != self.instead_of:
            raise LiveMeanwhile(self.entry_id, self.instead_of, live)
        self._unspoilt(standing, retracted_too=False)
        if standing.live and standing.live.version == self.rendering.version:
            raise AlreadyLive(self.rendering.version)
        if self.planned_over not in (None, live or 0) and live and live > self.rendering.version:
            raise Overtaken(self.rendering.version, live)
        line.review = _review(
            standing,
            self.rendering.version,
            at,
            forced=self.forced,
            audience=self.audience,
            followed=self.instead_of is not None,
        )
        if self.kind == ChangeKind.TYPO:
            line.review = _undated(standing, line.review)
        line.forced = self.forced and line.review["status"] == ReviewStatus.NOT_REVIEWED
        line.change_kind = self.kind
        return self._make(line)


@dataclass(frozen=True, kw_only=True)
class Move(_Making):
    """Give a live entry another address: a version with the same content and another placement."""

    event = Event.MOVED
    verb = "moving"
    allowed = (State.LIVE,)

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        live = standing.live
        if live is None or standing.hashes[self.rendering.version] != live.content_hash:
            raise Invalid([Fault("/version", "holds another content than the live one; publish it instead")])
        line.review, line.change_kind = live.review, ChangeKind.TYPO
        return self._make(line)


@dataclass(frozen=True, kw_only=True)
class Reinstate(_Making):
    """Bring back a withdrawn entry, or a retracted content, which nothing else brings back."""

    event = Event.REINSTATED
    verb = "reinstating"
    allowed = (*WITHDRAWN, State.RETRACTED, State.LIVE)

    kind: ChangeKind = ChangeKind.EDITORIAL
    forced: bool = False

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        self._unspoilt(standing, retracted_too=True)
        number = self.rendering.version
        if standing.live and standing.hashes[number] not in standing.struck:
            raise WrongStanding(self.verb, standing.state, self.allowed[:-1])
        line.review = _review(standing, number, at, forced=self.forced)
        line.forced = self.forced and line.review["status"] == ReviewStatus.NOT_REVIEWED
        line.change_kind, line.affects = self.kind, standing.alike([number])
        return self._make(line)


@dataclass(frozen=True, kw_only=True)
class Rerender(_Making):
    """Show the live version in the present renderer's form."""

    event = Event.RERENDERED
    verb = "rerendering"
    allowed = (State.LIVE,)

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        if standing.live is None or standing.live.version != self.rendering.version:
            raise Invalid([Fault("/version", "is not the live one any more")])
        return self._make(line)


@dataclass(frozen=True, kw_only=True)
class Reviewed(Step):
    """Show a live entry's newer review; what is held since an earlier one fell due comes back with it.

    `signed`: the version that was read and signed, whose words must be the ones that readers have still.
    """

    event = Event.REVIEWED
    verb = "reviewing in public"
    allowed = (State.LIVE, State.HELD)

    signed: int

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        if standing.last is None or (standing.live is None and not standing.expired):
            raise WrongStanding(self.verb, standing.state, [State.LIVE])
        if standing.hashes[self.signed] != standing.last.content_hash:
            raise ReplacedMeanwhile(self.signed, standing.last.version)
        held = reviews.holding(standing.reviews.get(standing.last.content_hash, []), at)
        if held is None:
            raise NotReviewed(standing.last.version, "no review of this very text holds")
        line.review = reviews.public(held)
        if standing.expired:
            line.event, line.state = Event.RELEASED, State.LIVE
        return line


@dataclass(frozen=True, kw_only=True)
class Disown(Step):
    """Tell readers that nobody vouches any more for the text that they have: its signatures were taken back."""

    event = Event.REVIEW_DUE
    verb = "taking signatures back in public"
    allowed = (State.LIVE,)

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        line.review = reviews.none_public(ReviewStatus.NOT_REVIEWED)
        return line


@dataclass(frozen=True, kw_only=True)
class FallDue(Step):
    """Do what an entry's type does when its review falls due: tell its readers, or take it from them too."""

    event = Event.REVIEW_DUE
    verb = "marking as due"
    allowed = (State.LIVE,)

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        live = standing.live
        if live is None or live.review_due_on is None or at.date() < live.review_due_on:
            raise Invalid([Fault("/review_due_on", "has not come")])
        if newer := reviews.holding(standing.renewals(live.content_hash), at):
            # It was signed again and nobody has shown it yet.
            line.event, line.review = Event.REVIEWED, reviews.public(newer)
            return line
        line.review = _fallen_due(standing, live)
        if standing.on_review_due in expiry.TAKING:
            # Such a line keeps how the review stood: by that it is known from what somebody held or withdrew.
            line.event, line.state = _TAKEN[standing.on_review_due]
            line.public_note = expiry.words(standing.entry.locale, live.review_due_on)
        return line


_TAKEN = {
    OnReviewDue.HOLD: (Event.HELD, State.HELD),
    OnReviewDue.WITHDRAW: (Event.WITHDRAWN, State.GONE),
}


def _fallen_due(standing: Standing, shown: Edition) -> dict[str, Any]:
    """Return what readers are told of a review whose day has come."""
    assert shown.review_due_on
    bannered = standing.on_review_due == OnReviewDue.BANNER
    return reviews.due(
        shown.review, expiry.banner(standing.entry.locale, shown.review_due_on) if bannered else None
    )


@dataclass(frozen=True, kw_only=True)
class Withdraw(Step):
    """Take an entry from the public: gone, redirected (to an entry of ours or a URL), or replaced (by an entry).

    What was withdrawn can be withdrawn again in another manner. `planned_over`, where it was planned at `planned_at`:
    the version that was to be withdrawn, or 0 where none was public. What another decision has withdrawn since is left
    as it is, and a text that is another since, by more than a typo, stays.
    """

    event = Event.WITHDRAWN
    verb = "withdrawing"
    allowed = (State.LIVE, State.HELD, *WITHDRAWN)

    manner: State = State.GONE
    target: str | None = None
    planned_over: int | None = None
    planned_at: datetime | None = None

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        require_another(self.entry_id, self.target)
        if self.planned_over is not None:
            self._require_what_was_planned(standing, self.planned_over)
        line.state, line.target = self.manner, self.target
        return line

    def _require_what_was_planned(self, standing: Standing, over: int) -> None:
        if standing.state in WITHDRAWN:
            # What its review has taken from readers nobody has withdrawn.
            if over and not standing.expired:
                raise WithdrawnMeanwhile(standing.state)
            return
        last = standing.last
        assert last
        assert self.planned_at
        same = over in standing.hashes and standing.hashes[over] == last.content_hash
        if not same and last.updated_at > self.planned_at:
            raise RewrittenMeanwhile(last.version)


def require_another(entry_id: UUID, target: str | None) -> None:
    """Raise Invalid where a withdrawn entry would lead to itself."""
    if target == str(entry_id):
        raise Invalid([Fault("/target", "is the entry itself")])


@dataclass(frozen=True, kw_only=True)
class Hold(Step):
    """Take a live entry from the public for a while."""

    event = Event.HELD
    verb = "holding"
    allowed = (State.LIVE,)

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        line.state = State.HELD
        return line


@dataclass(frozen=True, kw_only=True)
class Release(Step):
    """Give a held entry back to the public, in the form that it had.

    Where its review fell due meanwhile, by a newer one; without, where its type does not take what is due, or the
    signatures of its text were taken back.
    """

    event = Event.RELEASED
    verb = "releasing"
    allowed = (State.HELD,)

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        last = standing.last
        assert last
        if last.review_due_on and at.date() >= last.review_due_on:
            newer = reviews.holding(standing.renewals(last.content_hash), at)
            if newer is None and standing.on_review_due in expiry.TAKING:
                raise NotReviewed(last.version, f"its review was due on {last.review_due_on}")
            line.review = reviews.public(newer) if newer else _fallen_due(standing, last)
        if last.content_hash in standing.disowned:
            line.review = reviews.none_public(ReviewStatus.NOT_REVIEWED)
        line.state = State.LIVE
        return line
