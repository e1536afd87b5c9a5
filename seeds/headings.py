"""Which bare lines of a blog text are headings, and of which level.

A blogging site's headings lose their size on being copied: what is left is a bare line, blank lines around
it. So a heading is known by its shape and its place.

1. It is one line, short, begins with no small letter and is one sentence at most.
2. Without a final mark it names what follows. With "?" it counts only when it reads as a question that
   readers have: it opens with a question word or a verb, asks about something named, and carries no second
   clause. A paragraph that merely ends in "?" is none.
3. Text follows it. Three or more bare lines in a row are a list; a question that is asked again further down,
   or has no text before the next, is a line of a table of contents.

Levels: a question is a section (2). After the first question a heading of few words is a sub-section (3) of
the section above it; a longer one says something of its own and is a section, and so is one right above a
question. Below the last question also a heading that closes ("Conclusion") or speaks for the author ("Our
clinic") is a section. In a text without any question, and above the first one, every heading is a section.

A text whose headings are marked as Markdown marks them ("## Causes") says itself what they are: those alone are
headings. Those with the fewest hashes are sections, and so is each that asks what readers ask; the others are
sub-sections.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby, zip_longest

from content.sentences import sentences
from seeds.lines import Block
from seeds.post import SECTION, SUB_SECTION

LONGEST_HEADING = 120
WORDS_OF_A_HEADING = 18
WORDS_OF_A_SUB_HEADING = 8
OPENING_MARKS = "\"'“‘«(¿¡"
CLOSING_MARKS = "\"'”’»)"
FINAL_MARKS = tuple(".!,;:…—–-。！")
QUESTION_MARKS = tuple("?？؟")
NUMBER = re.compile(r"(?:q(?:uestion)?\s*\d{0,2}|\d{1,2})[.):]\s+", re.IGNORECASE)
BULLET = re.compile(r"[-*•·–—▪◦]\s")
ADDRESS = re.compile(r"://|www\.|\w@\w")
ASKING = re.compile(
    r"(who|whom|whose|what|which|when|where|why|how"
    r"|am|is|are|was|were|do|does|did|can|could|will|would|shall|should|may|might|must|has|have|had)\b(?!['’])"
    r"|(for|to|with|from|at|in|on|by|after) (whom|what|which|how)\b"
    r"|(what|who|where|how|when|why)['’](s|re)\b",
    re.IGNORECASE,
)
# "Is this true?" asks about the sentence before it.
POINTS_BACK = re.compile(r"\w+ (this|that|these|those)\b", re.IGNORECASE)
WORDS_THAT_POINT_BACK = 5
# "Have you noticed that your legs ache in the evening?" is said to the reader, and not asked by one.
ADDRESSES_READER = re.compile(r"(have|had|did|were|are|do) you\b(?! (need|at risk)\b)", re.IGNORECASE)
SECOND_CLAUSE = re.compile(r"[;—–]|,\s*(but|so|yet|right|or (is|are|do|does)|(is|does|do)n['’]t)\b")
FEWEST_WORDS_OF_A_QUESTION = 3
CLOSING = re.compile(
    r"(in )?(conclusions?|summary|closing)|(final|closing|parting) (thoughts|words)|(the )?bottom line"
    r"|(key )?take-?aways?( points)?|next steps|to sum up|(references|sources|further reading|disclaimer)",
    re.IGNORECASE,
)
SPEAKS_FOR_AUTHOR = re.compile(r"\b(we|us|our|ours|appointment|consultation)\b", re.IGNORECASE)


class Kind(StrEnum):
    """What a block is: a paragraph, a heading that asks, or one that names."""

    TEXT = "text"
    QUESTION = "question"
    NAME = "name"


# So many names in a row may stand above what follows; "Frequently asked questions" stands above a question.
MOST_NAMES_ABOVE: dict[Kind | None, int] = {Kind.TEXT: 2, Kind.QUESTION: 1, None: 0}


def heading_levels(blocks: Sequence[Block], *, author: str | None, locale: str) -> dict[int, int]:
    """Map the index of each block that is a heading to its level, 2 or 3."""
    if are_marked(blocks):
        return marked_levels(blocks, locale)
    kinds = settle([shape(block, locale) for block in blocks], [block.text for block in blocks])
    asked = [index for index, kind in enumerate(kinds) if kind == Kind.QUESTION]
    first, last = (asked[0], asked[-1]) if asked else (len(kinds), len(kinds))
    levels = {}
    for index, kind in enumerate(kinds):
        if kind == Kind.TEXT:
            continue
        below = kind == Kind.NAME and index > first and kinds[index + 1] != Kind.QUESTION
        own = opens_section(blocks[index].text, author, last=index > last)
        levels[index] = SUB_SECTION if below and not own else SECTION
    return levels


def are_marked(blocks: Sequence[Block]) -> bool:
    """Whether a text marks its headings; one line with one hash may be "# 1 in the list of causes"."""
    ranks = [block.rank for block in blocks if block.rank]
    return len(ranks) > 1 or max(ranks, default=0) > 1


def marked_levels(blocks: Sequence[Block], locale: str) -> dict[int, int]:
    """Map the index of each marked heading to its level; a question that has no answer below it is none."""
    marked = [index for index, block in enumerate(blocks) if block.rank]
    fewest = min(blocks[index].rank for index in marked)
    levels, answered = {}, False
    for index in reversed(range(len(blocks))):
        text, rank = blocks[index].text.rstrip(CLOSING_MARKS), blocks[index].rank
        asks = bool(rank) and text.endswith(QUESTION_MARKS)
        section = rank == fewest or index == marked[0] or (asks and is_question(text, locale))
        if not rank or (asks and section and not answered):
            answered = True
            continue
        levels[index] = SECTION if section else SUB_SECTION
        answered = answered and not section
    return levels


def opens_section(text: str, author: str | None, *, last: bool) -> bool:
    """Whether a heading below a question leaves it; `last` when no further question follows."""
    if len(text.split()) > WORDS_OF_A_SUB_HEADING:
        return True
    speaks = bool(SPEAKS_FOR_AUTHOR.search(text)) or bool(author and author.lower() in text.lower())
    return last and (speaks or bool(CLOSING.fullmatch(text.strip(OPENING_MARKS + CLOSING_MARKS))))


def shape(block: Block, locale: str) -> Kind:
    """Tell what a block could be by its look alone."""
    text = block.text
    bare = text.rstrip(CLOSING_MARKS)
    if not (block.stands_alone and may_open(text) and is_short(text)) or bare.endswith(FINAL_MARKS):
        return Kind.TEXT
    if not bare.endswith(QUESTION_MARKS):
        return Kind.NAME
    return Kind.QUESTION if is_question(bare, locale) else Kind.TEXT


def may_open(text: str) -> bool:
    """Whether a heading may begin as `text` does: with a letter or a digit, but no small letter or bullet."""
    if BULLET.match(text) or ADDRESS.search(text):
        return False
    first = text.lstrip(OPENING_MARKS)[:1]
    return first.isalnum() and not first.islower()


def is_short(text: str) -> bool:
    """Whether `text` is of a heading's length, and one sentence."""
    return (
        len(text) <= LONGEST_HEADING
        and len(text.split()) <= WORDS_OF_A_HEADING
        and len(sentences(unnumbered(text))) == 1
    )


def is_question(text: str, locale: str) -> bool:
    """Whether a short line that ends in "?" is a question that readers have, and not a turn of the author's.

    We know the words that open a question in English; in another language its form alone decides.
    """
    asks = unnumbered(text).lstrip(OPENING_MARKS)
    if SECOND_CLAUSE.search(asks):
        return False
    if not locale.lower().startswith("en"):
        return "," not in asks
    if is_title_case(asks):
        return True
    return opens_as_question(asks) or opens_as_question(asks.rpartition(": ")[2])


def unnumbered(text: str) -> str:
    """Return `text` without a number before it ("1. ", "Q2: ")."""
    match = NUMBER.match(text)
    return text[match.end() :] if match else text


def opens_as_question(text: str) -> bool:
    """Whether English `text` begins as a question does, and names what it asks about."""
    words = len(text.split())
    points_back = POINTS_BACK.match(text) and words <= WORDS_THAT_POINT_BACK
    said_to_reader = points_back or ADDRESSES_READER.match(text)
    return bool(ASKING.match(text)) and words >= FEWEST_WORDS_OF_A_QUESTION and not said_to_reader


def is_title_case(text: str) -> bool:
    """Whether every long word of `text`, and more than one, has a capital."""
    long = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return len(long) > 1 and not any(word[0].islower() for word in long)


def settle(kinds: Sequence[Kind], texts: Sequence[str]) -> list[Kind]:
    """Make text of those that could be headings but have no text of their own below them."""
    named = without_lists(kinds)
    settled = list(named)
    below: Kind | None = None
    later: set[str] = set()
    for index in reversed(range(len(named))):
        text = texts[index].casefold()
        if named[index] == Kind.QUESTION and (below != Kind.TEXT or text in later):
            settled[index] = Kind.TEXT
        if named[index] != Kind.NAME:
            below = named[index]
        later.add(text)
    return settled


def without_lists(kinds: Sequence[Kind]) -> list[Kind]:
    """Make text of each run of names that is a list, or that neither text nor a question follows."""
    named: list[Kind] = []
    runs = [(kind, len(list(run))) for kind, run in groupby(kinds)]
    for (kind, length), follower in zip_longest(runs, [kind for kind, _ in runs[1:]]):
        names = kind == Kind.NAME and length <= MOST_NAMES_ABOVE[follower]
        named += [kind if names or kind == Kind.QUESTION else Kind.TEXT] * length
    return named
