"""Which field of a form was refused, so that its page can lead to it and say of it that it is wrong."""

from collections.abc import Mapping

from content.errors import ContentError, Fault, Invalid
from content.sources import SOURCES
from content.types import ContentType

# What a refusal points at, where the form calls it otherwise.
_FIELDS = {"moment": "due_at", "target": "target_entry"}

# What stands beside the fields of the pages that ask for an act, of one or of many, that organise, or that grant.
LABELS = {
    **{part.name: part.label for part in SOURCES.fields},
    "audiences": "Which texts",
    "begins_at": "Begins",
    "embargo": "Embargo, in hours",
    "ends_at": "Ends",
    "locales": "Languages",
    "name": "Name",
    "slug": "Slug",
    "topics": "Topics",
    "days": "Days for which the old one works",
    "expires_at": "Works until",
    "purpose": "What it is for",
    "scopes": "What it opens",
    "types": "Of which types",
    "what": "What needs no key",
    "why": "Why",
    "due_at": "Moment",
    "instant": "Moment",
    "message": "Message",
    "note": "Public note",
    "reason": "Reason",
    "tag": "Tag",
    "target_entry": "Leads to, or is replaced by",
    "target_url": "Or leads to this address",
}


# What has no field: the page is about it.
_PLAIN = {
    "entry": "It",
    "from": "It",
    "into": "The other one",
    "source": "It",
    "to": "The new name",
    "until": "It",
}


class Unanswered(ContentError):
    """Something that a page asks for was not answered; `field` is what the form calls it, where it is one field."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


def wrong_field(error: ContentError, form: Mapping[str, str]) -> str | None:
    """Return what a form calls the field that was refused, the first of them; None where it is no field's fault."""
    if isinstance(error, Unanswered):
        return error.field
    return _field_of(error.faults[0], form) if isinstance(error, Invalid) else None


def sentence(error: ContentError, form: Mapping[str, str]) -> str:
    """Return why a form was refused, with its fields called what people read beside them."""
    if not isinstance(error, Invalid):
        return str(error)
    return " ".join(f"{_said(_field_of(fault, form))} {fault.detail}." for fault in error.faults)


def in_form(error: Invalid, declared: ContentType) -> str:
    """Return why an entry of a type was refused, with its fields called as its own form calls them."""
    labels = {field.name: f"“{field.label}”" for field in declared.fields}
    named = [(fault.pointer.split("/")[1], fault.detail) for fault in error.faults]
    return " ".join(f"{labels.get(name) or _said(name)} {detail}." for name, detail in named)


def told(error: ContentError | None, form: Mapping[str, str]) -> dict[str, str | None]:
    """Return what a page is handed of a refusal: why, and which of its fields is wrong."""
    if error is None:
        return {"error": None, "wrong": None}
    return {"error": sentence(error, form), "wrong": wrong_field(error, form)}


def _field_of(fault: Fault, form: Mapping[str, str]) -> str:
    name, *within = fault.pointer.split("/")[1:]
    if name == SOURCES.name and len(within) == 2:
        return within[1]  # a source's page has a field for each of its parts
    if name == "target" and form.get("target_url", "").strip() and not form.get("target_entry"):
        return "target_url"
    return _FIELDS.get(name, name)


def _said(field: str) -> str:
    plain = _PLAIN.get(field, f"The {field.replace('_', ' ')}")
    return f"“{LABELS[field]}”" if field in LABELS else plain
