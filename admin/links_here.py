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


def links_here(session: Session, *entries: Entry) -> Used:
    """Return the page that is asked for of the texts that link entries in their words, and are none of these."""
    marks = own_links.marks_of(session, entries, templates())
    return effects.used(session, *marks, but=[entry.id for entry in entries], place="links")


def in_a_sentence(links: Used, to: str = "here") -> str:
    """Return how many texts link here, or to what is called so, "" where none does."""
    live, drafts = links.live, links.page.total - links.live
    texts = [counted(live, "live text", "live texts")] if live else []
    texts += [counted(drafts, "draft", "drafts")] if drafts else []
    if not texts:
        return ""
    link = f"links {to} in its words" if links.page.total == 1 else f"link {to} in their words"
    return f"{' and '.join(texts)} {link}."
