"""The content types: one file each, declaring its fields in plain Python.

What checks them, edits them, compares them, shows them and describes them follows from the declaration. A further
type is one more file here (or, in a test, one more call of `register`) and nothing else.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from content.errors import Fault, Invalid, NotFound
from content.fields import Field, Values, clean_all
from content.lists import Shown


class OnReviewDue(StrEnum):
    """What becomes of a live text on the day on which its review falls due; each says more than the one before it.

    Its review's status says `due`; a banner says so in words; it is held until it is signed again; it is withdrawn.
    """

    FLAG = "flag"
    BANNER = "banner"
    HOLD = "hold"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, kw_only=True)
class ContentType:
    """One kind of entry: what it holds, what readers are shown of it, and whether a clinician must sign it.

    `title` names the field that people know an entry by. `content` is what a review is bound to; `placement` is
    where it stands. `card` is what a list item holds, as dotted paths into the document. `health`: a text about
    health, found by search and in feeds, and published only with a review; `within_health`: what such texts show as
    theirs, and so published only with a review too. `on_review_due` is what becomes of it when that falls due
    (`content/expiry.py`). `rule` yields what is wrong with values that fit their fields, and not one another.
    `schema` is raised when the meaning of a stored field changes. `summary` names the field that says it in brief,
    if there is one, and `schema_org` what it is to search engines, in the words of schema.org.
    """

    name: str
    plural: str
    label: str
    plural_label: str
    title: str
    content: tuple[Field, ...]
    placement: tuple[Field, ...]
    card: tuple[str, ...]
    shown: tuple[Shown, ...] = ()
    health: bool = False
    within_health: bool = False
    on_review_due: OnReviewDue = OnReviewDue.FLAG
    summary: str | None = None
    schema_org: str = "WebPage"
    rule: Callable[[Values], Iterable[Fault]] = lambda values: ()
    schema: int = 1

    def __hash__(self) -> int:
        """By its name, since what is kept for a type is looked up many times in each read."""
        return hash(self.name)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field, content first."""
        return self.content + self.placement

    @property
    def needs_review(self) -> bool:
        """Whether it is published only with a review of its very content."""
        return self.health or self.within_health

    @property
    def kept(self) -> tuple[str, ...]:
        """What readers are told whatever they chose, as dotted paths.

        Which text this is, what must travel with it, whether a clinician has signed it, and what is said where that
        was to be done again.
        """
        travelling = [field.shown_at for field in self.fields if field.travels]
        reviewed = ("review.status", "review.banner") if self.needs_review else ()
        return ("type", "id", "locale", "version", *travelling, *reviewed)

    def field(self, name: str) -> Field:
        """Return the field of that name; raises KeyError."""
        return next(field for field in self.fields if field.name == name)

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return every field's value checked and normalised; raises Invalid that names each fault."""
        derived = {field.name: field for field in self.fields if field.source}
        typed = [field for field in self.fields if not field.source]
        cleaned = clean_all(typed, {name: given for name, given in values.items() if name not in derived})
        if faults := [*self._missing(cleaned), *self.rule(cleaned)]:
            raise Invalid(faults)
        for field in derived.values():
            cleaned[field.name] = field.check(field.derived(cleaned), f"/{field.source}")
        return cleaned

    def _missing(self, values: Values) -> Iterator[Fault]:
        for field in self.fields:
            if field.unless and not values[field.name] and not values[field.unless]:
                flag = self.field(field.unless).label
                yield Fault(f"/{field.name}", f"is required, unless it is “{flag.lower()}”")

    def title_of(self, values: Mapping[str, Any]) -> str:
        """Return what people know these values by."""
        return str(values.get(self.title) or "")


_TYPES: dict[str, ContentType] = {}


def register(declared: ContentType) -> ContentType:
    """Make a content type known, or replace the one of its name."""
    _TYPES[declared.name] = declared
    return declared


def get(name: str) -> ContentType:
    """Return the content type of that name; raises NotFound."""
    if name not in _TYPES:
        raise NotFound(f"content type {name!r}")
    return _TYPES[name]


def everyone() -> Iterator[ContentType]:
    """Yield the content types in the order of their declaration: articles and FAQs first."""
    yield from sorted(_TYPES.values(), key=lambda known: (not known.health, list(_TYPES).index(known.name)))


for _module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
    importlib.import_module(_module.name)
