"""Media: the bytes of pictures, each rendition at an address of its own, which never means other bytes."""

from typing import Any

from flask import Response, current_app

from api import asking, caching, digests, groups, reading
from api.answers import Ready, sent
from api.describing import Reads
from api.queries import NoQuery
from content import shown_pictures
from content.depicting import MEDIA
from content.errors import NotFound
from content.reencoding import ENDINGS

_NAME = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "The SHA-256 of the bytes, and what they are.",
    "schema": {"type": "string", "pattern": rf"^[0-9a-f]{{64}}\.({'|'.join(ENDINGS.values())})$"},
}


def blueprint() -> Reads:
    """Return the one read of bytes."""
    about = "Pictures, as the `url`, the `renditions` and the HTML of texts name them."
    routes = Reads("Media", __name__, previewed=True, url_prefix=MEDIA, description=about)

    @routes.get("/<name>", parameters=[_NAME])
    @routes.arguments(NoQuery, location="query")
    @routes.hands_out(tuple(ENDINGS), 404, 410)
    def get_media(asked: dict[str, Any], name: str) -> Response:
        """Read the bytes of a picture that is public, or was."""
        known, _, ending = name.partition(".")
        at = reading.sequence(None)
        found = shown_pictures.shown(asking.session(), known, at=at, reach=reading.reach())
        if ENDINGS[found.type] != ending:
            raise NotFound("picture of that name")
        for entry_id in found.entries:
            groups.of_entry(entry_id)
        headers = {"Content-Type": found.type, "ETag": f'"{known}"', "Cache-Control": _lifetime()}
        headers[digests.OF_CONTENT] = digests.told(bytes.fromhex(known))
        return sent(Ready(found.body, known, None, headers))

    return routes


def _lifetime() -> str:
    """Return the Cache-Control of bytes that are the same for ever, and yet may be retracted or erased."""
    if current_app.config.get("VERSO_PURGE_URL"):
        return caching.lifetime_of_a_version(reading.longest())
    return caching.lifetime(reading.present(), reading.longest())
