"""Erased pictures: what erasing versions takes of the pictures that they show."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from content.pictures import Picture, PictureUse, Rendition
from content.versions import Version


def hold(session: Session, entry_id: UUID) -> None:
    """Keep others from beginning to show an entry's pictures until the caller has committed."""
    borne = select(PictureUse.picture).where(PictureUse.entry_id == entry_id)
    held = select(Picture.hash).where(Picture.hash.in_(borne)).order_by(Picture.hash).with_for_update()
    session.scalars(held).all()


def erase(session: Session, entry_id: UUID, numbers: Collection[int]) -> None:
    """Empty the pictures of versions that were erased, but for those that another version shows still."""
    shown_there = select(PictureUse.picture).where(
        PictureUse.entry_id == entry_id, PictureUse.version.in_(numbers)
    )
    kept = (
        select(PictureUse.picture)
        .join(Version, and_(Version.entry_id == PictureUse.entry_id, Version.number == PictureUse.version))
        .where(Version.content.is_not(None))
    )
    emptied = update(Rendition).where(Rendition.picture.in_(shown_there), Rendition.picture.not_in(kept))
    session.execute(emptied.values(body=None).execution_options(synchronize_session=False))
