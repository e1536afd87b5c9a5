"""Orders: the keys that lists are put in order by, and with each facet what a list of its bearers is found by."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 1_000
NO_DAY = date.max
TITLES = {"article": "title", "faq": "question", "topic": "name", "author": "name"}
LIVE = sa.text("until_sequence IS NULL")
ORDERED = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")
KEYS = {"newest": "sort_at", "updated": "updated_at", "title": "title_key", "due": "due_key"}
BEARERS = ["name", "value", "type", "sort_at", "entry_id"]
# What is not known yet has a default until it is filled in, for no column is ever null.
EDITION = (
    sa.Column("review_status", sa.String(length=20), nullable=False, server_default=""),
    sa.Column("title_key", ORDERED, nullable=False, server_default=""),
    sa.Column("due_key", sa.Date(), nullable=False, server_default=NO_DAY.isoformat()),
)
FACET = (
    sa.Column("until_sequence", sa.Integer(), nullable=True),
    sa.Column("first_sequence", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("type", sa.String(length=40), nullable=False, server_default=""),
    sa.Column("sort_at", sa.DateTime(), nullable=False, server_default="1970-01-01 00:00:00.000000"),
)


def upgrade() -> None:
    _add("edition", EDITION)
    _add("facet", FACET)
    _fill_editions()
    op.execute(
        "UPDATE facet SET (until_sequence, first_sequence, type, sort_at) ="
        " (SELECT until_sequence, first_sequence, type, sort_at FROM edition"
        " WHERE edition.entry_id = facet.entry_id AND edition.from_sequence = facet.from_sequence)"
    )
    _index()


def _add(table: str, columns: tuple[sa.Column[Any], ...]) -> None:
    for column in columns:
        op.add_column(table, column)


def _fill_editions() -> None:
    connection = op.get_bind()
    edition = sa.table("edition", *map(sa.column, ("entry_id", "from_sequence")), *_bare(EDITION))
    filled = sa.update(edition).where(
        edition.c.entry_id == sa.bindparam("entry"), edition.c.from_sequence == sa.bindparam("began")
    )
    every = connection.execute(
        sa.text(
            "SELECT edition.entry_id, from_sequence, edition.type, review, content, title FROM edition"
            " JOIN entry ON entry.id = edition.entry_id"
            " JOIN version ON version.entry_id = edition.entry_id AND version.number = edition.version"
        )
    ).all()
    for start in range(0, len(every), BATCH):
        connection.execute(filled, list(_filled(every[start : start + BATCH])))


def _bare(columns: tuple[sa.Column[Any], ...]) -> Iterator[sa.ColumnClause[Any]]:
    for column in columns:
        yield sa.column(column.name, column.type)


def _filled(rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        review, content = json.loads(row.review), json.loads(row.content) if row.content else None
        # Of a type that an installation declared, only the newest title is known here; `flask rebuild` knows all.
        title = (content or {"": ""}).get(TITLES.get(row.type, ""), row.title if content else "")
        day = review["review_due_on"]
        yield {
            "entry": row.entry_id,
            "began": row.from_sequence,
            "review_status": review["status"],
            "title_key": _folded(title),
            "due_key": date.fromisoformat(day) if day else NO_DAY,
        }


def _folded(text: str) -> str:
    letters = [
        (letter, unicodedata.category(letter)) for letter in unicodedata.normalize("NFKD", text.casefold())
    ]
    kept = (letter if category[0] in "LMN" else " " for letter, category in letters if category != "Mn")
    return " ".join("".join(kept).split())[:100].rstrip()


def _index() -> None:
    op.drop_index("ix_edition_newest", "edition")
    op.drop_index("ix_facet_name_value", "facet")
    past = ["entry_id", "first_sequence", "from_sequence", "locale"]
    for name, key in KEYS.items():
        op.create_index(f"ix_edition_{name}", "edition", ["type", key, *past])
        live = ["type", key, "entry_id", "locale", "audience", "from_sequence", "until_sequence"]
        op.create_index(f"ix_edition_live_{name}", "edition", live, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index("ix_facet_newest", "facet", [*BEARERS, "first_sequence", "from_sequence"])
    newest = [*BEARERS, "from_sequence", "until_sequence"]
    op.create_index("ix_facet_live_newest", "facet", newest, sqlite_where=LIVE, postgresql_where=LIVE)


def downgrade() -> None:
    op.drop_index("ix_facet_live_newest", "facet")
    op.drop_index("ix_facet_newest", "facet")
    for name in KEYS:
        op.drop_index(f"ix_edition_live_{name}", "edition")
        op.drop_index(f"ix_edition_{name}", "edition")
    for table, columns in (("edition", EDITION), ("facet", FACET)):
        for column in columns:
            op.drop_column(table, column.name)
    op.create_index(
        "ix_edition_newest", "edition", ["type", "locale", "sort_at", "entry_id", "first_sequence"]
    )
    op.create_index("ix_facet_name_value", "facet", ["name", "value", "entry_id", "from_sequence"])
