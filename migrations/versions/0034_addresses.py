"""Bearings keep the addresses that texts link: all are made anew when Verso starts, or by `flask lists`."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM follower WHERE name = 'bearings'")


def downgrade() -> None:
    op.execute("DELETE FROM follower WHERE name = 'bearings'")
    op.execute("DELETE FROM bearing WHERE kind = 'address'")
