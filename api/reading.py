"""Reading: what a request reads, all of it at one sequence: the present moment is looked up once, and first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from api import asking, groups
from content import corpus, grants, locales, moments, rehearsal
from content.corpus import Item
from content.errors import NotFound
from content.keys import Bearer
from content.moments import Moment
from content.partners import ANONYMOUS, Reach
from content.types import ContentType

# Kept with the request itself.
MOMENT = "verso.moment"
# Where the read layer tells the present moment as this process knows it, of which the request may know a newer one.
KNOWN = "verso.known"
_SEQUENCE = "verso.sequence"
_PREVIEW = "verso.preview"
CALLER = "verso.caller"  # where a request remembers whose key it bears
_REACH = "verso.reach"


def present() -> Moment:
    """Return the moment at which this request reads, everything due settled before it; in a preview, the rehearsed."""
    kept = asking.environ()
    if _PREVIEW in kept:
        rehearsed: Moment = kept[_PREVIEW][0]
        return rehearsed
    if MOMENT not in kept:
        kept[MOMENT] = moments.present(asking.session())
    moment: Moment = kept[MOMENT]
    return moment


def preview(rehearsed: Moment, mark: str) -> None:
    """Read at a rehearsed moment from now on; `mark` is what tells this preview from all others."""
    asking.environ()[_PREVIEW] = rehearsed, mark


def previewed() -> bool:
    """Return whether this request reads what is not public."""
    return _PREVIEW in asking.environ()


def key() -> bytes:
    """Return what cursors are signed with: the installation's secret, in a preview a key of its own."""
    secret = str(asking.config()["SECRET_KEY"])
    return f"{secret}\0{asking.environ()[_PREVIEW][1]}".encode() if previewed() else secret.encode()


def sequence(as_of: int | datetime | None) -> int:
    """Return the sequence that `as_of` means, and remember that it answers; raises OutOfRange."""
    return answered_at(moments.sequence_asked(asking.session(), present(), as_of))


def answered_at(sequence: int) -> int:
    """Remember which sequence this answer is about, for the header that tells it; return it.

    A walk through a preview goes on in what is previewed now: what was rehearsed before never was.
    """
    asking.environ()[_SEQUENCE] = present().sequence if previewed() else sequence
    return sequence_told()


def sequence_told() -> int:
    """Return the sequence that this request's answer is about: the present one, unless another was remembered."""
    told: int | None = asking.environ().get(_SEQUENCE)
    return present().sequence if told is None else told


def called_by(borne: Bearer) -> None:
    """Read within the reach of whoever bears a key from now on."""
    asking.environ()[CALLER] = borne


def caller() -> Bearer | None:
    """Return whose key this request bears, None where it bears none."""
    borne: Bearer | None = asking.environ().get(CALLER)
    return borne


def partner_id() -> UUID | None:
    """Return who the caller is; None for whoever bears no key."""
    borne = caller()
    return borne.partner_id if borne else None


def reach() -> Sequence[Reach]:
    """Return what the caller may read: by the grants of this moment, whatever moment is asked about."""
    kept = asking.environ()
    if _REACH not in kept:
        kept[_REACH] = reach_at(present().sequence, partner_id())
    reaches: Sequence[Reach] = kept[_REACH]
    return reaches


def reach_at(sequence: int, partner: UUID | None) -> Sequence[Reach]:
    """Return what a partner (None: whoever has no key) may read by the grants of a sequence.

    A preview shows what it was made for also where that needs a key, and nothing else that does.
    """
    session, moment = asking.session(), present()
    known = grants.everybodys(session, sequence) if moment.said else ANONYMOUS
    if previewed():
        known = (*known, *rehearsal.reach())
    return grants.reach_of(session, partner, sequence, anonymous=known)


def grants_hold_still(sequence: int) -> bool:
    """Return whether the caller has now the grants that it had at a sequence, and no others."""
    borne = caller()
    if present().said > sequence:
        return False
    if borne is None:
        return True
    then, now = (
        [one.id for one in grants.held(asking.session(), borne.partner_id, at)]
        for at in (sequence, present().sequence)
    )
    return then == now


def default_locale() -> str:
    """Return the language in which a slug is looked up where the caller names none."""
    return locales.canonical(str(asking.config()["VERSO_LOCALE"]))


def longest() -> int:
    """Return how many seconds any answer may be kept at most."""
    return int(asking.config()["VERSO_MAX_AGE"])


def one(declared: ContentType, key: UUID | str | None, *, locale: str | None, at: int) -> Item:
    """Return the public form under an id or a slug; raises NotFound, Gone, Elsewhere.

    An id is of one language: it is not found in another.
    """
    groups.of_slug(declared, key)
    item = corpus.find(
        asking.session(),
        declared,
        asked(declared, key),
        locale=locale or default_locale(),
        at=at,
        reach=reach(),
    )
    if locale not in (None, item.edition.locale):
        raise NotFound(f"{declared.label} {key} in {locale}")
    return item


def in_language(declared: ContentType, key: UUID | str | None, locale: str | None, *, at: int) -> None:
    """Raise NotFound where an id is that of an entry in another language than `locale`, public or not any more."""
    if locale is None or not isinstance(key, UUID):
        return
    if corpus.language(asking.session(), key, at=at, reach=reach()) not in (None, locale):
        raise NotFound(f"{declared.label} {key} in {locale}")


def entry_id(
    declared: ContentType,
    key: UUID | str | None,
    *,
    locale: str | None,
    at: int,
    or_in: Sequence[str] = (),
    reaches: Sequence[Reach] | None = None,
) -> UUID:
    """Return the id behind a key, of an entry that is not public any more too; raises NotFound.

    An id is of one language: it is not found in another `locale`. A slug of one of the languages `or_in` is that of the
    first of them, among what `reaches` let through: what the caller may read, where others are not told.
    """
    groups.of_slug(declared, key)
    known = asked(declared, key)
    if isinstance(known, UUID):
        in_language(declared, known, locale, at=at)
        return known
    return corpus.bearer(
        asking.session(),
        declared,
        known,
        locale=locale or default_locale(),
        at=at,
        reach=reach() if reaches is None else reaches,
        or_in=or_in,
    )


def asked(declared: ContentType, key: UUID | str | None) -> UUID | str:
    """Return a key that can be one; raises NotFound for what is neither slug nor id."""
    if key is None:
        raise NotFound(f"{declared.label} of that name")
    return key
