"""Comments: what colleagues say of a passage of a version, until somebody settles it.

A passage is told by its words, so that a comment goes along to later versions for as long as these words stand there.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, markup, versions
from content.database import Base, begin_writing, new_id
from content.errors import Fault, Invalid, NotFound
from content.fields import Markdown, Plain, Values
from content.types import ContentType

WORDS = Plain(name="words", label="Comment", most=2000, required=True)
PASSAGE = Plain(name="passage", label="Passage", most=2000)


class Comment(Base):
    """What somebody said `of` a version's field: of a `passage` in it, as readers see it, or of all of it (None)."""

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(["entry_id", "version"], ["version.entry_id", "version.number"]),
        Index("ix_comment_entry_id_at", "entry_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    version: Mapped[int]
    field: Mapped[str] = mapped_column(String(60))
    passage: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(String(100))
    settled_at: Mapped[datetime | None]


def comment(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    field: str,
    words: str | None,
    by: str,
    passage: str | None = None,
    now: datetime | None = None,
) -> Comment:
    """Say something of a version; raises NotFound, and Invalid where the passage does not stand in the field."""
    begin_writing(session)
    # Whoever erases queues here too, so that no comment can slip past an erasure.
    declared = versions.queued(session, entry_id).content_type
    version = versions.version(session, entry_id, number)
    if version.erased:
        raise Invalid([Fault("/version", "was erased")])
    if field not in {part.name for part in declared.content}:
        raise Invalid([Fault("/field", f"{field} is no field of this text")])
    told, meant = WORDS.clean(words), PASSAGE.clean(passage)
    if meant and not stands_in(declared, version.values, field, meant):
        raise Invalid([Fault("/passage", "does not stand in the text like this")])
    made = Comment(
        entry_id=entry_id,
        version=number,
        field=field,
        passage=meant,
        words=told,
        by=by,
        at=now or database.clock(session),
    )
    session.add(made)
    session.flush()
    return made


def settle(
    session: Session, comment_id: UUID, *, entry_id: UUID, by: str, now: datetime | None = None
) -> Comment:
    """Say that a comment was dealt with; one that was settled stays as it is. Raises NotFound for another entry's."""
    begin_writing(session)
    found = session.get(Comment, comment_id, with_for_update=True, populate_existing=True)
    if found is None or found.entry_id != entry_id:
        raise NotFound(f"comment {comment_id}")
    if found.settled_at is None:
        found.settled_by, found.settled_at = by, now or database.clock(session)
        session.flush()
    return found


def of_entry(session: Session, entry_id: UUID) -> Sequence[Comment]:
    """Return every comment on an entry, the oldest first."""
    chosen = select(Comment).where(Comment.entry_id == entry_id)
    return session.scalars(chosen.order_by(Comment.at, Comment.id)).all()


def open_of(session: Session, entry_id: UUID) -> Sequence[Comment]:
    """Return the comments on an entry that nobody has settled, the oldest first."""
    chosen = select(Comment).where(Comment.entry_id == entry_id, Comment.settled_at.is_(None))
    return session.scalars(chosen.order_by(Comment.at, Comment.id)).all()


def stands_in(declared: ContentType, values: Values, name: str, passage: str) -> bool:
    """Whether a passage stands in a field as readers see it, however its white space falls."""
    field, value = declared.field(name), values.get(name)
    shown = markup.render(value or "").text if isinstance(field, Markdown) else field.words(value)
    return " ".join(passage.split()) in " ".join(shown.split())


def erase(session: Session, entry_id: UUID) -> None:
    """Destroy every comment on an entry: any of them may repeat the words that are being erased."""
    session.execute(delete(Comment).where(Comment.entry_id == entry_id))
