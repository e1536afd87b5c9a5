"""The newsroom: where people write, publish and look after what Verso serves.

It stands on Flask-Admin's views and menu and on flask-security's accounts, and shows nothing of either's own look.
"""

from collections.abc import Callable

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
    embedding,
    errors_shown,
    from_text,
    guard,
    organising,
    own_account,
    passwords,
    picking,
    pictures,
    present,
    preview,
    previews,
    reviewing,
    saved_filters_view,
    scheduling,
    submitting,
    trail,
    trash,
)
from admin.desk import Desk
from admin.embedding import Script
from admin.entries_view import EntriesView
from admin.from_text import Reader
from admin.partners_view import PartnersView
from admin.people_view import PeopleView
from admin.previews import MomentsView
from admin.scheduling import ScheduleView
from admin.sources_view import SourcesView
from admin.tags_view import TagsView
from admin.trash import TrashView
from admin.usage_view import UsageView
from content import types


def init_app(app: Flask, reader: Reader, script: Callable[[], Script]) -> None:
    """Join the newsroom at /admin, its accounts and its commands to `app`.

    `reader` makes drafts of blog texts; `script` tells of what other sites load to show a text.
    """
    # Flask-Admin asks for translations on every page, even where there is one language.
    if "babel" not in app.extensions:
        Babel(app)
    accounts.init_app(app)
    guard.init_app(app)
    _add_views(app)
    from_text.init_app(app, reader)
    embedding.init_app(app, script)
    app.register_blueprint(doors.door)
    app.register_blueprint(passwords.passwords)
    for part in (
        preview,
        beside,
        picking,
        pictures,
        autosaving,
        present,
        trail,
        reviewing,
        submitting,
        arrangement,
        acts,
        organising,
        own_account,
        bulk,
        saved_filters_view,
        previews,
        trash,
        embedding,
        from_text,
        scheduling,
    ):
        app.register_blueprint(part.pages)
    app.register_blueprint(errors_shown.anything_else)
    app.cli.add_command(commands.people)
    app.cli.add_command(commands.lists)


def _add_views(app: Flask) -> None:
    # The theme's folder does not exist, so that no template of Flask-Admin's own can be found.
    newsroom = Admin(app, name="Verso", index_view=Desk(), theme=Theme("none", "admin/page.html"))
    for declared in types.everyone():
        newsroom.add_view(EntriesView(declared))
    for view in (
        TagsView(),
        SourcesView(),
        ScheduleView(),
        MomentsView(),
        TrashView(),
        PartnersView(),
        UsageView(),
        PeopleView(),
    ):
        newsroom.add_view(view)
