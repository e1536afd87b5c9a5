"""The versions of an entry as pages offer them to be chosen: by number, day, who saved them and how they stand."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.names import names_of
from admin.times import local
from content import reviews
from content.entries import Entry
from content.standings import Standing, standings
from content.versions import Version


@dataclass(frozen=True)
class Choice:
    """A version to choose, in words; `erased`: there is nothing left of it to choose."""

    number: int
    label: str
    erased: bool


def version_choices(session: Session, entry: Entry) -> list[Choice]:
    """Return every version of an entry, the newest first; a fixed number of statements."""
    saved = select(Version.number, Version.by, Version.saved_at).where(Version.entry_id == entry.id)
    rows = session.execute(saved.order_by(Version.number.desc())).all()
    standing, names = standings(session, [entry.id])[entry.id], names_of(session, (row.by for row in rows))
    now = datetime.now(UTC)
    return [
        Choice(
            row.number,
            f"{row.number}, {local(row.saved_at):%-d %b %Y}, {names[row.by]}, {_state(standing, row.number, now)}",
            row.number in standing.erased,
        )
        for row in rows
    ]


def _state(standing: Standing, number: int, now: datetime) -> str:
    if number in standing.erased:
        return "erased"
    if standing.live and standing.live.version == number:
        return "live"
    if number in standing.public:
        return "was public"
    signed = reviews.holding(standing.reviews.get(standing.hashes[number], []), now)
    return "signed" if signed else "draft"
