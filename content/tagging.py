"""Tagging: a tag that differs from a known one in its capitals only is that one, in the spelling that is known."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content import types
from content.bearings import Bearing
from content.folding import LAST, folded
from content.lists import Tags
from content.marks import Kind, tag_mark
from content.newest.rows import TAG, NewestValue, value_at
from content.types import ContentType


def as_known(
    session: Session, declared: ContentType, values: Mapping[str, Any], *, of: UUID | None
) -> dict[str, Any]:
    """Return clean values with their tags as newest versions spell them; `of` is the entry that is to have them.

    A tag that the entry bears stays as it is, and one that nothing else bears is spelled as it is given. Two
    statements at most, and none without tags.
    """
    fields = [field.name for field in declared.fields if isinstance(field, Tags) and values.get(field.name)]
    return {**values, **{name: _spelled(session, values[name], of) for name in fields}}


def _spelled(session: Session, tags: Sequence[str], of: UUID | None) -> list[str]:
    kept = _borne(session, tags, of) if of else set()
    fresh = [tag for tag in tags if tag not in kept]
    known = _known(session, fresh, of) if fresh else set()
    spelling = {tag.casefold(): tag for tag in sorted(known, reverse=True)}
    spelling |= {tag.casefold(): tag for tag in (*(known & set(fresh)), *sorted(kept))}
    for tag in fresh:
        spelling.setdefault(tag.casefold(), tag)
    return sorted(kept | {spelling[tag.casefold()] for tag in fresh})


def _borne(session: Session, tags: Sequence[str], of: UUID) -> set[str]:
    """Return which of the tags an entry's newest version bears."""
    keys = {tag_mark(tag).key: tag for tag in tags}
    own = (Bearing.kind == Kind.TAG, Bearing.entry_id == of, Bearing.until_version.is_(None))
    return {keys[key] for key in session.scalars(select(Bearing.key).where(*own, Bearing.key.in_(keys)))}


def _known(session: Session, tags: Collection[str], of: UUID | None) -> set[str]:
    """Return the tags of other entries' newest versions that are these but for capitals."""
    place, alike = NewestValue.place, {tag.casefold() for tag in tags}
    near = or_(*(place.between(f"{folded(tag)}\t", f"{folded(tag)}\t{LAST}") for tag in tags))
    named = NewestValue.type.in_([known.name for known in types.everyone()])
    others = (NewestValue.entry_id != of,) if of else ()
    chosen = select(place).where(named, NewestValue.name == TAG, near, *others).distinct()
    return {tag for tag in map(value_at, session.scalars(chosen)) if tag.casefold() in alike}
