"""Shown: what a template of an embed prints of one text, or of what is told in the place of a text that is no more.

Made of `telling`, as feeds and JSON-LD are, so that all of them say the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from api import gone, telling, terms
from api.embeds import words
from api.telling import Told, absolute
from content import entries, markup, types
from content.errors import Gone
from content.reviews import ReviewStatus
from storage import db

LIVE = "live"
NOT_FOUND = "not-found"
_FINER = re.compile(r"(\.\d{3})\d+")


@dataclass(frozen=True)
class Fact:
    """One thing that is known of a text: its name, in words, and for machines as `day` or as the address `url`."""

    name: str
    label: str
    text: str = ""
    day: str | None = None
    url: str | None = None

    @property
    def datetime(self) -> str:
        """The day as HTML takes it: no more than three digits of a second."""
        return _FINER.sub(r"\1", self.day or "")


@dataclass(frozen=True)
class Shown:
    """One text ready to be printed; `status` is `live`, else why it is not shown, and then `passages` say that.

    `notes` are what must travel with it; both are HTML. `id` and `version` are None where there is no entry.
    """

    locale: str
    status: str
    title: str
    notes: list[Markup]
    passages: list[Markup]
    facts: list[Fact]
    id: str | None = None
    version: int | None = None
    type: str | None = None
    address: str | None = None  # the path of its JSON

    @property
    def words(self) -> words.Words:
        """The labels of its language."""
        return words.of(self.locale)

    @property
    def direction(self) -> str:
        """In which direction its language is written."""
        return words.direction(self.locale)


def text(told: Told, *, level: int, framed: bool) -> Shown:
    """Return a public text; its title is to be a heading of that `level`. `framed`: its links lead out of a frame."""
    document = told.document
    prefix = f"verso-{document['id']}-"
    return Shown(
        locale=document["locale"],
        status=LIVE,
        title=told.title,
        notes=[_html(one, prefix, level, framed) for one in told.notes],
        passages=[_html(one, prefix, level, framed) for one in told.prose],
        facts=list(_facts(told)),
        id=document["id"],
        version=document["version"],
        type=document["type"],
        address=document["urls"]["self"],
    )


def _html(passage: Mapping[str, Any], prefix: str, level: int, framed: bool) -> Markup:
    whole = markup.absolute(passage["html"], absolute("/"), prefix=prefix, own_images=True)
    html = markup.lowered(whole, level - 1)
    return Markup(markup.outward(html) if framed else html)  # noqa: S704


def _facts(told: Told) -> Iterator[Fact]:
    document, spoken = told.document, words.of(told.document["locale"])
    # No reader of a partner's page could open our own page of what needs the partner's key.
    closed = told.canonical is None and terms.needs_key(document["id"])
    own_page = None if closed else absolute(f"{document['urls']['self']}/embed")
    yield Fact("source", spoken.source, terms.attribution(), url=told.canonical or own_page)
    yield _dated("updated", spoken.updated, told.updated, document["locale"])
    yield from _reviewed(told.review, spoken, document["locale"])
    yield Fact("version", spoken.version, str(document["version"]))
    if told.rights:
        yield Fact("rights", spoken.rights, told.rights)


def _reviewed(review: Mapping[str, Any], spoken: words.Words, locale: str) -> Iterator[Fact]:
    reviewers = "; ".join(filter(None, map(_reviewer, review.get("reviewers", ()))))
    if last := review.get("last_reviewed_on"):
        yield _dated("reviewed", spoken.reviewed, last, locale, reviewers)
    due = review.get("review_due_on")
    if review.get("status") == ReviewStatus.NOT_REVIEWED:
        yield Fact("status", spoken.review, spoken.unreviewed)
    elif review.get("status") == ReviewStatus.DUE and due:
        yield _dated("status", spoken.review, due, locale, before=spoken.overdue)
    elif due:
        yield _dated("due", spoken.next_review, due, locale)


def _reviewer(reviewer: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (reviewer["name"], reviewer["credentials"])))


def _dated(name: str, label: str, day: str, locale: str, after: str = "", before: str = "") -> Fact:
    """Return a fact of a day: in words, with what stands before and after it."""
    told = f"{before} {words.day(day, locale)}".strip()
    return Fact(name, label, ", ".join(filter(None, (told, after))), day=day)


def no_more(error: Gone) -> Shown:
    """Return what is told of a text that was public and is not now."""
    told, locale = gone.members(error), entries.entry(db.session(), error.entry_id).locale
    spoken, replacement = words.of(locale), told["replacement"]
    instead = []
    if replacement and types.get(replacement["type"]).health:
        there = absolute(f"{replacement['url']}/embed")
        instead = [Fact("replacement", spoken.instead, there, url=there)]
    return struck(told, locale, instead)


def struck(stub: Mapping[str, Any], locale: str, more: list[Fact] | None = None) -> Shown:
    """Return what stands in the place of a text: the `notice` of it, and the public reason as words."""
    notice, spoken = stub["notice"], words.of(locale)
    note = [Markup(telling.paragraph(notice["note"]))] if notice["note"] else []  # noqa: S704
    source = Fact("source", spoken.source, telling.organisation(), url=absolute("/"))
    since = _dated("since", spoken.since, notice["at"], locale)
    return Shown(
        locale=locale,
        status=notice["reason"],
        title=telling.no_more(notice["reason"], locale),
        notes=[],
        passages=note,
        facts=[*(more or []), source, since],
        id=stub["id"],
        version=stub["version"],
    )


def moved(url: str, locale: str) -> Shown:
    """Return what is told of a text that is on another site now: a page of that would not be framed or included."""
    spoken = words.of(locale)
    return Shown(
        locale=locale,
        status="redirected",
        title=telling.no_more("redirected", locale),
        notes=[],
        passages=[],
        facts=[Fact("replacement", spoken.here_now, url, url=url)],
    )


def nothing(locale: str) -> Shown:
    """Return what is told where there is no text, or none that the caller may read."""
    spoken = words.of(locale)
    source = Fact("source", spoken.source, telling.organisation(), url=absolute("/"))
    return Shown(locale, NOT_FOUND, spoken.nothing, notes=[], passages=[], facts=[source])
