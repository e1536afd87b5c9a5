"""The kinds of field that hold several values, and what an entry shows of those that point at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content import markup
from content.characters import in_one_line
from content.fields import Field, clean_all, faulty, id_of, text_of


@dataclass(frozen=True, kw_only=True)
class Many(Field):
    """A list of at most `most` values; an empty list where there is none."""

    most: int = 100

    @property
    def absent(self) -> list[Any]:
        return []

    def items(self, value: Any, pointer: str) -> Sequence[Any]:
        """Return `value` where it is a list of the right length; raises Invalid."""
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise faulty(pointer, "is not a list")
        if len(value) > self.most:
            raise faulty(pointer, f"has more than {self.most} items")
        return value

    def public(self, value: Any) -> Any:
        return list(value)

    def words(self, value: Any) -> str:
        return "\n".join(value or ())


@dataclass(frozen=True, kw_only=True)
class Links(Many):
    """Other entries, by id, in the order given; shown like a `Link`."""

    kind = "links"
    free_text = False
    to: str
    shows: tuple[str, ...] = ("id", "slug", "name")
    most: int = 100

    def check(self, value: Any, pointer: str) -> list[str]:
        ids = [id_of(item, f"{pointer}/{place}") for place, item in enumerate(self.items(value, pointer))]
        return list(dict.fromkeys(ids))


@dataclass(frozen=True, kw_only=True)
class Tags(Many):
    """Free words to file an entry under, sorted and each once."""

    kind = "tags"
    searched: str = "B"
    most: int = 30

    def check(self, value: Any, pointer: str) -> list[str]:
        tags = set()
        for place, item in enumerate(self.items(value, pointer)):
            tag = " ".join(in_one_line(text_of(item, f"{pointer}/{place}", 60)).split())
            if not tag or "," in tag:
                raise faulty(
                    f"{pointer}/{place}",
                    "is empty or holds a comma: a tag is a word or a few, like varicose veins",
                )
            tags.add(tag)
        return sorted(tags)


@dataclass(frozen=True, kw_only=True)
class Records(Many):
    """A list of small records, each with the same `fields`: the sources of a text."""

    kind = "records"
    fields: tuple[Field, ...]
    most: int = 100

    def check(self, value: Any, pointer: str) -> list[dict[str, Any]]:
        rows = self.items(value, pointer)
        return [self._row(row, f"{pointer}/{place}") for place, row in enumerate(rows)]

    def _row(self, row: Any, pointer: str) -> dict[str, Any]:
        if not isinstance(row, Mapping):
            raise faulty(pointer, "is not a record")
        cleaned = clean_all(self.fields, row, pointer)
        # What is absent is left out, as everywhere: a field that is declared later leaves old hashes alone.
        return {name: given for name, given in cleaned.items() if given not in (None, "", [])}

    def public(self, value: Any) -> Any:
        return [{part.name: row.get(part.name) for part in self.fields} for row in value]

    def words(self, value: Any) -> str:
        rows = (
            " · ".join(str(row[part.name]) for part in self.fields if row.get(part.name))
            for row in value or ()
        )
        return "\n".join(rows)


@dataclass(frozen=True, kw_only=True)
class Passages(Many):
    """Short Markdown texts that stand by themselves, each shown as `html` and `text`: the warnings of an answer."""

    kind = "passages"
    searched: str = "C"
    most: int = 20

    def check(self, value: Any, pointer: str) -> list[str]:
        passages = []
        for place, item in enumerate(self.items(value, pointer)):
            passage = text_of(item, f"{pointer}/{place}", 2_000).strip()
            if not passage:
                raise faulty(f"{pointer}/{place}", "is empty")
            passages.append(passage)
        return passages

    def public(self, value: Any) -> Any:
        rendered = [markup.render(passage) for passage in value]
        return [{"html": prose.html, "text": prose.text} for prose in rendered]

    def words(self, value: Any) -> str:
        return "\n\n".join(value or ())


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What readers see of other entries that point here; nothing of it is stored with the entry.

    `of` and `by`: the entries of type `of` whose link `by` names this one, in the order of their position; where
    they are None, the entry's translations.
    """

    name: str
    shows: tuple[str, ...]
    of: str | None = None
    by: str | None = None
