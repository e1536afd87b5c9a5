"""Shown pictures: which pictures readers may be handed.

A picture is public where a version that was public shows it: now, or at any sequence that can be read. What only
drafts show is not; what was retracted or erased since is gone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from content.editions import Edition
from content.errors import Gone, NotFound, Notice
from content.log import Act, Event, Line, State
from content.partners import Reach
from content.pictures import PictureUse, Rendition, bytes_of
from content.reach import within


@dataclass(frozen=True)
class Shown:
    """What readers are handed of one rendition, and by which entries it is shown to them."""

    type: str
    body: bytes
    entries: Collection[UUID]


def shown(session: Session, known: str, *, at: int, reach: Sequence[Reach]) -> Shown:
    """Return the rendition of a hash, where some public form shows or showed it up to the sequence `at`.

    Raises NotFound where none did, Gone where every one that did was retracted or erased since.
    """
    bearing = and_(PictureUse.entry_id == Edition.entry_id, PictureUse.version == Edition.version)
    struck = and_(Line.sequence == Edition.struck_by, Line.entry_id == Edition.entry_id)
    chosen = (
        select(Edition.entry_id, Edition.version, Line.event, Line.sequence, Act.at, Line.public_note)
        .join(PictureUse, bearing)
        .join(Rendition, Rendition.picture == PictureUse.picture)
        .outerjoin(Line, struck)
        .outerjoin(Act, Act.sequence == Line.sequence)
        .where(Rendition.hash == known, Edition.from_sequence <= at, within(session, reach, at))
        .order_by(Line.sequence)
    )
    rows = session.execute(chosen).all()
    if not rows:
        raise NotFound("picture of that name")
    if entries := {row.entry_id for row in rows if row.event is None}:
        return Shown(*bytes_of(session, known), entries)
    last = rows[-1]
    reason = State.ERASED if last.event == Event.ERASED else State.RETRACTED
    raise Gone(last.entry_id, Notice(reason, last.sequence, last.at, last.public_note), last.version)
