"""Values that lists offer stand in the order that people expect, and are found by their beginnings.

They are made anew with the other lists.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_anew("place", 201)


def downgrade() -> None:
    _make_anew("value", 100)


def _make_anew(value: str, length: int) -> None:
    by_bytes = None if op.get_bind().dialect.name == "sqlite" else "C"
    op.drop_table("newest_value")
    op.create_table(
        "newest_value",
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column(value, sa.String(length=length, collation=by_bytes), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_newest_value_entry_id_entry")),
        sa.PrimaryKeyConstraint("type", "name", value, "entry_id", name=op.f("pk_newest_value")),
    )
    op.create_index(op.f("ix_newest_value_entry_id"), "newest_value", ["entry_id"])
    op.execute("DELETE FROM follower WHERE name LIKE 'newest%'")
