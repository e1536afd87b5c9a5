"""Gone: what readers are told of something that was public and is not."""

from typing import Any
from uuid import UUID

from api import reading
from content import entries, types
from content.documents import addresses
from content.errors import Elsewhere, Gone, NotFound
from content.expansion import told
from storage import db


def members(error: Gone) -> dict[str, Any]:
    """Return the members of a 410: why, since when, and what takes its place.

    `version` is null where the entry is gone as a whole, else the version that was struck; `notice` is the one that
    stands for it in lists and diffs too.
    """
    notice = told(error.notice)
    return {
        "id": str(error.entry_id),
        "version": error.version,
        "notice": notice,
        **notice,
        "replacement": _replacement(error.notice.replacement),
    }


def _replacement(entry_id: UUID | None) -> dict[str, str] | None:
    """Return where the replacing entry is to be read, or None where it is not public itself at that sequence."""
    if entry_id is None:
        return None
    name = entries.types_of(db.session(), [entry_id])[entry_id]
    declared = types.get(name)
    try:
        item = reading.one(declared, entry_id, locale=None, at=reading.sequence_told())
    except (NotFound, Gone, Elsewhere):
        return None
    url = addresses(declared, entry_id, item.edition.version)["self"]
    return {"id": str(entry_id), "type": name, "url": url}
