"""Signatures: by what a reader tells that a version's words are ours: its signatures, and the public keys."""

from typing import Any

from flask import Response
from marshmallow import Schema

from api import caching, endings, reading, versions
from api.answers import JSON, answer, ready, sent
from api.describing import KEY, Reads
from api.queries import NoQuery, OneQuery
from api.shapes import HASH, Flat, many, nested, one_of, schema, text, uuid, whole
from content import signatures, signing
from content.documents import API
from content.types import ContentType
from storage import db

KEYS = f"{API}/jwks.json"
KIND = "application/jwk-set+json"
_KEY: Flat = {
    "kty": one_of(["OKP"]),
    "crv": one_of(["Ed25519"]),
    "x": text("public"),
    "kid": text("key_id"),
    "use": one_of(["sig"]),
    "alg": one_of(["EdDSA"]),
}
SET = schema("KeySet", {"keys": many(nested("PublicKey", _KEY))}, component="KeySet")


def _shape(declared: ContentType) -> type[Schema]:
    name = f"{declared.name.title()}Signature"
    flat: Flat = {
        "type": one_of([declared.name]),
        "id": uuid(),
        "version": whole("version", least=1),
        "content_hash": text("hash", pattern=HASH),
        "version_hash": text("hash", pattern=HASH),
        "signatures": many(nested("Signature", {"key_id": text("key_id"), "jws": text("jws")})),
    }
    return schema(name, flat, component=name)


def blueprint() -> Reads:
    """Return the read of the keys."""
    about = "Telling that what you have is ours, and is public still."
    routes = Reads("Verification", __name__, scope=None, url_prefix=API, description=about)

    @routes.get("/jwks.json")
    @routes.arguments(NoQuery, location="query")
    @routes.answers(SET, form=KIND, also=(JSON,))
    def get_signing_keys(asked: dict[str, Any]) -> Response:
        """Read the public keys of our signatures (RFC 7517, RFC 8037), that of now first; none where none is set."""
        told = [signing.jwk(public) for public in signatures.keys(db.session())]
        return _brief(sent(ready({"keys": told}, kind=KIND, dated=False)))

    return routes


def add_to(routes: Reads, declared: ContentType) -> None:
    """Give a type the read of a version's signatures."""

    @routes.get(f"/<key>/versions/{versions.NUMBER}/signature", parameters=[KEY])
    @routes.arguments(OneQuery, location="query")
    @routes.answers(_shape(declared), 404, 410)
    def signature(asked: dict[str, Any], key: str, number: int) -> Response:
        """Read the signatures of the bytes of a public version, those of the newest keys first; perhaps none."""
        with endings.told(declared, key, asked):
            entry_id, at = versions.place(declared, key, asked)
            item = versions.version(declared, entry_id, number, at)
        body, edition = versions.words(item), item.edition
        # A draft that is previewed is vouched for by nobody.
        found = [] if reading.previewed() else signatures.of_document(db.session(), edition.document_hash)
        told = {
            "type": edition.type,
            "id": str(edition.entry_id),
            "version": edition.version,
            "content_hash": edition.content_hash,
            "version_hash": signing.hashed(body),
            "signatures": [{"key_id": one.key_id, "jws": one.jws} for one in found],
        }
        return _brief(answer(told, dated=False))


def _brief(response: Response) -> Response:
    """Have nobody keep an answer that changes without an act, of which no cache is told."""
    response.headers["Cache-Control"] = caching.INSTANT
    return response
