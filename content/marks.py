"""Marks: what many entries bear alike: another entry by its id, a tag, a source, an address that their words link."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from content import markup
from content.depicting import PicturesOf
from content.entries import Entry
from content.fields import Field, Link, Markdown, Values
from content.fingerprints import key_of
from content.hrefs import parted
from content.lists import Links, Passages, Tags
from content.sources import SOURCES
from content.types import ContentType


class Kind(StrEnum):
    """What can be borne."""

    ENTRY = "entry"
    TAG = "tag"
    SOURCE = "source"
    ADDRESS = "address"


@dataclass(frozen=True)
class Mark:
    """One thing that entries bear: `value` as it stands in their fields; `to` is its type, where it is an entry."""

    kind: Kind
    value: Any
    to: str | None = None

    @property
    def key(self) -> str:
        """What it is known by without telling its words: the SHA-256, in hex, of its canonical JSON."""
        return key_of(self.value)

    def fields(self, declared: ContentType) -> list[Field]:
        """Return the fields of a type that can bear it."""
        return [field for field in declared.fields if self._may_stand_in(field)]

    def replaced(self, declared: ContentType, values: Mapping[str, Any], other: Any) -> dict[str, Any]:
        """Return the values with `other` in its place, in every list each once; None takes it out."""
        changed = dict(values)
        for field in self.fields(declared):
            if isinstance(field, PicturesOf):
                changed |= field.renamed(values, self.value, other) if other else {}
            elif self.value in (borne := _listed(values.get(field.name))):
                swapped = [other if one == self.value else one for one in borne]
                kept = _each_once([one for one in swapped if one is not None])
                changed[field.name] = (kept or [None])[0] if isinstance(field, Link) else kept
        return changed

    def _may_stand_in(self, field: Field) -> bool:
        if self.kind == Kind.ENTRY:
            return isinstance(field, Link | Links) and field.to == self.to
        return isinstance(field, Tags) if self.kind == Kind.TAG else field.name == SOURCES.name


def entry_mark(entry: Entry) -> Mark:
    """Return what stands in those that link an entry."""
    return Mark(Kind.ENTRY, str(entry.id), entry.type)


def tag_mark(tag: str) -> Mark:
    """Return what stands in those that bear a tag."""
    return Mark(Kind.TAG, tag)


def source_mark(facts: Mapping[str, str]) -> Mark:
    """Return what stands in those that cite a source: all its facts, for alike they are one."""
    return Mark(Kind.SOURCE, dict(facts))


def in_locale(address: str, locale: str) -> Mark:
    """Return what stands in those that link an address and mean what it names in a locale."""
    return Mark(Kind.ADDRESS, f"{address}?locale={locale}")


def borne(fields: Sequence[Field], values: Values, locale: str) -> Iterator[Mark]:
    """Yield what values bear of other entries, of tags, and of addresses; `locale` is that of the text."""
    for field in fields:
        given = _listed(values.get(field.name))
        if isinstance(field, Link | Links):
            yield from (Mark(Kind.ENTRY, one, field.to) for one in given)
        elif isinstance(field, Tags):
            yield from map(tag_mark, given)
        elif isinstance(field, Markdown | Passages):
            yield from (
                mark for text in given for href in markup.links(text) for mark in _linked(href, locale)
            )


def _linked(href: str, locale: str) -> Iterator[Mark]:
    """Yield the address by itself, and with the locale that is meant: which of both tells an entry, it does not say."""
    address, asked = parted(href)
    if address:
        yield Mark(Kind.ADDRESS, address)
        yield in_locale(address, asked or locale)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _each_once(items: list[Any]) -> list[Any]:
    return [one for place, one in enumerate(items) if one not in items[:place]]
