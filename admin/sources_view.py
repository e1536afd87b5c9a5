"""The sources in use: what rests on each, and its correcting, merging and retiring."""

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import Session

from admin import effects
from admin.accounts import signed_in_id
from admin.effects import Asked
from admin.frame import NewsroomView, require
from admin.roles import Right
from admin.shelves import MOST_OFFERED, known_sources
from content import consolidating, retiring, uses
from content.errors import Fault, Invalid
from content.sources import SOURCES
from content.uses import Kind, Mark
from storage import db

Facts = dict[str, str]
_TOLD = "A source was corrected, or merged into another."
_WAITS = (
    "A clinician signs a text with its sources, so what readers have stays until the new version is reviewed."
)


class SourcesView(NewsroomView):
    """The sources in use, and the texts that rest on each."""

    def __init__(self) -> None:
        super().__init__(
            "Sources", category="Organise", endpoint="sources", url="sources", menu_icon_value="source"
        )

    @expose("/")
    def index(self) -> str:
        """Show every source."""
        return self.render("admin/sources.html", sources=known_sources(db.session()), written=written)

    @expose("/of")
    def of(self) -> str:
        """Show what rests on a source, and what can be done about it."""
        return self._page(_mark())

    @expose("/change", methods=("GET",))
    def ask_to_change(self) -> Response:
        """Show what it does to correct a source, or to cite another in its place."""
        require(Right.PUBLISH)
        return self._shown(_mark())

    @expose("/change", methods=("POST",))
    def change(self) -> Response:
        """Put another source in the place of one, wherever it is cited."""
        require(Right.PUBLISH)
        mark = _mark()

        def act(session: Session, by: str) -> None:
            other, expected = _other(mark), request.form.get("expected", "")
            consolidating.replace(session, mark, other, by=by, told=_TOLD, expected=expected)

        if refused := effects.refusal(act):
            return self._shown(mark, refused)
        left = len(uses.uses(db.session(), mark))
        flash(f"Done. {left:,} still rest on it, listed here." if left else "Done.", "success")
        return _to(mark.value if left else _other(mark))

    @expose("/retire", methods=("POST",))
    def retire(self) -> Response:
        """Offer a source no more."""
        require(Right.PUBLISH)
        mark = _mark()
        retiring.retire(db.session(), mark, by=signed_in_id())
        db.session.commit()
        flash("It is retired: offered no more, and kept where it is cited.", "success")
        return _to(mark.value)

    @expose("/offer", methods=("POST",))
    def offer(self) -> Response:
        """Offer a source again."""
        require(Right.PUBLISH)
        mark = _mark()
        retiring.offer_again(db.session(), mark)
        db.session.commit()
        flash("Forms offer it again.", "success")
        return _to(mark.value)

    def _page(self, mark: Mark, error: str | None = None) -> str:
        session = db.session()
        others = [one.facts for one in known_sources(session, MOST_OFFERED) if one.facts != mark.value]
        return self.render(
            "admin/source.html",
            facts=mark.value,
            fields=SOURCES.fields,
            used=effects.used(session, mark),
            where=effects.where,
            retired=mark.key in retiring.retired(session, Kind.SOURCE),
            others=others,
            written=written,
            error=error,
            given=request.values,
        )

    def _shown(self, mark: Mark, error: str | None = None) -> Response:
        return effects.shown(lambda: _asked(mark), lambda told: self._page(mark, told), error)


def written(facts: Facts) -> str:
    """Return a source as addresses and forms carry it."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()


def _asked(mark: Mark) -> Asked:
    other, session = _other(mark), db.session()
    is_known = bool(uses.uses(session, uses.source_mark(other)))
    verb = "Merge" if is_known else "Correct"
    now = SOURCES.words([other])
    return Asked(
        heading=f"{verb} {mark.value.get('title')}",
        button=verb,
        back=url_for("sources.of", source=written(mark.value)),
        action=url_for("sources.change"),
        effect=consolidating.effect_of_replacing(session, mark, other),
        told=(f"Texts cite in its place: {now}.", _WAITS),
        facts={"source": written(mark.value), "into": written(other)},
    )


def _mark() -> Mark:
    """Return the source that is asked about; what can be no source is nowhere."""
    facts = _read(request.values.get("source", ""))
    if facts is None:
        abort(HTTPStatus.NOT_FOUND)
    return uses.source_mark(facts)


def _other(mark: Mark) -> Facts:
    """Return the source to be cited instead: another one that is known, or this one as it was corrected."""
    into = request.values.get("into", "")
    given: Any = (
        _read(into) if into else {part.name: request.values.get(part.name) for part in SOURCES.fields}
    )
    if given is None:
        raise Invalid([Fault("/into", "is no source")])
    (other,) = SOURCES.clean([given])
    if other == mark.value:
        raise Invalid([Fault("/source", "is cited so already")])
    return dict(other)


def _read(text: str) -> Facts | None:
    try:
        facts = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    names = {part.name for part in SOURCES.fields}
    fits = isinstance(facts, dict) and facts and set(facts) <= names
    return facts if fits and all(isinstance(one, str) for one in facts.values()) else None


def _to(facts: Facts) -> Response:
    return redirect(url_for("sources.of", source=written(facts)), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
