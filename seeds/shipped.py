"""The texts that a new installation starts with."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.entries import Entry
from seeds.blog import read
from seeds.keeping import take_turn
from seeds.notes import read_notes, refuse_unmatched
from seeds.sowing import Sowing, publish, sow

TEXTS = Path(__file__).parent / "texts"
LANGUAGE = "en"


def texts() -> list[Path]:
    """Return the files of the shipped texts, by name."""
    return sorted(TEXTS.glob("*.txt"))


def locale_of(wanted: str) -> str:
    """Return the locale that the shipped texts are given: the one wanted where it is English, else plain English."""
    return wanted if wanted.lower().split("-")[0] == LANGUAGE else LANGUAGE


def fill(session: Session, *, locale: str, now: datetime | None = None) -> Sequence[Sowing]:
    """Sow and publish every shipped text in one act, if there is no entry yet; return what was sown.

    However many processes try at once, one fills the database and the others find it filled.
    """
    take_turn(session)
    if session.scalars(select(Entry.id).limit(1)).first():
        session.commit()
        return ()
    sowings = [sown(session, path, locale=locale_of(locale), now=now) for path in texts()]
    publish(session, sowings, now=now)
    return sowings


def sown(session: Session, path: Path, *, locale: str, now: datetime | None) -> Sowing:
    post, notes = read(path, locale=locale), read_notes(path)
    refuse_unmatched(notes, post, path)
    return sow(session, post, notes, locale=locale, now=now)
