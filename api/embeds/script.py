"""The script that puts texts into other people's pages: at one address that stays, and at one for each build of it."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response

from api.answers import Ready, sent
from api.describing import Reads
from api.queries import NoQuery
from content.documents import API
from content.errors import NotFound

KIND = "text/javascript"
ADDRESS = f"{API}/embed.js"
_BUILT = Path(__file__).parents[1] / "static" / "built" / "embed.js"
_KEPT = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
_KEPT_FOR_EVER = "public, max-age=31536000, immutable"
_BUILD = {
    "name": "build",
    "in": "path",
    "required": True,
    "description": "Which build of it, by its hash.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
}


@dataclass(frozen=True)
class Script:
    """The script as it was built; `integrity` is what a tag says of it (Subresource Integrity)."""

    body: bytes
    build: str
    integrity: str

    @property
    def address(self) -> str:
        """The path at which these very bytes are for ever."""
        return f"{API}/embed/{self.build}.js"


def add_to(routes: Reads) -> None:
    """Give the API the reads of the script."""

    @routes.get("/embed.js")
    @routes.arguments(NoQuery, location="query")
    @routes.hands_out((KIND,), packed=True)
    def get_embed_script(asked: dict[str, Any]) -> Response:
        """Read the script that puts texts into a page, as it is now."""
        return _handed_out(built(), _KEPT)

    @routes.get("/embed/<build>.js", parameters=[_BUILD])
    @routes.arguments(NoQuery, location="query")
    @routes.hands_out((KIND,), 404, packed=True)
    def get_embed_build(asked: dict[str, Any], build: str) -> Response:
        """Read one build of that script, which never changes."""
        if build != built().build:
            raise NotFound(f"build {build} of the script")
        return _handed_out(built(), _KEPT_FOR_EVER)


def built() -> Script:
    """Return the script; where the front-end files were not built, an empty one."""
    return _script(_BUILT, _BUILT.stat().st_mtime_ns if _BUILT.exists() else 0)


@cache
def _script(path: Path, changed: int) -> Script:
    body = path.read_bytes() if changed else b""
    hashed = hashlib.sha384(body).digest()
    return Script(body, hashed.hex()[:16], f"sha384-{base64.b64encode(hashed).decode()}")


def _handed_out(script: Script, lifetime: str) -> Response:
    if not script.body:
        raise NotFound("script, for the front-end files were not built")
    headers = {
        "Content-Type": f"{KIND}; charset=utf-8",
        "ETag": f'"{script.build}"',
        "Cache-Control": lifetime,
    }
    return sent(Ready(script.body, script.build, None, headers))
