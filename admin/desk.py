"""The desk: what a person sees first."""

from flask_admin import AdminIndexView, BaseView, expose

from admin import listing
from admin.frame import NewsroomView
from admin.names import names_of
from content import types
from storage import db

MOST = 8


class Desk(NewsroomView, AdminIndexView):
    """What was written last, and what is public without a review."""

    def __init__(self) -> None:
        # AdminIndexView would serve Flask-Admin's own scripts and styles from here.
        BaseView.__init__(self, "Desk", endpoint="admin", url="/admin", menu_icon_value="desk")

    @expose("/")
    def index(self) -> str:
        """Show the desk."""
        recent, waiting = listing.recent(db.session(), MOST), listing.unreviewed(db.session(), MOST)
        return self.render(
            "admin/desk.html",
            recent=recent,
            waiting=waiting,
            names=names_of(db.session(), (row.by for _, row in recent)),
            declared={known.name: known for known in types.everyone()},
        )
