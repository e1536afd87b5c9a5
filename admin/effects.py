"""What would change if something that many entries bear were renamed, merged or taken away; shown before it is done."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from admin import listing
from admin.accounts import signed_in_id
from admin.foresight import Foresight
from admin.listing import Row
from admin.numbers import number_of
from admin.wrong import told
from content import uses
from content.consolidating import Effect
from content.errors import ContentError
from content.marks import Mark
from content.uses import Use
from storage import db

PAGE = 100
USES = 50


@dataclass(frozen=True)
class Slice:
    """A page of a long list; `total` counts all of it."""

    items: Sequence[Any]
    number: int
    more: bool
    total: int


@dataclass(frozen=True)
class Used:
    """Where something is borne: a page of it, each entry's row by its id, and how many live texts show it.

    `place` is what the address names the page by.
    """

    page: Slice
    rows: Mapping[Any, Row]
    live: int
    place: str


@dataclass(frozen=True)
class Asked:
    """What a page asks for leave to do: in words, with the facts that are sent along, and where it leads back to.

    `foreseen` are the texts that change for readers without a version of their own.
    """

    heading: str
    button: str
    back: str
    action: str
    effect: Effect
    told: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    needs_reason: bool = False
    foreseen: Foresight | None = None


def used(session: Session, *marks: Mark, but: Collection[UUID] = (), place: str = "page") -> Used:
    """Return the page that is asked for of where one of the marks is borne, as `uses` finds it."""
    tally, number = uses.tally(session, *marks, but=but), _number(place)
    found = uses.uses(session, *marks, but=but, limit=USES, offset=(number - 1) * USES)
    page = Slice(found, number, tally.entries > number * USES, tally.entries)
    rows = listing.rows_of(session, [use.entry.id for use in found])
    return Used(page, rows, tally.live, place)


def live_uses(session: Session, mark: Mark) -> int:
    """Return how many live texts show a mark to readers."""
    return uses.tally(session, mark).live


def where(use: Use) -> str:
    """Return in which of its versions an entry bears something, in words."""
    if use.in_newest and use.in_live:
        return "in what readers have and in the draft" if use.live != use.newest else "in what readers have"
    return "in what readers have, not in the draft" if use.in_live else "in the draft"


def page_of(asked: Asked, error: ContentError | None = None) -> str:
    """Return the page that shows an effect and asks for leave."""
    parts, left = sliced(asked.effect.parts), asked.effect.left
    return render_template(
        "admin/effect.html",
        asked=asked,
        parts=parts,
        left=left,
        sums=[*asked.told, *sums(asked.effect)],
        form=request.form,
        **told(error, request.form),
    )


def shown(
    asking: Callable[[], Asked],
    refused: Callable[[ContentError], str],
    error: ContentError | None = None,
) -> Response:
    """Answer with an effect, or where there can be none with the page that says why; `error` is why it was not done."""
    try:
        page = page_of(asking(), error)
    except ContentError as why:
        return make_response(refused(error or why), HTTPStatus.CONFLICT)
    return make_response(page, HTTPStatus.CONFLICT if error else HTTPStatus.OK)


def refusal(act: Callable[[Session, str], object]) -> ContentError | None:
    """Do what was asked for and commit it; return what refuses it, and nothing was done, or None."""
    session = db.session()
    try:
        act(session, signed_in_id())
    except ContentError as error:
        session.rollback()
        return error
    session.commit()
    return None


def sums(effect: Effect) -> list[str]:
    """Return an effect in sentences: what readers see of it, what is only saved, and what stays."""
    shown, only_saved = len(effect.shown), len(effect.parts) - len(effect.shown)
    said = (
        [f"{counted(shown, 'live text changes', 'live texts change')} for readers."] if effect.parts else []
    )
    if only_saved:
        said.append(f"{counted(only_saved, 'text gets', 'texts get')} a new version that is only saved.")
    if effect.left:
        said.append(f"{counted(len(effect.left), 'text waits or stays', 'texts wait or stay')}; see why.")
    if not effect.lines:
        return [*said, "The log gets no line."]
    in_acts = counted(effect.acts, "act", "acts")
    return [*said, f"The log gets {counted(effect.lines, 'line', 'lines')}, in {in_acts}."]


def sliced(items: Sequence[Any]) -> Slice:
    """Return the page of a list that the address asks for."""
    number = _number()
    start = (number - 1) * PAGE
    return Slice(items[start : start + PAGE], number, len(items) > start + PAGE, len(items))


def _number(place: str = "page") -> int:
    return number_of(request.args.get(place, "")) or 1


def counted(number: int, one: str, several: str) -> str:
    """Return a number with the words for what it counts."""
    return f"{number:,} {one if number == 1 else several}"
