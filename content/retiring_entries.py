"""Retiring an entry that others bear: it is withdrawn. They keep it, and show it to readers no more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from content import entries, marks, pinning, publishing, uses
from content.consolidating import Effect, Left, require_expected
from content.database import take_act_lock
from content.errors import Fault, Invalid
from content.log import Act, State
from content.standings import standings

RETIRABLE = (State.LIVE, State.HELD)


def effect_of_retiring(session: Session, entry_id: UUID) -> Effect:
    """Return what it does to withdraw what others bear; raises Invalid where it is not public."""
    if standings(session, [entry_id])[entry_id].state not in RETIRABLE:
        raise Invalid([Fault("/entry", "is not public, so there is nothing to retire")])
    entry = entries.entry(session, entry_id)
    mark = marks.entry_mark(entry)
    borne = uses.uses(session, mark)
    planned = [*pinning.of_retired(session, entry), *pinning.of_mark(session, mark)]
    left = tuple(map(Left.of_pinned, planned))
    return Effect((), left, ends=True, lose=tuple(use for use in borne if use.in_live))


def retire(
    session: Session,
    entry_id: UUID,
    *,
    by: str,
    reason: str,
    note: str | None = None,
    expected: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Withdraw an entry in one act; raises what `effect_of_retiring` raises, and EffectChanged."""
    # Nothing comes to show it, and nothing ceases to, before the act.
    take_act_lock(session)
    require_expected(effect_of_retiring(session, entry_id), expected)
    return publishing.withdraw(session, entry_id, by=by, note=note, reason=reason, now=now)
