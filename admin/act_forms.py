"""What the forms of acts ask: the kind of a change, why, what readers are told, and how something is withdrawn."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, request

from admin.ids import id_of
from admin.wrong import Unanswered
from content import own_links
from content.documents import API
from content.log import ChangeKind, State, checked_kind
from content.standings import Standing, standings
from content.types import ContentType
from storage import db

MANNERS = {
    State.GONE: "Gone: its address says that it was withdrawn.",
    State.REDIRECTED: "Redirected: its address leads elsewhere.",
    State.REPLACED: "Replaced: its address names the text that takes its place.",
}
KINDS = {
    ChangeKind.TYPO: "Typo: nothing that a reader would notice; the review keeps its dates.",
    ChangeKind.EDITORIAL: "Editorial: said better or at greater length.",
    ChangeKind.CLINICAL: "Clinical: what is said about health has changed.",
    ChangeKind.SAFETY: "Safety: readers of the earlier text should know.",
}
LOOK = "look"  # the button that shows what would happen as the form is filled in
LATER = "later"  # the button that puts an act on the schedule


def kind_asked() -> ChangeKind:
    """Return the kind of change that a form names, editorial unless it does; raises Invalid for what is none."""
    return checked_kind(request.form.get("kind", ChangeKind.EDITORIAL))


def manner_asked(declared: ContentType) -> dict[str, Any]:
    """Return the manner of a withdrawal that a form asks for, and where that leads; raises where that is none.

    The API's own address of an entry is that entry: so nothing leads to itself, nor to an address that it leaves.
    """
    manner = request.form.get("manner", "")
    if manner not in MANNERS:
        raise Unanswered("Choose how it is to be withdrawn.", "manner")
    entry, url = request.form.get("target_entry", ""), request.form.get("target_url", "").strip()
    if manner == State.GONE and (entry or url):
        raise Unanswered(
            "What is gone leads nowhere. Choose “Redirected” or “Replaced”, or take away where it leads.",
            "target_entry" if entry else "target_url",
        )
    if entry and url:
        raise Unanswered("It can lead to one place only: a text of ours, or the address.", "target_url")
    if manner == State.REPLACED and url:
        raise Unanswered(
            "Only a text of ours takes its place. Choose one, or choose “Redirected” for an address.",
            "target_url",
        )
    if target := entry or _entry_at(url):
        _require_it_can_take_over(declared, target, manner, "target_entry" if entry else "target_url")
    return {"manner": State(manner), "target": target or url or None}


def _entry_at(url: str) -> str | None:
    """Return the id of the entry that readers get from us under an address; None where it leads elsewhere.

    Refuses an address of the API under which nothing ever stood.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    ours = urlsplit(str(current_app.config["VERSO_PUBLIC_URL"]))
    if parts.netloc.lower() not in (ours.netloc.lower(), request.host.lower()):
        return None
    path = re.sub("/+", "/", unquote(parts.path)).removeprefix(ours.path)
    if not path.startswith(f"{API}/"):
        return None
    named = own_links.named(
        f"{path}?{parts.query}",
        (f"{API}/{{plural}}/{{slug}}",),
        locale=str(current_app.config["VERSO_LOCALE"]),
    )
    found = own_links.entry_of(db.session(), named) if named else None
    if found is None:
        raise Unanswered(
            "Nothing of ours has ever been at that address. Choose the text from the list.", "target_url"
        )
    return str(found)


def _require_it_can_take_over(declared: ContentType, target: str, manner: str, field: str) -> None:
    """Refuse to lead readers to what they do not have, and to put in the place of a text what is none."""
    known = id_of(target)
    if known is None:
        return  # Whoever withdraws it is told what is wrong with it.
    standing = standings(db.session(), [known])[known]
    title, other = standing.entry.title, standing.entry.content_type
    if standing.live is None:
        raise Unanswered(
            f"Readers do not have “{title}”. Choose one that is public, or publish it first.", field
        )
    is_alike = other == declared or (other.health and declared.health)
    if manner == State.REPLACED and not is_alike:
        raise Unanswered(
            f"“{title}” is one of the {other.plural_label}, and takes the place of none of the "
            f"{declared.plural_label}. Choose one of these.",
            field,
        )


def require_note(standing: Standing, kind: ChangeKind, note: str | None) -> None:
    """Refuse a change of more than a typo in what was public, of which readers are told nothing."""
    if not note and standing.public and kind != ChangeKind.TYPO:
        raise Unanswered(
            "A public note is needed: tell readers what changed. Only a typo goes without.", "note"
        )


def required_public_reason() -> str:
    """Return what readers are told of a withdrawal, for whatever is withdrawn was public; refuse where it is none."""
    note = request.form.get("note", "").strip()
    if not note:
        raise Unanswered("A public note is needed: tell readers why it was withdrawn.", "note")
    return note


def required_reason() -> str:
    """Return why something is done, which stays inside; refuse where it is not told."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise Unanswered("A reason is needed; it stays inside and is kept in the log.", "reason")
    return reason


def require_no_moment() -> None:
    """Refuse to do at once what a moment was named for: that button is pressed by a slip, or by Enter in the field."""
    if request.form.get("due_at", "").strip():
        raise Unanswered(
            "Nothing was done, for you named a moment. Press “Put on the schedule”, or empty it to do this at once.",
            "due_at",
        )
