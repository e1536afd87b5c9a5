"""How often somebody tried to sign in, by account and by address: counted in the database, for all workers alike.

An attempt is written down before its password is looked at, so that many at once cannot slip through together.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from uuid import UUID

from flask import current_app, request
from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.database import Base, begin_writing, new_id
from content.networks import client, network, plain

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 50


class SignInAttempt(Base):
    """An attempt against `key`, the hash of an account's email or of an address; a person's typo stays unreadable."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


def note(session: Session, *, email: str, address: str, now: datetime) -> int:
    """Write an attempt down and commit; returns the seconds to wait, or 0 where it may go on."""
    begin_writing(session)
    session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - WINDOW))
    limits = {account_key(email): PER_ACCOUNT, address_key(address): PER_ADDRESS}
    attempts = [SignInAttempt(key=key, at=now) for key in limits]
    session.add_all(attempts)
    session.commit()
    wait = max(_seconds_to_wait(session, key, limit, now) for key, limit in limits.items())
    if wait:
        # What was refused does not count, or whoever keeps trying would shut an account for ever.
        begin_writing(session)
        session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_([one.id for one in attempts])))
        session.commit()
    return wait


def forget(session: Session, *, email: str) -> None:
    """Forget an account's attempts, once it is known whose it is; those of addresses stay."""
    begin_writing(session)
    session.execute(delete(SignInAttempt).where(SignInAttempt.key == account_key(email)))


def succeeded(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Forget an account's attempts, and of its address's the one that was noted at `now`: its password was right."""
    forget(session, email=email)
    session.execute(
        delete(SignInAttempt).where(SignInAttempt.key == address_key(address), SignInAttempt.at == now)
    )


def account_key(email: str) -> str:
    """Return what an account's attempts are counted under, whether or not there is such an account."""
    return sha256(b"account:" + email.strip().lower().encode(errors="replace")).hexdigest()


def client_address() -> str:
    """Return from which address the request of now comes, seen past the proxies that are trusted."""
    return client(request.environ, current_app.config["VERSO_TRUSTED_PROXIES"])


def address_key(address: str) -> str:
    """Return what an address's attempts are counted under; an IPv6 host owns its whole /64."""
    return sha256(f"address:{network(plain(address))}".encode(errors="replace")).hexdigest()


def _seconds_to_wait(session: Session, key: str, limit: int, now: datetime) -> int:
    count, oldest = session.execute(
        select(func.count(), func.min(SignInAttempt.at)).where(
            SignInAttempt.key == key, SignInAttempt.at > now - WINDOW
        )
    ).one()
    return ceil((oldest + WINDOW - now).total_seconds()) if count > limit else 0
