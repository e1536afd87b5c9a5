"""Everything that content can refuse, as a tree; each error carries its facts and its own sentence.

ContentError
├── Invalid                 a value does not fit its field
├── NotFound                no such entry, version or partner, or nothing public by that name
├── Gone                    it was public and is not any more
├── Elsewhere               it is public under another address
├── PreviewOver             a preview's token that is wrong, has ended or was revoked
├── KeyRefused              a partner's key that is none, has expired or was revoked
├── KeyTooNarrow            a key that works, and was not made for this
├── PreviewRefused          what a preview is about cannot be shown: a rule forbids publishing it
└── Refused                 a rule of publishing forbids the act
    ├── SaveClash           the version started from is no longer the newest, and the same fields changed
    ├── MadeAlready             an entry was made from that very source
    ├── WrongStanding       not from where the entry stands now
    ├── AlreadyLive             that version is the public one
    ├── InTrash             the draft was put aside; it must be taken out first
    ├── SlugTaken           another live entry bears the slug
    ├── NotReviewed         no review of that very content holds
    ├── OwnText             nobody reviews a text that they wrote
    ├── ContentRetracted    that content was retracted or erased
    ├── Overtaken           a newer version went public since an older one's publication was planned
    ├── WithdrawnMeanwhile      what was to be withdrawn was so since that was planned
    ├── RewrittenMeanwhile      readers have another text than the one whose withdrawal was planned
    ├── ReplacedMeanwhile       readers have another text than the one that is signed again
    ├── LiveMeanwhile       what readers have is another version than the one that the step was made from
    ├── PlannedAlready          a version of the entry is on the schedule, which this would make an older one
    ├── EffectChanged       what an act of many would do is not any more what was shown
    ├── TwiceInOneAct       an entry stands at most once in an act
    ├── EpochOver           a token from before a restore
    ├── GrantsChanged       a walk through a copy, begun by other grants
    └── OutOfRange          a sequence or an instant that the log has not reached
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


class ContentError(Exception):
    """Anything that content refuses; `str(error)` is a sentence fit for a person."""

    @property
    def to_keep(self) -> str:
        """Its sentence as it may be kept: with no word of another entry's, where no erasure would look for it."""
        return str(self)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one value: `pointer` is a JSON Pointer (RFC 6901) into the values given."""

    pointer: str
    detail: str


class Invalid(ContentError):
    """Values that do not fit their fields; `faults` names each, and nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.pointer.lstrip('/')}: {fault.detail}" for fault in faults))


class NotFound(ContentError):
    """There is no such thing, or nothing that the caller may know of."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"There is no {what}.")


GRANT_ENDED = "grant_ended"


@dataclass(frozen=True)
class Notice:
    """Why something is not readable any more: `reason` is a `State`'s value or GRANT_ENDED, `note` the public one."""

    reason: str
    sequence: int
    at: datetime
    note: str | None
    replacement: UUID | None = None


class Gone(ContentError):
    """It was public and is not now; `notice` says why, `version` which version is meant, if one is."""

    def __init__(self, entry_id: UUID, notice: Notice, version: int | None = None) -> None:
        self.entry_id = entry_id
        self.notice = notice
        self.version = version
        day = f"{notice.at:%Y-%m-%d}"
        super().__init__(
            f"You could read this until {day}, when a grant of yours ended, or it came to need a key."
            if notice.reason == GRANT_ENDED
            else f"This was public until {day} and is now {notice.reason}."
        )


class Elsewhere(ContentError):
    """It is public under another address.

    That of an entry of ours (`type_name`, `entry_id`, `slug`, `locale`), or else `url`.
    """

    def __init__(
        self,
        *,
        type_name: str | None = None,
        entry_id: UUID | None = None,
        slug: str | None = None,
        locale: str | None = None,
        url: str | None = None,
    ) -> None:
        self.type_name, self.entry_id, self.slug, self.locale, self.url = (
            type_name,
            entry_id,
            slug,
            locale,
            url,
        )
        super().__init__(f"This is now at {slug or url}.")


class PreviewOver(ContentError):
    """A token that opens nothing; it says neither why nor what it was for."""

    def __init__(self) -> None:
        super().__init__("This preview is wrong, has ended or was revoked.")


class KeyRefused(ContentError):
    """A partner's key that opens nothing, or none was `given`; `why` is a sentence without its stop."""

    def __init__(self, why: str, *, given: bool = True) -> None:
        self.why, self.given = why, given
        super().__init__(f"{why}.")


class KeyTooNarrow(ContentError):
    """A key that works, but was not made for this: it lacks a scope."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(f"This key was made without the scope {scope}.")


class PreviewRefused(ContentError):
    """What the preview was made for cannot be shown."""


class Refused(ContentError):
    """A rule of publishing forbids the act; nothing was written."""


@dataclass(frozen=True)
class Clash:
    """One place of a field that two people changed: in words what it was, what they made of it, and what I did.

    `key` is what a choice names it by; `both`: their words and mine can stay side by side.
    """

    key: str
    field: str
    label: str
    base: str
    theirs: str
    mine: str
    both: bool


class MadeAlready(Refused):
    """An entry of that locale was made from this `source`, and is the only one that ever is."""

    def __init__(self, source: str) -> None:
        self.source = source
        super().__init__("This was made already.")


class SaveClash(Refused):
    """Two people changed the same since the version that both started from; `latest` was saved first."""

    def __init__(self, clashes: Sequence[Clash], *, latest: int) -> None:
        self.clashes, self.latest = tuple(clashes), latest
        super().__init__(
            f"Version {latest} was saved meanwhile and changed the same: {', '.join(self.fields)}."
        )

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that clash, each once."""
        return tuple(dict.fromkeys(clash.field for clash in self.clashes))


class WrongStanding(Refused):
    """The entry does not stand where the act could begin: a draft cannot be withdrawn, and so on."""

    def __init__(self, verb: str, state: str, allowed: Sequence[str]) -> None:
        self.verb, self.state, self.allowed = verb, state, tuple(allowed)
        super().__init__(
            f"{verb.capitalize()} needs an entry that is {' or '.join(allowed)}; this one is {state}."
        )


class AlreadyLive(Refused):
    """That version is the public one already."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"Version {number} is live already.")


class InTrash(Refused):
    """The draft lies in the trash, where nothing is done to it but taking it out, or erasing it."""

    def __init__(self, entry_id: UUID) -> None:
        self.entry_id = entry_id
        super().__init__("This draft is in the trash. Take it out first.")


class SlugTaken(Refused):
    """Another live entry of the same type and locale bears the slug."""

    def __init__(self, slug: str, locale: str, bearer: UUID, title: str) -> None:
        self.slug, self.locale, self.bearer, self.title = slug, locale, bearer, title
        super().__init__(
            f"The slug {slug!r} ({locale}) belongs to another live entry, “{title}”. "
            "Choose another slug, or withdraw that one first."
        )

    @property
    def to_keep(self) -> str:
        return "The slug belongs to another live entry."


class NotReviewed(Refused):
    """No review of that very content holds at the act's moment."""

    def __init__(self, number: int, why: str) -> None:
        self.number, self.why = number, why
        super().__init__(f"Version {number} cannot be published: {why}.")


class OwnText(Refused):
    """The reviewer wrote on the text what nobody else has signed."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            f"You wrote on version {number}, and nobody else has signed what you wrote; somebody else must sign it."
        )


class ContentRetracted(Refused):
    """That content was retracted (only a reinstatement brings it back) or erased (nothing does)."""

    def __init__(self, number: int, reason: str) -> None:
        self.number, self.reason = number, reason
        super().__init__(f"The content of version {number} was {reason}.")


class Overtaken(Refused):
    """Readers got a newer version since the publication of an older one was planned, which would take its place."""

    def __init__(self, number: int, live: int) -> None:
        self.number, self.live = number, live
        super().__init__(
            f"Version {live} is public since this was planned, and version {number} is older. "
            "Publish it by hand if it is to come back."
        )


class WithdrawnMeanwhile(Refused):
    """It was withdrawn since its withdrawal was planned, and stays as that has left it."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(
            f"It was withdrawn since this was planned, and is {state} by now. Withdraw it by hand if that is to change."
        )


class RewrittenMeanwhile(Refused):
    """Readers got another text since a withdrawal was planned, which nobody has decided to withdraw."""

    def __init__(self, live: int) -> None:
        self.live = live
        super().__init__(
            f"Version {live} is public since this was planned for another text. Withdraw it by hand if it is to go too."
        )


class ReplacedMeanwhile(Refused):
    """Readers got another text since somebody read the one that they sign; nobody signs what they were not shown."""

    def __init__(self, number: int, live: int) -> None:
        self.number, self.live = number, live
        super().__init__(
            f"Nothing was signed: readers have version {live} by now, and its words are not those of version {number}, "
            f"which you read. Read version {live}, then sign it."
        )


class LiveMeanwhile(Refused):
    """Readers have another version (None: nothing) than the one that was to be followed."""

    def __init__(self, entry_id: UUID, followed: int, live: int | None) -> None:
        self.entry_id, self.followed, self.live = entry_id, followed, live
        super().__init__(f"Version {followed} of {entry_id} was live, and is not any more. Look again.")


class PlannedAlready(Refused):
    """A version of the entry is on the schedule, and would be refused then: readers would have a newer one by this."""

    def __init__(self, entry_id: UUID, number: int) -> None:
        self.entry_id, self.number = entry_id, number
        super().__init__(
            f"Version {number} of one of them is on the schedule, and older than what readers would get by this. "
            "Publish that one first, or take it off."
        )


class EffectChanged(Refused):
    """Somebody wrote or published meanwhile, so that other entries or versions would change than were shown."""

    def __init__(self) -> None:
        super().__init__("What this would do has changed since it was shown. See below, then do it.")


class TwiceInOneAct(Refused):
    """An entry stands at most once in an act."""

    def __init__(self, entry_id: UUID) -> None:
        self.entry_id = entry_id
        super().__init__(f"The entry {entry_id} stands twice in one act.")


class EpochOver(Refused):
    """A cursor or token of another epoch of the log, or from beyond the fork: read everything again."""

    def __init__(self) -> None:
        super().__init__("This token belongs to another epoch of the log; read everything again.")


class GrantsChanged(Refused):
    """What the caller may read has changed while it read page after page of it."""

    def __init__(self) -> None:
        super().__init__("What you may read has changed since this walk began; begin it again.")


class OutOfRange(Refused):
    """A sequence or an instant that the log has not reached."""

    def __init__(self, asked: object, newest: int) -> None:
        self.asked, self.newest = asked, newest
        super().__init__(f"{asked} has not come yet; the newest sequence is {newest}.")
