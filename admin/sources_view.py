"""The sources in use: what rests on each, and its correcting, merging and retiring."""

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, abort, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import Session

from admin.effects import Asked
from admin.marks_view import MarksView
from admin.shelves import known_sources, offered_sources
from admin.times import day_words
from content import consolidating, marks, uses
from content.errors import Fault, Invalid
from content.folding import LONGEST
from content.marks import Kind, Mark
from content.newest.sources import MOST_COUNTED
from content.sources import SOURCES
from storage import db

Facts = dict[str, str]
_WAITS = (
    "A clinician signs a text with its sources, so what readers have stays until the new version is reviewed."
)


class SourcesView(MarksView):
    """The sources in use, and the texts that rest on each."""

    kind, template = Kind.SOURCE, "admin/source.html"
    noted, borne, kept = "A source was corrected, or merged into another.", "still rest on it", "cited"

    def __init__(self) -> None:
        super().__init__(
            "Sources", category="Organise", endpoint="sources", url="sources", menu_icon_value="source"
        )

    @expose("/")
    def index(self) -> str:
        """Show a page of the sources, of those whose titles begin as was asked."""
        beginning, after = request.args.get("q", "").strip()[:LONGEST], request.args.get("after", "")
        page = known_sources(db.session(), beginning, after)
        return self.render(
            "admin/sources.html",
            page=page,
            beginning=beginning,
            turned=bool(after),
            written=written,
            longest=LONGEST,
            most=MOST_COUNTED,
        )

    @expose("/change", methods=("GET",))
    def ask_to_change(self) -> Response:
        """Show what it does to correct a source, or to cite another in its place."""
        return self.show_replacing()

    @expose("/change", methods=("POST",))
    def change(self) -> Response:
        """Put another source in the place of one, wherever it is cited."""
        return self.replace()

    def mark(self) -> Mark:
        """Return the source that is asked about; what can be no source is nowhere."""
        facts = _read(request.values.get("source", ""))
        if facts is None:
            abort(HTTPStatus.NOT_FOUND)
        return marks.source_mark(facts)

    def other(self, mark: Mark) -> Facts:
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

    def asked(self, mark: Mark) -> Asked:
        """Return what the page asks for leave to do: a merge, where the other source is cited already."""
        other, session = self.other(mark), db.session()
        verb = "Merge" if uses.tally(session, marks.source_mark(other)).entries else "Correct"
        return Asked(
            heading=f"{verb} {mark.value.get('title')}",
            button=verb,
            back=url_for("sources.of", source=written(mark.value)),
            action=url_for("sources.change"),
            effect=consolidating.effect_of_replacing(session, mark, other),
            told=(f"Texts cite in its place: {_told(other)}.", _WAITS),
            facts={"source": written(mark.value), "into": written(other)},
        )

    def more(self, session: Session, mark: Mark) -> dict[str, Any]:
        """Return the source with its fields, and those that it could be merged into."""
        others = [facts for facts in offered_sources(session) if facts != mark.value]
        return {"facts": mark.value, "fields": SOURCES.fields, "others": others, "written": written}

    def to(self, value: Any) -> Response:
        """Lead to a source's page."""
        there = url_for("sources.of", source=written(value))
        return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def written(facts: Facts) -> str:
    """Return a source as addresses and forms carry it."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()


def _told(facts: Facts) -> str:
    return " · ".join(
        day_words(facts[part.name]) if part.kind == "day" else facts[part.name]
        for part in SOURCES.fields
        if facts.get(part.name)
    )


def _read(text: str) -> Facts | None:
    try:
        facts = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    names = {part.name for part in SOURCES.fields}
    fits = isinstance(facts, dict) and facts and set(facts) <= names
    return facts if fits and all(isinstance(one, str) for one in facts.values()) else None
