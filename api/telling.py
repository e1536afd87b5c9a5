"""Telling: what every form of a document says alike: feeds and JSON-LD are made of this, and of nothing else.

So a version has the same id, number, dates and words in each of them, and its warnings come before its words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from api import asking
from content import markup
from content.errors import GRANT_ENDED
from content.feeds import LEFT_FILTER, Removal
from content.fields import Markdown
from content.log import State
from content.types import ContentType

Document = Mapping[str, Any]
_NOTE = '<aside role="note">{}</aside>\n'
# By language; readers of any other are told in English.
_REMOVED = {
    "en": "No longer public",
    "de": "Nicht mehr öffentlich",
    "es": "Ya no es público",
    "fr": "N’est plus public",
    "it": "Non è più pubblico",
    "nl": "Niet meer openbaar",
}
_RETRACTED = {
    "en": "Retracted",
    "de": "Zurückgezogen, weil falsch",
    "es": "Retractado",
    "fr": "Rétracté",
    "it": "Ritrattato",
    "nl": "Ingetrokken wegens onjuistheid",
}
_ENDED = {
    "en": "No longer available here",
    "de": "Hier nicht mehr verfügbar",
    "es": "Ya no está disponible aquí",
    "fr": "N’est plus disponible ici",
    "it": "Non più disponibile qui",
    "nl": "Hier niet meer beschikbaar",
}
_LEFT = {
    "en": "No longer in this feed",
    "de": "Nicht mehr in diesem Feed",
    "es": "Ya no está en este canal",
    "fr": "N’est plus dans ce flux",
    "it": "Non più in questo feed",
    "nl": "Niet meer in deze feed",
}
_BARRED = {
    "en": "May not be republished",
    "de": "Darf nicht weiterveröffentlicht werden",
    "es": "No se permite volver a publicarlo",
    "fr": "Ne peut pas être republié",
    "it": "Non può essere ripubblicato",
    "nl": "Mag niet opnieuw worden gepubliceerd",
}


@dataclass(frozen=True)
class Told:
    """One public form of an entry: `html` and `text` are its whole words; dates are as the document has them."""

    declared: ContentType
    document: Document

    @property
    def urn(self) -> str:
        """The entry's name in all feeds, whatever becomes of its address."""
        return urn(self.document["id"])

    @property
    def title(self) -> str:
        """What people know it by."""
        return str(_at(self.document, self.declared.field(self.declared.title).shown_at))

    @property
    def summary(self) -> str | None:
        """It in brief, what must travel with it included; None where its type or its editor has nothing brief."""
        name = self.declared.summary
        brief = _at(self.document, self.declared.field(name).shown_at) if name else None
        return "\n\n".join([*(one["text"] for one in self.notes), brief]) if brief else None

    @property
    def html(self) -> str:
        """Its words as HTML, what must travel with it first; it has no page, so its addresses are absolute."""
        notes = [_NOTE.format(_on_any_page(one).strip()) for one in self.notes]
        return "".join([*notes, *map(_on_any_page, self.prose)])

    @property
    def text(self) -> str:
        """Its words without markup, what must travel with it first."""
        return "\n\n".join(one["text"] for one in [*self.notes, *self.prose])

    @property
    def notes(self) -> list[Document]:
        """What must travel with it: that its review is overdue, where readers are told so, and its warnings."""
        banner = (self.document.get("review") or {}).get("banner")
        warnings = [
            one
            for field in self.declared.fields
            if field.travels
            for one in _at(self.document, field.shown_at) or ()
        ]
        return [*([banner] if banner else []), *warnings]

    @property
    def prose(self) -> Iterator[Document]:
        """Its passages in reading order, without what must travel with them."""
        for field in self.declared.fields:
            if (
                field.kind == Markdown.kind
                and field.shown_at
                and (found := _at(self.document, field.shown_at))
            ):
                yield found

    @property
    def authors(self) -> Sequence[Document]:
        """Who signs it."""
        return self.document.get("authors") or ()

    @property
    def topics(self) -> Sequence[Document]:
        """What it is filed under."""
        return self.document.get("topics") or ()

    @property
    def tags(self) -> Sequence[str]:
        """The words that it is filed under."""
        return self.document.get("tags") or ()

    @property
    def canonical(self) -> str | None:
        """Its page on the organisation's own site."""
        found: str | None = self.document["urls"].get("canonical")
        return found

    @property
    def published(self) -> str:
        """When it was first public here."""
        return str(self.document["dates"]["first_published_at"])

    @property
    def updated(self) -> str:
        """When it last changed beyond a typo."""
        return str(self.document["dates"]["updated_at"])

    @property
    def may_be_republished(self) -> bool:
        """Whether others may show it on their own sites."""
        return bool((self.document.get("syndication") or {}).get("allowed", True))

    @property
    def rights(self) -> str | None:
        """That it may not be republished, in words of its language; None where it may."""
        return None if self.may_be_republished else _in(_BARRED, self.document["locale"])

    @property
    def review(self) -> Document:
        """What readers are told of its review; nothing of a type that needs none."""
        found: Document = self.document.get("review") or {}
        return found


def urn(entry_id: str) -> str:
    """Return the name of an entry in feeds (RFC 9562)."""
    return f"urn:uuid:{entry_id}"


def absolute(path: str) -> str:
    """Return an address of ours as those need it who have no page to start from."""
    return f"{asking.config()['VERSO_PUBLIC_URL']}{path}"


def organisation() -> str:
    """Return whose texts these are."""
    return str(asking.config()["VERSO_ORGANISATION"])


def farewell(removal: Removal) -> str:
    """Return what stands for the title of an entry that is no more: its own would be its words."""
    return no_more(removal.notice.reason, removal.locale)


def no_more(reason: str, locale: str) -> str:
    """Return in a language how something is no more: not public, retracted, not to be shown here, or not in a feed."""
    words = {State.RETRACTED: _RETRACTED, GRANT_ENDED: _ENDED, LEFT_FILTER: _LEFT}
    return _in(words.get(reason, _REMOVED), locale)


def paragraph(text: str) -> str:
    """Return plain words as HTML."""
    return f"<p>{escape(text)}</p>"


def _in(words: Mapping[str, str], locale: str) -> str:
    return words.get(locale.partition("-")[0], words["en"])


def _on_any_page(prose: Document) -> str:
    return markup.absolute(prose["html"], absolute("/"))


def _at(document: Document, path: str) -> Any:
    found: Any = document
    for key in path.split("."):
        found = (found or {}).get(key)
    return found
