"""Approved: what is signed and not public, and what is public without a review, each listed by an index.

The rows are made anew when the first list is read, as those of newest versions are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approved",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_approved_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_approved")),
    )
    op.create_index("ix_approved_due_on", "approved", ["due_on", "entry_id"])
    unreviewed = sa.text("until_sequence IS NULL AND review_status = 'not_reviewed'")
    op.create_index(
        "ix_edition_unreviewed",
        "edition",
        ["from_sequence", "entry_id"],
        sqlite_where=unreviewed,
        postgresql_where=unreviewed,
    )
    # Every row is made anew, so that what it says until then matters to nobody.
    op.add_column("newest", sa.Column("unreviewed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("DELETE FROM follower WHERE name = 'newest'")


def downgrade() -> None:
    op.drop_column("newest", "unreviewed")
    op.drop_index("ix_edition_unreviewed", "edition")
    op.drop_table("approved")
