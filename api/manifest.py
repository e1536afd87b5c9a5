"""The manifest: what is public, signed with the date until which to rely on it, and of each entry what it hashes to.

What names a moment is apart from the entries: these are bytes of the log, which any cache may keep while it stands.
"""

from datetime import timedelta
from typing import Any

from flask import Response, current_app
from marshmallow import Schema, fields
from sqlalchemy import select

from api import asking, paging, queries, reading, signatures, sync, tokens
from api.answers import answer
from api.describing import Reads
from api.envelopes import listing
from api.shapes import HASH, Flat, nested, one_of, schema, text, uuid, whole
from api.tokens import Cursor
from content import manifest, partners, signing, types
from content.documents import API
from content.expansion import instant
from content.log import Act
from content.signing import Kind
from storage import db

PATH = f"{API}/manifest"
ENTRIES = f"{PATH}/entries"


def _moment(description: str) -> fields.String:
    about = {"format": "date-time", "example": "2026-05-01T09:00:00.000000Z", "description": description}
    return fields.String(required=True, allow_none=True, metadata=about)


_SHARED: Flat = {
    "epoch": uuid(),
    "sequence": whole("sequence"),
    "partner": text("partner", description="Whose manifest this is: `anonymous`, or that of a key."),
    "signature": text("jws", null=True, description="Null where nothing is signed."),
}
HEAD = schema(
    "Manifest",
    {
        **_SHARED,
        "at": _moment("When the last act took effect; null before the first."),
        "made_at": _moment("When this was answered."),
        "valid_until": _moment("Until when to rely on it; null of a past moment, which nobody may."),
        "entries": text("path", format="uri-reference"),
        "keys": text("path", format="uri-reference"),
    },
    component="Manifest",
)


class ManifestQuery(Schema):
    """What a manifest may be asked for."""

    as_of = queries.as_of()


def _listed() -> type[Schema]:
    entry: Flat = {
        "type": one_of([declared.name for declared in types.everyone()]),
        "id": uuid(),
        "locale": text("locale"),
        "version": whole("version", least=1),
        "sequence": whole("sequence", least=1),
        "content_hash": text("hash", pattern=HASH),
        "version_hash": text("hash", pattern=HASH),
        "whole_hash": text("hash", pattern=HASH),
    }
    flat: Flat = {
        **listing("ManifestEntries", nested("ManifestEntry", entry))().fields,
        **_SHARED,
        "after": uuid(null=True),
    }
    return schema("ManifestEntries", flat, component="ManifestEntries")


def blueprint() -> Reads:
    """Return the reads of the manifest."""
    about = "Telling that what you have is ours, and is public still."
    routes = Reads("Manifest", __name__, scope=None, url_prefix=PATH, description=about)

    @routes.get("")
    @routes.arguments(ManifestQuery, location="query")
    @routes.answers(HEAD)
    def get_manifest(asked: dict[str, Any]) -> Response:
        """Read how far the log has come, signed, with the moment until which to rely on that."""
        response = answer(_signed(_head(reading.sequence(asked.get("as_of")))), dated=False)
        # It names the moment at which it was asked for.
        response.headers["Cache-Control"] = "no-store"
        return response

    @routes.get("/entries")
    @routes.arguments(queries.manifest_query(), location="query")
    @routes.answers(_listed(), 410)
    def list_manifest_entries(asked: dict[str, Any]) -> Response:
        """List what is public, in the order of ids, each page signed."""
        told = _page(asked)
        return answer(_signed(told), following=told["page"]["next"])

    return routes


def _head(at: int) -> dict[str, Any]:
    moment = reading.present()
    acted = db.session.scalar(select(Act.at).where(Act.sequence == at))
    until = moment.clock + timedelta(hours=current_app.config["VERSO_MANIFEST_HOURS"])
    if at == moment.sequence and moment.next_due:
        until = manifest.next_change(
            db.session(), reading.partner_id(), at=at, reach=reading.reach(), until=until
        )
    return {
        **_about(at),
        "at": acted and instant(acted),
        "made_at": instant(moment.clock),
        "valid_until": instant(until) if at == moment.sequence else None,
        "entries": f"{ENTRIES}?as_of={at}",
        "keys": signatures.KEYS,
    }


def _page(asked: dict[str, Any]) -> dict[str, Any]:
    moment, key, given = reading.present(), reading.key(), asking.parameters()
    question = paging.question(ENTRIES, given)
    cursor = tokens.cursor_read(asked["cursor"], question, key, moment) if "cursor" in asked else None
    at = reading.answered_at(cursor.sequence) if cursor else reading.sequence(asked.get("as_of"))
    grants = sync.as_begun(cursor.grants) if cursor else sync.granted(at)
    after = cursor.entry_id if cursor else None
    reach = reading.reach_at(grants.sequence, grants.partner)
    told, last = manifest.entries(db.session(), at=at, reach=reach, limit=asked["limit"], after=after)
    following = None
    if last:
        text = tokens.cursor_written(Cursor(moment.epoch, at, 0, last, grants), question, key)
        following = paging.link(ENTRIES, given, cursor=text)
    page = paging.listing(told, asked["limit"], following)
    return {**_about(at), "after": after and str(after), **page}


def _about(at: int) -> dict[str, Any]:
    return {"epoch": str(reading.present().epoch), "sequence": at, "partner": _partner()}


def _partner() -> str:
    borne = reading.caller()
    return partners.partner(db.session(), borne.partner_id).name if borne else partners.EVERYBODY


def _signed(told: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with the signature of its RFC 8785 JSON."""
    key = signing.key_of(db.session())
    return {**told, "signature": key.sign(signing.canonical(told), Kind.MANIFEST) if key else None}
