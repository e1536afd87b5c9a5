"""Let a grant be nobody's: what it lets through needs no key."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("grant") as table:
        table.alter_column("partner_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute(sa.text('DELETE FROM "grant" WHERE partner_id IS NULL'))
    with op.batch_alter_table("grant") as table:
        table.alter_column("partner_id", existing_type=sa.Uuid(), nullable=False)
