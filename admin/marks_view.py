"""What tags and sources have in common: where one is borne, another put in its place, and retiring."""

from collections.abc import Callable
from typing import Any, ClassVar

from flask import Response, flash, request
from flask_admin import expose
from sqlalchemy.orm import Session

from admin import effects
from admin.accounts import signed_in_id
from admin.effects import Asked
from admin.frame import NewsroomView, require
from admin.roles import Right
from admin.wrong import told
from content import consolidating, retiring, uses
from content.errors import ContentError
from content.marks import Kind, Mark
from storage import db


class MarksView(NewsroomView):
    """The pages of what entries bear without its being an entry itself; a subclass tells which, and in which words."""

    kind: ClassVar[Kind]
    template: ClassVar[str]
    noted: ClassVar[str]  # on the versions in which another stands in its place
    borne: ClassVar[str]  # "still bear it"
    kept: ClassVar[str]  # "used"

    def mark(self) -> Mark:
        """Return what the page is about; answers 404 for what is none."""
        raise NotImplementedError

    def other(self, mark: Mark) -> Any:
        """Return what is to stand in its place; raises Invalid."""
        raise NotImplementedError

    def asked(self, mark: Mark) -> Asked:
        """Return what the page asks for leave to do; raises Invalid."""
        raise NotImplementedError

    def more(self, session: Session, mark: Mark) -> dict[str, Any]:
        """Return what the page shows besides."""
        raise NotImplementedError

    def to(self, value: Any) -> Response:
        """Lead to the page of a tag or a source."""
        raise NotImplementedError

    @expose("/of")
    def of(self) -> str:
        """Show where it is borne, and what can be done about it."""
        return self._page(self.mark())

    @expose("/retire", methods=("POST",))
    def retire(self) -> Response:
        """Offer it no more."""
        told = f"It is retired: offered no more, and kept where it is {self.kept}."
        return self._kept(lambda session, mark: retiring.retire(session, mark, by=signed_in_id()), told)

    @expose("/offer", methods=("POST",))
    def offer(self) -> Response:
        """Offer it again."""
        return self._kept(retiring.offer_again, "Forms offer it again.")

    def show_replacing(self) -> Response:
        """Show what it does to put another in its place."""
        require(Right.PUBLISH)
        return self._shown(self.mark())

    def replace(self) -> Response:
        """Put another in its place, wherever it is borne."""
        require(Right.PUBLISH)
        mark = self.mark()

        def act(session: Session, by: str) -> None:
            other, expected = self.other(mark), request.form.get("expected", "")
            consolidating.replace(session, mark, other, by=by, told=self.noted, expected=expected)

        if refused := effects.refusal(act):
            return self._shown(mark, refused)
        left = uses.tally(db.session(), mark).entries
        flash(f"Done. {left:,} {self.borne}, listed here." if left else "Done.", "success")
        return self.to(mark.value if left else self.other(mark))

    def _kept(self, keep: Callable[[Session, Mark], object], told: str) -> Response:
        require(Right.PUBLISH)
        mark = self.mark()
        keep(db.session(), mark)
        db.session.commit()
        flash(told, "success")
        return self.to(mark.value)

    def _page(self, mark: Mark, error: ContentError | None = None) -> str:
        session = db.session()
        return self.render(
            self.template,
            used=effects.used(session, mark),
            where=effects.where,
            retired=mark.key in retiring.retired(session, self.kind),
            **told(error, request.values),
            given=request.values,
            **self.more(session, mark),
        )

    def _shown(self, mark: Mark, error: ContentError | None = None) -> Response:
        return effects.shown(lambda: self.asked(mark), lambda why: self._page(mark, why), error)
