"""Two versions beside each other: as their readers see them, as what was typed, or field by field."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.linked import ids_in, linked
from admin.pictures import with_pictures
from content import diffs, markup, prose
from content.diffs import FieldDiff
from content.entries import Entry
from content.fields import Link, Markdown
from content.lists import Links, Records
from content.rowdiffs import RowDiff, compare_rows
from content.types import ContentType

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")


class Manner(StrEnum):
    """How two versions are compared."""

    PROSE = "prose"
    SOURCE = "source"
    FIELDS = "fields"


@dataclass(frozen=True)
class Compared:
    """A field that differs, in words; `html` is prose as readers see it, with the changes marked; None for the rest.

    None also where no word that readers see is marked: then the source says what differs.

    `rows` are those of a list of records, None for all else.
    """

    words: FieldDiff
    html: str | None
    rows: tuple[RowDiff, ...] | None = None


def compared(
    session: Session,
    declared: ContentType,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    near: bool = False,
) -> list[Compared]:
    """Return the fields that differ; entries that a field leads to are called by their titles.

    `near`: of prose only what is near to its changes. Where there was nothing before, all of it stands, with no mark.
    """
    differing = diffs.compare(declared, *with_titles(session, declared, before, after))
    return [
        Compared(
            diff, _marked(declared, diff.name, before, after, near), _rows(declared, diff.name, before, after)
        )
        for diff in differing
    ]


def numbers_changed(declared: ContentType, changed: Iterable[Compared]) -> tuple[list[str], list[str]]:
    """Return the numbers of a text's words that were there only before, and those that are there only after.

    A dose, a day or a telephone number; in sources, which are records, none is looked for.
    """
    words = {field.name for field in declared.content}
    texts = [one.words for one in changed if one.words.name in words and one.rows is None]
    before, after = (
        Counter(number for text in side for number in _NUMBER.findall(text))
        for side in ([one.before for one in texts], [one.after for one in texts])
    )
    return list(before - after), list(after - before)


def with_titles(
    session: Session, declared: ContentType, *sides: Mapping[str, Any], at: int | None = None
) -> Iterator[dict[str, Any]]:
    """Yield each side's values with the titles of entries in place of their ids, as `admin/linked.py` has them.

    What readers did not have at the sequence `at` is left out.
    """
    fields = [field for field in declared.fields if isinstance(field, Link | Links)]
    ids = {one for side in sides for one in ids_in(declared, side)}
    titles = _titles(session, ids, at)
    for side in sides:
        called = {
            field.name: [
                titles.get(one) or one
                for one in _several(side.get(field.name))
                if at is None or one in titles
            ]
            for field in fields
        }
        yield {**side, **{field.name: _as_before(field, called[field.name]) for field in fields}}


def _titles(session: Session, ids: set[UUID], at: int | None) -> dict[str, str]:
    """Return what entries are called; of what was withdrawn since, it is the name that it had last."""
    called = {str(one): shown.title for one, shown in linked(session, ids, at=at).items()}
    gone = [one for one in ids if str(one) not in called] if at is None else []
    last = session.execute(select(Entry.id, Entry.title).where(Entry.id.in_(gone))) if gone else ()
    return called | {str(row.id): row.title for row in last}


def _several(value: Any) -> list[str]:
    return ([value] if isinstance(value, str) else value) if value else []


def _as_before(field: Link | Links, titles: list[str]) -> Any:
    return titles if isinstance(field, Links) else next(iter(titles), None)


def _rows(
    declared: ContentType, name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[RowDiff, ...] | None:
    field = declared.field(name)
    if not isinstance(field, Records):
        return None
    return tuple(compare_rows(field, before.get(name) or (), after.get(name) or ()))


def _marked(
    declared: ContentType, name: str, before: Mapping[str, Any], after: Mapping[str, Any], near: bool
) -> str | None:
    if not isinstance(declared.field(name), Markdown):
        return None
    old, new = (markup.render(side.get(name) or "").html for side in (before, after))
    if not before:
        return with_pictures(new)
    told = prose.compare(old, new, near=near)
    return with_pictures(told.html) if told.changed else None
