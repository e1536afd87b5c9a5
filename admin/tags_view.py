"""The tags in use: where each is borne, and its renaming, merging and retiring."""

from http import HTTPStatus

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import Session

from admin import effects
from admin.accounts import signed_in_id
from admin.effects import Asked
from admin.frame import NewsroomView, require
from admin.roles import Right
from admin.shelves import MOST_OFFERED, known_tags
from content import consolidating, retiring, types, uses
from content.errors import Fault, Invalid
from content.placement import TAGS
from content.uses import Kind, Mark
from storage import db

_TOLD = "A tag was renamed, or merged into another."


class TagsView(NewsroomView):
    """The tags in use, each leading to the texts that bear it."""

    def __init__(self) -> None:
        super().__init__("Tags", category="Organise", endpoint="tags", url="tags", menu_icon_value="tag")

    @expose("/")
    def index(self) -> str:
        """Show every tag."""
        declared = {known.name: known for known in types.everyone()}
        return self.render("admin/tags.html", tags=known_tags(db.session()), declared=declared)

    @expose("/of")
    def of(self) -> str:
        """Show where a tag is borne, and what can be done about it."""
        return self._page(_mark())

    @expose("/rename", methods=("GET",))
    def ask_to_rename(self) -> Response:
        """Show what it does to give a tag another name, or that of another tag."""
        require(Right.PUBLISH)
        return self._shown(_mark())

    @expose("/rename", methods=("POST",))
    def rename(self) -> Response:
        """Put another tag in the place of one, wherever it is borne."""
        require(Right.PUBLISH)
        mark = _mark()

        def act(session: Session, by: str) -> None:
            other, expected = _other(mark), request.form.get("expected", "")
            consolidating.replace(session, mark, other, by=by, told=_TOLD, expected=expected)

        if refused := effects.refusal(act):
            return self._shown(mark, refused)
        left = len(uses.uses(db.session(), mark))
        flash(f"Done. {left:,} still bear it, listed here." if left else "Done.", "success")
        return _to(mark.value if left else _other(mark))

    @expose("/retire", methods=("POST",))
    def retire(self) -> Response:
        """Offer a tag no more."""
        require(Right.PUBLISH)
        mark = _mark()
        retiring.retire(db.session(), mark, by=signed_in_id())
        db.session.commit()
        flash("It is retired: offered no more, and kept where it is used.", "success")
        return _to(mark.value)

    @expose("/offer", methods=("POST",))
    def offer(self) -> Response:
        """Offer a tag again."""
        require(Right.PUBLISH)
        mark = _mark()
        retiring.offer_again(db.session(), mark)
        db.session.commit()
        flash("Forms offer it again.", "success")
        return _to(mark.value)

    def _page(self, mark: Mark, error: str | None = None) -> str:
        session = db.session()
        return self.render(
            "admin/tag.html",
            tag=mark.value,
            used=effects.used(session, mark),
            where=effects.where,
            retired=mark.key in retiring.retired(session, Kind.TAG),
            known=[one.name for one in known_tags(session, MOST_OFFERED) if one.name != mark.value],
            error=error,
            given=request.values,
        )

    def _shown(self, mark: Mark, error: str | None = None) -> Response:
        return effects.shown(lambda: _asked(mark), lambda told: self._page(mark, told), error)


def _asked(mark: Mark) -> Asked:
    other, session = _other(mark), db.session()
    is_known = bool(uses.uses(session, uses.tag_mark(other)))
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


def _mark() -> Mark:
    """Return the tag that is asked about; what can be no tag is nowhere."""
    try:
        (tag,) = TAGS.check([request.values.get("tag", "")], "/tag")
    except Invalid:
        abort(HTTPStatus.NOT_FOUND)
    return uses.tag_mark(tag)


def _other(mark: Mark) -> str:
    (other,) = TAGS.check([request.values.get("to", "")], "/to")
    if other == mark.value:
        raise Invalid([Fault("/to", "is what it is called already")])
    return other


def _to(tag: str) -> Response:
    return redirect(url_for("tags.of", tag=tag), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
