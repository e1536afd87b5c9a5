"""The tags in use: where each is borne, and its renaming, merging and retiring."""

from http import HTTPStatus
from typing import Any

from flask import Response, abort, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import Session

from admin.effects import Asked
from admin.marks_view import MarksView
from admin.shelves import known_tags, offered_tags
from content import consolidating, marks, types, uses
from content.errors import Fault, Invalid
from content.folding import LONGEST
from content.marks import Kind, Mark
from content.newest.finding import MOST_COUNTED
from content.placement import TAGS
from storage import db


class TagsView(MarksView):
    """The tags in use, each leading to the texts that bear it."""

    kind, template = Kind.TAG, "admin/tag.html"
    noted, borne, kept = "A tag was renamed, or merged into another.", "still bear it", "used"

    def __init__(self) -> None:
        super().__init__("Tags", category="Organise", endpoint="tags", url="tags", menu_icon_value="tag")

    @expose("/")
    def index(self) -> str:
        """Show a page of the tags, of those that begin as was asked."""
        beginning, after = request.args.get("q", "").strip()[:LONGEST], request.args.get("after", "")
        return self.render(
            "admin/tags.html",
            page=known_tags(db.session(), beginning, after),
            beginning=beginning,
            turned=bool(after),
            longest=LONGEST,
            declared={known.name: known for known in types.everyone()},
            most=MOST_COUNTED,
        )

    @expose("/rename", methods=("GET",))
    def ask_to_rename(self) -> Response:
        """Show what it does to give a tag another name, or that of another tag."""
        return self.show_replacing()

    @expose("/rename", methods=("POST",))
    def rename(self) -> Response:
        """Put another tag in the place of one, wherever it is borne."""
        return self.replace()

    def mark(self) -> Mark:
        """Return the tag that is asked about; what can be no tag is nowhere."""
        try:
            (tag,) = TAGS.check([request.values.get("tag", "")], "/tag")
        except Invalid:
            abort(HTTPStatus.NOT_FOUND)
        return marks.tag_mark(tag)

    def other(self, mark: Mark) -> str:
        """Return the name that it is to have."""
        (other,) = TAGS.check([request.values.get("to", "")], "/to")
        if other == mark.value:
            raise Invalid([Fault("/to", "is what it is called already")])
        return other

    def asked(self, mark: Mark) -> Asked:
        """Return what the page asks for leave to do: a merge, where the other name is a tag's already."""
        other, session = self.other(mark), db.session()
        is_known = uses.tally(session, marks.tag_mark(other)).entries > 0
        verb, told = (
            ("Merge", f"{other} is a tag already, so the two become one.")
            if is_known
            else ("Rename", "No text bears the new name yet.")
        )
        return Asked(
            heading=f"{verb} {mark.value} {'into' if is_known else 'to'} {other}",
            button=verb,
            back=url_for("tags.of", tag=mark.value),
            action=url_for("tags.rename"),
            effect=consolidating.effect_of_replacing(session, mark, other),
            told=(told,),
            facts={"tag": mark.value, "to": other},
        )

    def more(self, session: Session, mark: Mark) -> dict[str, Any]:
        """Return the tag, and those that it could be merged into."""
        known = [name for name in offered_tags(session) if name != mark.value]
        return {"tag": mark.value, "known": known}

    def to(self, value: Any) -> Response:
        """Lead to a tag's page."""
        return redirect(url_for("tags.of", tag=value), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
