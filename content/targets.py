"""Targets: where a withdrawn entry went, told by the manner of its withdrawal."""

from uuid import UUID

from sqlalchemy.orm import Session

from content import entries
from content.errors import Fault, Invalid
from content.fields import Url
from content.log import State
from content.steps import WITHDRAWN

_WANTED = "is required: choose one of our texts, or where it is redirected enter an address like https://example.org/"
TARGET_URL = Url(name="target", label="Where it went")


def checked(session: Session, manner: State, target: str | None) -> str | None:
    """Return the target that goes with a manner: none, an entry's id, or for what is redirected also a URL.

    Raises Invalid where they do not fit, NotFound for an id that is no entry's.
    """
    if manner not in WITHDRAWN:
        raise Invalid([Fault("/manner", f"is not one of {', '.join(WITHDRAWN)}")])
    if manner == State.GONE:
        if target:
            raise Invalid([Fault("/target", "has no meaning for what is gone: take it away")])
        return None
    if not target:
        raise Invalid([Fault("/target", _WANTED)])
    try:
        return str(entries.entry(session, UUID(target)).id)
    except ValueError as error:
        if manner == State.REPLACED:
            raise Invalid([Fault("/target", "is none of our texts: choose one from the list")]) from error
        return str(TARGET_URL.check(target, "/target"))
