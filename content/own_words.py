"""Own words: what somebody wrote of a text, as long as nobody else has signed it, and so may not sign either."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from content import diffs
from content.fields import Field
from content.versions import Version

Pair = tuple[Version | None, Version]


@dataclass(frozen=True)
class Text:
    """A content, known by its hash, and how it came to be.

    `kept` is every version of its entry, the oldest first; `signed` are the contents that others have signed, and
    `reviewed` is the newest version of those, up to the one of this `number`, 0 where there is none; `fields` are those
    that a content consists of.
    """

    content_hash: str
    number: int
    kept: Sequence[Version]
    signed: frozenset[str]
    reviewed: int
    fields: Sequence[Field]


def are_in(text: Text, writer: str) -> bool:
    """Return whether somebody's hand is in a text that no other has signed, as far as that is not signed.

    It is where they made a version since the last one that is signed, whoever wrote it anew; where they made one of the
    contents that it was made from, since what is signed; and where it has words that they brought into any version, and
    nothing signed has, however those came here.
    """
    pairs = [(before, one) for before, one in pairwise([None, *text.kept]) if one]
    own = [pair for pair in pairs if pair[1].by == writer and not _is_same(*pair)]
    line = _line(text) if own else ()
    since = any(text.reviewed < one.number <= text.number for _, one in own)
    return since or any(one.content_hash in line for _, one in own) or _brought(text, own)


def _line(text: Text) -> set[str]:
    """Return a content with those that it was made from, back to the first ones that are signed, without these.

    Who brings a content back, as a restored version or as a draft that moves along, adds no word to it. So each was
    made from what the first version that has it was based on, and was merged with: the one before it.
    """
    numbered = {one.number: one for one in text.kept}
    first = {one.content_hash: one for one in reversed(text.kept)}
    line, waiting = set[str](), {text.content_hash}
    while waiting:
        line.add(content := waiting.pop())
        made = first[content]
        before = {numbered[number].content_hash for number in (made.based_on, made.number - 1) if number}
        waiting |= before - line - text.signed
    return line


def _brought(text: Text, own: Sequence[Pair]) -> bool:
    if not own:
        return False
    words = {one.content_hash: set(_words(one, text.fields)) for one in text.kept}
    unsigned = words[text.content_hash].difference(*(words[one] for one in text.signed))
    return any(
        unsigned & words[one.content_hash] - (words[before.content_hash] if before else set())
        for before, one in own
    )


def _is_same(before: Version | None, one: Version) -> bool:
    return before is not None and before.content_hash == one.content_hash


def _words(version: Version, fields: Sequence[Field]) -> Iterator[str]:
    content: dict[str, Any] = version.content or {}
    for field in fields:
        for word in diffs.tokens(field.words(content.get(field.name))):
            if any(map(str.isalnum, word)):
                yield word
