"""A content type's pages: its list, and the form in which an entry is written and saved."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, abort, current_app, flash, make_response, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup

from admin import autosaving, bulk, forms, listing, picking, pictures, saved_filters_view
from admin.accounts import signed_in_id
from admin.arrangement import arranged, way_back
from admin.autosaving import Unsaved
from admin.beside import beside
from admin.canonical import proposed, with_canonical
from admin.clash import choices, clashing, settled_in
from admin.filters import asked_of, choices_of, lost, query_of, written
from admin.frame import NewsroomView, require
from admin.names import names_of
from admin.numbers import number_of
from admin.public_links import public_links
from admin.roles import Right
from admin.scheduling import told_of
from admin.shelves import offered_sources, offered_tags, tree_of
from admin.times import today
from admin.usage_view import lately
from content import comments, entries, locales, schedule, submissions, types, versions
from content.arranging import POSITION
from content.database import new_id
from content.entries import Entry
from content.errors import ContentRetracted, InTrash, Invalid, MadeAlready, SaveClash
from content.newest.finding import Order
from content.types import ContentType
from content.versions import Version
from storage import db

ICONS = {name: name for name in ("article", "faq", "topic", "author", "image")}


class EntriesView(NewsroomView):
    """The pages of one content type, all of them derived from its declaration."""

    def __init__(self, declared: ContentType) -> None:
        self.declared = declared
        super().__init__(
            declared.plural_label,
            category="Write" if declared.health else "Organise",
            endpoint=declared.plural,
            url=declared.plural,
            menu_icon_value=ICONS.get(declared.name, "dot"),
        )

    @expose("/")
    def index(self) -> str:
        """Show a page of the type's entries; a type that is a tree of some hundreds, as that, until it is searched."""
        asked, parent = asked_of(self.declared, request.args), tree_of(self.declared)
        kept = saved_filters_view.offered(self.declared)
        if parent and asked == listing.Asked() and (shown := parent.shown(db.session())):
            return self.render("admin/tree.html", declared=self.declared, **shown, **kept)
        page = listing.listed(db.session(), self.declared, asked, today())
        return self.render(
            "admin/entries.html",
            declared=self.declared,
            asked=asked,
            page=page,
            choices=choices_of(db.session(), self.declared, asked),
            names=names_of(db.session(), (row.by for row in page.rows)),
            tabs=listing.Tab,
            falls=listing.Falls,
            orders=Order,
            written=written,
            today=today(),
            address=self._address(),
            verbs=bulk.verbs_of(self.declared),
            here=query_of(asked),
            lost=lost(db.session(), self.declared, asked),
            **kept,
        )

    @expose("/new", methods=("GET",))
    def new(self) -> str:
        """Show an empty form."""
        require(Right.WRITE)
        links = {name: value for name, value in self._prefilled().items() if name != POSITION}
        unsaved = autosaving.unsaved(self.declared, None, links)
        return self._form(None, self._prefilled(), unsaved=unsaved)

    @expose("/new", methods=("POST",))
    def create(self) -> Response:
        """Make an entry with its first version."""
        require(Right.WRITE)
        values, by, session = forms.typed(self.declared, request.form), signed_in_id(), db.session()
        try:
            locale = locales.canonical(self._locale())
            complete = pictures.with_uploaded(session, self.declared, values, locale=locale, by=by)
            complete = picking.with_new_made(session, self.declared, complete, locale=locale, by=by)
            complete = with_canonical(_canonical_template(), self.declared, complete, locale=locale)
            made = versions.create(
                session,
                self.declared.name,
                complete,
                locale=locale,
                by=by,
                note=request.form.get("note"),
                source=autosaving.source(),
            )
        except Invalid as error:
            session.rollback()
            return self._refused(None, values, error)
        except MadeAlready as error:
            session.rollback()
            return self._made_already(entries.from_source(session, error.source, locale), values, complete)
        autosaving.settle()
        session.commit()
        flash("Saved as version 1.", "success")
        return self._to(made.entry_id)

    @expose("/<uuid:entry_id>", methods=("GET",))
    def edit(self, entry_id: UUID) -> str:
        """Show an entry's newest version in the form."""
        entry = self._entry(entry_id)
        unsaved, newest = (
            autosaving.unsaved(self.declared, entry_id, {}),
            versions.latest(db.session(), entry.id),
        )
        return self._form(entry, newest.values, unsaved=unsaved, anew=newest.erased)

    @expose("/<uuid:entry_id>", methods=("POST",))
    def save(self, entry_id: UUID) -> Response:
        """Make the next version from what was typed; a clash with somebody else's is shown, never overwritten."""
        require(Right.WRITE)
        entry, session, based_on = self._entry(entry_id), db.session(), self._based_on(entry_id)
        locale, by = entry.locale, signed_in_id()
        values = forms.typed(self.declared, request.form)
        try:
            complete = pictures.with_uploaded(session, self.declared, values, locale=locale, by=by)
            complete = picking.with_new_made(session, self.declared, complete, locale=locale, by=by)
            made = versions.save(
                session,
                entry_id,
                complete,
                based_on=based_on,
                by=by,
                choices=choices(request.form),
                note=request.form.get("note"),
                anew="anew" in request.form,
            )
        except SaveClash as error:
            session.rollback()
            made_with_it = {
                **picking.names_of_new(self.declared, values, complete),
                **pictures.names_of_uploaded(self.declared, complete),
            }
            return self._clashed(entry_id, values, error, based_on, made_with_it)
        except Invalid as error:
            session.rollback()
            return self._refused(self._entry(entry_id), values, error, based_on)
        except (InTrash, ContentRetracted) as error:
            session.rollback()
            flash(f"Nothing was saved. {error}", "error")
            page = self._form(self._entry(entry_id), values, based_on=based_on)
            return make_response(page, HTTPStatus.CONFLICT)
        autosaving.settle()
        session.commit()
        flash(_told_as_saved(made), "success")
        return self._to(entry_id)

    def _form(
        self, entry: Entry | None, values: dict[str, Any], *, unsaved: Unsaved | None = None, **more: Any
    ) -> str:
        unsaved = unsaved or autosaving.sent()
        kept = unsaved.shown.typed if unsaved.shown else {}
        session, locale = db.session(), entry.locale if entry else kept.get("locale", self._locale())
        complete = {**forms.blank(self.declared), **values, **kept}
        sent = submissions.newest(session, entry.id) if entry else None
        disowned = listing.disowned(session, 1, entry.id) if entry else []
        based_on = unsaved.shown.based_on if unsaved.shown else entry.latest if entry else None
        return self.render(
            "admin/entry.html",
            declared=self.declared,
            content=forms.shown_fields(self.declared.content),
            placement=forms.shown_fields(self.declared.placement),
            entry=entry,
            row=listing.row(session, entry.id) if entry else None,
            coming=told_of(session, schedule.waiting_for(session, entry.id)) if entry else [],
            arranged=arranged(session, entry) if entry else [],
            public=public_links(session, entry) if entry else None,
            usage=lately(session, entry.id) if entry else None,
            back=way_back(session),
            disowned=disowned,
            names=names_of(session, [one.sent.ended_by or one.sent.by for one in disowned]),
            sent=sent,
            written_since=bool(
                sent and versions.latest(session, sent.entry_id).content_hash != sent.content_hash
            ),
            said=comments.open_of(session, entry.id) if entry else (),
            values=complete,
            locale=locale,
            options=picking.options_of(session, self.declared, complete, _known(locale)),
            makeable=picking.makeable,
            sources=offered_sources(session),
            tags=offered_tags(session),
            render=pictures.rendered,
            depicted=pictures.depicted,
            uploads=pictures.shown_in(self.declared),
            pictured=[field.source for field in self.declared.fields if field.source],
            linked=[declared for declared in types.everyone() if declared.health],
            most_megabytes=current_app.config["VERSO_UPLOAD_MB"],
            canonical="" if entry else proposed(_canonical_template(), self.declared, _known(locale)),
            beside=beside(session, self.declared, complete, _known(locale)),
            unsaved=unsaved,
            here=autosaving.here,
            settled=autosaving.settled(),
            editor=signed_in_id(),
            **{
                "based_on": based_on,
                "errors": {},
                "clash": None,
                "chosen": settled_in(request.form),
                "changed": False,
                "anew": "anew" in request.form,
                **more,
            },
        )

    def _refused(
        self, entry: Entry | None, values: dict[str, Any], error: Invalid, based_on: int | None = None
    ) -> Response:
        errors = {**pictures.chosen_again(self.declared), **forms.faults_by_field(error)}
        page = self._form(entry, values, errors=errors, based_on=based_on)
        return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)

    def _made_already(
        self, entry: Entry | None, values: dict[str, Any], complete: dict[str, Any]
    ) -> Response:
        """Lead to what the form has made, where it was sent twice; what else was typed in it meanwhile is shown."""
        session = db.session()
        if entry is None:
            abort(HTTPStatus.CONFLICT)
        if versions.holds(session, versions.version(session, entry.id, 1), complete):
            autosaving.settle()
            session.commit()
            return self._to(entry.id)
        flash(
            "Nothing was saved. This form has made what is here, and other words since. Save them too?",
            "error",
        )
        page = self._form(
            entry, values, unsaved=Unsaved(new_id(), taken_up=autosaving.sent().tab), based_on=1, changed=True
        )
        return make_response(page, HTTPStatus.CONFLICT)

    def _clashed(
        self,
        entry_id: UUID,
        values: dict[str, Any],
        error: SaveClash,
        based_on: int,
        made: dict[str, str],
    ) -> Response:
        # As it was typed, and not as it was merged: sent again, it meets the same questions, and makes anew what was
        # made with it.
        clash = clashing(db.session(), self.declared, error, request.form, made)
        errors = pictures.chosen_again(self.declared)
        page = self._form(self._entry(entry_id), values, clash=clash, errors=errors, based_on=based_on)
        return make_response(page, HTTPStatus.CONFLICT)

    def _entry(self, entry_id: UUID) -> Entry:
        entry = entries.entry(db.session(), entry_id)
        if entry.type != self.declared.name:
            abort(HTTPStatus.NOT_FOUND)
        return entry

    def _based_on(self, entry_id: UUID) -> int:
        number = number_of(request.form.get("based_on", ""))
        if number is None or number > self._entry(entry_id).latest:
            abort(HTTPStatus.BAD_REQUEST)
        return number

    def _locale(self) -> str:
        return request.values.get("locale", "").strip() or str(current_app.config["VERSO_LOCALE"])

    def _prefilled(self) -> dict[str, Any]:
        asked = {
            field.name: request.args.get(field.name)
            for field in self.declared.fields
            if field.kind == "link" or field.name == POSITION
        }
        return {name: value for name, value in asked.items() if value}

    def _address(self) -> Any:
        given = {name: value for name, value in request.args.items() if value and name != "after"}
        return lambda **changed: url_for(f"{self.endpoint}.index", **{**given, **changed})

    def _to(self, entry_id: UUID) -> Response:
        back = way_back(db.session())
        there = entries.entry(db.session(), back.id if back else entry_id)
        return redirect(autosaving.as_saved(there), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _told_as_saved(made: Version) -> str:
    """Return what is told of a save; of one that was merged with what was saved meanwhile, with what, and whose."""
    saved = f"Saved as version {made.number}."
    others = versions.between(db.session(), made)
    if not others:
        return saved
    names = names_of(db.session(), (one.by for one in others))
    with_them = " and ".join(f"version {one.number} by {names[one.by]}" for one in others)
    span: dict[str, Any] = {"from": made.based_on, "to": made.number}
    changed = url_for("trail.diff", entry_id=made.entry_id, **span)
    told = Markup('{} Merged with {}: <a href="{}">see what changed</a>.')
    return told.format(saved, with_them, changed)


def _canonical_template() -> str:
    return str(current_app.config["VERSO_CANONICAL_URL"])


def _known(locale: str) -> str:
    """The locale in which entries are offered to pick: the one that is asked for, if it can be one."""
    try:
        return locales.canonical(locale)
    except Invalid:
        return str(current_app.config["VERSO_LOCALE"])
