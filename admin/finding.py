"""Finding entries by what their versions hold: words in texts, and the values of a field; alike on both databases."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, func, literal_column, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from content.characters import normalised
from content.entries import Entry
from content.versions import Version

EVERY_TEXT = 'strict $.** ? (@.type() == "string")'


def holds_word(dialect: str, word: str) -> ColumnElement[bool]:
    """Whether the title or a text of the content holds `word`, in large letters or small."""
    texts = _texts_of_sqlite() if dialect == "sqlite" else _texts_of_postgresql()
    # Every text is kept in NFC.
    wanted = normalised(word).upper()
    in_text = _upper(dialect, texts).contains(wanted, autoescape=True)
    return _upper(dialect, Entry.title).contains(wanted, autoescape=True) | exists(select(1).where(in_text))


def holds_value(dialect: str, field: str, value: str) -> ColumnElement[bool]:
    """Whether a field of the placement is `value`, or has it in its list."""
    if dialect == "sqlite":
        values = func.json_each(_placement(), f'$."{field}"').table_valued("value")
        return exists(select(1).where(values.c.value == value))
    # At its top, an array contains what it lists, and a single value itself.
    kept: Any = cast(_placement(), JSONB)[field]
    return kept.contains(func.to_jsonb(cast(value, Text)))  # type: ignore[no-any-return]


def _upper(dialect: str, text: Any) -> ColumnElement[str]:
    # Neither SQLite nor a PostgreSQL with the C locale knows letters beyond ASCII by itself. Large letters, since
    # they fold what small ones leave apart: STRASSE and Straße.
    if dialect == "sqlite":
        return func.large_letters(text, type_=Text)
    return func.upper(cast(text, Text).collate("und-x-icu"), type_=Text)


def _texts_of_sqlite() -> Any:
    tree = func.json_tree(_content()).table_valued("atom", "type")
    # Only texts have letters: "1" is found in a text, and not in a number.
    return func.iif(tree.c.type == "text", tree.c.atom, None)


def _texts_of_postgresql() -> Any:
    found = func.jsonb_path_query(cast(_content(), JSONB), cast(EVERY_TEXT, JSONPATH)).column_valued()
    return found.op("#>>")(literal_column("'{}'"))


def _content() -> ColumnElement[str]:
    return type_coerce(Version.content, Text)


def _placement() -> ColumnElement[str]:
    return type_coerce(Version.placement, Text)
