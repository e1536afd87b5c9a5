"""A blog post as it was read: what its lines say, before anything is stored."""

from dataclasses import dataclass, field
from datetime import date

from seeds.lines import Line

SECTION = 2
SUB_SECTION = 3


@dataclass(frozen=True)
class LeftOut:
    """One line that goes into no entry's text; `line_number` counts from 1."""

    line_number: int
    text: str
    why: str


@dataclass(frozen=True)
class Author:
    """Who wrote the post; telephone and url are also still in the bio, where they were found.

    `bio_lines` are those that the bio was read from; an author is the same wherever they stood.
    """

    name: str
    bio: str | None = None
    telephone: str | None = None
    url: str | None = None
    bio_lines: tuple[Line, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Section:
    """A heading with the paragraphs of its own; level 2, or 3 for a sub-section of the last level 2."""

    heading: str
    level: int
    paragraphs: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether the heading is a question that readers have (a sub-section's never is)."""
        return self.level == SECTION and self.heading.rstrip("\"'”’»)").endswith(("?", "？"))


@dataclass(frozen=True)
class Question:
    """A heading that asks, with its whole answer: the paragraphs under it, then its sub-sections."""

    question: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def first_paragraph(self) -> str:
        """The answer's first paragraph, under the question itself or under its first sub-heading."""
        return first_paragraph(self.paragraphs, self.sections)


@dataclass(frozen=True)
class Post:
    """A whole post; a paragraph of several lines keeps its line feeds, all else is as typed."""

    source: str
    title: str
    author: Author | None
    published_on: date | None
    reading_minutes: int | None
    caption: str | None
    introduction: tuple[str, ...]
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def first_paragraph(self) -> str:
        """The text's first paragraph, which a post always has."""
        return first_paragraph(self.introduction, self.sections)

    @property
    def questions(self) -> tuple[Question, ...]:
        """One question for each section that asks, in reading order."""
        return tuple(question_at(self.sections, i) for i, section in enumerate(self.sections) if section.asks)


def question_at(sections: tuple[Section, ...], index: int) -> Question:
    """Gather the question at `index` and the sub-sections that follow it."""
    answer = []
    for section in sections[index + 1 :]:
        if section.level == SECTION:
            break
        answer.append(section)
    return Question(sections[index].heading, sections[index].paragraphs, tuple(answer))


def first_paragraph(paragraphs: tuple[str, ...], sections: tuple[Section, ...]) -> str:
    """Return the first of `paragraphs`, else of those of `sections`; one of them must have any."""
    return next(text for texts in (paragraphs, *(s.paragraphs for s in sections)) for text in texts)
