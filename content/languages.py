"""Languages: which of its translations a reader is shown of an entry, who takes several languages, the best first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.orm import Session, aliased

from content.editions import Edition, live_at
from content.partners import Reach
from content.reach import within


def best(
    session: Session, languages: Sequence[str], *, at: int, reach: Sequence[Reach]
) -> ColumnElement[bool]:
    """The editions in the first of `languages` in which their translation group is live at `at`, within reach."""
    spoken = Edition.locale.in_(languages)
    if len(languages) == 1:
        return spoken
    other = aliased(Edition)
    better = select(other.entry_id).where(
        other.translation_group == Edition.translation_group,
        other.locale.in_(languages),
        rank(languages, other) < rank(languages),
        live_at(at, other),
        within(session, reach, at, other),
    )
    return and_(spoken, ~better.exists())


def rank(languages: Sequence[str], edition: type[Edition] = Edition) -> ColumnElement[Any]:
    """The place of an edition's language among `languages`, the others last."""
    places = {language: place for place, language in enumerate(languages)}
    return case(places, value=edition.locale, else_=len(languages))
