"""From a file's bytes to numbered lines of clean text, and from lines to blocks."""

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content.characters import refused_character
from seeds.errors import BlogTextError

LINE_END = re.compile("\r\n|[\r\n\u2028\u2029]")
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Longer marks first: UTF-16's is the beginning of UTF-32's.
OTHER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
BYTE_ORDER_MARK = "\ufeff"
# A line of nothing but these looks empty to whoever pasted it.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
RULE = re.compile("[-\u2010-\u2015\u2212_]{2,}|[\u2014\u2015]")

# A heading as Markdown writes it, and the hashes that may close one.
MARKED = re.compile(r"(#{1,6})[ \t]+(?=[^\s#])")
CLOSING_MARK = re.compile(r"[ \t]+#+$")


@dataclass(frozen=True)
class Line:
    """A line without the white space around it; `number` counts from 1."""

    number: int
    text: str

    @property
    def is_blank(self) -> bool:
        return not self.text.strip(INVISIBLE + " \t\u00a0")

    @property
    def is_rule(self) -> bool:
        """Whether it is one of the rules of dashes that a blogging site puts around a post."""
        return bool(RULE.fullmatch(self.text))

    @property
    def rank(self) -> int:
        """How many hashes mark it as a heading of Markdown's, 0 where none do."""
        match = MARKED.match(self.text)
        return len(match[1]) if match else 0


@dataclass(frozen=True)
class Block:
    """Lines that stand together, blank lines around them: a paragraph, a heading or a caption.

    A heading that is marked as one stands by itself, and its text is without the mark.
    """

    lines: tuple[Line, ...]

    @property
    def rank(self) -> int:
        """How many hashes mark it as a heading, 0 where none do."""
        return self.lines[0].rank

    @property
    def text(self) -> str:
        if self.rank:
            return CLOSING_MARK.sub("", MARKED.sub("", self.lines[0].text))
        return "\n".join(line.text for line in self.lines)

    @property
    def stands_alone(self) -> bool:
        """Whether it is one bare line."""
        return len(self.lines) == 1


def read_lines(data: bytes, source: str) -> list[Line]:
    """Return every line of `data`, blank ones too, in order.

    Raises BlogTextError where the bytes are empty, binary or not UTF-8, or hold a control character.
    """
    lines = []
    for number, text in enumerate(LINE_END.split(decoded(data, source).lstrip(BYTE_ORDER_MARK)), start=1):
        refuse_unwelcome(text, number, source)
        lines.append(Line(number, text.strip()))
    if all(line.is_blank for line in lines):
        raise BlogTextError(source, "the file is empty.")
    return lines


def decoded(data: bytes, source: str) -> str:
    """Return `data` as text, or raise BlogTextError that tells binary from another encoding."""
    for mark, encoding in OTHER_MARKS.items():
        if data.startswith(mark):
            raise BlogTextError(source, f"the text is in {encoding}, where UTF-8 is expected.")
    if b"\0" in data:
        raise BlogTextError(source, "this is a binary file, where a text in UTF-8 is expected.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BlogTextError(source, undecodable(data, error.start)) from error


def undecodable(data: bytes, start: int) -> str:
    """Say what is wrong with bytes that are no UTF-8 from `start` on."""
    if CONTROL_BYTES.search(data):
        return "this is a binary file, where a text in UTF-8 is expected."
    number = len(LINE_END.split(data[:start].decode("utf-8")))
    return f"the encoding is not UTF-8, which is expected: line {number} has the byte 0x{data[start]:02X}."


def refuse_unwelcome(text: str, number: int, source: str) -> None:
    """Raise BlogTextError where line `number` has a control character or a non-character."""
    code = refused_character(text)
    if code:
        raise BlogTextError(source, f"line {number} has the control character {code}; take it out.")


def read_blocks(lines: Iterable[Line]) -> list[Block]:
    """Gather lines that stand together; a blank line or a rule ends a block and is in none."""
    blocks: list[list[Line]] = [[]]
    for line in lines:
        if line.is_blank or line.is_rule:
            blocks.append([])
        elif line.rank:
            blocks += [[line], []]
        else:
            blocks[-1].append(line)
    return [Block(tuple(block)) for block in blocks if block]


def spread(lines: Sequence[Line]) -> list[Line]:
    """Return `lines`, each one apart from the next where the text has no blank line between any two.

    Some pages lose their blank lines on being copied: there each line is a paragraph.
    """
    inner = lines[first_said(lines) : len(lines) - first_said(lines[::-1])]
    if any(line.is_blank for line in inner):
        return list(lines)
    return [apart for line in lines for apart in (line, Line(line.number, ""))]


def first_said(lines: Sequence[Line]) -> int:
    """Return the index of the first line that is not blank, else the number of lines."""
    return next((index for index, line in enumerate(lines) if not line.is_blank), len(lines))
