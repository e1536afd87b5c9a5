"""Foresight: what an act would do for readers, shown on the page that asks for it, or why it cannot be told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from admin.accounts import signed_in_id
from content import foresight
from content.errors import ContentError
from content.foresight import Foreseen
from content.log import Act
from storage import db


@dataclass(frozen=True)
class Foresight:
    """What an act would change for readers, or why that cannot be told."""

    foreseen: Foreseen | None = None
    refused: str | None = None


def foresee(act: Callable[[Session, str], Act]) -> Foresight:
    """Rehearse an act of whoever is signed in; what a rule forbids is told before anybody presses a button."""
    by = signed_in_id()
    try:
        return Foresight(foresight.foresee(db.engine, lambda session: act(session, by)))
    except ContentError as error:
        return Foresight(refused=f"It would be refused: {error}")
    except OperationalError:
        return Foresight(refused="Others are publishing at this moment; load the page again to see it.")


def as_json(document: dict[str, Any]) -> str:
    """Return a document as it will be served, laid out to be read."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
