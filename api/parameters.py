"""Parameters: how each kind of value is written in a query, and what is refused."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields
from werkzeug.routing import IntegerConverter

from content import locales
from content.characters import normalised, refused_character
from content.errors import Invalid

MOST = 2_147_483_647  # the largest whole number that a database's integer column holds
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d):(\d\d)(\.\d{1,6})?\d*([Zz]|[+-]\d\d:\d\d)", re.ASCII | re.DOTALL
)
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
ID_PATTERN = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
KEY_PATTERN = r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[a-z0-9]+(-[a-z0-9]+)*)$"
INSTANT_PATTERN = r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$"
AUTO = "auto"  # for a language: whatever the caller's Accept-Language says
NUMBER = f"number(min=1, max={MOST})"  # of a variable in a rule: `Number`
LONGEST_KEY = 100
LONGEST_TAG = 60
LONGEST_TYPED = 200
LONGEST_LIST = 400  # characters of several values parted by commas
PATH_PATTERN = r"^[a-z_]+(\.[a-z_]+)*$"
# One space between words, no comma, no control character, no non-character of the first plane.
_WORD = r"[^\s,\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]+"
TAG_PATTERN = f"{_WORD}( {_WORD})*"
_TAG = re.compile(TAG_PATTERN)
# Anything but controls and non-characters of the first plane, and not only spaces.
_ANY = r"[^\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"
TYPED_PATTERN = f"{_ANY}*{_WORD.replace(',', '').rstrip('+')}{_ANY}*"
_TYPED = re.compile(TYPED_PATTERN)


class Number(IntegerConverter):
    """A whole number from 1 on within an address, in the one way to write it, so that a text has no second address."""

    regex = "[1-9][0-9]*"


class WholeNumber(fields.Integer):
    """A whole number written in ASCII digits: Python alone would take `1_0`, ` 1` and `１` for one too."""

    def _validated(self, value: Any) -> int:
        if not _WHOLE.fullmatch(str(value)):
            raise ValidationError("is not a whole number")
        return int(value)


class Instant(fields.String):
    """A moment as RFC 3339 writes it, with its offset."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return instant(str(value))


class AsOf(fields.Field[Any]):
    """A sequence of the log, or a moment."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if _WHOLE.fullmatch(str(value)):
            return _between(int(value), 0, MOST)
        return instant(str(value), "is neither a sequence nor a moment such as 2026-05-01T09:00:00Z")


class Locale(fields.String):
    """A language tag, in the form in which it is stored."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if value == AUTO:
            raise ValidationError("is not to be negotiated here")
        try:
            return locales.canonical(str(value))
        except Invalid as error:
            raise ValidationError(error.faults[0].detail) from error


class Key(fields.String):
    """An entry's id or slug."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        found = key(str(value))
        if found is None:
            raise ValidationError("is neither a slug nor an id")
        return found


class Id(fields.String):
    """An id, written in full."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not _ID.fullmatch(str(value)):
            raise ValidationError("is not an id")
        return UUID(str(value))


class Listed(fields.List[Any]):
    """Several values in one, parted by commas; at most `longest` characters in all."""

    is_multiple = False  # for webargs: the parameter comes once, as one text

    def __init__(self, inner: fields.Field[Any], *, longest: int = LONGEST_LIST, **about: Any) -> None:
        super().__init__(inner, **about)
        self.longest = longest

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if len(str(value)) > self.longest:
            raise ValidationError(f"is longer than {self.longest} characters")
        parts = str(value).split(",")
        # What is named twice counts twice: the document knows how many there may be, and not how many differ.
        self._validate(parts)
        told = [self._told(part) for part in parts]
        met = zip(parts, told, strict=True)
        if faults := [_about(part, why) for part, why in met if isinstance(why, ValidationError)]:
            raise ValidationError(list(dict.fromkeys(faults)))
        return list(dict.fromkeys(told))

    def _told(self, part: str) -> Any:
        try:
            return self.inner.deserialize(part)
        except ValidationError as error:
            return error


def _about(part: str, why: ValidationError) -> str:
    """Return what is wrong with one of several values, which it names."""
    return "; ".join(f"{part} {one}" for one in why.messages) if part else "has an empty item"


class Tag(fields.String):
    """A tag as it is stored: words parted by single spaces."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if refused := refused_character(str(value)):
            raise ValidationError(f"holds the character {refused}")
        if not _TAG.fullmatch(str(value)) or len(str(value)) > LONGEST_TAG:
            raise ValidationError(f"is not a tag of at most {LONGEST_TAG} characters")
        return normalised(str(value))


class Words(fields.String):
    """Some of a few words, parted by commas, in any order; a tuple of them, sorted."""

    def __init__(self, words: Sequence[str], **about: Any) -> None:
        super().__init__(**about)
        self.words = tuple(words)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        given = str(value).split(",")
        if strange := [word for word in given if word not in self.words]:
            raise ValidationError(f"has {strange[0]!r}, which is not one of {', '.join(self.words)}")
        return tuple(sorted(set(given)))


class Typed(fields.String):
    """What somebody types into a search box."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if refused := refused_character(str(value)):
            raise ValidationError(f"holds the character {refused}")
        if len(str(value)) > LONGEST_TYPED:
            raise ValidationError(f"is longer than {LONGEST_TYPED} characters")
        if not _TYPED.fullmatch(str(value)):
            raise ValidationError("is no line of text with a word in it")
        return normalised(str(value))


def key(text: str) -> UUID | str | None:
    """Return an id, or a slug, or None where `text` can be neither; nothing else ever reaches the database."""
    if _ID.fullmatch(text):
        return UUID(text)
    return text if len(text) <= LONGEST_KEY and _SLUG.fullmatch(text) else None


def instant(text: str, otherwise: str = "is not a moment such as 2026-05-01T09:00:00Z") -> datetime:
    """Return a moment (RFC 3339), aware and in UTC; raises ValidationError(otherwise).

    A leap second counts as the last microsecond before it ends; more than six decimals are cut off.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise ValidationError(otherwise)
    day, minute, second, fraction, offset = found.groups()
    exact = f"59{'.999999'}" if second == "60" else f"{second}{fraction or ''}"
    try:
        moment = datetime.fromisoformat(f"{day}T{minute}:{exact}{offset.upper().replace('Z', '+00:00')}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValidationError("is no moment of the calendar") from error


def _between(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValidationError(f"is not between {least} and {most}")
    return number
