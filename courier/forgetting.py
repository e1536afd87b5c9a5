"""Forgetting: what editors typed and never saved, or chose and never began, goes in the end, whoever is there."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from content import autosaves, batches
from content.database import clock


class Forgetter:
    """One worker's; `session` opens a new session on its database, `days` is how long unsaved words stay."""

    def __init__(self, session: Callable[[], Session], days: int) -> None:
        self.session, self.days = session, days

    def tick(self, now: datetime | None = None) -> int:
        """Forget what is to go by now; return how many went. Where there is nothing, it only reads."""
        with self.session() as session:
            now = now or clock(session)
            return autosaves.forget(session, days=self.days, now=now) + batches.forget(session, now=now)
