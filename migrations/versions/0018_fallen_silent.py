"""Fallen silent: tabs that said nothing for a minute, and texts that nobody came back to, are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])
    op.add_column("autosave", sa.Column("told_at", sa.DateTime(), nullable=True))
    op.create_index("ix_autosave_kept_at", "autosave", ["kept_at"])


def downgrade() -> None:
    op.drop_index("ix_autosave_kept_at", table_name="autosave")
    op.drop_column("autosave", "told_at")
    op.drop_index("ix_presence_seen_at", table_name="presence")
