"""Partners: the organisations that republish: whom to ask there, and on what terms they have the texts.

What each may read is told by its grants, and who is one by its keys. Whoever comes without a key is the built-in
partner `anonymous`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Text, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, keyring
from content.database import Base, begin_writing, new_id
from content.errors import Fault, Invalid, NotFound
from content.fields import Flag, Line, Plain, Whole, clean_all
from content.placement import PUBLIC


@dataclass(frozen=True)
class Reach:
    """What one grant lets through: texts for these audiences, of these types, topics and locales; None means all.

    Nothing that was first published after `first_by`, where an embargo says so.
    """

    audiences: tuple[str, ...] = (PUBLIC,)
    types: tuple[str, ...] | None = None
    topics: tuple[UUID, ...] | None = None
    locales: tuple[str, ...] | None = None
    first_by: datetime | None = None


EVERYBODY = "anonymous"  # what the built-in partner is called, which has no key
# What it may read, until an act says otherwise (see `grants.everybodys`).
ANONYMOUS: tuple[Reach, ...] = (Reach(),)
FIELDS = (
    Line(name="name", label="Name", required=True),
    Line(
        name="editorial_contact",
        label="Editorial contact",
        help="Whom to ask about texts: a name, an address.",
    ),
    Line(
        name="safety_contact",
        label="Safety contact, day and night",
        help="Whom to reach within the hour where a text is a danger: a name, a number that is always answered.",
    ),
    Plain(name="attribution", label="Attribution", most=500, help="What stands beside each text of ours."),
    Flag(name="modifications_allowed", label="May change the texts"),
    Whole(
        name="refresh_within",
        label="To be fetched anew within (hours)",
        least=1,
        most=24 * 366,
        help="A copy that is older is shown no more.",
    ),
    Line(name="licence", label="Licence", help="A name or an address: CC-BY-4.0, or a contract's number."),
    Whole(
        name="quota",
        label="Reads a minute",
        least=1,
        help="How often it may ask with all its keys together; as often as anybody, where nothing is given.",
    ),
)


class Partner(Base):
    """An organisation that republishes. `refresh_within` is in hours, `quota` in reads a minute."""

    __tablename__ = "partner"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    editorial_contact: Mapped[str | None] = mapped_column(String(200))
    safety_contact: Mapped[str | None] = mapped_column(String(200))
    attribution: Mapped[str | None] = mapped_column(Text)
    modifications_allowed: Mapped[bool] = mapped_column(server_default=false())
    refresh_within: Mapped[int | None]
    licence: Mapped[str | None] = mapped_column(String(200))
    quota: Mapped[int | None]

    @property
    def told(self) -> dict[str, Any]:
        """What is known of it, by the names of `FIELDS`."""
        return {field.name: getattr(self, field.name) for field in FIELDS}


def create(session: Session, name: str, *, now: datetime | None = None, **told: Any) -> Partner:
    """Make a partner; `told` are the others of `FIELDS`. Raises Invalid, also where the name is taken."""
    begin_writing(session)
    made = Partner(id=new_id(), created_at=now or database.clock(session))
    _tell(session, made, {"name": name, **told})
    session.add(made)
    session.flush()
    return made


def change(session: Session, partner_id: UUID, told: Mapping[str, Any]) -> Partner:
    """Tell everything of a partner anew, by the names of `FIELDS`; raises NotFound, Invalid."""
    kept = locked(session, partner_id)
    _tell(session, kept, told)
    session.flush()
    keyring.turn(session)
    return kept


def _tell(session: Session, partner: Partner, told: Mapping[str, Any]) -> None:
    checked = clean_all(FIELDS, told)
    alike = checked["name"].casefold()
    with session.no_autoflush:
        others = session.scalars(select(Partner.name).where(Partner.id != partner.id)).all()
    if alike == EVERYBODY:
        raise Invalid([Fault("/name", "is that of whoever has no key")])
    if any(other.casefold() == alike for other in others):
        raise Invalid([Fault("/name", "is taken")])
    for name, value in checked.items():
        setattr(partner, name, value)


def partner(session: Session, partner_id: UUID) -> Partner:
    """Return a partner; raises NotFound."""
    kept = session.get(Partner, partner_id, populate_existing=True)
    if kept is None:
        raise NotFound(f"partner {partner_id}")
    return kept


def locked(session: Session, partner_id: UUID) -> Partner:
    """Return a partner of whom nobody else changes anything until this transaction ends; raises NotFound."""
    begin_writing(session)
    kept = session.get(Partner, partner_id, populate_existing=True, with_for_update=True)
    if kept is None:
        raise NotFound(f"partner {partner_id}")
    return kept


def partners(session: Session) -> list[Partner]:
    """Return all partners by name."""
    return list(session.scalars(select(Partner).order_by(Partner.name)))
