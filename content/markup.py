"""Markdown, the source that editors write: its HTML, its plain words, its sections, and how to write plain text in it.

CommonMark 0.31 with tables and strikethrough; raw HTML is shown as text. What comes out is sanitised, so that a
document may be put into a page as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from slugify import slugify

# The preset leaves out what lies deeper than 20 quotes or lists; nobody writes 100.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable(["table", "strikethrough"])
_TAGS = set(
    "p br hr h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a img table thead tbody tr th td".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "code": {"class"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
# What could begin or end a span anywhere; `&` only where an entity could follow.
_INLINE = re.compile(r"[\\`*_\[\]<|~]|&(?=[A-Za-z#])")
# What could begin a block at the start of a line: headings, quotes, lists, rules, underlined headings, a table's rule.
_HEADING = re.compile(r"(</?h)([2-6])(?=[ >])")
_LINE_START = re.compile(r"^([#>+=-]|:(?=-))|^(\d{1,9})([.)])")


@dataclass(frozen=True)
class Section:
    """A heading with what follows it up to the next one; the introduction has neither id, heading nor level."""

    id: str | None
    heading: str | None
    level: int | None
    html: str
    text: str


@dataclass(frozen=True)
class Prose:
    """A Markdown text made public: sanitised HTML, plain words, and its sections in reading order.

    `text` is unescaped, blocks parted by an empty line, headings lines of their own. The title above it is level
    1, so its sections are level 2 and their sub-sections level 3; deeper headings stay inside their section.
    """

    html: str
    text: str
    sections: tuple[Section, ...]


def render(markdown: str) -> Prose:
    """Render a Markdown text, once and for all; equal sources give equal bytes."""
    env: dict[str, object] = {}
    tokens = _MARKDOWN.parse(markdown, env)
    sections, pages, words, taken = [], [], [], dict[str, int]()
    for heading, body in _parts(tokens):
        html, text = _html(body, env), "\n\n".join(_blocks(body))
        if heading is None:
            sections.append(Section(None, None, None, html, text))
        else:
            title, level = _words(heading[1]), 3 if heading[0].tag == "h3" else 2
            anchor = _anchor(title, taken)
            sections.append(Section(anchor, title, level, html, text))
            pages.append(f'<h{level} id="{anchor}">{_inline_html(heading[1], env)}</h{level}>\n')
            words.append(title)
        pages.append(html)
        words.append(text)
    return Prose("".join(pages), "\n\n".join(filter(None, words)), tuple(sections))


def parse(markdown: str) -> list[Token]:
    """Return a text's tokens as the parser gives them; a block's `map` says on which lines it stands."""
    return _MARKDOWN.parse(markdown)


def links(markdown: str) -> Iterator[str]:
    """Yield where each link of a text leads, in order."""
    for token in parse(markdown):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrGet("href") or "")


def escape(text: str) -> str:
    """Return Markdown whose plain words are `text`: nothing in it is read as markup, nothing is lost."""
    return "\n".join(map(_escape_line, text.split("\n")))


def _escape_line(line: str) -> str:
    escaped = _INLINE.sub(lambda found: "\\" + found.group(), line.strip())
    return _LINE_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)


def _parts(tokens: Sequence[Token]) -> Iterator[tuple[Sequence[Token] | None, Sequence[Token]]]:
    """Yield (heading's tokens or None, tokens up to the next heading); what precedes all headings comes first."""
    starts = [
        place
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.tag in ("h1", "h2", "h3")
    ]
    first = starts[0] if starts else len(tokens)
    yield None, tokens[:first]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=False):
        yield tokens[start : start + 3], tokens[start + 3 : end]


def _html(tokens: Sequence[Token], env: dict[str, object]) -> str:
    return _clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env))


def _inline_html(token: Token, env: dict[str, object]) -> str:
    return _clean(_MARKDOWN.renderer.render([token], _MARKDOWN.options, env))


def _clean(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer"
    )


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the words of each block; the cells of a table's row make one block, parted by tabs."""
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield "\t".join(row or [])
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_words(token))
        elif token.type == "inline":
            yield _words(token)
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")


def _words(token: Token) -> str:
    return "".join(_word(child) for child in token.children or [])


def _word(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    # A picture's words are its alt text, which the parser keeps as the children of its token.
    return _words(token) if token.children else token.content


def absolute(html: str, base: str, *, prefix: str = "", own_images: bool = False) -> str:
    """Return HTML that `render` made, with every address that begins at `base` written out; anchors stay.

    `prefix` is put before each anchor, and before what leads to it, where several texts come to stand on one page.
    `own_images`: of an image from anywhere but `base` only its words are left, so that nobody else hears who reads it.
    """

    def kept(tag: str, name: str, value: str) -> str | None:
        foreign = (tag, name) == ("img", "src") and not urljoin(base, value).startswith(base)
        return None if foreign else value

    return nh3.clean(
        html,
        attribute_filter=kept if own_images else None,
        tags=_TAGS,
        attributes={**_ATTRIBUTES, "h2": {"id"}, "h3": {"id"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        id_prefix=prefix or None,
        url_relative=lambda url: f"#{prefix}{url[1:]}" if url.startswith("#") else urljoin(base, url),
    )


def outward(html: str) -> str:
    """Return HTML that `render` made, whose links open a page of their own; those to its own anchors do not."""
    return html.replace('<a href="', '<a target="_blank" href="').replace(
        '<a target="_blank" href="#', '<a href="#'
    )


def lowered(html: str, by: int) -> str:
    """Return HTML that `render` made, with its headings so many levels further down; none is below the sixth."""
    return _HEADING.sub(lambda found: f"{found[1]}{min(6, int(found[2]) + by)}", html)


def _anchor(title: str, taken: dict[str, int]) -> str:
    """Return an id for a heading, unlike every id in `taken`, and take it; each knows up to where it was counted on."""
    stem = slugify(title, max_length=60, word_boundary=True) or "section"
    anchor, count = stem, taken.get(stem, 1)
    while anchor in taken:
        count += 1
        anchor = f"{stem}-{count}"
    taken[stem] = count
    taken.setdefault(anchor, 1)
    return anchor
