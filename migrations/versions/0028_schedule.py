"""Find what is on the schedule, what is over and what failed by an index, in the order of its moments."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SUCH = {
    "waiting": sa.text("fate = 'waiting'"),
    "over": sa.text("fate != 'waiting'"),
    "failed": sa.text("fate = 'failed'"),
}


def upgrade() -> None:
    op.drop_index("ix_scheduled_waiting_due_at", "scheduled")
    for name, such in SUCH.items():
        place = ["due_at", "id"]
        op.create_index(f"ix_scheduled_{name}", "scheduled", place, sqlite_where=such, postgresql_where=such)


def downgrade() -> None:
    for name in SUCH:
        op.drop_index(f"ix_scheduled_{name}", "scheduled")
    waiting = sa.text("fate = 'waiting'")
    op.create_index(
        "ix_scheduled_waiting_due_at", "scheduled", ["due_at"], sqlite_where=waiting, postgresql_where=waiting
    )
