"""Foresight: what an act would do for readers, shown on the page that asks for it, or why it cannot be told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from admin.accounts import signed_in_id
from admin.wrong import sentence
from content import foresight
from content.errors import ContentError
from content.foresight import Effect, Foreseen
from content.log import Act, Head
from storage import db


@dataclass(frozen=True)
class Foresight:
    """What an act would change for readers, or why that cannot be told."""

    foreseen: Foreseen | None = None
    refused: str | None = None


def foresee(act: Callable[[Session, str], Act | Head]) -> Foresight:
    """Rehearse an act of whoever is signed in; what a rule forbids is told before anybody presses a button."""
    by = signed_in_id()
    try:
        return Foresight(foresight.foresee(db.engine, lambda session: act(session, by)))
    except ContentError as error:
        return Foresight(refused=f"It would be refused: {sentence(error, request.form)}")
    except OperationalError:
        return Foresight(refused="Others are publishing at this moment; load the page again to see it.")


# What a document has beside the fields of its type, in the newsroom's words.
_PARTS = {
    "version": "version",
    "slug": "address",
    "sections": "sections",
    "reading_minutes": "reading time",
    "review": "review",
    "change": "what readers are told of the change",
    "faqs": "FAQs",
    "translations": "translations",
    "seo": "title and description for search engines",
    "dates": "dates",
    "urls": "addresses",
    "syndication": "whether others may show it",
    "integrity": "hash",
}


def parts_in_words(effect: Effect) -> str:
    """Return which parts of a document change, in the words of the forms."""
    labels = {field.name: field.label for field in effect.content_type.fields}
    called = (_PARTS.get(part) or _in_words(labels.get(part, part)) for part in effect.parts)
    return ", ".join(dict.fromkeys(called))


def _in_words(label: str) -> str:
    """A label within a sentence; one of capitals only stays so."""
    return label if label.isupper() else label[:1].lower() + label[1:].replace("_", " ")


def as_json(document: dict[str, Any]) -> str:
    """Return a document as it will be served, laid out to be read."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
