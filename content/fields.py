"""The kinds of field that a content type is declared with.

A field checks and normalises what is typed (`clean`), says what a document shows of it (`parts`), and what a reader
of a diff sees (`words`). Forms and schemas are derived elsewhere, from a field's kind and its facts. Values are
plain JSON: strings, whole numbers, booleans, lists and dicts; an absent value is None, [] or False.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from content import markup
from content.characters import in_one_line, normalised, refused_character
from content.errors import Fault, Invalid
from content.sentences import sentences

Values = Mapping[str, Any]
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LIKE_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a content type.

    `path` is where a document shows it ("answer.short"), its own name unless told, "" where readers never see it.
    `otherwise` computes what a document shows where the editor gave nothing. `facet` is the name under which
    readers filter by it. `searched` is how much its words weigh in a search: "B" for what sums a text up, "C" for the
    text itself, "" for what nobody searches; the title of a type always weighs most. What `travels` is in every form
    of an entry, whatever a reader chose of it. `source` names the field that it is worked out from at each save
    (`derived`): nobody types it. `unless` names a flag: where that is not set, a value is required.
    """

    kind: ClassVar[str]
    # Erasure keeps the shape of the past (ids, dates, numbers) and takes what a person wrote.
    free_text: ClassVar[bool] = True

    name: str
    label: str
    help: str = ""
    required: bool = False
    path: str | None = None
    facet: str | None = None
    searched: str = ""
    otherwise: Callable[[Values], Any] | None = None
    travels: bool = False
    source: str | None = None
    unless: str | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The dotted paths at which a document shows it, in the order in which people read them."""
        return (self.shown_at,) if self.shown_at else ()

    @property
    def shown_at(self) -> str:
        """The dotted path in a document, "" where it is not public."""
        return self.name if self.path is None else self.path

    @property
    def absent(self) -> Any:
        """What is meant where no value is stored."""
        return None

    def clean(self, value: Any) -> Any:
        """Return `value` checked and normalised; raises Invalid, its pointers beginning with `/name`."""
        if value is None or value in ("", [], {}):
            if self.required:
                raise Invalid([Fault(f"/{self.name}", "is required")])
            return self.absent
        return self.check(value, f"/{self.name}")

    def check(self, value: Any, pointer: str) -> Any:
        """Return a given value normalised; raises Invalid at `pointer`."""
        raise NotImplementedError

    def derived(self, values: Values) -> Any:
        """Return what follows from the other values, for a field that has a `source`; raises Invalid at that."""
        raise NotImplementedError

    def parts(self, values: Values) -> dict[str, Any]:
        """Return what a document shows of this field, by dotted path."""
        value = values.get(self.name, self.absent)
        if value == self.absent and self.otherwise is not None:
            value = self.otherwise(values)
        return {self.shown_at: self.public(value)} if self.shown_at else {}

    def public(self, value: Any) -> Any:
        """Return the public form of a value."""
        return value

    def words(self, value: Any) -> str:
        """Return a value as a person compares it."""
        return "" if value in (None, []) else str(value)


def faulty(pointer: str, detail: str) -> Invalid:
    """Return the error that says one thing about one value."""
    return Invalid([Fault(pointer, detail)])


def text_of(value: Any, pointer: str, most: int) -> str:
    """Return a text in NFC with line feeds only; raises Invalid where it is none, too long, or not fit to travel."""
    if not isinstance(value, str):
        raise faulty(pointer, "is not a text")
    if refused := refused_character(value.replace("\r", "\n")):
        raise faulty(pointer, f"holds the character {refused}, which may not stand in a text")
    text = normalised(value)
    if len(text) > most:
        raise faulty(pointer, f"is longer than {most} characters")
    return text


@dataclass(frozen=True, kw_only=True)
class Line(Field):
    """One line of plain text."""

    kind = "line"
    most: int = 200
    most_sentences: int | None = None

    def check(self, value: Any, pointer: str) -> str:
        text = in_one_line(text_of(value, pointer, self.most)).strip()
        if "\n" in text:
            raise faulty(pointer, "is more than one line")
        if self.most_sentences and len(sentences(text)) > self.most_sentences:
            raise faulty(pointer, f"is more than {self.most_sentences} sentences")
        if not text and self.required:
            raise faulty(pointer, "is required")
        return text


@dataclass(frozen=True, kw_only=True)
class Plain(Field):
    """Plain text of several lines."""

    kind = "plain"
    most: int = 5_000

    def check(self, value: Any, pointer: str) -> str:
        text = text_of(value, pointer, self.most).strip()
        if not text and self.required:
            raise faulty(pointer, "is required")
        return text


@dataclass(frozen=True, kw_only=True)
class Markdown(Field):
    """A Markdown text; shown as `html`, `text` and `markdown`, and as a list of sections where a path is given."""

    kind = "markdown"
    searched: str = "C"
    most: int = 200_000
    sections_at: str | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.sections_at, self.shown_at)))

    def check(self, value: Any, pointer: str) -> str:
        # The author's own spaces are kept: at the start of a line they mean something in Markdown.
        text = text_of(value, pointer, self.most).strip("\n").rstrip()
        if not text.strip() and self.required:
            raise faulty(pointer, "is required")
        return text

    def parts(self, values: Values) -> dict[str, Any]:
        source = values.get(self.name) or ""
        prose = markup.render(source)
        shown: dict[str, Any] = {}
        if self.sections_at:
            shown[self.sections_at] = [vars(section) for section in prose.sections]
        shown[self.shown_at] = {"html": prose.html, "text": prose.text, "markdown": source}
        return shown


@dataclass(frozen=True, kw_only=True)
class Slug(Field):
    """The last part of an address: a to z, 0 to 9 and single hyphens, and not the look of a UUID."""

    kind = "slug"
    most: int = 100

    def check(self, value: Any, pointer: str) -> str:
        slug = text_of(value, pointer, self.most).strip()
        if not _SLUG.fullmatch(slug):
            raise faulty(pointer, "may hold a to z, 0 to 9 and single hyphens between them")
        if _LIKE_UUID.fullmatch(slug):
            raise faulty(pointer, "looks like an id, which addresses entries too")
        return slug


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A day, `YYYY-MM-DD`; `over`: one that has come, which whoever saves it must look at the clock for."""

    kind = "day"
    free_text = False
    over: bool = False

    def check(self, value: Any, pointer: str) -> str:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
            try:
                return date.fromisoformat(value.strip()).isoformat()
            except ValueError as error:
                raise faulty(pointer, "is no day of the calendar") from error
        raise faulty(pointer, "is not a day written YYYY-MM-DD")


@dataclass(frozen=True, kw_only=True)
class Url(Field):
    """An absolute http or https address."""

    kind = "url"
    most: int = 2_000

    def check(self, value: Any, pointer: str) -> str:
        url = text_of(value, pointer, self.most).strip()
        try:
            parts = urlsplit(url)
            fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)
        except ValueError:
            fits = False
        if not fits:
            raise faulty(pointer, "is not an address that begins with http:// or https://")
        if "@" in parts.netloc:
            raise faulty(pointer, "names a user, which readers are not to be told: take that out")
        return url


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of a few values; the first is meant where none is given. `options` pairs each value with its label."""

    kind = "choice"
    free_text = False
    options: tuple[tuple[str, str], ...]

    @property
    def absent(self) -> str:
        return self.options[0][0]

    def check(self, value: Any, pointer: str) -> str:
        allowed = [option for option, _ in self.options]
        if value not in allowed:
            raise faulty(pointer, f"is not one of {', '.join(allowed)}")
        return str(value)

    def words(self, value: Any) -> str:
        return dict(self.options).get(value, "") if value else ""


@dataclass(frozen=True, kw_only=True)
class Whole(Field):
    """A whole number."""

    kind = "whole"
    free_text = False
    least: int = 0
    most: int = 1_000_000

    def check(self, value: Any, pointer: str) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise faulty(pointer, "is not a whole number")
        if not self.least <= value <= self.most:
            raise faulty(pointer, f"is not between {self.least} and {self.most}")
        return value


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """Yes or no; `default` is meant where nothing is given."""

    kind = "flag"
    free_text = False
    default: bool = False

    @property
    def absent(self) -> bool:
        return self.default

    def check(self, value: Any, pointer: str) -> bool:
        if not isinstance(value, bool):
            raise faulty(pointer, "is neither true nor false")
        return value

    def words(self, value: Any) -> str:
        return "" if value is None else "yes" if value else "no"


def id_of(value: Any, pointer: str) -> str:
    """Return an id in its one written form; raises Invalid."""
    try:
        return str(UUID(str(value)))
    except ValueError as error:
        raise faulty(pointer, "is not an id") from error


@dataclass(frozen=True, kw_only=True)
class Link(Field):
    """Another entry, by id. A document holds the bare id; readers are shown the `shows` of it, as it is at their S."""

    kind = "link"
    free_text = False
    to: str
    shows: tuple[str, ...] = ("id", "slug", "name")

    def check(self, value: Any, pointer: str) -> str:
        return id_of(value, pointer)


def clean_all(fields: Iterable[Field], values: Values, pointer: str = "") -> dict[str, Any]:
    """Return every field's value checked; raises one Invalid that names all faults, an unknown field among them."""
    fields = tuple(fields)
    known = {part.name for part in fields}
    faults = [Fault(f"{pointer}/{name}", "is no field of this type") for name in values if name not in known]
    cleaned = {}
    for part in fields:
        try:
            cleaned[part.name] = part.clean(values.get(part.name))
        except Invalid as error:
            faults += [Fault(pointer + fault.pointer, fault.detail) for fault in error.faults]
    if faults:
        raise Invalid(faults)
    return cleaned
