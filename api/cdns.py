"""CDNs: what an answer tells caches that can be purged: its groups, and how much longer than a browser they keep it."""

from flask import Flask, Response, request

from api import asking, caching, groups, reading
from api.links import Told
from content.documents import API


def init_app(app: Flask) -> None:
    """Tell it with every answer that may be kept."""
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    if request.path.startswith(f"{API}/"):
        tell(response.headers, response.status_code)
    return response


def tell(headers: Told, status: int) -> None:
    """Tell it with an answer of that status; what may not be kept, or by its caller only, needs no purging."""
    lifetime = headers.get("Cache-Control", "")
    if "max-age" not in lifetime or "private" in lifetime:
        return
    names = groups.names(status)
    headers["Cache-Groups"] = ", ".join(f'"{name}"' for name in names)
    headers["Surrogate-Key"] = " ".join(names)
    if _may_stay(headers, status) and (told := caching.for_cdns(reading.present(), _longest())):
        headers["CDN-Cache-Control"] = told


def _may_stay(headers: Told, status: int) -> bool:
    """Whether somebody purges it, it was found, and it is not what is asked again and again for what is new."""
    brief = headers["Cache-Control"] == caching.INSTANT
    return bool(asking.config()["VERSO_PURGE_URL"]) and status in (200, 304) and not brief


def _longest() -> int:
    return int(asking.config()["VERSO_CDN_MAX_AGE"])
