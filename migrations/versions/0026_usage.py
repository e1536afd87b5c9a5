"""Usage: how often each partner was handed each version, by day."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fetch", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.Column("embed", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "day", "entry_id", "version", name="pk_usage"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_usage_day", "usage", ["day"])
    op.create_index("ix_usage_entry_id", "usage", ["entry_id", "day"])


def downgrade() -> None:
    op.drop_table("usage")
