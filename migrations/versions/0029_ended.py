"""Keep when something on the schedule came to its end, and find what is over by that, the last first.

Of what was over before, that was not kept: it counts from when it was due, or was put there where that is to come.
Why something failed named another entry's slug, which no erasure of that entry would have found.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SUCH = {"over": sa.text("fate != 'waiting'"), "failed": sa.text("fate = 'failed'")}
TAKEN = "The slug belongs to another live entry."
NAMED = "The slug '%' (%) belongs to another live entry."


def upgrade() -> None:
    op.add_column("scheduled", sa.Column("ended_at", sa.DateTime(), nullable=True))
    scheduled = sa.table(
        "scheduled",
        sa.column("fate", sa.String()),
        sa.column("due_at", sa.DateTime()),
        sa.column("made_at", sa.DateTime()),
        sa.column("ended_at", sa.DateTime()),
    )
    now = datetime.now(UTC).replace(tzinfo=None)
    was = sa.case((scheduled.c.due_at <= now, scheduled.c.due_at), else_=scheduled.c.made_at)
    op.execute(scheduled.update().where(scheduled.c.fate != "waiting").values(ended_at=was))
    _find_by("ended_at")
    for name in ("scheduled", "batch_item"):
        table = sa.table(name, sa.column("outcome", sa.Text()))
        op.execute(table.update().where(table.c.outcome.like(NAMED)).values(outcome=TAKEN))


def downgrade() -> None:
    _find_by("due_at")
    op.drop_column("scheduled", "ended_at")


def _find_by(moment: str) -> None:
    for name, such in SUCH.items():
        index = f"ix_scheduled_{name}"
        op.drop_index(index, "scheduled")
        op.create_index(index, "scheduled", [moment, "id"], sqlite_where=such, postgresql_where=such)
