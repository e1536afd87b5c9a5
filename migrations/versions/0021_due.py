"""Due: of many reviews that fall due on one day the first is found by the index, and not by putting all in order."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME = "ix_edition_live_review_due_on"


def upgrade() -> None:
    _make_anew(["review_due_on", "entry_id"])


def downgrade() -> None:
    _make_anew(["review_due_on"])


def _make_anew(columns: list[str]) -> None:
    live = sa.text("until_sequence IS NULL")
    op.drop_index(NAME, "edition")
    op.create_index(NAME, "edition", columns, sqlite_where=live, postgresql_where=live)
