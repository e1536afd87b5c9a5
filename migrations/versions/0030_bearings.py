"""Bearings: which entries link another or bear a tag, from which of their versions on and until which.

Filled here, for whatever bears one must never be missed: an id in a field links an entry, and `tags` holds tags.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

import rfc8785
import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BATCH = 1_000
_VERSION = sa.table(
    "version",
    sa.column("entry_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("content", sa.Text()),
    sa.column("placement", sa.Text()),
)


def upgrade() -> None:
    bearing = op.create_table(
        "bearing",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("from_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id", "from_version"],
            ["version.entry_id", "version.number"],
            name=op.f("fk_bearing_entry_id_version"),
        ),
        sa.PrimaryKeyConstraint("kind", "key", "entry_id", "from_version", name=op.f("pk_bearing")),
    )
    _fill(bearing)
    op.create_index(op.f("ix_bearing_entry_id"), "bearing", ["entry_id"])


def _fill(bearing: sa.Table) -> None:
    chosen = sa.select(_VERSION).order_by(_VERSION.c.entry_id, _VERSION.c.number)
    found = op.get_bind().execute(chosen.execution_options(yield_per=BATCH))
    rows: list[dict[str, Any]] = []
    for entry_id, versions in groupby(found, key=lambda row: row.entry_id):
        rows += _rows(entry_id, versions)
        if len(rows) >= BATCH:
            op.bulk_insert(bearing, rows)
            rows = []
    op.bulk_insert(bearing, rows)


def _rows(entry_id: UUID, versions: Iterable[Any]) -> Iterator[dict[str, Any]]:
    standing: dict[tuple[str, str], dict[str, Any]] = {}
    for version in versions:
        values = {**json.loads(version.content or "{}"), **json.loads(version.placement)}
        borne = set(_borne(values))
        for ended in standing.keys() - borne:
            yield {**standing.pop(ended), "until_version": version.number}
        for kind, value in borne - standing.keys():
            standing[kind, value] = {
                "kind": kind,
                "key": hashlib.sha256(rfc8785.dumps({"value": value})).hexdigest(),
                "entry_id": entry_id,
                "from_version": version.number,
                "until_version": None,
            }
    yield from standing.values()


def _borne(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and (name == "tags" or _is_id(one)):
                yield "tag" if name == "tags" else "entry", one


def _is_id(text: str) -> bool:
    try:
        return len(text) == 36 and str(UUID(text)) == text
    except ValueError:
        return False


def downgrade() -> None:
    op.drop_table("bearing")
