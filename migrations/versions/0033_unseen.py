"""Lists and search take words apart in another way: both are made anew when Verso starts, or by `flask lists`."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM follower WHERE name IN ('newest', 'search')")


def downgrade() -> None:
    op.execute("DELETE FROM follower WHERE name IN ('newest', 'search')")
