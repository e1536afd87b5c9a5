"""Ids that come in addresses and forms."""

from uuid import UUID


def id_of(text: str) -> UUID | None:
    """Return the id that `text` writes; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
