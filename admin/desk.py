"""The desk: what a person sees first."""

from datetime import timedelta

from flask_admin import AdminIndexView, BaseView, expose

from admin import listing
from admin.frame import NewsroomView
from admin.names import names_of
from admin.scheduling import BEHIND, told_of
from content import database, schedule, types
from content.schedule import Fate
from storage import db

MOST = 8
AHEAD = timedelta(days=90)  # how far the desk looks for reviews that fall due


class Desk(NewsroomView, AdminIndexView):
    """What was written last, what is due, what failed, what nobody reviewed, and whose review falls due."""

    def __init__(self) -> None:
        # AdminIndexView would serve Flask-Admin's own scripts and styles from here.
        BaseView.__init__(self, "Desk", endpoint="admin", url="/admin", menu_icon_value="desk")

    @expose("/")
    def index(self) -> str:
        """Show the desk."""
        recent, waiting = listing.recent(db.session(), MOST), listing.unreviewed(db.session(), MOST)
        now = database.clock(db.session())
        today = now.date()
        return self.render(
            "admin/desk.html",
            recent=recent,
            waiting=waiting,
            due=listing.due_for_review(db.session(), today + AHEAD, MOST),
            today=today,
            names=names_of(db.session(), (row.by for _, row in recent)),
            declared={known.name: known for known in types.everyone()},
            coming=told_of(db.session(), schedule.waiting(db.session())[:MOST]),
            failed=told_of(db.session(), schedule.ended(db.session(), now - BEHIND, Fate.FAILED)[:MOST]),
        )
