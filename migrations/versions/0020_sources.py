"""Sources: which versions cite each, and those that newest versions cite, in the order of their titles.

The first is filled here, for what rests on a source must never be missed; the lists are made anew when the first one is
read, as those of newest versions are.
"""

import hashlib
import json

import rfc8785
import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BATCH = 1_000
_VERSION = sa.table(
    "version",
    sa.column("entry_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("content", sa.Text()),
)


def upgrade() -> None:
    by_bytes = None if op.get_bind().dialect.name == "sqlite" else "C"
    citation = op.create_table(
        "citation",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id", "version"],
            ["version.entry_id", "version.number"],
            name=op.f("fk_citation_entry_id_version"),
        ),
        sa.PrimaryKeyConstraint("key", "entry_id", "version", name=op.f("pk_citation")),
    )
    _fill(citation)
    op.create_index(op.f("ix_citation_entry_id"), "citation", ["entry_id"])
    op.create_table(
        "newest_source",
        sa.Column("place", sa.String(length=165, collation=by_bytes), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_newest_source_entry_id_entry")),
        sa.PrimaryKeyConstraint("place", "entry_id", name=op.f("pk_newest_source")),
    )
    op.create_index("ix_newest_source_id", "newest_source", ["id"])
    op.execute("DELETE FROM follower WHERE name = 'newest'")


def _fill(citation: sa.Table) -> None:
    connection = op.get_bind()
    chosen = sa.select(_VERSION).where(_VERSION.c.content.like('%"sources":[%'))
    chosen = chosen.execution_options(yield_per=BATCH)
    for found in connection.execute(chosen).partitions():
        rows = [
            {"key": key, "entry_id": row.entry_id, "version": row.number}
            for row in found
            for key in {_key(facts) for facts in json.loads(row.content).get("sources", [])}
        ]
        if rows:
            op.bulk_insert(citation, rows)


def _key(facts: dict[str, str]) -> str:
    return hashlib.sha256(rfc8785.dumps({"value": facts})).hexdigest()


def downgrade() -> None:
    op.drop_table("newest_source")
    op.drop_table("citation")
