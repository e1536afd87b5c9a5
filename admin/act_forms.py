"""What the forms of acts ask: the kind of a change, why, what readers are told, and how something is withdrawn."""

from typing import Any

from flask import request

from admin.wrong import Unanswered
from content.log import ChangeKind, State, checked_kind
from content.standings import Standing

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


def manner_asked() -> dict[str, Any]:
    """Return the manner of a withdrawal that a form asks for, and where that leads; raises where that is none."""
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
    return {"manner": State(manner), "target": entry or url or None}


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
