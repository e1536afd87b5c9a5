"""Autosaves: what editors have typed and not saved yet."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "autosave",
        sa.Column("tab", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_autosave_entry_id")),
        sa.PrimaryKeyConstraint("tab", name=op.f("pk_autosave")),
    )
    op.create_index("ix_autosave_entry_id", "autosave", ["entry_id"])
    op.create_index("ix_autosave_by_type_entry_id", "autosave", ["by", "type", "entry_id"])


def downgrade() -> None:
    op.drop_table("autosave")
