"""Endings: whoever asks is told that a grant ended by which it could read what is asked for, everybody's too."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from api import asking, parameters, reading
from content import corpus, endings
from content.endings import Ending
from content.errors import Elsewhere, Gone, NotFound
from content.types import ContentType


@contextmanager
def told(declared: ContentType, key: str, asked: Mapping[str, Any]) -> Iterator[None]:
    """Answer what is not found here, of an entry's past, as the entry itself does where a grant has ended."""
    try:
        yield
    except NotFound:
        known, locale = parameters.key(key), asked.get("locale") or reading.default_locale()
        if known is not None and _may_have_ended():
            _tell_of(declared, known, locale)
        raise


def _tell_of(declared: ContentType, key: UUID | str, locale: str) -> None:
    session, at = asking.session(), reading.sequence_told()
    try:
        corpus.find(session, declared, key, locale=locale, at=at, reach=reading.reach())
    except Elsewhere:
        pass
    except (NotFound, Gone) as error:
        tell(declared, key, error, spoken=[locale], at=at)


def tell(
    declared: ContentType, key: UUID | str, error: NotFound | Gone, *, spoken: Sequence[str], at: int
) -> None:
    """Raise Gone where the caller could read an entry, of which a read raised `error`, until a grant ended.

    `spoken` are the languages in which a slug is looked up.
    """
    left = error if isinstance(error, Gone) else None
    # That a version was wrong is told whatever has ended.
    if not _may_have_ended() or (left and left.version):
        return
    endings.tell(
        asking.session(),
        reading.partner_id(),
        declared,
        key,
        spoken=spoken,
        at=at,
        now=reading.present().sequence,
        reach=reading.reach(),
        found=left.entry_id if left else None,
    )


def of_caller(at: int) -> Sequence[Ending]:
    """Return what ended for the caller by a sequence."""
    return endings.endings(asking.session(), reading.partner_id(), at) if _may_have_ended() else ()


def _may_have_ended() -> bool:
    """Whether anything could have."""
    return reading.caller() is not None or bool(reading.present().said)
