"""`flask seed`, as somebody types it."""

import os
import sys

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import seeds
from app import create_app
from content import versions
from content.entries import Entry
from content.log import Act
from content.versions import Version
from seeds import shipped
from storage import db
from tests.builders import ED, an_author, saved
from tests.seeds.blog_texts import POST


@pytest.fixture
def app(database_url, tmp_path):
    app = create_app({"DATABASE_URL": database_url, "VERSO_VAR": str(tmp_path), "TESTING": True})
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def flask(app):
    """Run a command; its result has `exit_code`, `stdout` and `stderr`."""
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "post.txt"
    path.write_text(POST, "utf-8")
    return path


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


class TestSeedBlog:
    def test_it_makes_drafts_and_tells_of_each(self, flask, path, session):
        title = "Do Cold Showers Help Tired Legs? What We Know"

        result = flask("seed", "blog", path)

        assert result.exit_code == 0
        assert result.stdout.split("\n")[:3] == [
            "post.txt (en)",
            "  made      author  The Fictional Vein House (the-fictional-vein-house, version 1)",
            f"  made      article {title} (do-cold-showers-help-tired-legs-what-we-know, version 1)",
        ]
        assert (count(session, Entry), count(session, Act)) == (4, 0)

    def test_it_publishes_each_text_in_one_act(self, flask, path, session):
        result = flask("seed", "blog", path, "--publish")

        assert "  published in act 1, without a review" in result.stdout
        assert count(session, Act) == 1

    def test_it_says_that_a_second_run_changed_nothing(self, flask, path, session):
        flask("seed", "blog", path, "--publish")

        result = flask("seed", "blog", path, "--publish")

        assert result.stdout.count("unchanged") == 4
        assert "  nothing new to publish" in result.stdout
        assert (count(session, Version), count(session, Act)) == (4, 1)

    def test_it_writes_in_the_locale_that_is_asked_for(self, flask, path, session):
        flask("seed", "blog", path, "--locale", "en-gb")

        assert set(session.scalars(select(Entry.locale))) == {"en-GB"}

    def test_it_refuses_what_is_no_locale(self, flask, path):
        result = flask("seed", "blog", path, "--locale", "English, please")

        assert result.exit_code == 2
        assert "Invalid value for '--locale': is not a language tag" in result.stderr

    def test_it_prints_what_would_be_made_and_what_is_left_out_and_writes_nothing(self, flask, path, session):
        result = flask("seed", "blog", path, "--dry-run")

        assert result.exit_code == 0
        lines = [line.strip() for line in result.stdout.split("\n")]
        assert "first published on: 2024-05-04" in lines
        assert "## What does cold water do?: 1 paragraph" in lines
        assert "### Colour and Warmth: 1 paragraph" in lines
        assert "line 8: A shower head (the caption of a picture, which the text does not have)" in lines
        assert count(session, Entry) == 0

    def test_it_says_in_a_dry_run_what_would_change(self, flask, path, session):
        flask("seed", "blog", path)
        path.write_text(POST.replace("for a while", "for a minute"), "utf-8")

        result = flask("seed", "blog", path, "--dry-run")

        assert (result.stdout.count("  changed "), result.stdout.count("  unchanged ")) == (2, 2)
        assert count(session, Version) == 4

    @pytest.mark.parametrize("words", [(), ("--dry-run",)])
    def test_it_tells_which_title_a_changed_entry_had(self, flask, path, tmp_path, words):
        flask("seed", "blog", path)
        (tmp_path / "x").mkdir()
        (tmp_path / "x" / "post.txt").write_text("Another Title\n\nAnother text.", "utf-8")

        result = flask("seed", "blog", tmp_path / "x" / "post.txt", *words)

        title = "Do Cold Showers Help Tired Legs? What We Know"
        assert (
            "  changed   article Another Title (do-cold-showers-help-tired-legs-what-we-know, version 2);"
            f" its title was: {title}\n"
        ) in result.stdout

    @pytest.mark.parametrize("words", [(), ("--dry-run",)])
    def test_it_tells_of_a_bio_for_which_the_newsroom_keeps_another(self, flask, path, session, words):
        an_author(session, "The Fictional Vein House", bio="Ours.")
        session.commit()

        result = flask("seed", "blog", path, *words)

        assert (
            "line 37: We look after veins. Call (212) 555-0100 or see https://veins.example/legs."
            " (the newsroom keeps another bio for The Fictional Vein House)\n"
        ) in result.stdout

    @pytest.mark.parametrize("words", [(), ("--dry-run",)])
    def test_it_tells_that_another_text_changes_the_authors_bio(self, flask, path, tmp_path, words):
        flask("seed", "blog", path)
        other = tmp_path / "other.txt"
        other.write_text(POST.replace("We look after veins", "We mend veins"), "utf-8")

        result = flask("seed", "blog", other, *words)

        assert "  changed   author  The Fictional Vein House" in result.stdout

    @pytest.mark.parametrize("words", [(), ("--dry-run",)])
    def test_it_tells_what_is_too_long_to_copy(self, flask, path, words):
        long = "long " * 450 + "sentence."
        path.write_text(f"A Title\n\nA {long}\n\nWhat is a vein?\n\nA {long}\n", "utf-8")

        result = flask("seed", "blog", path, *words)

        assert result.stdout.count("A Title") == 1
        assert (
            "  left empty: the summary, for the first paragraph is longer than 2000 characters\n"
            in result.stdout
        )
        assert (
            "  left empty: the short answer to 'What is a vein?',"
            " for its first sentence is longer than 600 characters\n"
        ) in result.stdout
        assert long not in result.stdout

    def test_it_writes_nothing_where_one_of_several_texts_is_bad(self, flask, path, tmp_path, session):
        (tmp_path / "empty.txt").touch()
        (tmp_path / "other.txt").write_bytes(b"A Title\n\nIt\x92s text.")

        result = flask("seed", "blog", path, tmp_path / "empty.txt", tmp_path / "other.txt", "--publish")

        assert result.exit_code == 1
        assert result.stderr == (
            "Error: empty.txt: the file is empty.\n"
            "other.txt: the encoding is not UTF-8, which is expected: line 3 has the byte 0x92.\n"
        )
        assert count(session, Entry) == 0

    def test_it_refuses_two_texts_of_one_name(self, flask, path, tmp_path, session):
        (tmp_path / "more").mkdir()
        (tmp_path / "more" / "post.txt").write_text(POST, "utf-8")

        result = flask("seed", "blog", path, tmp_path / "more" / "post.txt")

        assert result.stderr == "Error: post.txt: two texts of this name were given.\n"

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse to make such a name")
    def test_it_refuses_a_name_that_is_not_utf_8(self, flask, tmp_path, session):
        name = os.fsdecode(b"caf\xe9.txt")
        (tmp_path / name).write_text(POST, "utf-8")

        result = flask("seed", "blog", tmp_path / name)

        assert result.exit_code == 1
        assert result.stderr == "Error: caf\\xe9.txt: the file's name is not in UTF-8; give it another.\n"
        assert count(session, Entry) == 0

    @pytest.mark.parametrize(("path", "name"), [(".", "."), ("..", ".."), ("/", "/"), ("/dev/zero", "zero")])
    def test_it_refuses_by_name_what_is_no_file(self, flask, path, name):
        result = flask("seed", "blog", path)

        assert result.exit_code == 1
        assert result.stderr == f"Error: {name}: the file cannot be read (it is no regular file).\n"

    def test_it_refuses_notes_in_the_place_of_a_text(self, flask, tmp_path):
        (tmp_path / "post.toml").write_text("tags = []", "utf-8")

        assert "post.toml: these are notes" in flask("seed", "blog", tmp_path / "post.toml").stderr

    def test_it_refuses_bad_notes_by_name(self, flask, path):
        path.with_suffix(".toml").write_text("tag = []", "utf-8")

        result = flask("seed", "blog", path)

        assert result.exit_code == 1
        assert result.stderr.startswith("Error: post.toml: 'tag' is no key that we know")

    def test_it_writes_nothing_where_the_newsroom_has_edited_one_of_several(
        self, flask, path, tmp_path, session
    ):
        flask("seed", "blog", path)
        article = session.scalars(select(Entry).where(Entry.type == "article")).one()
        saved(session, versions.latest(session, article.id), by=ED, title="Cold Showers")
        session.commit()
        (tmp_path / "other.txt").write_text("Another Title\n\nSome text.", "utf-8")

        result = flask("seed", "blog", tmp_path / "other.txt", path)

        assert result.exit_code == 1
        assert result.stderr == (
            "Error: post.txt: the newsroom has edited the article 'Cold Showers' since; nothing was changed.\n"
        )
        assert count(session, Entry) == 4

    def test_it_says_what_the_newsroom_took_down_or_the_text_lost(self, flask, path):
        flask("seed", "blog", path)
        start, end = POST.index("Is cold"), POST.index("Talk to")
        path.write_text(POST[:start] + POST[end:], "utf-8")

        result = flask("seed", "blog", path)

        assert "  not asked any more, left as it is: Is cold water safe for everybody?" in result.stdout


class TestSeedBlogWithoutTables:
    def test_it_says_how_to_make_them(self, tmp_path, path):
        app = create_app(
            {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db", "VERSO_VAR": str(tmp_path), "TESTING": True}
        )

        result = app.test_cli_runner().invoke(args=["seed", "blog", str(path)])

        with app.app_context():
            db.engine.dispose()
        assert result.exit_code == 1
        assert result.stderr.endswith("`flask db upgrade` makes its tables.\n")


class TestSeedAll:
    def test_it_publishes_the_shipped_texts_once(self, flask, session):
        first = flask("seed", "all")
        second = flask("seed", "all")

        assert all(f"{path.name} (en)" in first.stdout for path in shipped.texts())
        assert second.stdout == "There are entries already; nothing was sown.\n"
        assert count(session, Act) == 1


class TestFill:
    def test_it_fills_an_empty_database_unless_told_not_to(self, app, database_url, tmp_path, session):
        app.config["VERSO_SEED"] = False
        with app.app_context(), Session(db.engine) as own:
            seeds.fill(own)
        assert count(session, Entry) == 0

        app.config["VERSO_SEED"] = True
        with app.app_context(), Session(db.engine) as own:
            seeds.fill(own)
        session.rollback()
        assert count(session, Entry) > 12
