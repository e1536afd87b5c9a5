"""Queries: one marshmallow schema for each kind of read; what it does not have, or comes twice, is refused by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from api import narrowing, negotiating, offering, querystring, tokens
from api.parameters import (
    ID_PATTERN,
    INSTANT_PATTERN,
    MOST,
    PATH_PATTERN,
    AsOf,
    Id,
    Listed,
    Locale,
    WholeNumber,
    Words,
)
from api.samples import sample
from content import locales, orders, types
from content.errors import Fault
from content.types import ContentType

LONGEST_QUERY = 8_000  # bytes


class BadParameters(Exception):
    """Parameters that are unknown, repeated or do not fit; `faults` names each."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.pointer.lstrip('/')} {fault.detail}" for fault in faults))


class Query:
    """What one kind of read may be asked, as its schema says; what it does not have, or comes twice, is refused."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        needed = any(field.required for field in schema.fields.values())
        self._unasked: dict[str, Any] | None = None if needed else schema.load({})

    def asked(self, query: bytes) -> dict[str, Any]:
        """Return what a query asks, by parameter; raises BadParameters."""
        if not query and self._unasked is not None:
            return dict(self._unasked)
        if len(query) > LONGEST_QUERY:
            raise BadParameters([Fault("", f"the query is longer than {LONGEST_QUERY} bytes")])
        given, miswritten = querystring.parameters(query), querystring.faults(query)
        if miswritten:
            others = {
                name: why for name, why in self._schema.validate(given).items() if name not in miswritten
            }
            raise BadParameters([*miswritten.values(), *_faults(others)])
        try:
            return self._one_by_one(given) or self._schema.load(given, unknown=RAISE)
        except ValidationError as error:
            raise BadParameters(_faults(error.normalized_messages())) from error  # type: ignore[no-untyped-call]

    def _one_by_one(self, given: Mapping[str, str]) -> dict[str, Any] | None:
        """Return what is asked, each parameter read by itself, which takes a fraction of what a schema takes.

        None where the schema is to judge: something is wrong, or an order is asked for that needs a filter.
        """
        fields = self._schema.fields
        if self._unasked is None or not given.keys() <= fields.keys() or given.get("sort") in orders.NEEDS:
            return None
        try:
            read = {name: fields[name].deserialize(value, name, given) for name, value in given.items()}
        except ValidationError:
            return None
        return {**self._unasked, **read}


def _faults(told: dict[str, list[str]]) -> list[Fault]:
    return [Fault(querystring.pointer(name), _sentence(why)) for name, why in told.items()]


def _sentence(why: list[str]) -> str:
    return "is no parameter here" if why == ["Unknown field."] else "; ".join(why)


class NoQuery(Schema):
    """Nothing may be asked."""


def locale() -> Locale:
    """Return the parameter that names a language."""
    return Locale(
        validate=validate.Length(max=locales.LONGEST),
        metadata={
            "description": "A language (BCP 47): the one that a slug is looked up in, or that a list is in.",
            "pattern": f"^{locales.PATTERN}$",
            "example": "en",
        },
    )


def as_of() -> AsOf:
    """Return the parameter that names a moment of the log."""
    return AsOf(
        metadata={
            "description": "Read everything as it was: after the act of this sequence, or at this moment.",
            "oneOf": [
                {"type": "integer", "minimum": 0, "maximum": MOST},
                {"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN},
            ],
            "example": 1,
        },
    )


LONGEST_FIELDS = 2_000  # characters
MOST_FIELDS = 100


def choosing(declared: ContentType, *, listed: bool) -> dict[str, fields.Field[Any]]:
    """What may be asked about the parts of a document, of one or of each in a list."""
    path = {"enum": offering.dotted(declared, listed=listed)}
    asked: dict[str, fields.Field[Any]] = {
        "fields": Listed(
            fields.String(validate=validate.Regexp(PATH_PATTERN, error="is no path"), metadata=path),
            longest=LONGEST_FIELDS,
            validate=validate.Length(1, MOST_FIELDS, error="names more than {max} paths"),
            metadata={
                "description": "Only these parts, as dotted paths into the whole document, parted by commas."
                " What lies below something that is included is there only with it.",
                "example": [declared.field(declared.title).shown_at or "slug", "dates.updated_at"],
            },
        )
    }
    names = offering.included(declared, listed=listed)
    asked["include"] = Listed(
        fields.String(validate=validate.OneOf(names, error="cannot be included here")),
        validate=validate.Length(1, max(1, len(names)), error="names more than {max}"),
        metadata={
            "description": "What to put whole in the place of references to it, parted by commas.",
            "example": names[:1],
        },
    )
    return asked


MOST_IDS = 100
# What goes with several ids; they say themselves what is wanted, and in which order.
WITH_IDS = frozenset({"ids", "locale", "fallback", "as_of", "fields", "include"})


def ids() -> Listed:
    """Which entries to return."""
    return Listed(
        Id(metadata={"pattern": ID_PATTERN, "format": "uuid"}),
        longest=MOST_IDS * 40,
        validate=validate.Length(1, MOST_IDS, error="names more than {max} ids"),
        metadata={
            "description": "These alone, parted by commas, in this order. Then nothing filters, sorts or pages.",
            "example": [sample("id", "id")],
        },
    )


class OneQuery(Schema):
    """What a read of one thing may be asked."""

    locale = locale()
    as_of = as_of()


def one_query(declared: ContentType) -> type[Schema]:
    """Return what the read of one of this type may be asked."""
    asked = {**_spoken(), **choosing(declared, listed=False)}
    return OneQuery.from_dict(asked, name=f"{declared.name.title()}Query")


def linked_query(declared: ContentType) -> type[Schema]:
    """Return what the read of one of this type may be asked as JSON-LD, which is always whole."""
    return OneQuery.from_dict(_spoken(), name=f"{declared.name.title()}LinkedQuery")


def _spoken() -> dict[str, fields.Field[Any]]:
    return negotiating.parameters("The language (BCP 47) to answer in, and to look a slug up in, or `auto`.")


def _version(name: str, example: int) -> WholeNumber:
    return WholeNumber(
        required=True,
        validate=validate.Range(1, MOST, error="is not between {min} and {max}"),
        error_messages={"required": "is required"},
        metadata={"description": f"The version to compare {name}.", "example": example},
    )


# From a dict, for `from` is no name that Python lets an attribute have.
DiffQuery = OneQuery.from_dict({"from": _version("from", 1), "to": _version("to", 1)}, name="DiffQuery")


PAGE = 20  # as many as a page has unless told
LONGEST_PAGE = 100
MOST_LISTED = 1_000  # entries on a page of a manifest


def limit(*, otherwise: int = PAGE, most: int = LONGEST_PAGE) -> WholeNumber:
    """How many to return."""
    return WholeNumber(
        load_default=otherwise,
        validate=validate.Range(1, most, error="is not between {min} and {max}"),
        metadata={"description": "How many at most.", "example": PAGE},
    )


def cursor() -> fields.String:
    """Where to go on."""
    return fields.String(
        metadata={
            "description": "Where the page before ended: taken from its page.next, never made up.",
            "pattern": "^[A-Za-z0-9_-]{76,604}$",
        },
    )


class PastQuery(OneQuery):
    """Which page of an entry's past to return."""

    limit = limit()
    cursor = cursor()


class ChangesQuery(Schema):
    """Which acts of the log to return."""

    since = WholeNumber(
        load_default=0,
        validate=validate.Range(0, MOST, error="is not between {min} and {max}"),
        metadata={"description": "The sequence after which to begin.", "example": 0},
    )
    epoch = Id(
        metadata={
            "description": "The epoch that `since` was read in: where it is over, the answer is 410 of type resync.",
            "pattern": ID_PATTERN,
            "example": sample("epoch", "id"),
        },
    )
    as_of = as_of()
    limit = limit()


def list_query(declared: ContentType) -> type[Schema]:
    """Return what a list of this type may be asked: the filters follow from its fields' facets."""
    asked = {"ids": ids(), **listing(declared), "total": _total(), **choosing(declared, listed=True)}
    return ordered(asked, name=f"{declared.name.title()}ListQuery")


def linked_list_query(declared: ContentType) -> type[Schema]:
    """Return what such a list may be asked as JSON-LD, which is always whole."""
    return ordered(listing(declared), name=f"{declared.name.title()}LinkedListQuery")


def ordered(asked: dict[str, fields.Field[Any]], *, name: str) -> type[Schema]:
    """Return a schema of what a list may be asked; an order that needs a filter is refused without it."""
    return narrowing.Ordered.from_dict(asked, name=name)


def listing(declared: ContentType) -> dict[str, fields.Field[Any]]:
    """What may be asked of a list of this type, whatever form it has."""
    return {
        "limit": limit(),
        "cursor": cursor(),
        "sort": narrowing.sort(declared),
        **negotiating.parameters("The language (BCP 47) that a list is in, or `auto`; all unless told."),
        "as_of": as_of(),
        **narrowing.filters(declared),
    }


def _total() -> fields.Boolean:
    return fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        error_messages={"invalid": "is neither true nor false"},
        metadata={"description": "Whether to count all pages.", "example": True},
    )


def filters_of(*declared: ContentType) -> frozenset[str]:
    """Return the names of the filters that lists of any of these types have."""
    return frozenset(name for one in declared for name in ("locale", "fallback", *narrowing.filters(one)))


def sync_query() -> type[Schema]:
    """Return what a copy may be asked for: every filter that a list of any type has."""
    every = list(types.everyone())
    filters = {name: field for one in every for name, field in narrowing.filters(one).items()}
    asked: dict[str, fields.Field[Any]] = {
        "since": _carried(
            "Where the copy stands: the token of its last page, never made up.",
            most=6_000,
            example=sample("token", "text"),
        ),
        "limit": limit(),
        "cursor": _carried(
            "Where the page before ended: taken from its page.next, never made up.", most=tokens.MOST
        ),
        "as_of": as_of(),
        "locale": locale(),
        "fallback": negotiating.fallback(),
        "type": _types([declared.name for declared in every]),
    }
    return Schema.from_dict(asked | filters, name="SyncQuery")


def manifest_query() -> type[Schema]:
    """Return what the entries of a manifest may be asked for."""
    asked: dict[str, fields.Field[Any]] = {
        "limit": limit(otherwise=MOST_LISTED, most=MOST_LISTED),
        "cursor": _carried(
            "Where the page before ended: taken from its page.next, never made up.", most=tokens.MOST
        ),
        "as_of": as_of(),
    }
    return Schema.from_dict(asked, name="ManifestQuery")


def _carried(description: str, *, most: int, **about: Any) -> fields.String:
    pattern = f"^[A-Za-z0-9_-]{{48,{most}}}$"
    return fields.String(metadata={"description": description, "pattern": pattern, **about})


def _types(names: Sequence[str]) -> Words:
    word = f"({'|'.join(names)})"
    return Words(
        names,
        metadata={
            "description": "Only these types, parted by commas; else all that have every filter asked for.",
            "pattern": f"^{word}(,{word})*$",
            "example": names[0],
        },
    )
