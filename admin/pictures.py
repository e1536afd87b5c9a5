"""Pictures in the newsroom: what is uploaded with a form, and how texts show pictures that are drafts still."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from slugify import slugify
from sqlalchemy.orm import Session

from admin.accounts import signed_in_id
from admin.forms import faults_by_field
from admin.frame import pages_of, require
from admin.linked import linked
from admin.roles import Right
from content import depicting, markup, pictures, types, versions
from content.database import new_id
from content.depicting import MEDIA
from content.errors import Fault, Invalid
from content.fields import Field, Link
from content.markup import Prose
from content.types import ContentType
from content.versions import Version
from storage import db

IMAGE = "image"
# What is asked for with a picture that is uploaded where it is used; the rest is written in its own page.
IN_PLACE = ("alt", "caption", "credit")
UPLOAD = "upload"

pages: Blueprint = pages_of("pictures", __name__, "/admin/media")


@pages.get("/<name>")
def media(name: str) -> Response:
    """Hand out a rendition to whoever is signed in, also one that readers may not have."""
    kind, body = pictures.bytes_of(db.session(), name.partition(".")[0])
    return Response(body, content_type=kind)


@pages.post("")
def upload() -> Response:
    """Make an image of what is sent, as a draft, while a text is written; answers its `id`, or what is `wrong`."""
    require(Right.WRITE)
    session, locale = db.session(), request.form.get("locale") or str(current_app.config["VERSO_LOCALE"])
    try:
        image_id = _made(session, UPLOAD, locale=locale, by=signed_in_id())
    except Invalid as error:
        session.rollback()
        return jsonify(wrong=" ".join(faults_by_field(error).values()))
    session.commit()
    return jsonify(id=image_id)


def shown_in(declared: ContentType) -> list[Field]:
    """Return the fields of a type with which a picture can be uploaded: its own, and those that lead to an image."""
    return [field for field in declared.fields if field.kind == "picture" or _leads_to_image(field)]


def with_uploaded(
    session: Session, declared: ContentType, values: Mapping[str, Any], *, locale: str, by: str
) -> dict[str, Any]:
    """Return `values` with what was uploaded for them, to be committed with them.

    Raises Invalid, at the field that a picture was uploaded for.
    """
    uploaded = dict(values)
    for field in shown_in(declared):
        if not _is_sent(f"{field.name}-{UPLOAD}"):
            _require_none_was_meant(field, uploaded)
            continue
        if field.kind == "picture":
            uploaded[field.name] = pictures.keep(session, _sent(field.name), pointer=f"/{field.name}")
        else:
            uploaded[field.name] = _made(session, field.name, locale=locale, by=by)
    return uploaded


def chosen_again(declared: ContentType) -> dict[str, str]:
    """Return by field, where nothing is saved of what was sent, which file has to be chosen again."""
    return {
        field.name: f"Choose the file {request.files[f'{field.name}-{UPLOAD}'].filename} again: it was not kept."
        for field in shown_in(declared)
        if _is_sent(f"{field.name}-{UPLOAD}")
    }


def names_of_uploaded(declared: ContentType, uploaded: Mapping[str, Any]) -> dict[str, str]:
    """Return by their ids what the images that `with_uploaded` made are called."""
    return {
        str(uploaded[field.name]): _title(str(request.files[f"{field.name}-{UPLOAD}"].filename))
        for field in shown_in(declared)
        if _leads_to_image(field) and _is_sent(f"{field.name}-{UPLOAD}")
    }


def rendered(markdown: str, *, at: int | None = None) -> Prose:
    """Return what readers will see of a text, or saw at the sequence `at`, its images included."""
    prose = markup.render(markdown)
    return replace(prose, html=with_pictures(prose.html, at=at))


def with_pictures(html: str, *, at: int | None = None) -> str:
    """Return a text's HTML with its images as `admin/linked.py` has them."""
    named = depicting.named_in(html)
    return depicting.shown(html, _shown(db.session(), named, at=at)) if named else html


def depicted(image_id: str) -> str | None:
    """Return where the newsroom has the bytes of an image; None where there are none."""
    shown = _shown(db.session(), [image_id]).get(image_id)
    return shown["url"] if shown else None


def address(version: Version) -> str | None:
    """Return where the newsroom has the bytes of an image in one of its versions; None where they were erased."""
    url: str | None = _here(version)["url"]
    return url


def _leads_to_image(field: Field) -> bool:
    return isinstance(field, Link) and field.to == IMAGE


def _require_none_was_meant(field: Field, values: Mapping[str, Any]) -> None:
    """Refuse words about a picture that did not come: a page that was refused has lost the file that was chosen."""
    words = any(request.form.get(f"{field.name}-{part}", "").strip() for part in IN_PLACE)
    if words and not values.get(field.name):
        raise Invalid(
            [
                Fault(
                    f"/{field.name}",
                    "did not come with its words. Choose the file again, or take the words away",
                )
            ]
        )


def _is_sent(name: str) -> bool:
    sent = request.files.get(name)
    return bool(sent and sent.filename)


def _sent(name: str) -> bytes:
    most = int(current_app.config["VERSO_UPLOAD_MB"])
    if not _is_sent(f"{name}-{UPLOAD}"):
        raise Invalid([Fault(f"/{name}", "is required")])
    with closing(request.files[f"{name}-{UPLOAD}"]) as sent:
        body: bytes = sent.read(most * 1_000_000 + 1)
    if len(body) > most * 1_000_000:
        raise Invalid([Fault(f"/{name}", f"is larger than {most} megabytes")])
    return body


def _made(session: Session, name: str, *, locale: str, by: str) -> str:
    """Make an image of what was uploaded for a field, named after its file; its faults are told at that field."""
    try:
        kept = pictures.keep(session, _sent(name), pointer=f"/{name}")
        title = _title(str(request.files[f"{name}-{UPLOAD}"].filename))
        values: dict[str, Any] = {part: request.form.get(f"{name}-{part}", "") for part in IN_PLACE}
        values |= {
            "decorative": f"{name}-decorative" in request.form,
            "name": title,
            # Files have few names: so that two of the same name can both be public, each has a word of its own.
            "slug": f"{slugify(title, max_length=80, word_boundary=True) or 'picture'}-{new_id().hex[-8:]}",
        }
        note = "Uploaded while writing."
        made = versions.create(session, IMAGE, values | {"file": kept}, locale=locale, by=by, note=note)
    except Invalid as error:
        raise Invalid([Fault(f"/{name}", _told(fault, name)) for fault in error.faults]) from error
    return str(made.entry_id)


def _title(filename: str) -> str:
    """Return what an image is called after its file."""
    stem = filename.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return "".join(part for part in stem if part.isprintable()).strip()[:200] or "Picture"


def _told(fault: Fault, name: str) -> str:
    part = fault.pointer.strip("/")
    if part in (name, "file"):
        return fault.detail
    labels = {field.name: field.label.lower() for field in types.get(IMAGE).fields}
    return f"{labels.get(part, part)} {fault.detail}"


def _shown(session: Session, named: Iterable[str], *, at: int | None = None) -> dict[str, dict[str, Any]]:
    """Return what images show, by id, their bytes where the newsroom has them."""
    found = linked(session, [UUID(one) for one in named if _is_id(one)], at=at)
    return {str(one.entry.id): _here(one.version) for one in found.values() if one.entry.type == IMAGE}


def _here(version: Version) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for field in types.get(IMAGE).content:
        parts |= field.parts(version.values)
    here = url_for("pictures.media", name="x").removesuffix("/x")
    moved = [{**one, "url": one["url"].replace(MEDIA, here)} for one in parts["renditions"]]
    return {**parts, "url": parts["url"] and parts["url"].replace(MEDIA, here), "renditions": moved}


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
