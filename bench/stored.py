"""A Flask route that looks one stored document up: the least that a read can do which asks a database anything.

It expands nothing, knows no partner and no past, and says nothing by which its answer could be kept. Beside it stands
one that asks for a document once. DATABASE_URL names Verso's database.
"""

import os
from functools import cache

from flask import Flask, Response, abort
from sqlalchemy import bindparam, create_engine, select

from content.database import for_reading, prepare_engine
from content.documents import Document
from content.editions import Edition

_engine = create_engine(os.environ["DATABASE_URL"])
prepare_engine(_engine)
_reading = for_reading(_engine).execution_options(isolation_level="AUTOCOMMIT")
_TYPES = {"articles": "article", "faqs": "faq"}
_LIVE = select(Document.body).where(
    Document.hash == Edition.document_hash,
    Edition.type == bindparam("type"),
    Edition.locale == "en",
    Edition.slug == bindparam("slug"),
    Edition.until_sequence.is_(None),
)

flask = Flask("stored")


@flask.get("/api/v1/<plural>/<slug>")
def one(plural: str, slug: str) -> Response:
    """Return what is stored of a live text."""
    with _reading.connect() as connection:
        body = connection.scalar(_LIVE, {"type": _TYPES[plural], "slug": slug})
    return Response(body, mimetype="application/json") if body else abort(404)


@flask.get("/at-hand")
def at_hand() -> Response:
    """Return a live text that was looked up before."""
    return Response(_some_article(), mimetype="application/json")


@cache
def _some_article() -> bytes:
    with _reading.connect() as connection:
        return connection.scalar(_LIVE, {"type": "article", "slug": "article-0"}) or b""
