"""Shapes: the marshmallow schemas of what is answered, derived from the declaration of each content type.

They describe and check; nothing is dumped through them, for answers are stored bytes joined (see
`docs/decisions/stored-answers.md`). A shape is first a flat table of dotted paths, like a type's card, and then
nested.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from api.samples import sample
from content import types
from content.errors import NotFound
from content.fields import Field, Markdown
from content.lists import Records, Shown
from content.log import ChangeKind, State
from content.reviews import ReviewStatus
from content.types import ContentType

Flat = Mapping[str, fields.Field[Any]]
HASH = r"^[0-9a-f]{64}$"
STRUCK = (State.RETRACTED, State.ERASED)


class Answer(Schema):
    """What every shape of an answer stands on; a name in `component` makes it a schema of its own in OpenAPI."""

    component = ""

    class Meta:
        # A later minor version may add keys; a reader must not stumble over them.
        unknown = EXCLUDE


class Either(fields.Field[Any]):
    """Any of several schemas, or null; OpenAPI's `anyOf`."""

    def __init__(self, *schemas: type[Schema], null: bool = False, required: bool = True) -> None:
        super().__init__(required=required)
        self.schemas, self.null = schemas, null


def text(name: str, *, null: bool = False, **about: Any) -> fields.String:
    """A text that is always there, perhaps as null."""
    return fields.String(required=True, allow_none=null, metadata={"example": sample(name, "text"), **about})


def one_of(values: Sequence[str], *, null: bool = False, named: str | None = None) -> fields.String:
    """One of a few words; those of an enumeration go by its name, unless they are `named` otherwise."""
    allowed = validate.OneOf([str(value) for value in values])
    title = named or (type(values[0]).__name__ if isinstance(values[0], StrEnum) else None)
    about = {"example": str(values[0])} | ({"title": title} if title else {})
    return fields.String(required=True, allow_none=null, validate=allowed, metadata=about)


def uuid(*, null: bool = False) -> fields.UUID:
    """An id."""
    return fields.UUID(required=True, allow_none=null, metadata={"example": sample("id", "id")})


def instant() -> fields.String:
    """A moment, RFC 3339 in UTC."""
    return text("instant", format="date-time")


def day(name: str, *, null: bool = True) -> fields.String:
    """A day, YYYY-MM-DD."""
    return fields.String(
        required=True, allow_none=null, metadata={"format": "date", "example": sample(name, "day")}
    )


def whole(name: str, *, null: bool = False, least: int = 0) -> fields.Integer:
    """A whole number."""
    return fields.Integer(
        required=True,
        allow_none=null,
        validate=validate.Range(min=least),
        metadata={"example": sample(name, "whole")},
    )


def nested(name: str, flat: Flat, *, null: bool = False) -> fields.Nested:
    """An object with the fields of a flat table."""
    return fields.Nested(schema(name, flat), required=True, allow_none=null)


def many(inner: fields.Field[Any]) -> fields.List[Any]:
    """A list, perhaps an empty one."""
    return fields.List(inner, required=True)


def schema(name: str, flat: Flat, *, component: str = "") -> type[Schema]:
    """Return the schema of a flat table: `a.b` is the field b of an object a, wherever a comes first."""
    heads: dict[str, dict[str, fields.Field[Any]]] = {}
    for path, field in flat.items():
        head, _, rest = path.partition(".")
        heads.setdefault(head, {})[rest] = field
    made = {head: parts[""] if "" in parts else nested(head.title(), parts) for head, parts in heads.items()}
    built = Answer.from_dict(made, name=name)
    built.component = component  # type: ignore[attr-defined]
    built.Meta.title = name  # type: ignore[attr-defined]
    return built


def _prose(field: Field) -> Flat:
    about = {f"{field.shown_at}.{form}": text(form) for form in ("html", "text", "markdown")}
    sections = field.sections_at if isinstance(field, Markdown) else None
    return ({sections: many(nested("Section", _SECTION))} if sections else {}) | about


_SECTION: Flat = {
    "id": text("section_id", null=True),
    "heading": text("heading", null=True),
    "level": whole("level", null=True, least=2),
    "html": text("html"),
    "text": text("text"),
}


_RENDITION: Flat = {
    "url": text("media", format="uri-reference"),
    "type": text("media_type"),
    "width": whole("width", least=1),
    "height": whole("height", least=1),
}
_PICTURE: Flat = {
    "url": text("media", format="uri-reference"),
    "width": whole("width", least=1),
    "height": whole("height", least=1),
    "renditions": many(nested("Rendition", _RENDITION)),
}


def _absent(field: Field) -> bool:
    """Whether a document may hold null where this field is shown."""
    return not field.required and field.otherwise is None


def _seen(field: Any) -> Flat:
    """What a link shows of the entry that it leads to; one of a type that nobody declared is not described."""
    try:
        known = stored(types.get(field.to))
    except NotFound:
        return {name: _anything(name) for name in field.shows}
    return {name: known[name] for name in field.shows}


def _anything(name: str) -> fields.Field[Any]:
    return fields.Raw(required=True, allow_none=True, metadata={"example": sample(name, "text")})


KINDS: dict[str, Callable[[Any], fields.Field[Any]]] = {
    "line": lambda field: text(field.name, null=_absent(field)),
    "plain": lambda field: text(field.name, null=_absent(field)),
    "slug": lambda field: text(field.name, pattern="^[a-z0-9]+(-[a-z0-9]+)*$"),
    "day": lambda field: day(field.name, null=_absent(field)),
    "url": lambda field: text("url", null=_absent(field), format="uri"),
    "choice": lambda field: one_of([option for option, _ in field.options]),
    "whole": lambda field: whole(field.name, null=_absent(field)),
    "flag": lambda field: fields.Boolean(required=True, metadata={"example": True}),
    "link": lambda field: nested(_link(field.to), _seen(field), null=True),
    "links": lambda field: many(nested(_link(field.to), _seen(field))),
    "tags": lambda field: many(text("tag")),
    "records": lambda field: many(nested(_single(field.name), _row(field))),
    "passages": lambda field: many(nested("Passage", {"html": text("html"), "text": text("text")})),
}
# A version by its number names other entries by bare ids, and so never changes.
BARE_KINDS = KINDS | {"link": lambda field: uuid(null=True), "links": lambda field: many(uuid())}


def _link(name: str) -> str:
    """Return the name of what is shown of an entry where another leads to it."""
    return f"{name.title()}Link"


def _single(name: str) -> str:
    return name.removesuffix("s").title()


def _row(field: Records) -> Flat:
    return {part.name: KINDS[part.kind](part) for part in field.fields}


def _shown(declared: ContentType, kinds: Mapping[str, Callable[[Any], fields.Field[Any]]]) -> Flat:
    flat: dict[str, fields.Field[Any]] = {}
    for field in declared.fields:
        if field.kind == "markdown":
            flat |= _prose(field)
        elif field.kind == "picture":
            flat |= _PICTURE
        elif field.shown_at:
            flat[field.shown_at] = kinds[field.kind](field)
    return flat


def _head(declared: ContentType) -> Flat:
    return {
        "type": one_of([declared.name]),
        "id": uuid(),
        "slug": text("slug"),
        "locale": text("locale"),
        "version": whole("version", least=1),
    }


def change() -> Flat:
    """What changed with a version, for its readers; null where only its rendering or its review did."""
    return {"kind": one_of(tuple(ChangeKind), null=True), "note": text("note", null=True)}


def review() -> Flat:
    """What readers are told of a review."""
    reviewer = {"name": text("reviewer"), "credentials": text("credentials", null=True)}
    return {
        "status": one_of(tuple(ReviewStatus)),
        "last_reviewed_on": day("last_reviewed_on"),
        "review_due_on": day("review_due_on"),
        "reviewers": many(nested("Reviewer", reviewer)),
        "banner": nested("Passage", {"html": text("html"), "text": text("text")}, null=True),
    }


def _facts() -> Flat:
    """What only the log knows of a public form."""
    moments = ("first_published_at", "published_at", "updated_at")
    return {
        "review": nested("Review", review()),
        "change": nested("Change", change()),
        **{f"dates.{name}": instant() for name in moments},
    }


def _tail() -> Flat:
    addresses = {f"urls.{name}": text(name) for name in ("self", "this_version", "versions")}
    return {**addresses, "integrity.content_hash": text("hash", pattern=HASH)}


def everything(declared: ContentType) -> dict[str, fields.Field[Any]]:
    """Return the flat table of all that readers may see of a type, but what points at it."""
    return {**_head(declared), **_shown(declared, KINDS), **_facts(), **_tail()}


def stored(declared: ContentType) -> dict[str, fields.Field[Any]]:
    """Return the flat table of a stored document, in which other entries are bare ids."""
    shown = _shown(declared, BARE_KINDS)
    undated = not any(path.startswith("dates.") for path in shown)
    dates = {"dates": nested("Dates", {})} if undated else {}
    return {**_head(declared), **shown, **dates, **_tail()}


def _pointing(declared: ContentType, shown: Shown) -> fields.Field[Any]:
    known = stored(types.get(shown.of) if shown.of else declared)
    named = _link(shown.of or _single(shown.name))
    return many(nested(named, {name: known[name] for name in shown.shows}))


def card(declared: ContentType) -> Flat:
    """Return the flat table of a type's card."""
    return _of_card(declared, everything(declared))


def _of_card(declared: ContentType, flat: Flat) -> Flat:
    return {
        path: field
        for wanted in declared.card
        for path, field in flat.items()
        if path == wanted or path.startswith(f"{wanted}.")
    }


@dataclass(frozen=True)
class Shapes:
    """The schemas of one type: the whole resource, the card of a list, and a version as it was."""

    whole: type[Schema]
    card: type[Schema]
    version: type[Schema]


def of(declared: ContentType) -> Shapes:
    """Return the schemas that describe every answer about a type; the same ones as long as the same types are known."""
    return _of(declared, tuple(types.everyone()))


@cache
def _of(declared: ContentType, known: tuple[ContentType, ...]) -> Shapes:
    name, flat = declared.name.title(), everything(declared)
    seen = {
        path: field
        for path, field in flat.items()
        if declared.needs_review or path not in ("review", "change")
    }
    seen |= {shown.name: _pointing(declared, shown) for shown in declared.shown}
    return Shapes(
        whole=schema(name, seen, component=name),
        card=schema(f"{name}Card", _of_card(declared, flat), component=f"{name}Card"),
        version=schema(f"{name}Version", stored(declared), component=f"{name}Version"),
    )
