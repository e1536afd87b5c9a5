"""Expiry: what becomes of a live text on the day on which its review falls due, and in which words readers are told.

Each content type declares it (`on_review_due`), and an installation may decide otherwise for all who use its database.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from content import markup
from content.types import ContentType, OnReviewDue

# After these nobody reads the text until it is signed again.
TAKING = frozenset({OnReviewDue.HOLD, OnReviewDue.WITHDRAW})
_OPTION = "on_review_due"
# By language; readers of any other are told in English. The day is written as everywhere, YYYY-MM-DD.
_WORDS = {
    "en": "This text was to be reviewed by {day}, and nobody has reviewed it since.",
    "de": "Dieser Text sollte bis {day} geprüft werden und ist seither nicht geprüft worden.",
    "es": "Este texto debía revisarse antes del {day} y nadie lo ha revisado desde entonces.",
    "fr": "Ce texte devait être revu avant le {day} et ne l’a pas été depuis.",
    "it": "Questo testo doveva essere rivisto entro il {day} e da allora non lo è stato.",
    "nl": "Deze tekst moest vóór {day} worden herzien en is sindsdien niet herzien.",
}


def decide(engine: Engine, policies: Mapping[str, OnReviewDue]) -> None:
    """Have what falls due through `engine` follow `policies`, by the names of types; others keep what they declare."""
    engine.update_execution_options(**{_OPTION: dict(policies)})


def policy(session: Session, declared: ContentType) -> OnReviewDue:
    """Return what becomes of a type's texts when their review falls due."""
    decided: Mapping[str, OnReviewDue] = session.get_bind().engine.get_execution_options().get(_OPTION, {})
    return decided.get(declared.name, declared.on_review_due)


def words(locale: str, due_on: date) -> str:
    """Return the sentence that tells readers that a review was due on a day, in their language where we know it."""
    return _WORDS.get(locale.partition("-")[0], _WORDS["en"]).format(day=due_on.isoformat())


def banner(locale: str, due_on: date) -> dict[str, Any]:
    """Return that sentence as readers get it in every channel, shaped like a warning."""
    prose = markup.render(words(locale, due_on))
    return {"html": prose.html, "text": prose.text}
