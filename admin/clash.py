"""Two people changed the same: what it was, what they made of it, what I made of it, and a choice for each place."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from admin.comparing import with_titles
from content import diffs
from content.diffs import FieldDiff
from content.errors import Clash, SaveClash
from content.lists import Links
from content.merging import Choice
from content.types import ContentType

_CHOICE = "choice-"
_LABELS = {
    Choice.THEIRS: "Theirs",
    Choice.MINE: "Mine, as it stands in the form",
    Choice.BOTH: "Both, theirs first",
}


@dataclass(frozen=True)
class Question:
    """One place that both changed: how a form names it, what it was, and what became of it; `options` with labels."""

    name: str
    label: str
    base: str
    theirs: FieldDiff
    mine: FieldDiff
    options: tuple[tuple[Choice, str], ...]


@dataclass(frozen=True)
class Clashing:
    """All that is asked before a save; `settled` holds by their names in the form the choices made already."""

    latest: int
    questions: tuple[Question, ...]
    settled: Mapping[str, str]


def clashing(
    session: Session,
    declared: ContentType,
    error: SaveClash,
    form: Mapping[str, str],
    made: Mapping[str, str],
) -> Clashing:
    """Return what has to be settled before what was sent in `form` can be saved.

    `made`: by their ids, the names of what was made with it, and is no more since nothing was saved.
    """
    asked = {_CHOICE + clash.key for clash in error.clashes}
    settled = {name: chosen for name, chosen in settled_in(form).items() if name not in asked}
    questions = tuple(_question(session, declared, clash, made) for clash in error.clashes)
    return Clashing(error.latest, questions, settled)


def choices(form: Mapping[str, str]) -> dict[str, str]:
    """Return what was chosen in a form, by the keys of the clashes."""
    return {name.removeprefix(_CHOICE): chosen for name, chosen in settled_in(form).items()}


def settled_in(form: Mapping[str, str]) -> dict[str, str]:
    """Return what was chosen in a form, by its names there."""
    return {name: form[name] for name in form if name.startswith(_CHOICE)}


def _question(session: Session, declared: ContentType, clash: Clash, made: Mapping[str, str]) -> Question:
    # Of another entry that a field leads to nobody knows the id.
    several = isinstance(declared.field(clash.field), Links)
    told = (
        words.split("\n") if words and several else words for words in (clash.base, clash.theirs, clash.mine)
    )
    titled = with_titles(session, declared, *({clash.field: words} for words in told))
    base, theirs, mine = (
        "\n".join(made.get(part, part) for part in one) if several else made.get(one, str(one or ""))
        for one in (side[clash.field] for side in titled)
    )
    options = tuple((one, label) for one, label in _LABELS.items() if clash.both or one != Choice.BOTH)
    return Question(
        name=_CHOICE + clash.key,
        label=clash.label,
        base=base,
        theirs=diffs.field_diff(clash.field, clash.label, base, theirs),
        mine=diffs.field_diff(clash.field, clash.label, base, mine),
        options=options,
    )
