"""Pasting: a blog text that somebody brings to the newsroom, read for drafts in their name."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from content.errors import Fault, Invalid
from seeds import report
from seeds.blog import parse
from seeds.errors import SeedError
from seeds.keeping import Kept
from seeds.notes import Notes
from seeds.post import LeftOut
from seeds.sowing import sow


@dataclass(frozen=True)
class Draft:
    """An entry that a text becomes, and what is known of it, line by line."""

    entry: Kept
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What a text becomes: the article's id, every entry, which fields stay empty and why, and the lines left out."""

    article_id: UUID
    drafts: tuple[Draft, ...]
    left_empty: tuple[str, ...]
    left_out: Sequence[LeftOut]


def read_text(session: Session, data: bytes, *, locale: str, by: str) -> Reading:
    """Make drafts of a text in somebody's name; the same text again makes none. Flushes only.

    Raises Invalid, its pointer `/text`, where it is no text of that form, or somebody has edited what it became.
    """
    # The text itself is what it is known by: nobody gives a name to what they paste. A form sends other line ends than
    # stand in the file that it was read from.
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    source = f"text {hashlib.sha256(lines).hexdigest()[:16]}"
    try:
        sowing = sow(session, parse(data, source, locale=locale), Notes(), locale=locale, by=by)
    except SeedError as error:
        raise Invalid([Fault("/text", error.reason.rstrip("."))]) from error
    company = [Draft(kept, ()) for kept in sowing.company]
    article = Draft(sowing.article, tuple(report.article_facts(sowing.post)))
    questions = zip(sowing.faqs, sowing.post.questions, strict=True)
    faqs = [Draft(kept, tuple(report.answer_facts(question))) for kept, question in questions]
    drafts = (*company, article, *faqs)
    empty = tuple(line.strip() for line in report.left_empty(sowing.post))
    return Reading(sowing.article.entry_id, drafts, empty, sowing.left_out)
