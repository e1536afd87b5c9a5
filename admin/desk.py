"""The desk: what a person sees first."""

from datetime import timedelta

from flask import current_app
from flask_admin import AdminIndexView, BaseView, expose

from admin import autosaving, bulk, listing, saved_filters_view
from admin.accounts import may, signed_in_id
from admin.frame import NewsroomView
from admin.names import names_of
from admin.roles import Right
from admin.scheduling import BEHIND, told_of
from content import autosaves, batches, database, expiry, schedule, submissions, types
from content.types import OnReviewDue
from storage import db

MOST = 8
MOST_UNSAVED = 20
AHEAD = timedelta(days=90)  # how far the desk looks for reviews that fall due


_MEANS = {
    OnReviewDue.FLAG: "",
    OnReviewDue.BANNER: "A banner tells its readers on that day.",
    OnReviewDue.HOLD: "It is held on that day, until it is signed again.",
    OnReviewDue.WITHDRAW: "It is withdrawn on that day.",
}


def _consequences() -> dict[str, str]:
    """Return by type what becomes of a text that nobody reviews in time."""
    return {known.name: _MEANS[expiry.policy(db.session(), known)] for known in types.everyone()}


class Desk(NewsroomView, AdminIndexView):
    """What waits for whoever is signed in, what was written last, what is due, what failed, what nobody reviewed."""

    def __init__(self) -> None:
        # AdminIndexView would serve Flask-Admin's own scripts and styles from here.
        BaseView.__init__(self, "Desk", endpoint="admin", url="/admin", menu_icon_value="desk")

    @expose("/")
    def index(self) -> str:
        """Show the desk."""
        recent, waiting = listing.recent(db.session(), MOST), listing.unreviewed(db.session(), MOST)
        now = database.clock(db.session())
        today, mine = now.date(), signed_in_id()
        submitted = submissions.waiting(db.session(), MOST)
        back = submissions.sent_back_to(db.session(), mine, MOST)
        published, disowned = listing.published(db.session(), MOST), listing.disowned(db.session(), MOST)
        people = (
            [row.by for _, row in recent]
            + [act.by for _, _, act in published]
            + [one.ended_by or one.by for one, _ in [*submitted, *back]]
            + [one.sent.ended_by or one.sent.by for one in disowned]
        )
        days = int(current_app.config["VERSO_AUTOSAVE_DAYS"])
        left = dict(autosaves.of_editor(db.session(), by=mine, most=MOST_UNSAVED))
        unsaved = [(one, left[one]) for one in autosaving.still_unsaved(left)]
        if autosaves.tell(db.session(), [one for one, _ in unsaved], days=days, now=now):
            db.session.commit()
        return self.render(
            "admin/desk.html",
            most=MOST,
            under_way=batches.under_way(db.session(), mine, MOST),
            failed_batches=batches.failed_lately(db.session(), mine, now - BEHIND, MOST),
            labels=bulk.LABELS,
            disowned=disowned,
            unsaved=unsaved,
            days=days,
            recent=recent,
            waiting=waiting,
            submitted=submitted,
            back=back,
            unfinished=listing.unfinished(db.session(), mine, MOST),
            published=published,
            ready=listing.ready(db.session(), MOST, today) if may(Right.PUBLISH) else [],
            due=listing.due_for_review(db.session(), today + AHEAD, MOST),
            expired=listing.expired(db.session(), MOST, today),
            consequences=_consequences(),
            today=today,
            falls_due=schedule.midnight,
            within=[today + timedelta(days=days) for days in (30, 60)],
            names=names_of(db.session(), people),
            editor=mine,
            **saved_filters_view.offered(),
            declared={known.name: known for known in types.everyone()},
            coming=told_of(db.session(), schedule.waiting(db.session(), MOST)),
            failed=told_of(db.session(), schedule.failed(db.session(), now - BEHIND, MOST)),
        )
