"""Where the world finds an entry: its JSON, and its page on the organisation's own site."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import documents, versions
from content.editions import Edition
from content.entries import Entry
from content.placement import CANONICAL


@dataclass(frozen=True)
class PublicLinks:
    """Addresses of what is public; `page` is None where the entry has no page of its own."""

    json: str
    page: str | None


def public_links(session: Session, entry: Entry) -> PublicLinks | None:
    """Return where an entry is public, None where it is not."""
    live = select(Edition.version).where(Edition.entry_id == entry.id, Edition.until_sequence.is_(None))
    number = session.scalar(live)
    if number is None:
        return None
    shown = versions.version(session, entry.id, number)
    there = documents.addresses(entry.content_type, entry.id, number)["self"]
    return PublicLinks(there, shown.values.get(CANONICAL.name))
