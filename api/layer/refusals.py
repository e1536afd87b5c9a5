"""Refusals: what the layer answers itself, in the form of all problems (RFC 9457)."""

from flask import Response

from api import digests, headers, links, problems
from api.layer.flask_behind import Headers
from api.layer.limits import Allowance


def too_many(allowance: Allowance, own: Headers, method: str) -> Response:
    """Answer 429: somebody has asked too often, and may ask again in a while."""
    response = problems.problem("too-many-requests")
    response.headers["Retry-After"] = str(allowance.seconds)
    # Whose reads are counted is told by the key.
    response.headers["Vary"] = headers.VARIES_BY
    headers.open_to_all(response.headers)
    links.add(response.headers, links.DESCRIPTION)
    response.headers.extend(own)
    digests.tell(response, method)
    return response
