"""Signatures: what documents were signed with, and the public halves of the keys."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key"),
    )
    op.create_table(
        "signature",
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=43), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_hash"], ["document.hash"], name="fk_signature_document_hash"),
        sa.ForeignKeyConstraint(["key_id"], ["signing_key.id"], name="fk_signature_key_id"),
        sa.PrimaryKeyConstraint("document_hash", "key_id", name="pk_signature"),
    )


def downgrade() -> None:
    op.drop_table("signature")
    op.drop_table("signing_key")
