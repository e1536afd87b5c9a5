"""What the newsroom lists newest versions by: marks and words in each database's own index, and the keys of its orders.

And what is asked for many entries at once. The lists' tables are filled by saves, and for what was there before when
the first list is read.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    by_bytes = None if on_sqlite else "C"
    tokens = sa.Text() if on_sqlite else TSVECTOR()
    op.create_index("ix_entry_type_title", "entry", ["type", "title", "id"])
    op.create_table(
        "newest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("live", sa.Integer(), nullable=True),
        sa.Column("title_key", sa.String(length=100, collation=by_bytes), nullable=False),
        sa.Column("due_key", sa.Date(), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("marks", tokens, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_newest_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newest")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_newest_entry_id")),
    )
    op.create_index("ix_newest_title", "newest", ["type", "title_key", "id"])
    op.create_index("ix_newest_due", "newest", ["type", "due_key", "id"])
    op.create_table(
        "newest_text",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tokens", tokens, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newest_text")),
    )
    op.create_table(
        "newest_value",
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=100, collation=by_bytes), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_newest_value_entry_id_entry")),
        sa.PrimaryKeyConstraint("type", "name", "value", "entry_id", name=op.f("pk_newest_value")),
    )
    op.create_index(op.f("ix_newest_value_entry_id"), "newest_value", ["entry_id"])
    _make_batches()
    if on_sqlite:
        _make_fts5("newest_mark_index", "newest", "marks")
        # Beginnings of so many letters are kept as words are; what has another would be gathered from every text first.
        _make_fts5("newest_text_index", "newest_text", "tokens", prefixes="3 4 5 6")
    else:
        _make_gin("newest_mark_index", "newest", "marks")
        _make_gin("newest_text_index", "newest_text", "tokens")


def _make_batches() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("options", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index("ix_batch_by_made_at", "batch", ["by", "made_at"])
    op.create_table(
        "batch_item",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_item_batch_id_batch")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_batch_item_entry_id_entry")),
        sa.PrimaryKeyConstraint("batch_id", "place", name=op.f("pk_batch_item")),
    )
    op.create_index(op.f("ix_batch_item_entry_id"), "batch_item", ["entry_id"])
    op.create_index("ix_batch_item_fate", "batch_item", ["batch_id", "fate", "place"])


def _make_gin(name: str, table: str, column: str) -> None:
    op.create_index(
        name, table, [column], postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 512}
    )


def _make_fts5(name: str, table: str, column: str, prefixes: str = "") -> None:
    op.execute(
        f"CREATE VIRTUAL TABLE {name} USING fts5({column}, content='{table}', content_rowid='id',"
        f" prefix='{prefixes}', detail=none, columnsize=0, tokenize=\"ascii tokenchars '_'\")"
    )
    index = f"INSERT INTO {name}(rowid, {column}) VALUES (NEW.id, NEW.{column});"  # noqa: S608
    forget = f"INSERT INTO {name}({name}, rowid, {column}) VALUES ('delete', OLD.id, OLD.{column});"  # noqa: S608
    op.execute(f"CREATE TRIGGER {table}_is_indexed AFTER INSERT ON {table} BEGIN {index} END")
    op.execute(f"CREATE TRIGGER {table}_is_forgotten AFTER DELETE ON {table} BEGIN {forget} END")
    op.execute(
        f"CREATE TRIGGER {table}_is_indexed_anew AFTER UPDATE OF {column} ON {table}"
        f" BEGIN {forget} {index} END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE newest_mark_index")
        op.execute("DROP TABLE newest_text_index")
    for table in ("batch_item", "batch", "newest_value", "newest_text", "newest"):
        op.drop_table(table)
    op.drop_index("ix_entry_type_title", "entry")
