"""Submissions and comments: what waits for a reviewer, and what colleagues say of a text."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAITING = sa.text("outcome IS NULL")


def upgrade() -> None:
    op.create_table(
        "submission",
        *_about_a_version("submission"),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
    )
    op.create_index("ix_submission_entry_id_at", "submission", ["entry_id", "at"])
    op.create_index(
        "ix_submission_waiting",
        "submission",
        ["entry_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "comment",
        *_about_a_version("comment"),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("passage", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.String(length=100), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_comment_entry_id_at", "comment", ["entry_id", "at"])


def downgrade() -> None:
    op.drop_table("comment")
    op.drop_table("submission")


def _about_a_version(table: str) -> list[sa.schema.SchemaItem]:
    """Return what both tables begin with: of which version, by whom, and when."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=f"fk_{table}_entry_id"),
        sa.ForeignKeyConstraint(
            ["entry_id", "version"],
            ["version.entry_id", "version.number"],
            name=f"fk_{table}_entry_id_version",
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]
