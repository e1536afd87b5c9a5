"""The log, the entries with their versions and reviews, and the editions that follow the log.

What must never be false is held here, by constraints and triggers: no act, line, version, document or review ever
changes (but for erasure, which empties texts), and neither acts nor an entry's versions are numbered with a hole.
"""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UNCHANGING = ("act", "line", "review", "epoch")
# What erasure may do to a row of these, and nothing else may: each column named is emptied or, for a placement,
# reduced; all others stay as they are.
ERASABLE = {
    "version": (
        ("content", "note"),
        ("entry_id", "number", "based_on", "schema", "content_hash", "placement_hash", "by", "saved_at"),
    ),
    "document": (("card", "body"), ("hash", "renderer", "entry_id", "version")),
}
# A text is emptied once, and only by the act that is under way and says so.
BY_ERASURE = (
    "EXISTS (SELECT 1 FROM line WHERE line.entry_id = OLD.entry_id AND line.event = 'erased'"
    " AND line.sequence = (SELECT max(sequence) FROM act))"
)
ORDERED = {
    "act": "NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM act) OR NEW.at < (SELECT max(at) FROM act)",
    "version": "NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM version WHERE entry_id = NEW.entry_id)",
    # No line is added to an act of the past, and (as SQLite's REPLACE would) none put in place of another.
    "line": "NEW.sequence <> (SELECT max(sequence) FROM act)"
    " OR EXISTS (SELECT 1 FROM line WHERE sequence = NEW.sequence AND entry_id = NEW.entry_id)",
    "document": "EXISTS (SELECT 1 FROM document WHERE hash = NEW.hash)",
    "review": "EXISTS (SELECT 1 FROM review WHERE id = NEW.id)",
    "epoch": "EXISTS (SELECT 1 FROM epoch WHERE id = NEW.id)",
}
EVENTS = "published moved reviewed review_due withdrawn reinstated retracted held released erased rerendered".split()
STATES = "draft live gone redirected replaced held retracted erased".split()
KINDS = "typo editorial clinical safety".split()


def _one_of(column: str, values: list[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_line_{column}"))


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_act")),
        sa.UniqueConstraint("due_id", name=op.f("uq_act_due_id")),
    )
    op.create_index(op.f("ix_act_at"), "act", ["at"])

    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("translation_group", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("source", "locale", name=op.f("uq_entry_source_locale")),
    )
    op.create_index(op.f("ix_entry_translation_group"), "entry", ["translation_group"])
    op.create_index("ix_entry_type_saved_at", "entry", ["type", "saved_at"])

    op.create_table(
        "epoch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("after_sequence", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epoch")),
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
    )
    op.create_table(
        "grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("audiences", sa.Text(), nullable=False),
        sa.Column("types", sa.Text(), nullable=True),
        sa.Column("topics", sa.Text(), nullable=True),
        sa.Column("locales", sa.Text(), nullable=True),
        sa.Column("from_sequence", sa.Integer(), nullable=False),
        sa.Column("until_sequence", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["from_sequence"], ["act.sequence"], name=op.f("fk_grant_from_sequence")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_grant_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
    )
    op.create_index(op.f("ix_grant_partner_id"), "grant", ["partner_id"])

    op.create_table(
        "scheduled",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_scheduled_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled")),
    )
    op.create_index(op.f("ix_scheduled_entry_id"), "scheduled", ["entry_id"])
    op.create_index(
        "ix_scheduled_waiting_due_at",
        "scheduled",
        ["due_at"],
        sqlite_where=sa.text("fate = 'waiting'"),
        postgresql_where=sa.text("fate = 'waiting'"),
    )

    op.create_table(
        "version",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("placement", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("placement_hash", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_version_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_version")),
    )
    op.create_index(op.f("ix_version_content_hash"), "version", ["content_hash"])

    op.create_table(
        "line",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("document_hash", sa.String(length=64), nullable=True),
        sa.Column("change_kind", sa.String(length=20), nullable=True),
        sa.Column("public_note", sa.Text(), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("affects", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_line_entry_id")),
        sa.ForeignKeyConstraint(["sequence"], ["act.sequence"], name=op.f("fk_line_sequence")),
        sa.ForeignKeyConstraint(
            ["entry_id", "version"],
            ["version.entry_id", "version.number"],
            name=op.f("fk_line_entry_id_version"),
        ),
        _one_of("event", EVENTS),
        _one_of("state", STATES),
        _one_of("change_kind", KINDS),
        sa.PrimaryKeyConstraint("sequence", "entry_id", name=op.f("pk_line")),
    )
    op.create_index("ix_line_entry_id_sequence", "line", ["entry_id", "sequence"])

    op.create_table(
        "document",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("renderer", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id", "version"],
            ["version.entry_id", "version.number"],
            name=op.f("fk_document_entry_id_version"),
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_entry_id"), "document", ["entry_id"])

    op.create_table(
        "edition",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("from_sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until_sequence", sa.Integer(), nullable=True),
        sa.Column("first_sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("translation_group", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("sort_at", sa.DateTime(), nullable=False),
        sa.Column("first_published_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("change_kind", sa.String(length=20), nullable=True),
        sa.Column("change_note", sa.Text(), nullable=True),
        sa.Column("struck_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id", "version"],
            ["version.entry_id", "version.number"],
            name=op.f("fk_edition_entry_id_version"),
        ),
        sa.PrimaryKeyConstraint("entry_id", "from_sequence", name=op.f("pk_edition")),
    )
    op.create_index(op.f("ix_edition_document_hash"), "edition", ["document_hash"])
    op.create_index(
        "ix_edition_live_review_due_on",
        "edition",
        ["review_due_on"],
        sqlite_where=sa.text("until_sequence IS NULL"),
        postgresql_where=sa.text("until_sequence IS NULL"),
    )
    op.create_index(
        "ix_edition_newest", "edition", ["type", "locale", "sort_at", "entry_id", "first_sequence"]
    )
    op.create_index("ix_edition_slug", "edition", ["type", "locale", "slug", "from_sequence"])
    op.create_index(op.f("ix_edition_translation_group"), "edition", ["translation_group"])
    op.create_index(
        "uq_edition_live_entry",
        "edition",
        ["entry_id"],
        unique=True,
        sqlite_where=sa.text("until_sequence IS NULL"),
        postgresql_where=sa.text("until_sequence IS NULL"),
    )
    op.create_index(
        "uq_edition_live_slug",
        "edition",
        ["type", "locale", "slug"],
        unique=True,
        sqlite_where=sa.text("until_sequence IS NULL"),
        postgresql_where=sa.text("until_sequence IS NULL"),
    )

    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reviewer_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credentials", sa.String(length=200), nullable=True),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id", "version"],
            ["version.entry_id", "version.number"],
            name=op.f("fk_review_entry_id_version"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_review_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_entry_id_content_hash", "review", ["entry_id", "content_hash"])

    op.create_table(
        "facet",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("from_sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id", "from_sequence"],
            ["edition.entry_id", "edition.from_sequence"],
            name=op.f("fk_facet_entry_id_from_sequence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "from_sequence", "name", "value", name=op.f("pk_facet")),
    )
    op.create_index("ix_facet_name_value", "facet", ["name", "value", "entry_id", "from_sequence"])
    _guard()
    _begin_epoch()


def _guard() -> None:
    for table in UNCHANGING:
        _forbid(table, "UPDATE", None)
        _forbid(table, "DELETE", None)
    for table, (emptied, kept) in ERASABLE.items():
        empty = " AND ".join(f'NEW."{column}" IS NULL' for column in emptied)
        same = " AND ".join(_same(column) for column in kept)
        _forbid(
            table, "UPDATE", f'NOT (OLD."{emptied[0]}" IS NOT NULL AND {empty} AND {same} AND {BY_ERASURE})'
        )
        _forbid(table, "DELETE", None)
    for table, wrong in ORDERED.items():
        _forbid(table, "INSERT", wrong)


def _same(column: str) -> str:
    equal = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    return f'NEW."{column}" {equal} OLD."{column}"'


def _forbid(table: str, deed: str, when: str | None) -> None:
    """Make the database refuse a deed on a table: always, or `when` that holds of the row."""
    name = f"{table}_refuses_{deed.lower()}"
    said = {"INSERT": "is out of order", "UPDATE": "never changes", "DELETE": "is never deleted"}[deed]
    if op.get_bind().dialect.name == "sqlite":
        condition = f"WHEN {when} " if when else ""
        op.execute(
            f'CREATE TRIGGER {name} BEFORE {deed} ON "{table}" {condition}'
            f"BEGIN SELECT RAISE(ABORT, '{table} {said}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when or 'true'} THEN RAISE EXCEPTION '{table} {said}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN NEW; END $$"
    )
    op.execute(f'CREATE TRIGGER {name} BEFORE {deed} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()')
    if deed == "DELETE":
        # TRUNCATE goes past the triggers of rows.
        op.execute(
            f'CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _begin_epoch() -> None:
    epoch = sa.table(
        "epoch", sa.column("id", sa.Uuid()), sa.column("after_sequence"), sa.column("began_at", sa.DateTime())
    )
    op.bulk_insert(
        epoch, [{"id": uuid4(), "after_sequence": 0, "began_at": datetime.now(UTC).replace(tzinfo=None)}]
    )


def downgrade() -> None:
    """The first step has nothing to go back to; drop the database instead."""
    raise NotImplementedError
