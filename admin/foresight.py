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
from content import foresight, references, types
from content.errors import ContentError
from content.foresight import Effect, Foreseen
from content.log import Act, Head
from content.types import ContentType
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
    """Return which parts of a document change, in the words of the forms; of other texts, which, and what of them."""
    labels = _labels(effect.content_type)
    before, after = effect.before or {}, effect.after or {}
    told = []
    for part in effect.parts:
        called, shown = (
            _PARTS.get(part) or _in_words(labels.get(part, part)),
            _shown(effect.content_type, part),
        )
        others = _others(shown, before.get(part), after.get(part)) if shown else ""
        told.append(f"{called} {others}" if others else called)
    return ", ".join(dict.fromkeys(told))


def _labels(declared: ContentType) -> dict[str, str]:
    return {field.name: field.label for field in declared.fields}


def _shown(declared: ContentType, part: str) -> ContentType | None:
    """Return the type of the entries that a part of a document shows, or None where it shows none."""
    for field in references.links(declared):
        if field.shown_at == part:
            return types.get(field.to)
    for shown in references.shown(declared):
        if shown.name == part:
            return types.get(shown.of) if shown.of else declared
    return None


def _others(shown: ContentType, before: Any, after: Any) -> str:
    """Return which of the entries that a part shows come, go or are told otherwise."""
    was, will = ({one["id"]: one for one in _listed(value)} for value in (before, after))
    told = []
    for known, card in {**was, **will}.items():
        if known not in was or known not in will:
            told.append(f"“{_name(shown, card)}” ({'new' if known in will else 'no more'})")
        elif was[known] != card:
            changed = [key for key in {**card, **was[known]} if card.get(key) != was[known].get(key)]
            told.append(
                f"“{_name(shown, card)}” ({', '.join(_part_of_other(shown, key) for key in changed)})"
            )
    return " and ".join(told) or "(their order)"


def _part_of_other(shown: ContentType, key: str) -> str:
    return _PARTS.get(key) or _in_words(_labels(shown).get(key, key))


def _name(shown: ContentType, card: dict[str, Any]) -> str:
    return next(str(card[key]) for key in (shown.title, "alt", "locale", "slug", "id") if card.get(key))


def _listed(value: Any) -> list[dict[str, Any]]:
    return value if isinstance(value, list) else [value] if value else []


def _in_words(label: str) -> str:
    """A label within a sentence; one of capitals only stays so."""
    return label if label.isupper() else label[:1].lower() + label[1:].replace("_", " ")


def as_json(document: dict[str, Any]) -> str:
    """Return a document as it will be served, laid out to be read."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
