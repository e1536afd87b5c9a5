"""Find the batches that were never begun, the oldest first."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SUCH = sa.text("options IS NULL")


def upgrade() -> None:
    op.create_index("ix_batch_unbegun", "batch", ["made_at"], sqlite_where=SUCH, postgresql_where=SUCH)


def downgrade() -> None:
    op.drop_index("ix_batch_unbegun", "batch")
