"""The notes beside a text."""

import pytest

from seeds.blog import parse
from seeds.errors import NotesError
from seeds.files import LARGEST_FILE
from seeds.notes import Notes, Warned, read_notes, refuse_unmatched
from tests.seeds.blog_texts import POST


@pytest.fixture
def text(tmp_path):
    return tmp_path / "post.txt"


def notes_of(text, toml):
    text.with_suffix(".toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return read_notes(text)


class TestReadNotes:
    def test_it_is_empty_where_no_notes_lie(self, text):
        assert read_notes(text) == Notes()

    def test_it_reads_all_that_a_text_does_not_say(self, text):
        notes = notes_of(
            text,
            """
            topics = ["Veins / Blood clots", "Travel"]
            tags = ["massage"]
            [[sources]]
            title = "DVT"
            url = "https://example.org/"
            accessed_on = 2026-11-20
            [[warnings]]
            text = "Call."
            questions = ["Does it hurt?"]
            """,
        )

        assert notes == Notes(
            topics=(("Veins", "Blood clots"), ("Travel",)),
            tags=("massage",),
            sources=({"title": "DVT", "url": "https://example.org/", "accessed_on": "2026-11-20"},),
            warnings=(Warned("Call.", ("Does it hurt?",)),),
        )

    @pytest.mark.parametrize(
        ("toml", "sentence"),
        [
            ("topic = []", "'topic' is no key that we know; known are topics, tags, sources, warnings."),
            ("tags = 'one'", "'tags' is not a list of texts."),
            ("tags = [1]", "'tags' 1 is not a text, or is empty."),
            ("topics = ['a', ' ']", "'topics' 2 is not a text, or is empty."),
            ("topics = ['a / / b']", "'topics' has a path with an empty name: 'a / / b'."),
            ("sources = 'x'", "'sources' is not a list of tables."),
            ("sources = ['x']", "'sources' is not a list of tables."),
            ("[[sources]]\nurl = 'x'", "sources 1: 'title' is required."),
            ("[[sources]]\ntitle = 'x'\nlink = 'y'", "sources 1: 'link' is no key that we know; known are"),
            (
                "[[sources]]\ntitle = 'x'\npublished_on = '2020-01-01'",
                "sources 1: 'published_on' is not a day",
            ),
            (
                "[[sources]]\ntitle = 'x'\npublished_on = 2020-01-01T00:00:00",
                "sources 1: 'published_on' is not a day",
            ),
            ("[[warnings]]\nquestions = []", "warnings 1: 'text' is required."),
            ("[[warnings]]\ntext = 'x'", "warnings 1: 'questions' is required."),
            ("[[warnings]]\ntext = 'x'\nquestions = 'y'", "warnings 1: 'questions' is not a list of texts."),
            ("tags = [", "the notes cannot be read as TOML"),
            (b"tags = ['\xff']", "the notes cannot be read as TOML"),
            ("tags = " + "[" * 5000, "the notes cannot be read as TOML (too deeply nested)."),
        ],
    )
    def test_it_refuses_what_it_does_not_know_by_name(self, text, toml, sentence):
        with pytest.raises(NotesError) as refused:
            notes_of(text, toml)

        assert str(refused.value).startswith(f"post.toml: {sentence}")

    def test_it_is_empty_where_the_name_is_too_long_for_notes(self, tmp_path):
        assert read_notes(tmp_path / ("x" * 253)) == Notes()

    def test_it_refuses_notes_that_are_no_file(self, text):
        text.with_suffix(".toml").mkdir()

        with pytest.raises(
            NotesError, match=r"^post\.toml: the file cannot be read \(it is no regular file\)"
        ):
            read_notes(text)

    def test_it_refuses_notes_that_nobody_would_write(self, text):
        with pytest.raises(NotesError, match=r"^post\.toml: the file is larger than 1,000,000 bytes"):
            notes_of(text, b" " * (LARGEST_FILE + 1))


class TestRefuseUnmatched:
    def test_it_refuses_a_warning_for_a_question_that_is_not_asked(self, text):
        notes = Notes(warnings=(Warned("Call.", ("What does cold water do?", "Does it hurt?")),))

        with pytest.raises(
            NotesError, match=r"^post\.toml: a warning names a question .* not ask: 'Does it hurt\?'"
        ):
            refuse_unmatched(notes, parse(POST.encode(), "post.txt"), text)


class TestWarningsFor:
    def test_it_has_those_of_one_question_in_order(self):
        notes = Notes(warnings=(Warned("A.", ("x", "y")), Warned("B.", ("y",)), Warned("C.", ("y", "x"))))

        assert notes.warnings_for("x") == ["A.", "C."]
