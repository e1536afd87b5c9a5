"""What a blogging site prints above a post: title, author, reading time, date, a rule of dashes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from content.sentences import sentences
from seeds.errors import BlogTextError
from seeds.lines import Line, first_said
from seeds.names import is_name
from seeds.post import LeftOut

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]*\.?"
# "Jul 20, 2023", "20 July 2023", "2023-07-20": month names are English, whatever the text's locale.
DAY = (
    rf"{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}\s+{MONTH},?\s+\d{{4}}"
    r"|\d{4}-\d{1,2}-\d{1,2}"
)
MINUTES = r"(?P<minutes>\d{1,3})\s*min(?:ute)?s?\s+read"
PUBLISHED = rf"(?:published\s+|on\s+|updated\s+)*(?P<day>{DAY})"
# Behind a name, on its line: "Dr. A. Author, 3 May 2024".
NAME_THEN_DAY = re.compile(rf"(?P<name>.*?[^\s,])[\s,]+{PUBLISHED}", re.IGNORECASE)
BETWEEN = r"[\s·•|,]*"
# Either may be missing, and the site runs them together: "4 min readJul 20, 2023".
READ_THEN_DAY = re.compile(rf"{BETWEEN}(?:{MINUTES})?{BETWEEN}(?:{PUBLISHED})?{BETWEEN}", re.IGNORECASE)
DAY_THEN_READ = re.compile(rf"{BETWEEN}{PUBLISHED}{BETWEEN}{MINUTES}{BETWEEN}", re.IGNORECASE)
BUTTON = re.compile(
    r"[\s·•|]*(?:follow|following|listen|share|subscribe|more|sign up|\d+(?:\.\d)?k?|(?:\d+|no) comments?)?[\s·•|]*",
    re.IGNORECASE,
)
PARTED = re.compile(r"\s*[·•|]\s*")
HEADING = re.compile(r"^#\s+(?=\S)")  # a title as Markdown writes it
BY = re.compile(r"^(?:written\s+)?by\s+(?=\S)", re.IGNORECASE)
FOLLOW = re.compile(r"\s*[·•|]\s*follow$", re.IGNORECASE)
# A byline ends within so many lines that are not blank; what stands further down is text.
LINES_OF_A_BYLINE = 12
SUB_TITLE_LINES = 4
LONGEST_TITLE = 200
WORDS_OF_A_SENTENCE = 15


@dataclass(frozen=True)
class Facts:
    """What one line of a byline says about reading time (minutes) and first publication."""

    minutes: int | None
    published_on: date | None


@dataclass(frozen=True)
class Head:
    """A post's title and byline; `has_byline` also where that is nothing but a rule of dashes."""

    title: str
    name: str | None
    minutes: int | None
    published_on: date | None
    has_byline: bool
    left_out: tuple[LeftOut, ...]


def read_head(lines: Sequence[Line], source: str) -> tuple[Head, Sequence[Line]]:
    """Return what stands above the text, and the lines after it.

    Raises BlogTextError where no title stands first, or a day of the byline is in no calendar.
    """
    start = first_said(lines)
    title = lines[start]
    refuse_untitled(title, lines[start + 1 : start + 2], source)
    rest = [piece for line in lines[start + 1 :] for piece in pieces(line)]
    byline = rest[: byline_length(rest)]
    return head(HEADING.sub("", title.text), byline, source), rest[len(byline) :]


def pieces(line: Line) -> list[Line]:
    """Take a line apart that says a name and then facts: "A Name | March 3, 2024 | 5 comments"."""
    name, *others = (Line(line.number, part) for part in PARTED.split(line.text))
    signed = is_name(unsigned(name.text)) and not states_facts(name.text)
    tells = any(states_facts(other.text) for other in others)
    fits = all(states_facts(other.text) or is_furniture(other) for other in others)
    return [name, *others] if signed and tells and fits else [line]


def refuse_untitled(title: Line, below: Sequence[Line], source: str) -> None:
    """Raise BlogTextError unless `title` reads as a title, and not as a byline or a paragraph."""
    name_above_facts = any(states_facts(line.text) for line in below)
    wordless = title.is_rule or not any(character.isalnum() for character in title.text)
    if name_above_facts or wordless or states_facts(title.text) or is_prose(title.text):
        raise BlogTextError(source, f"no title stands above the text; line {title.number} is not one.")


def is_prose(text: str) -> bool:
    """Whether `text` is a paragraph: too long for a title, or long and with a full stop."""
    long = len(sentences(text)) > 1 or len(text.split()) > WORDS_OF_A_SENTENCE
    return len(text) > LONGEST_TITLE or (long and text.endswith("."))


def states_facts(text: str) -> bool:
    """Whether a line of a byline gives the reading time, the day, or both."""
    match = matched(text)
    return bool(match and (match["minutes"] or match["day"]))


def matched(text: str) -> re.Match[str] | None:
    return READ_THEN_DAY.fullmatch(text) or DAY_THEN_READ.fullmatch(text)


def byline_length(lines: Sequence[Line]) -> int:
    """Return how many of `lines` belong to the byline, with the buttons and rules that close it."""
    said = [index for index, line in enumerate(lines) if not line.is_blank][:LINES_OF_A_BYLINE]
    near = list(takewhile(lambda index: may_stand_in_byline(lines[index]), said))
    # A sub-title may be a sentence, so a line of facts is looked for a little beyond it too.
    facts = [index for index in sorted({*near, *said[:SUB_TITLE_LINES]}) if states_facts(lines[index].text)]
    rules = [index for index in near if lines[index].is_rule]
    named = [index for index in near[:1] if BY.match(lines[index].text)]
    last = facts[-1:] or rules[:1] or named
    below = said[said.index(last[0]) + 1 :] if last else []
    closing = takewhile(lambda index: is_furniture(lines[index]), below)
    return max([*last, *closing], default=-1) + 1


def may_stand_in_byline(line: Line) -> bool:
    return states_facts(line.text) or is_furniture(line) or is_name(unsigned(line.text))


def is_furniture(line: Line) -> bool:
    """Whether the blogging site put the line there: a rule of dashes, a button, a counter."""
    return line.is_rule or bool(BUTTON.fullmatch(line.text))


def unsigned(text: str) -> str:
    """Return a name without the site's "By" before it, and the day or "Follow" after it."""
    name = FOLLOW.sub("", BY.sub("", text))
    dated = NAME_THEN_DAY.fullmatch(name)
    return dated["name"] if dated else name


def signed_on(line: Line, source: str) -> date | None:
    """Return the day behind a name on its line; raises BlogTextError where it is in no calendar."""
    dated = NAME_THEN_DAY.fullmatch(FOLLOW.sub("", line.text))
    return day(dated["day"], line, source) if dated else None


def head(title: str, byline: Sequence[Line], source: str) -> Head:
    """Sort the lines of a byline into name, facts, and what is left out with its reason."""
    said = [line for line in byline if not line.is_blank]
    facts = [facts_of(line, source) for line in said if states_facts(line.text)]
    others = [line for line in said if not states_facts(line.text)]
    names = [line for line in others if not is_furniture(line) and is_name(unsigned(line.text))]
    days = [*(fact.published_on for fact in facts), *(signed_on(line, source) for line in names[-1:])]
    return Head(
        title=title,
        name=unsigned(names[-1].text) if names else None,
        minutes=next((fact.minutes for fact in facts if fact.minutes), None),
        published_on=next(filter(None, days), None),
        has_byline=bool(said),
        left_out=tuple(left_out(line) for line in others if line not in names[-1:]),
    )


def facts_of(line: Line, source: str) -> Facts:
    """Read a line that states facts; raises BlogTextError where its day is in no calendar."""
    match = matched(line.text)
    found = match.groupdict() if match else {}
    minutes, text = found.get("minutes"), found.get("day")
    return Facts(int(minutes) if minutes else None, day(text, line, source) if text else None)


def day(text: str, line: Line, source: str) -> date:
    """Read a day in one of the forms of DAY; raises BlogTextError where it is in no calendar."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    named = [MONTHS.index(word) + 1 for word in re.findall(r"[a-z]{3}", text.lower()) if word in MONTHS]
    try:
        if not named:
            return date(*numbers)
        first, second = numbers
        return date(second, named[0], first)
    except ValueError as error:
        raise BlogTextError(source, f"line {line.number} has a day in no calendar: {text!r}.") from error


def left_out(line: Line) -> LeftOut:
    """Say why a line of the byline goes nowhere."""
    if line.is_rule:
        return LeftOut(line.number, line.text, "a rule of dashes")
    if is_furniture(line):
        return LeftOut(line.number, line.text, "a button or a counter of the blogging site")
    return LeftOut(line.number, line.text, "stands between the title and the author's name")
