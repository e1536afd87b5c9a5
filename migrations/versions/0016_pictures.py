"""Pictures: what was uploaded and re-encoded, in its renditions, and the versions that show it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# An act under way erases an entry that shows the picture.
BY_ERASURE = (
    "EXISTS (SELECT 1 FROM line JOIN picture_use ON picture_use.entry_id = line.entry_id"
    " WHERE line.event = 'erased' AND line.sequence = (SELECT max(sequence) FROM act)"
    " AND picture_use.picture = OLD.picture)"
)
KEPT = ("picture", "hash", "type", "width", "height")


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_picture")),
    )
    op.create_table(
        "rendition",
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["picture"], ["picture.hash"], name=op.f("fk_rendition_picture_picture")),
        sa.PrimaryKeyConstraint("picture", "hash", name=op.f("pk_rendition")),
    )
    op.create_index(op.f("ix_rendition_hash"), "rendition", ["hash"])
    op.create_table(
        "picture_use",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id", "version"],
            ["version.entry_id", "version.number"],
            name=op.f("fk_picture_use_entry_id_version"),
        ),
        sa.ForeignKeyConstraint(["picture"], ["picture.hash"], name=op.f("fk_picture_use_picture_picture")),
        sa.PrimaryKeyConstraint("entry_id", "version", "picture", name=op.f("pk_picture_use")),
    )
    op.create_index(op.f("ix_picture_use_picture"), "picture_use", ["picture"])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        # They are packed already.
        op.execute("ALTER TABLE rendition ALTER COLUMN body SET STORAGE EXTERNAL")
    equal = "IS" if on_sqlite else "IS NOT DISTINCT FROM"
    same = " AND ".join(f'NEW."{column}" {equal} OLD."{column}"' for column in KEPT)
    _forbid("rendition", "UPDATE", f"NOT (NEW.body IS NULL AND {same} AND {BY_ERASURE})")
    for table, deed in (
        ("rendition", "DELETE"),
        ("picture", "UPDATE"),
        ("picture", "DELETE"),
        ("picture_use", "UPDATE"),
        ("picture_use", "DELETE"),
    ):
        _forbid(table, deed, "true")


def _forbid(table: str, deed: str, when: str) -> None:
    name, said = (
        f"{table}_refuses_{deed.lower()}",
        "is never deleted" if deed == "DELETE" else "never changes",
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} {said}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {when} THEN RAISE EXCEPTION '{table} {said}' USING ERRCODE = 'integrity_constraint_violation';"
        f" END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    if deed == "DELETE":
        # TRUNCATE goes past the triggers of rows.
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("picture_use", "rendition", "picture"):
        op.drop_table(table)
        if not on_sqlite:
            op.execute(f"DROP FUNCTION {table}_refuses_update()")
            op.execute(f"DROP FUNCTION {table}_refuses_delete()")
