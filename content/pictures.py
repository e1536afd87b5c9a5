"""Pictures: what was uploaded and re-encoded, kept in the database under its hash, and the versions that show it.

The bytes stand beside the texts, so that one backup has both, and neither is there without the other. Which of them
readers are handed is told by `content/shown_pictures.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, LargeBinary, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, reencoding
from content.database import Base, begin_writing
from content.errors import Fault, Invalid, NotFound
from content.fields import Field, Values
from content.reencoding import Drawn

Json = dict[str, Any]


class Picture(Base):
    """One picture, known by the hash of its largest rendition that every browser reads."""

    __tablename__ = "picture"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime]


class Rendition(Base):
    """A picture's bytes in one width and form; `hash` is their SHA-256. Erasure empties `body`; the hash stays."""

    __tablename__ = "rendition"

    picture: Mapped[str] = mapped_column(ForeignKey("picture.hash"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class PictureUse(Base):
    """A version that shows a picture."""

    __tablename__ = "picture_use"
    __table_args__ = (ForeignKeyConstraint(["entry_id", "version"], ["version.entry_id", "version.number"]),)

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    picture: Mapped[str] = mapped_column(ForeignKey("picture.hash"), primary_key=True, index=True)


def keep(
    session: Session, uploaded: bytes, *, pointer: str = "/file", now: datetime | None = None
) -> dict[str, str]:
    """Keep what was uploaded, re-encoded, and return it as the value of a field; the caller commits.

    What is kept already stays as it is. Raises Invalid at `pointer` for what is no picture.
    """
    drawn = reencoding.drawn_anew(uploaded, pointer)
    begin_writing(session)
    known = drawn[-1].hash
    _put(session, Picture, [{"hash": known, "made_at": now or database.clock(session)}])
    _put(session, Rendition, [_row(known, one) for one in drawn])
    return {"hash": known}


def _row(picture: str, one: Drawn) -> Json:
    about = {"type": one.type, "width": one.width, "height": one.height}
    return {"picture": picture, "hash": one.hash, "body": one.body, **about}


def _put(session: Session, table: type[Base], rows: Sequence[Json]) -> None:
    # Two who upload the same at once are told nothing of each other.
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def described(session: Session, fields: Sequence[Field], values: Values) -> Json:
    """Return the values with what is known of each picture that they name; raises Invalid where there is none.

    Nobody erases such a picture before the caller has committed.
    """
    named = {field.name: values[field.name] for field in fields if field.kind == "picture"}
    return {**values, **{name: _facts(session, name, value) for name, value in named.items() if value}}


def _facts(session: Session, name: str, value: Mapping[str, Any]) -> Json:
    held = select(Picture).where(Picture.hash == value["hash"])
    if session.scalar(held.with_for_update(read=True, key_share=True)) is None:
        raise Invalid([Fault(f"/{name}", "is no picture that was uploaded")])
    columns = (Rendition.hash, Rendition.type, Rendition.width, Rendition.height)
    erased = Rendition.body.is_(None).label("erased")
    chosen = select(*columns, erased).where(Rendition.picture == value["hash"])
    found = session.execute(chosen.order_by(Rendition.width, Rendition.type.desc())).all()
    if any(one.erased for one in found):
        raise Invalid([Fault(f"/{name}", "was erased")])
    renditions = [
        {"hash": one.hash, "type": one.type, "width": one.width, "height": one.height} for one in found
    ]
    return {"hash": value["hash"], "renditions": renditions}


def use(session: Session, entry_id: UUID, number: int, fields: Sequence[Field], values: Values) -> None:
    """Remember which pictures a version shows; it is stored already."""
    for field in fields:
        if field.kind == "picture" and (value := values.get(field.name)):
            session.add(PictureUse(entry_id=entry_id, version=number, picture=value["hash"]))
    session.flush()


def bytes_of(session: Session, known: str) -> tuple[str, bytes]:
    """Return the type and the bytes of a rendition, whether readers may have it or not; raises NotFound."""
    kept = select(Rendition.type, Rendition.body).where(Rendition.hash == known, Rendition.body.is_not(None))
    row = session.execute(kept.limit(1)).first()
    if row is None:
        raise NotFound("picture of that name")
    return row.type, row.body
