"""What documents are found by: their words by weight, the vocabulary, and each database's own index of words.

On SQLite that is an FTS5 table, which triggers fill; on PostgreSQL a tsvector with GIN.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    word = sa.String(length=40) if on_sqlite else sa.String(length=40, collation="C")
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("a", sa.Text(), nullable=False),
        sa.Column("b", sa.Text(), nullable=False),
        sa.Column("c", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text() if on_sqlite else TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_text")),
        sa.UniqueConstraint("document_hash", name=op.f("uq_search_text_document_hash")),
    )
    op.create_index(op.f("ix_search_text_since"), "search_text", ["since"])
    op.create_table(
        "search_word",
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.Column("stem", word, nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("language", "word", name=op.f("pk_search_word")),
    )
    op.create_index("ix_search_word_stem", "search_word", ["language", "stem"])
    op.create_index("ix_search_word_since", "search_word", ["language", "since"])
    op.create_table(
        "search_key",
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("key", word, nullable=False),
        sa.Column("word", word, nullable=False),
        sa.PrimaryKeyConstraint("language", "key", "word", name=op.f("pk_search_key")),
    )
    if on_sqlite:
        _make_fts5()
    else:
        # A short list of what is not merged yet, for every search reads it through.
        op.create_index(
            "search_index",
            "search_text",
            ["tokens"],
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 512},
        )


def _make_fts5() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='search_text', content_rowid='id',"
        " detail=none, columnsize=0, tokenize=\"ascii tokenchars '_'\")"
    )
    op.execute(
        "CREATE TRIGGER search_text_is_indexed AFTER INSERT ON search_text"
        " BEGIN INSERT INTO search_index(rowid, tokens) VALUES (NEW.id, NEW.tokens); END"
    )
    op.execute(
        "CREATE TRIGGER search_text_is_forgotten AFTER DELETE ON search_text"
        " BEGIN INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', OLD.id, OLD.tokens); END"
    )


def downgrade() -> None:
    op.drop_table("search_key")
    op.drop_table("search_word")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_text")
