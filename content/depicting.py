"""Depicting: the field that holds a picture, and how a text shows pictures of ours, which it names by their ids.

A document's HTML names an image as the text does. Readers get what that is at their sequence: its renditions, and its
own words where the text has none for it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

from content import markup
from content.errors import Fault, Invalid
from content.fields import Field, Values, faulty
from content.lists import Links
from content.reencoding import ENDINGS, WEBP

Json = Mapping[str, Any]
MEDIA = "/api/v1/media"
IMAGES = "/api/v1/images/"
_HASH = re.compile(r"[0-9a-f]{64}")
# As markup writes it: of an attribute, a quotation mark never stands within its words.
_IMG = rf'<img src="{IMAGES}(?P<id>[0-9a-f-]{{36}})"(?: alt="(?P<alt>[^"]*)")?(?: title="(?P<title>[^"]*)")?>'
_ALONE_OR_NOT = re.compile(rf"(?P<open><p>)?{_IMG}(?P<close></p>)?")


def address(rendition: Json) -> str:
    """Return the path under which a rendition is served."""
    return f"{MEDIA}/{rendition['hash']}.{ENDINGS[rendition['type']]}"


@dataclass(frozen=True, kw_only=True)
class Picture(Field):
    """A picture that was uploaded, by its hash; shown as `url`, `width`, `height` and `renditions`.

    What is stored knows its renditions too, so that a version says by itself all that its document shows.
    """

    kind = "picture"

    @property
    def paths(self) -> tuple[str, ...]:
        return ("url", "width", "height", "renditions")

    def check(self, value: Any, pointer: str) -> Any:
        given = {"hash": value} if isinstance(value, str) else value
        if not isinstance(given, Mapping) or not _HASH.fullmatch(str(given.get("hash", ""))):
            raise faulty(pointer, "is no picture that was uploaded")
        return given

    def parts(self, values: Values) -> dict[str, Any]:
        if not (value := values.get(self.name)):
            return {"url": None, "width": None, "height": None, "renditions": []}
        renditions = value["renditions"]
        largest = next(one for one in renditions if one["hash"] == value["hash"])
        told = [
            {"url": address(one), **{name: one[name] for name in ("type", "width", "height")}}
            for one in renditions
        ]
        size = {"width": largest["width"], "height": largest["height"]}
        return {"url": address(largest), **size, "renditions": told}

    def words(self, value: Any) -> str:
        if not value:
            return ""
        largest = next(one for one in value["renditions"] if one["hash"] == value["hash"])
        return f"{largest['width']} × {largest['height']} points, {largest['type']}, {value['hash'][:8]}"


@dataclass(frozen=True, kw_only=True)
class PicturesOf(Links):
    """The images that the text in the field `source` shows, worked out at each save; nobody types them."""

    def derived(self, values: Values) -> list[str]:
        assert self.source
        return list(dict.fromkeys(named(str(values.get(self.source) or ""), f"/{self.source}")))

    def words(self, value: Any) -> str:
        return ""  # the text says it

    def renamed(self, values: Values, one: str, other: str) -> dict[str, Any]:
        """Return the text with another image in the place of one."""
        assert self.source
        return {self.source: str(values.get(self.source) or "").replace(IMAGES + one, IMAGES + other)}


def named(markdown: str, pointer: str) -> Iterator[str]:
    """Yield the ids of our images that a text shows; raises Invalid at `pointer` for what can be none of ours."""
    for source in sources(markdown):
        if source.startswith(IMAGES):
            yield _id(source, pointer)


def _id(source: str, pointer: str) -> str:
    """Return the id of an image of ours by its address; raises Invalid where that is spelt as readers get none."""
    written = source.removeprefix(IMAGES)
    try:
        known = str(UUID(written))
    except ValueError as error:
        raise Invalid([Fault(pointer, f"shows {source}, which names no image by its id")]) from error
    if written != known:
        raise Invalid([Fault(pointer, f"shows {source}, which is to be written {IMAGES}{known}")])
    return known


def none_of_ours(values: Values, *texts: str) -> Iterator[Fault]:
    """Yield a fault for each of these texts that shows an image of ours: readers would get none there."""
    for name in texts:
        value = values.get(name) or ""
        passages = [value] if isinstance(value, str) else value
        if any(source.startswith(IMAGES) for one in passages for source in sources(one)):
            yield Fault(f"/{name}", "shows an image, which only the text of an article can")


def sources(markdown: str) -> Iterator[str]:
    """Yield where the pictures of a text come from."""
    for token in markup.parse(markdown):
        for child in token.children or ():
            if child.type == "image":
                yield str(child.attrGet("src") or "")


def named_in(html: str) -> set[str]:
    """Return the ids of the images that a text's HTML names."""
    return {found["id"] for found in _ALONE_OR_NOT.finditer(html)}


def shown(html: str, images: Mapping[str, Json]) -> str:
    """Return a text's HTML with the images that it names, by id as readers are shown them.

    One that stands alone in a paragraph is a figure with its caption. In place of one that is not among `images` are
    its words.
    """
    return _ALONE_OR_NOT.sub(lambda found: _one(found, images), html) if IMAGES in html else html


def _one(found: re.Match[str], images: Mapping[str, Json]) -> str:
    before, after, alt = found["open"] or "", found["close"] or "", found["alt"] or ""
    image = images.get(found["id"])
    if image is None or not image["url"]:
        return f"{before}{alt}{after}"
    tag = _tag(image, alt or escape(image["alt"] or ""), found["title"])
    words = [escape(image[name]) for name in ("caption", "credit") if image[name]]
    if not (before and after and words):
        return f"{before}{tag}{after}"
    return f"<figure>{tag}<figcaption>{' · '.join(words)}</figcaption></figure>"


def _tag(image: Json, alt: str, title: str | None) -> str:
    of_webp = [one for one in image["renditions"] if one["type"] == WEBP]
    of_all = [one for one in image["renditions"] if one["type"] != WEBP]
    named_so = f' title="{title}"' if title else ""
    return (
        f'<picture><source type="{WEBP}" srcset="{_srcset(of_webp)}" sizes="100vw">'
        f'<img src="{image["url"]}" srcset="{_srcset(of_all)}" sizes="100vw" width="{image["width"]}"'
        f' height="{image["height"]}" alt="{alt}"{named_so} loading="lazy"></picture>'
    )


def _srcset(renditions: Sequence[Json]) -> str:
    return ", ".join(f"{one['url']} {one['width']}w" for one in renditions)
