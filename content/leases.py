"""Leases: who does a job for the next few seconds, so that of many processes one looks and the others rest.

A holder that died loses nothing: its lease runs out, and the next one to ask has it. Whatever is done under a lease
must be safe to do twice; a lease saves work, it is no lock.
"""

from datetime import datetime, timedelta

from sqlalchemy import String, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database
from content.database import Base, begin_writing


class Lease(Base):
    """One job, who holds it, and until when."""

    __tablename__ = "lease"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime]


def take(session: Session, job: str, holder: str, *, seconds: float, now: datetime | None = None) -> bool:
    """Take or renew a lease for `seconds`, and commit; returns whether it is this holder's now."""
    begin_writing(session)
    now = now or database.clock(session)
    until = now + timedelta(seconds=seconds)
    free = (Lease.holder == holder) | (Lease.until <= now)
    renewed = update(Lease).where(Lease.job == job, free).values(holder=holder, until=until)
    had = session.execute(renewed.returning(Lease.job)).first() is not None
    if not had:
        had = _begin(session, job, holder, until)
    session.commit()
    return had


def _begin(session: Session, job: str, holder: str, until: datetime) -> bool:
    try:
        with session.begin_nested():
            session.execute(insert(Lease).values(job=job, holder=holder, until=until))
    except IntegrityError:
        # Somebody else's, taken just now or long before.
        return False
    return True
