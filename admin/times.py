"""Times as the newsroom reads them: everything is kept in UTC, and shown in VERSO_TIME_ZONE."""

from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app


def zone() -> ZoneInfo:
    """Return the zone in which the newsroom reads and types times."""
    return cast(ZoneInfo, current_app.config["VERSO_TIME_ZONE"])


def local(instant: datetime) -> datetime:
    """Return the same instant by the newsroom's clock on the wall."""
    return instant.astimezone(zone())


def day_of(on: date) -> tuple[datetime, datetime]:
    """Return when a day of the newsroom's calendar begins, and when the next one does; not always 24 hours later."""
    begins, ends = (datetime.combine(one, time(), zone()) for one in (on, on + timedelta(days=1)))
    return begins, ends
