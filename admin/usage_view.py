"""The pages of usage: what readers were handed, by day, and which old versions somebody still asks for."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from itertools import chain
from typing import Any
from uuid import UUID

from flask import Response, abort, request
from flask_admin import expose
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from admin.accounts import may
from admin.frame import NewsroomView, require
from admin.roles import Right
from admin.times import day_in, is_shown, today
from admin.usage_chart import chart
from content import entries, partners
from content.entries import Entry
from content.partners import EVERYBODY
from content.usage import figures
from content.usage.counting import ANONYMOUS, Kind
from content.usage.figures import COLUMNS, Asked, Times
from storage import db

USUAL, LONGEST = 30, 366  # days
MOST = 20  # entries of which a page tells
MEANING = {
    Kind.FETCH: "by itself",
    Kind.LISTED: "among others",
    Kind.EMBED: "in a page",
    Kind.UNCHANGED: "unchanged",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate


class UsageView(NewsroomView):
    """What was handed out to all, which whoever works here may see; by partner, whoever looks after partners."""

    def __init__(self) -> None:
        super().__init__("Usage", category="House", endpoint="usage", url="usage", menu_icon_value="usage")

    @expose("/")
    def index(self) -> str:
        """Show what was handed out to everybody together; of one entry where it is asked for."""
        entry_id = _id_in("entry")
        entry = entries.entry(db.session(), entry_id) if entry_id else None
        title = (entry.title or "(erased)") if entry else None
        return self._page(_asked(entry_id=entry_id), title, entry)

    @expose("/partners/<uuid:partner_id>")
    def of_partner(self, partner_id: UUID) -> str:
        """Show what one partner was handed, or whoever has no key."""
        require(Right.MANAGE_PARTNERS)
        return self._page(_asked(partner_id=partner_id), _name(partner_id))

    @expose("/export.csv")
    def export(self) -> Response:
        """Hand out what was counted, with the partners' names; of one where it is asked for."""
        require(Right.MANAGE_PARTNERS)
        asked = _asked(partner_id=_id_in("partner"), entry_id=_id_in("entry"))
        name = f"usage-{asked.first}-{asked.last}.csv"
        return Response(
            _written(db.engine, asked),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _page(self, asked: Asked, name: str | None, entry: Entry | None = None) -> str:
        session, knows = db.session(), may(Right.MANAGE_PARTNERS)
        return self.render(
            "admin/usage.html",
            asked=asked,
            name=name,
            entry=entry,
            chart=chart(figures.by_day(session, asked)),
            total=figures.total(session, asked),
            kinds=MEANING,
            read=figures.most_read(session, asked, MOST),
            old=figures.still_read(session, asked, MOST),
            partners=[(ANONYMOUS, EVERYBODY), *((one.id, one.name) for one in partners.partners(session))]
            if knows and name is None
            else [],
            knows=knows,
            longest=LONGEST,
        )


def lately(session: Session, entry_id: UUID) -> Times:
    """Return how often an entry was handed out in the last 30 days."""
    last = today()
    return figures.total(session, Asked(last - timedelta(days=USUAL - 1), last, entry_id=entry_id))


def _name(partner_id: UUID) -> str:
    """Return what a partner is called; raises NotFound."""
    return EVERYBODY if partner_id == ANONYMOUS else partners.partner(db.session(), partner_id).name


def _id_in(name: str) -> UUID | None:
    """Return the id that a parameter holds, None where it is not there."""
    text = request.args.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)


def _asked(*, partner_id: UUID | None = None, entry_id: UUID | None = None) -> Asked:
    """Return the days that are asked for: the last 30 unless others are, and no more than a year."""
    last = _day(request.args.get("until", "")) or today()
    first = _day(request.args.get("from", "")) or last - timedelta(days=USUAL - 1)
    return Asked(max(min(first, last), last - timedelta(days=LONGEST - 1)), last, partner_id, entry_id)


def _day(text: str) -> date | None:
    day = day_in(text)
    return day if day and is_shown(day) else None


def _written(engine: Engine, asked: Asked) -> Iterator[str]:
    """Yield lines of CSV (RFC 4180), the names of the columns first; nothing in them is a formula.

    They are read while they are sent, after the request's own session has ended.
    """
    with Session(engine) as session:
        for row in chain([COLUMNS], figures.exported(session, asked)):
            line = io.StringIO()
            csv.writer(line).writerow([_harmless(value) for value in row])
            yield line.getvalue()


def _harmless(value: Any) -> Any:
    """Return a value as a spreadsheet shows it, and does not calculate it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
