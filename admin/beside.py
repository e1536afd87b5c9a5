"""What stands beside a text while it is written: how long and how hard it is to read, and what to look at again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import forms
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.links_here import templates
from admin.roles import Right
from content import checks, locales, markup, own_links, readability, types
from content.characters import normalised
from content.checks import Finding
from content.entries import Entry
from content.errors import Invalid
from content.fields import Link, Markdown
from content.own_links import Named
from content.readability import Measure
from content.types import ContentType
from storage import db

pages: Blueprint = pages_of("beside", __name__, "/admin")


@dataclass(frozen=True)
class Beside:
    """What is said of a form's texts: a line for each Markdown field, and findings with their field's label."""

    measured: dict[str, str]
    findings: list[tuple[str, Finding]]


def beside(session: Session, declared: ContentType, values: Mapping[str, Any], locale: str) -> Beside:
    """Return what is said of values as they were typed."""
    texts = {field.name: values.get(field.name) for field in declared.fields if isinstance(field, Markdown)}
    measured = {name: _measured(str(text or ""), locale) for name, text in texts.items()}
    return Beside(measured, findings(session, declared, values, locale))


def findings(
    session: Session, declared: ContentType, values: Mapping[str, Any], locale: str
) -> list[tuple[str, Finding]]:
    """Return what is to be looked at again in values, in the order of the form, each with its field's label."""
    found = checks.check(declared, values) + _dead_links(session, declared, values, locale)
    found += _newsroom_links(declared, values) + _other_languages(session, declared, values, locale)
    names = [field.name for field in declared.fields]
    found.sort(key=lambda one: (names.index(one.field), one.line or 0))
    return [(declared.field(one.field).label, one) for one in found]


@pages.post("/beside")
def of_form() -> Response:
    """Answer what is said of a form as it is typed: `measured` by field, and the list of `checks` as HTML."""
    require(Right.WRITE)
    declared = types.get(request.form.get("type", ""))
    said = beside(db.session(), declared, forms.as_typed(declared, request.form), _locale())
    return jsonify(measured=said.measured, checks=render_template("admin/findings.html", beside=said))


def _dead_links(
    session: Session, declared: ContentType, values: Mapping[str, Any], locale: str
) -> list[Finding]:
    ours: dict[checks.Cited, Named] = {
        link: name
        for link in checks.cited(declared, values)
        if (name := own_links.named(link.href, templates(), locale=locale))
    }
    dead = own_links.unfound(session, set(ours.values()))
    return [
        Finding(link.field, link.line, f"The link “{link.words}” leads to nothing that is public.")
        for link, name in ours.items()
        if name in dead
    ]


def _newsroom_links(declared: ContentType, values: Mapping[str, Any]) -> list[Finding]:
    """Tell of links that were copied from the newsroom, where no reader can go."""
    homes = ("", request.host_url.rstrip("/"), str(current_app.config["VERSO_PUBLIC_URL"]))
    within = tuple(f"{home}/admin/" for home in homes)
    return [
        Finding(
            link.field,
            link.line,
            f"The link “{link.words}” leads into the newsroom. Link to the text itself.",
        )
        for link in checks.cited(declared, values)
        if f"{link.href}/".startswith(within)
    ]


def _other_languages(
    session: Session, declared: ContentType, values: Mapping[str, Any], locale: str
) -> list[Finding]:
    """Tell where a text is filed under one that is written in another language, and is shown to its readers."""
    filed = {
        field.name: known
        for field in declared.fields
        if isinstance(field, Link) and types.get(field.to).health
        if (known := id_of(str(values.get(field.name) or "")))
    }
    chosen = select(Entry).where(Entry.id.in_(filed.values()))
    about = {entry.id: entry for entry in session.scalars(chosen)} if filed else {}
    return [
        Finding(
            name,
            None,
            f"“{entry.title}” is in another language ({entry.locale}); its readers are shown this in {locale}.",
        )
        for name, known in filed.items()
        if (entry := about.get(known)) and _language(entry.locale) != _language(locale)
    ]


def _language(locale: str) -> str:
    return locale.partition("-")[0]


def _measured(markdown: str, locale: str) -> str:
    measure = readability.measure(markup.render(normalised(markdown)).text, locale)
    words = f"{measure.words:,} {'word' if measure.words == 1 else 'words'}"
    return " · ".join((words, f"{measure.minutes} min to read", _grade(measure)))


def _grade(measure: Measure) -> str:
    return f"reading grade {measure.grade}" if measure.why is None else measure.why


def _locale() -> str:
    try:
        return locales.canonical(request.form.get("locale", ""))
    except Invalid:
        return str(current_app.config["VERSO_LOCALE"])
