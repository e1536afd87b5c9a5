"""CDNs: what an answer tells caches that can be purged: its groups, and how much longer than a browser they keep it."""

from flask import Flask, Response, current_app, request

from api import caching, groups, reading
from content.documents import API


def init_app(app: Flask) -> None:
    """Tell it with every answer that may be kept."""
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    # What may not be kept needs no purging.
    if request.path.startswith(f"{API}/") and "max-age" in response.headers.get("Cache-Control", ""):
        names = groups.names(response.status_code)
        response.headers["Cache-Groups"] = ", ".join(f'"{name}"' for name in names)
        response.headers["Surrogate-Key"] = " ".join(names)
        if _may_stay(response) and (told := caching.for_cdns(reading.present(), _longest())):
            response.headers["CDN-Cache-Control"] = told
    return response


def _may_stay(response: Response) -> bool:
    """Whether somebody purges it, it was found, and it is not what is asked again and again for what is new."""
    brief = response.headers["Cache-Control"] == caching.INSTANT
    return bool(current_app.config["VERSO_PURGE_URL"]) and response.status_code in (200, 304) and not brief


def _longest() -> int:
    return int(current_app.config["VERSO_CDN_MAX_AGE"])
