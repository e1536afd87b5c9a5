"""A text's author and topics, found by name or made."""

from dataclasses import replace

import pytest

from content import versions
from seeds.blog import parse
from seeds.company import bio_left_out, keep_author, keep_topics, kind_of
from seeds.keeping import Change, Plot
from seeds.post import Author
from tests.builders import ED, MAY_DAY, a_topic, an_author, saved
from tests.seeds.blog_texts import POST

PLOT = Plot("post.txt", "en", MAY_DAY)
CLINIC = Author("Vein Clinic", "We help. Call (212) 555-0100.", "(212) 555-0100")


class TestKeepAuthor:
    def test_it_makes_an_author_with_all_details(self, session):
        author = keep_author(session, PLOT, CLINIC)

        values = versions.latest(session, author.entry_id).values
        assert author.change == Change.MADE
        assert values == {
            "name": "Vein Clinic",
            "kind": "organisation",
            "bio": "We help. Call (212) 555-0100.",
            "telephone": "(212) 555-0100",
            "slug": "vein-clinic",
        }

    def test_it_finds_an_author_by_name_and_leaves_the_details_alone(self, session):
        known = an_author(session, "Vein Clinic", telephone="1")

        author = keep_author(session, PLOT, CLINIC)

        assert (str(author.entry_id), author.change, author.ours) == (known, Change.UNCHANGED, False)

    def test_it_gives_the_author_what_a_newer_text_says(self, session):
        first = keep_author(session, PLOT, CLINIC)

        other = keep_author(
            session,
            Plot("other.txt", "en", MAY_DAY),
            Author("Vein Clinic", "Ring 020 7946 0018.", "020 7946 0018"),
        )

        values = versions.latest(session, first.entry_id).values
        assert (other.entry_id, other.change, other.version) == (first.entry_id, Change.CHANGED, 2)
        assert (values["bio"], values["telephone"]) == ("Ring 020 7946 0018.", "020 7946 0018")

    def test_it_takes_nothing_from_the_author_where_a_text_has_no_bio(self, session):
        keep_author(session, PLOT, CLINIC)

        again = keep_author(session, PLOT, Author("Vein Clinic"))

        assert (again.change, again.version) == (Change.UNCHANGED, 1)

    def test_it_does_not_go_back_to_what_an_older_text_says(self, session):
        newer = Author("Vein Clinic", "We helped.")
        keep_author(session, PLOT, CLINIC)
        keep_author(session, PLOT, newer)

        again = [keep_author(session, PLOT, author).change for author in (CLINIC, newer)]

        assert again == [Change.UNCHANGED, Change.UNCHANGED]

    def test_it_makes_another_author_where_the_byline_names_another_and_renames_none(self, session):
        first = keep_author(session, PLOT, CLINIC)

        other = keep_author(session, PLOT, Author("Ann Weir"))

        assert (other.change, other.title) == (Change.MADE, "Ann Weir")
        assert versions.latest(session, first.entry_id).values["name"] == "Vein Clinic"

    def test_it_finds_the_author_whom_the_newsroom_has_renamed(self, session):
        first = keep_author(session, PLOT, CLINIC)
        saved(session, versions.latest(session, first.entry_id), by=ED, name="The Vein Clinic")

        again = keep_author(session, PLOT, CLINIC)

        assert (again.entry_id, again.title) == (first.entry_id, "The Vein Clinic")

    def test_it_finds_a_name_however_its_accents_are_typed(self, session):
        first = keep_author(session, PLOT, Author("Zoe\u0301 Weir"))

        assert keep_author(session, PLOT, Author("Zo\xe9 Weir")).entry_id == first.entry_id
        assert keep_author(session, PLOT, Author("Zoe\u0301 Weir")).change == Change.UNCHANGED

    def test_it_leaves_the_newsrooms_details_alone(self, session):
        first = keep_author(session, PLOT, CLINIC)
        saved(session, versions.latest(session, first.entry_id), by=ED, telephone="2")

        again = keep_author(session, PLOT, Author("Vein Clinic", "We helped."))

        assert (again.change, again.version, again.ours) == (Change.UNCHANGED, 2, False)


class TestBioLeftOut:
    @pytest.fixture
    def author(self):
        return parse(POST.encode(), "post.txt").author

    def left_out(self, session, author, kept):
        return [(line.line_number, line.why) for line in bio_left_out(session, author, kept)]

    def test_it_is_nothing_where_the_bio_is_kept(self, session, author):
        assert self.left_out(session, author, keep_author(session, PLOT, author)) == []

    def test_it_has_each_line_where_the_newsroom_keeps_another(self, session, author):
        first = keep_author(session, PLOT, author)
        saved(session, versions.latest(session, first.entry_id), by=ED, bio="Ours.")

        assert self.left_out(session, author, keep_author(session, PLOT, author)) == [
            (37, "the newsroom keeps another bio for The Fictional Vein House")
        ]

    def test_it_has_each_line_where_a_newer_text_gave_another(self, session, author):
        keep_author(session, PLOT, author)
        keep_author(session, PLOT, replace(author, bio="We helped."))

        assert self.left_out(session, author, keep_author(session, PLOT, author)) == [
            (37, "a text read later gives another bio for The Fictional Vein House")
        ]


class TestKindOf:
    @pytest.mark.parametrize(
        ("name", "bio", "kind"),
        [
            ("NY Vein Treatment Center", None, "organisation"),
            ("Lymph & Co", "Ask us.", "organisation"),
            ("Ann Weir", "She works in Austin.", "person"),
            ("Ann Weir", None, "person"),
        ],
    )
    def test_it_tells_a_person_from_an_organisation(self, name, bio, kind):
        assert kind_of(Author(name, bio)) == kind


class TestKeepTopics:
    def test_it_makes_a_path_from_the_top(self, session):
        veins, clots = keep_topics(session, PLOT, ("Veins", "Clots"))

        assert (veins.change, clots.change) == (Change.MADE, Change.MADE)
        assert versions.latest(session, clots.entry_id).values["parent"] == str(veins.entry_id)

    def test_it_finds_what_is_there(self, session):
        known = a_topic(session, "Veins")

        veins, clots = keep_topics(session, PLOT, ("Veins", "Clots"))
        again = keep_topics(session, PLOT, ("Veins", "Clots"))

        assert (str(veins.entry_id), veins.ours) == (known, False)
        assert [topic.entry_id for topic in again] == [veins.entry_id, clots.entry_id]

    def test_it_tells_topics_of_one_name_apart_by_what_is_above(self, session):
        keep_topics(session, PLOT, ("Veins", "Clots"))

        top = keep_topics(session, PLOT, ("Clots",))[0]

        assert (top.change, top.slug) == (Change.MADE, "clots-2")
