"""Packing: PostgreSQL packs long texts by lz4, where it knows it, which takes a tenth of the time of its own way.

An act of many stores its documents under the log's lock, and a first read unpacks one. What was stored before stays as
it is packed, and is read as ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LONG = {
    "document": ("card", "body"),
    "search_text": ("a", "b", "c", "tokens"),
    "version": ("content", "placement"),
    "autosave": ("typed",),
}


def upgrade() -> None:
    _pack_by("lz4")


def downgrade() -> None:
    _pack_by("default")


def _pack_by(way: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    known = connection.scalar(
        sa.text("SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'")
    )
    if known and "lz4" in known:
        for table, columns in LONG.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION {way}")
