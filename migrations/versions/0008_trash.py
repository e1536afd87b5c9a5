"""The trash: when a draft was put aside, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ASIDE = sa.text("trashed_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("entry", sa.Column("trashed_at", sa.DateTime(), nullable=True))
    op.add_column("entry", sa.Column("trashed_by", sa.String(length=100), nullable=True))
    op.create_index(
        "ix_entry_trashed_at", "entry", ["trashed_at", "id"], sqlite_where=ASIDE, postgresql_where=ASIDE
    )


def downgrade() -> None:
    op.drop_index("ix_entry_trashed_at", "entry")
    op.drop_column("entry", "trashed_by")
    op.drop_column("entry", "trashed_at")
