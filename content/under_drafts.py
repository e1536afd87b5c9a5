"""Under drafts: what readers have is changed by a version of its own; the draft that was ahead of it is saved anew."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from content import publishing, versions
from content.fields import Values
from content.log import ChangeKind
from content.steps import Publish


def saved(
    session: Session,
    entry_id: UUID,
    *,
    newest: int,
    live: int | None,
    shown: Values | None,
    draft: Values | None,
    by: str,
    told: str,
    kind: ChangeKind = ChangeKind.TYPO,
    note: str | None = None,
    now: datetime | None,
) -> Publish | None:
    """Save what readers are to have (`shown`), then the `draft`, each where there is one, on the version `newest`.

    Return the step that shows the first of them in the place of `live`, if readers are to see it; `told` is the
    versions' note, `note` what readers are told.
    """
    number, step = newest, None
    if shown is not None:
        made = versions.save(
            session, entry_id, shown, based_on=number, by=by, note=told, as_spelled=True, now=now
        )
        number = made.number
        step = publishing.publication(session, entry_id, number, kind=kind, note=note, instead_of=live)
    if draft is not None:
        versions.save(session, entry_id, draft, based_on=number, by=by, note=told, as_spelled=True, now=now)
    return step
