"""Tell whether a copy of Verso's texts is what was published, and is public still; it asks nobody.

    python verify.py COPY MANIFEST KEYS

COPY has a whole document on each line, as sync delivers it. MANIFEST has the answer of /manifest on its first line and
each page of /manifest/entries on one of its own. KEYS is /jwks.json, fetched once and kept by you. It needs Python 3.11
and the package `cryptography`.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = dict[str, Any]


def once(pairs: list[tuple[str, Any]]) -> Json:
    """Return an object; of a member that stands in it twice others might read what is not looked at here."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise SystemExit("a member stands twice in one object")
    return made


def text_of(name: str) -> str:
    try:
        # Some programs begin a file with a byte order mark.
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SystemExit(f"{name} cannot be read: {error}") from None


def keys_of(text: str) -> dict[str, str]:
    try:
        return {key["kid"]: key["x"] for key in json.loads(text)["keys"]}
    except (KeyError, TypeError, ValueError):
        raise SystemExit("KEYS is not what /jwks.json answers") from None


def lines(text: str) -> list[Json]:
    return [an_object(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def an_object(line: str, number: int) -> Json:
    try:
        told = json.loads(line, object_pairs_hook=once)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise SystemExit(f"line {number} is no JSON object: {line[:40]}")
    return told


def canonical(value: Json) -> bytes:
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return told.encode(errors="surrogatepass")


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def is_signed(answer: Json, keys: dict[str, str]) -> bool:
    header, _, signature = str(answer.pop("signature")).partition("..")
    payload = base64.urlsafe_b64encode(canonical(answer)).rstrip(b"=").decode()
    try:
        told = json.loads(unpacked(header))
        key = Ed25519PublicKey.from_public_bytes(unpacked(keys[told["kid"]]))
        key.verify(unpacked(signature), f"{header}.{payload}".encode())
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return bool(told["typ"] == "verso-manifest")


def entries(manifest: list[Json]) -> dict[str, Json] | None:
    """Return what is public, by id; None where a page is missing, or is of another manifest."""
    head, *pages = manifest
    after, public = None, dict[str, Json]()
    for page in pages:
        if page["after"] != after or any(
            page[name] != head[name] for name in ("epoch", "sequence", "partner")
        ):
            return None
        public |= {entry["id"]: entry for entry in page["data"]}
        after = page["data"][-1]["id"] if page["page"]["next"] else "the end"
    return public if after == "the end" else None


def fault(document: Json, entry: Json | None) -> str | None:
    if entry is None:
        return "is not public"
    if entry["version"] != document["version"]:
        return f"is stale: version {entry['version']} is public"
    if entry["whole_hash"] != hashlib.sha256(canonical(document)).hexdigest():
        return "is not what was published, or shows what has changed elsewhere since"
    return None


def sentence(document: Json, place: int, public: dict[str, Json]) -> str | None:
    if not isinstance(document.get("id"), str) or "version" not in document:
        return f"document {place} of the copy has no id, or no version"
    told = fault(document, public.get(document["id"]))
    return told and f"{document['id']} in version {document['version']} {told}"


def refused(manifest: list[Json], keys: dict[str, str]) -> str | None:
    """Return why a manifest tells nothing, if it does not."""
    if any(not answer.get("signature") for answer in manifest):
        return "the manifest bears no signature: whoever made it has no key to sign with"
    if not manifest or not all(is_signed(answer, keys) for answer in manifest):
        return "the manifest is not signed with one of these keys"
    if "valid_until" not in manifest[0] or not all("after" in page for page in manifest[1:]):
        return "the manifest does not begin with the answer of /manifest, with pages of its entries after it"
    return None


def faults(copy: list[Json], manifest: list[Json], keys: dict[str, str], now: datetime) -> Iterator[str]:
    if told := refused(manifest, keys):
        yield told
        return
    until, public = manifest[0]["valid_until"], entries(manifest)
    if not until or datetime.fromisoformat(until) < now:
        yield f"the manifest is of {manifest[0]['made_at']}, and out of date"
    if public is None:
        yield "the manifest is not whole, or of several"
        return
    if not copy:
        yield "the copy is empty: nothing was looked at"
    for place, document in enumerate(copy, 1):
        if told := sentence(document, place, public):
            yield told


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    copy, manifest, keys = map(text_of, sys.argv[1:])
    found = list(faults(lines(copy), lines(manifest), keys_of(keys), datetime.now(UTC)))
    sys.exit("\n".join(found) or 0)
