"""The notes beside a text: a small TOML of its name, for what the text itself does not say.

topics = ["Veins / Blood clots"]    paths from the top of the tree, parted by " / "
tags = ["massage"]

[[sources]]                         title is required; publisher, url, published_on and accessed_on (days) are not
title = "DVT"

[[warnings]]                        plain text, shown wherever the answers to these questions are
text = "Call an ambulance …"
questions = ["How does a clot feel?"]
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from seeds.errors import NotesError
from seeds.files import read_file
from seeds.post import Post

SUFFIX = ".toml"
STEP = "/"


@dataclass(frozen=True)
class Warned:
    """A warning in plain text, and the questions whose answers it travels with, worded as in the post."""

    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Notes:
    """What stands beside a post; a topic is its path of names, a source the fields that were given."""

    topics: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    sources: tuple[Mapping[str, str], ...] = ()
    warnings: tuple[Warned, ...] = ()

    def warnings_for(self, question: str) -> list[str]:
        """Return the warnings of one question, in order."""
        return [warned.text for warned in self.warnings if question in warned.questions]


def read_notes(path: Path) -> Notes:
    """Read the notes beside the text at `path`; empty ones where there are none.

    Raises NotesError, which names the key, for one that we do not know or a value of the wrong type.
    """
    beside = path.with_suffix(SUFFIX)
    # Unlike Path.exists, this is false of a name too long to exist.
    if not os.path.exists(beside):  # noqa: PTH110
        return Notes()
    data = read_file(beside, NotesError)
    try:
        return noted(tomllib.loads(data.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotesError(beside.name, f"the notes cannot be read as TOML ({error}).") from error
    except RecursionError as error:
        raise NotesError(beside.name, "the notes cannot be read as TOML (too deeply nested).") from error
    except ValueError as error:
        raise NotesError(beside.name, f"{error}.") from error


def noted(values: Mapping[str, Any]) -> Notes:
    """Check the values of a TOML and return them as notes; raises ValueError that names the key."""
    refuse_unknown(values, ("topics", "tags", "sources", "warnings"))
    sources = [source(value, place) for place, value in tables(values, "sources")]
    warnings = [warned(value, place) for place, value in tables(values, "warnings")]
    topics = [topic_path(text) for text in texts(values.get("topics", []), "'topics'")]
    return Notes(tuple(topics), texts(values.get("tags", []), "'tags'"), tuple(sources), tuple(warnings))


def refuse_unmatched(notes: Notes, post: Post, path: Path) -> None:
    """Raise NotesError where a warning names a question that `post` does not ask."""
    asked = {question.question for question in post.questions}
    for warning in notes.warnings:
        for question in warning.questions:
            if question not in asked:
                name = path.with_suffix(SUFFIX).name
                raise NotesError(
                    name, f"a warning names a question that the text does not ask: {question!r}."
                )


def refuse_unknown(values: Mapping[str, Any], known: tuple[str, ...], place: str = "") -> None:
    for key in values:
        if key not in known:
            raise ValueError(f"{place}{key!r} is no key that we know; known are {', '.join(known)}")


def tables(values: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the tables under `key`, each with the words that name its place."""
    found = values.get(key, [])
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise ValueError(f"{key!r} is not a list of tables")
    return [(f"{key} {number}: ", table) for number, table in enumerate(found, start=1)]


def source(values: Mapping[str, Any], place: str) -> Mapping[str, str]:
    """Check one source; its days come out as `YYYY-MM-DD`."""
    forms: dict[str, Callable[[Any, str], str]] = {
        "title": text,
        "publisher": text,
        "url": text,
        "published_on": day,
        "accessed_on": day,
    }
    refuse_unknown(values, tuple(forms), place)
    if "title" not in values:
        raise ValueError(f"{place}'title' is required")
    return {key: form(values[key], place + repr(key)) for key, form in forms.items() if key in values}


def warned(values: Mapping[str, Any], place: str) -> Warned:
    refuse_unknown(values, ("text", "questions"), place)
    for key in ("text", "questions"):
        if key not in values:
            raise ValueError(f"{place}{key!r} is required")
    return Warned(text(values["text"], f"{place}'text'"), texts(values["questions"], f"{place}'questions'"))


def topic_path(path: str) -> tuple[str, ...]:
    """Return the names of a topic's path, from the top of the tree."""
    names = tuple(name.strip() for name in path.split(STEP))
    if not all(names):
        raise ValueError(f"'topics' has a path with an empty name: {path!r}")
    return names


def text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{place} is not a text, or is empty")
    return value.strip()


def texts(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{place} is not a list of texts")
    return tuple(text(item, f"{place} {number}") for number, item in enumerate(value, start=1))


def day(value: Any, place: str) -> str:
    # TOML's date-times are days to Python too.
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{place} is not a day, written YYYY-MM-DD without quotes")
    return value.isoformat()
