"""Outlook: what an act for many entries would do for readers, shown before it is begun; of the first few dozen only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from admin.foresight import Foresight, foresee
from content import log
from content.batches import Item
from content.entries import Entry
from content.errors import ContentError
from content.log import Head

FIRST = 24  # entries that one rehearsal does; the log's lock is held meanwhile

Do = Callable[[Session, str, Item], None]


@dataclass(frozen=True)
class Outlook:
    """What would happen to the first of many: what readers would see of it, and what would be refused, with the reason.

    Of `more` nothing is foreseen. `left_behind` are drafts that they show and readers will not have.
    """

    told: Foresight
    refused: tuple[tuple[Entry, str], ...]
    tried: int
    more: int
    left_behind: tuple[Entry, ...] = ()

    def shows(self, entry: Entry) -> bool:
        """Tell whether readers would have an entry."""
        effects = self.told.foreseen.effects if self.told.foreseen else ()
        return any(effect.entry_id == entry.id and effect.after for effect in effects)


def outlook(items: Sequence[tuple[Item, Entry]], do: Do, *, of: int) -> Outlook:
    """Rehearse `do` on the first of the items, each as an act of its own, as it will be; `of`: how many there are."""
    tried = items[:FIRST]
    refused: list[tuple[Entry, str]] = []

    def attempt(session: Session, by: str) -> Head:
        for item, entry in tried:
            try:
                do(session, by, item)
                session.commit()
            except ContentError as error:
                session.rollback()
                refused.append((entry, str(error)))
        return log.head(session)

    told = foresee(attempt)
    return Outlook(told, tuple(refused), len(tried), of - len(tried))
