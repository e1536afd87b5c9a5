"""The newsroom: where people write, publish and look after what Verso serves.

It stands on Flask-Admin's views and menu and on flask-security's accounts, and shows nothing of either's own look.
"""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Theme
from flask_babel import Babel

from admin import (
    accounts,
    acts,
    arrangement,
    autosaving,
    beside,
    bulk,
    commands,
    doors,
    errors_shown,
    from_text,
    guard,
    organising,
    passwords,
    picking,
    present,
    preview,
    previews,
    reviewing,
    scheduling,
    submitting,
    trail,
    trash,
)
from admin.desk import Desk
from admin.entries_view import EntriesView
from admin.from_text import Reader
from admin.people_view import PeopleView
from admin.previews import MomentsView
from admin.scheduling import ScheduleView
from admin.sources_view import SourcesView
from admin.tags_view import TagsView
from admin.trash import TrashView
from content import types


def init_app(app: Flask, reader: Reader) -> None:
    """Join the newsroom at /admin, its accounts and its commands to `app`; `reader` makes drafts of blog texts."""
    # Flask-Admin asks for translations on every page, even where there is one language.
    if "babel" not in app.extensions:
        Babel(app)
    accounts.init_app(app)
    guard.init_app(app)
    _add_views(app)
    from_text.init_app(app, reader)
    app.register_blueprint(doors.door)
    app.register_blueprint(passwords.passwords)
    for part in (
        preview,
        beside,
        picking,
        autosaving,
        present,
        trail,
        reviewing,
        submitting,
        arrangement,
        acts,
        organising,
        bulk,
        previews,
        trash,
        from_text,
        scheduling,
    ):
        app.register_blueprint(part.pages)
    app.register_blueprint(errors_shown.anything_else)
    app.cli.add_command(commands.people)


def _add_views(app: Flask) -> None:
    # The theme's folder does not exist, so that no template of Flask-Admin's own can be found.
    newsroom = Admin(app, name="Verso", index_view=Desk(), theme=Theme("none", "admin/page.html"))
    for declared in types.everyone():
        newsroom.add_view(EntriesView(declared))
    for view in (TagsView(), SourcesView(), ScheduleView(), MomentsView(), TrashView(), PeopleView()):
        newsroom.add_view(view)
