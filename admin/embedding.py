"""Embedding: the lines of HTML by which another site shows a text, and the very embed that they bring."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Protocol
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request

from admin import guard, listing
from admin.frame import pages_of
from admin.public_links import public_links
from content import entries, granting, versions
from content.documents import API, addresses
from content.entries import Entry
from content.fields import Values
from content.placement import AUDIENCE, LICENSED, SYNDICATION
from content.standings import standings
from storage import db

pages: Blueprint = pages_of("embedding", __name__, "/admin/entries/<uuid:entry_id>/embed")
STABLE = f"{API}/embed.js"
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
THEMES = {"auto": "As the reader's device says", "light": "Light", "dark": "Dark"}
LEVELS = ("1", "2", "3", "4")
# The page shows a frame of ours; the newsroom's others show none.
_POLICY = f"{guard.CONTENT_SECURITY_POLICY}; frame-src 'self'"
_SCRIPT = "verso.embed_script"


class Script(Protocol):
    """The script that sites load: where this build of it is for ever, and its hash for `integrity`."""

    @property
    def address(self) -> str: ...

    @property
    def integrity(self) -> str: ...


@dataclass(frozen=True)
class Embed:
    """One thing that a site can show, `title` in words: the paths of its page and of its fragment, and the lines.

    `start` is where readers reach this server.
    """

    name: str
    title: str
    page: str
    fragment: str
    start: str

    @property
    def by_script(self) -> str:
        """The lines by which the script puts it into a page; a link stands there until then."""
        place = f'<div data-verso-embed="{escape(self.start + self.fragment)}">'
        link = f'<a href="{escape(self.start + self.page)}">{escape(self.title)}</a>'
        return f'{place}{link}</div>\n<script src="{self.start}{STABLE}" async></script>'

    @property
    def in_frame(self) -> str:
        """The line of a frame with its page in it."""
        shown = f'src="{escape(self.start + self.page)}" title="{escape(self.title)}"'
        return f'<iframe {shown} width="600" height="400" loading="lazy" sandbox="{SANDBOX}"></iframe>'

    @property
    def by_server(self) -> str:
        """The command by which a site's server asks for it, with its key."""
        return f"curl -H \"Authorization: Bearer $VERSO_KEY\" '{self.start}{self.fragment}'"


def init_app(app: Flask, script: Callable[[], Script]) -> None:
    """Hand out lines that load what `script` tells of."""
    app.extensions[_SCRIPT] = script


@pages.get("")
def embed(entry_id: UUID) -> Response:
    """Show how another site can show this text, and how it looks there."""
    session = db.session()
    entry = entries.entry(session, entry_id)
    theme = request.args.get("theme", "")
    level = request.args.get("level", "")
    chosen = {
        "theme": theme if theme in THEMES else "auto",
        "level": level if level in LEVELS else "2",
    }
    start, values = str(current_app.config["VERSO_PUBLIC_URL"]), _values(entry)
    licensed = values.get(AUDIENCE.name) == LICENSED
    page = render_template(
        "admin/embedding.html",
        entry=entry,
        row=listing.row(session, entry_id),
        embeds=_embeds(entry, start, **chosen) if public_links(session, entry) else [],
        licensed=licensed,
        keyed=licensed or granting.needs_key(session, entry_id),
        barred=values.get(SYNDICATION.name) is False,
        stable=STABLE,
        pinned=_pinned(start, current_app.extensions[_SCRIPT]()),
        policy="; ".join(f"{name}-src {start}" for name in ("script", "connect", "img", "frame")),
        style=_style(theme),
        themes=THEMES,
        levels=LEVELS,
        **chosen,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _pinned(start: str, script: Script) -> str:
    loaded = f'src="{start}{script.address}" integrity="{script.integrity}"'
    return f'<script {loaded} crossorigin="anonymous" async></script>'


def _style(theme: str) -> str:
    scheme = "light dark" if theme not in ("light", "dark") else theme
    look = f".verso {{ color-scheme: {scheme}; --verso-font: inherit; --verso-link: #0b5c4a; }}"
    return f"{look}\n[data-verso-embed] {{ min-height: 20rem; }}"


def _embeds(entry: Entry, start: str, *, theme: str, level: str) -> list[Embed]:
    """Return what there is of an entry: its own text, and the questions about it."""
    page = {} if theme == "auto" else {"theme": theme}
    fragment = {} if level == "2" else {"level": level}
    found: list[tuple[str, str, dict[str, str]]] = []
    if entry.content_type.health:
        found.append(("The text", f"{addresses(entry.content_type, entry.id, 1)['self']}/embed", {}))
    if entry.type in ("article", "topic"):
        order = {"sort": "position"} if entry.type == "article" else {}
        found.append(("Its questions, folded up", f"{API}/embeds/faqs", {entry.type: str(entry.id)} | order))
    return [
        Embed(
            name,
            entry.title or "",
            _with(path, asked | page),
            _with(f"{path}/fragment", asked | fragment),
            start,
        )
        for name, path, asked in found
    ]


def _with(path: str, asked: dict[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path


def _values(entry: Entry) -> Values:
    """Return the values of an entry as readers have it; of what is not public, those of its newest version."""
    session = db.session()
    live = standings(session, [entry.id])[entry.id].live
    shown = versions.version(session, entry.id, live.version) if live else versions.latest(session, entry.id)
    return shown.values
