"""How much a form may bring: what is too long of one that was read, and how much came of one that was not."""

from flask import current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from admin.wrong import LABELS
from content import types

LARGEST_FORM = 4_000_000  # letters, beside a picture


def most_at_once() -> int:
    """Return how many bytes a request may have: a picture, and a form of letters beside it."""
    return LARGEST_FORM + _megabytes_of_a_file() * 1_000_000


class TooManyLetters(RequestEntityTooLarge):
    """A form was read and holds more letters than the newsroom takes; `field` is its longest."""

    def __init__(self, letters: int, field: str) -> None:
        super().__init__()
        self.letters, self.field = letters, field


def require_measure() -> None:
    """Refuse a form of more letters than the newsroom takes, once it is read: so it can come back to its sender."""
    lengths = [(len(text), field) for field, text in request.form.items(multi=True)]
    if (letters := sum(length for length, _ in lengths)) > LARGEST_FORM:
        raise TooManyLetters(letters, max(lengths)[1])


def told_of(error: RequestEntityTooLarge) -> str:
    """Return what was too long, and how long it may be, in a sentence or two."""
    if isinstance(error, TooManyLetters):
        return (
            f"The form holds {error.letters:,} letters, and the newsroom takes {LARGEST_FORM:,} at once. "
            f"The longest of its fields is “{_called(error.field)}”. Nothing was saved."
        )
    came = f"{request.content_length / 1_000_000:.1f} MB" if request.content_length else "more than that"
    return (
        f"The newsroom takes a file of {_megabytes_of_a_file()} MB and {LARGEST_FORM:,} letters at once; "
        f"with all its fields and files, this was {came}. Nothing was saved."
    )


def _called(field: str) -> str:
    """Return what stands beside a field, in a page's form or in that of an entry."""
    labels = {one.name: one.label for declared in types.everyone() for one in declared.fields}
    return LABELS.get(field) or labels.get(field) or field.replace("_", " ").capitalize()


def _megabytes_of_a_file() -> int:
    return int(current_app.config["VERSO_UPLOAD_MB"])
