"""Expired: what was taken from readers because its review fell due is found without reading the whole log."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    expired = sa.text("review IS NOT NULL AND state != 'live'")
    op.create_index(
        "ix_line_expired",
        "line",
        ["entry_id", "sequence"],
        sqlite_where=expired,
        postgresql_where=expired,
    )


def downgrade() -> None:
    op.drop_index("ix_line_expired", table_name="line")
