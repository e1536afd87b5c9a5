"""The side menu: what the newsroom's views are called, in which order, and to whom they are shown."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_admin import Admin
from flask_admin.menu import MenuView


@dataclass(frozen=True)
class Item:
    """A line of the menu; `here` says that the reader is on its page."""

    name: str
    url: str
    icon: str
    here: bool


@dataclass(frozen=True)
class Group:
    """Lines under one heading; "" is no heading."""

    name: str
    items: tuple[Item, ...]


def shown_menu() -> tuple[Group, ...]:
    """Return the menu for whoever is signed in: the views that they may open, in the order they were added."""
    newsroom: Admin = current_app.extensions["admin"][0]
    groups: dict[str, list[Item]] = {}
    for view in newsroom._views:
        if view.is_accessible() and view.is_visible():
            groups.setdefault(view.category or "", []).append(_item(view))
    return tuple(Group(name, tuple(items)) for name, items in groups.items())


def _item(view: MenuView) -> Item:
    here = request.blueprint == view.endpoint
    return Item(str(view.name), url_for(f"{view.endpoint}.index"), view.menu_icon_value or "dot", here)
