"""Forms derived from a content type's fields: what was typed becomes values, and what is wrong finds its field.

How each kind of field looks is in templates/admin/fields.html; how it is read is here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slugify import slugify
from werkzeug.datastructures import MultiDict

from content import types
from content.errors import Invalid, NotFound
from content.fields import Field, Link
from content.lists import Links, Records
from content.types import ContentType

Form = MultiDict[str, str]
MOST_ROWS = 200
SLUG_LENGTH = 80


def shown_fields(fields: tuple[Field, ...]) -> list[Field]:
    """Return the fields that a form can ask for.

    Not those that lead to a type which does not exist yet, nor those that are worked out from others.
    """
    typed = [field for field in fields if not field.source]
    return [field for field in typed if not isinstance(field, Link | Links) or _known(field.to)]


def typed(declared: ContentType, form: Form) -> dict[str, Any]:
    """Return what was typed into each field shown; an empty slug is made from the title."""
    return with_slug(declared, as_typed(declared, form))


def with_slug(declared: ContentType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed with a slug made from the title, where none was typed."""
    slugs = [field.name for field in declared.fields if field.kind == "slug" and not values.get(field.name)]
    made = slugify(declared.title_of(values), max_length=SLUG_LENGTH, word_boundary=True)
    return {**values, **dict.fromkeys(slugs, made)}


def as_typed(declared: ContentType, form: Form) -> dict[str, Any]:
    """Return what was typed into each field shown, and nothing else."""
    return {field.name: _READ.get(field.kind, _text)(field, form) for field in shown_fields(declared.fields)}


def blank(declared: ContentType) -> dict[str, Any]:
    """Return the values of an empty form."""
    return {field.name: field.absent for field in declared.fields}


def faults_by_field(error: Invalid) -> dict[str, str]:
    """Return what is wrong with each field, as sentences; a row of a list is named by its place, from one."""
    told: dict[str, list[str]] = {}
    for fault in error.faults:
        name, *inside = fault.pointer.strip("/").split("/")
        place = [f"Row {int(part) + 1}" if part.isdecimal() else part.replace("_", " ") for part in inside]
        sentence = " ".join([*place, fault.detail])
        told.setdefault(name, []).append(f"{sentence[:1].upper()}{sentence[1:]}.")
    return {name: " ".join(sentences) for name, sentences in told.items()}


def _known(type_name: str) -> bool:
    try:
        types.get(type_name)
    except NotFound:
        return False
    return True


def _text(field: Field, form: Form) -> Any:
    return form.get(field.name, "").replace("\r\n", "\n")


def _line(field: Field, form: Form) -> Any:
    # A long one is typed into a field of several lines, where it is broken by a paste or by Enter.
    return form.get(field.name, "").replace("\r\n", " ").replace("\n", " ")


def _flag(field: Field, form: Form) -> Any:
    return field.name in form


def _several(field: Field, form: Form) -> Any:
    return [one for one in form.getlist(field.name) if one.strip()]


def _words(field: Field, form: Form) -> Any:
    return [word.strip() for word in form.get(field.name, "").split(",") if word.strip()]


def _passages(field: Field, form: Form) -> Any:
    return [one.replace("\r\n", "\n") for one in form.getlist(field.name) if one.strip()]


def _rows(field: Field, form: Form) -> Any:
    assert isinstance(field, Records)
    rows = (_row(field, form, place) for place in _places(field, form))
    return [row for row in rows if any(row.values())]


def _places(field: Field, form: Form) -> Iterator[int]:
    named = re.compile(re.escape(field.name) + r"-(\d{1,4})-\w+")
    places = {int(match[1]) for key in form if (match := named.fullmatch(key))}
    yield from sorted(places)[:MOST_ROWS]


def _row(field: Records, form: Form, place: int) -> dict[str, Any]:
    return {part.name: form.get(f"{field.name}-{place}-{part.name}", "").strip() for part in field.fields}


_READ: Mapping[str, Callable[[Field, Form], Any]] = {
    "line": _line,
    "flag": _flag,
    "links": _several,
    "tags": _words,
    "records": _rows,
    "passages": _passages,
}
