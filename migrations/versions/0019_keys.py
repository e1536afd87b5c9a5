"""Keys: a partner's contacts, terms and keys; grants that are planned, end by themselves, or come with an embargo."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _partner():
        op.add_column("partner", column)
    with op.batch_alter_table("grant") as table:
        for column in _grant():
            table.add_column(column)
        table.alter_column("from_sequence", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("start", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by", sa.String(length=100), nullable=True),
        sa.Column("revoked_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name="fk_key_partner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_key"),
        sa.UniqueConstraint("hash", name="uq_key_hash"),
    )
    op.create_index("ix_key_partner_id", "key", ["partner_id"])
    op.create_table(
        "turn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("does", sa.String(length=20), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name="fk_turn_grant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_turn"),
    )
    op.create_index("ix_turn_due_at", "turn", ["due_at"])
    op.create_index("ix_turn_grant_id", "turn", ["grant_id"])


def downgrade() -> None:
    op.drop_table("turn")
    op.drop_table("key")
    op.execute(sa.text('DELETE FROM "grant" WHERE from_sequence IS NULL'))
    with op.batch_alter_table("grant") as table:
        table.alter_column("from_sequence", existing_type=sa.Integer(), nullable=False)
        for column in _grant():
            table.drop_column(column.name)
    for column in _partner():
        op.drop_column("partner", column.name)


def _partner() -> list[sa.Column[Any]]:
    return [
        sa.Column("editorial_contact", sa.String(length=200), nullable=True),
        sa.Column("safety_contact", sa.String(length=200), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column("modifications_allowed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("refresh_within", sa.Integer(), nullable=True),
        sa.Column("licence", sa.String(length=200), nullable=True),
        sa.Column("quota", sa.Integer(), nullable=True),
    ]


def _grant() -> list[sa.Column[Any]]:
    return [
        sa.Column("embargo", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=True),
    ]
