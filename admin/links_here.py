"""Links here: which texts link an entry in their words, by the addresses that are known as ours."""

from flask import current_app
from sqlalchemy.orm import Session

from admin import effects
from admin.effects import Used, counted
from content import own_links
from content.documents import API
from content.entries import Entry


def templates() -> tuple[str, ...]:
    """Return how the addresses of entries are made: the API's, by itself and in full, and that of their own pages."""
    config, api = current_app.config, f"{API}/{{plural}}/{{slug}}"
    return (api, f"{config['VERSO_PUBLIC_URL']}{api}", str(config["VERSO_CANONICAL_URL"]))


def links_here(session: Session, entry: Entry) -> Used:
    """Return the page that is asked for of the texts that link an entry in their words; it does not count itself."""
    marks = own_links.marks_of(session, entry, templates())
    return effects.used(session, *marks, but=entry.id, place="links")


def in_a_sentence(links: Used) -> str:
    """Return how many texts link here, "" where none does."""
    live, drafts = links.live, links.page.total - links.live
    texts = [counted(live, "live text", "live texts")] if live else []
    texts += [counted(drafts, "draft", "drafts")] if drafts else []
    if not texts:
        return ""
    link = "links here in its words" if links.page.total == 1 else "link here in their words"
    return f"{' and '.join(texts)} {link}."
