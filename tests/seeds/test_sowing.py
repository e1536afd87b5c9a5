"""Sowing: from a post to an article and its FAQs, and to the public."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from content import entries, publishing, standings, versions
from content.log import Act, Line, State
from content.versions import Version
from seeds.blog import parse, read
from seeds.errors import SeedError
from seeds.keeping import BY, Change
from seeds.notes import Notes, Warned
from seeds.sowing import publish, sow
from tests.builders import DR_REED, ED, HOUR, MAY_DAY, NEXT_YEAR, saved, signed
from tests.seeds.blog_texts import POST

GIVEN = Path(__file__).parents[3] / "shared" / "blog" / "massage-and-leg-blood-clots.txt"
NOTES = Notes(
    topics=(("Veins", "Showers"),),
    tags=("cold", "water"),
    sources=({"title": "On water", "accessed_on": "2026-05-01"},),
    warnings=(Warned("Mind the *ice*.", ("Is cold water safe for everybody?",)),),
)


def sown(session, text=POST, notes=NOTES, *, locale="en", now=MAY_DAY):
    return sow(session, parse(text.encode(), "post.txt"), notes, locale=locale, now=now)


def published(session, *sowings, now=MAY_DAY):
    return publish(session, sowings, now=now)


def values_of(session, kept):
    return versions.latest(session, kept.entry_id).values


def changes(sowing):
    return [(kept.type, kept.change.value) for kept in sowing.entries if kept.change != Change.UNCHANGED]


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


class TestSow:
    def test_it_makes_an_article_of_all_that_the_post_says(self, session):
        sowing = sown(session)

        topic, author = sowing.company[1], sowing.company[2]
        values = values_of(session, sowing.article)
        assert values["title"] == "Do Cold Showers Help Tired Legs? What We Know"
        assert values["summary"] == "Cold water feels good on tired legs. It does not mend a vein."
        assert values["body"].startswith(values["summary"])
        assert (values["originally_published_on"], values["reading_minutes"]) == ("2024-05-04", 3)
        assert (values["authors"], values["topics"]) == ([str(author.entry_id)], [str(topic.entry_id)])
        assert (values["tags"], values["sources"][0]["title"]) == (["cold", "water"], "On water")

    def test_it_takes_no_day_to_come_for_that_of_its_publication(self, session):
        with pytest.raises(SeedError, match="originally_published_on: is a day to come"):
            sown(session, POST.replace("2024", "2206"))

    def test_it_makes_an_faq_of_each_question_in_order(self, session):
        sowing = sown(session)

        first, second = (values_of(session, faq) for faq in sowing.faqs)
        assert first["question"] == "What does cold water do?"
        assert first["short"] == "It narrows small vessels for a while."
        assert first["answer"].startswith(first["short"])
        assert "### Colour and Warmth\n\nThe skin turns pale & cool." in first["answer"]
        assert [first["position"], second["position"]] == [1, 2]
        assert first["article"] == second["article"] == str(sowing.article.entry_id)
        assert first["topics"] == values_of(session, sowing.article)["topics"]

    def test_it_gives_an_answer_the_warnings_of_its_notes_as_plain_words(self, session):
        first, second = (values_of(session, faq) for faq in sown(session).faqs)

        assert "warnings" not in first
        assert second["warnings"] == ["Mind the \\*ice\\*."]

    def test_it_takes_an_answers_first_sentence_from_below_its_first_sub_heading(self, session):
        sowing = sown(
            session, "A Title\n\nWhat is a vein?\n\nWalls\n\nThree layers. They stretch.\n", Notes()
        )

        values = values_of(session, sowing.faqs[0])
        assert values["short"] == "Three layers."
        assert values_of(session, sowing.article)["summary"] == "Three layers. They stretch."

    def test_it_leaves_empty_what_a_text_without_notes_does_not_say(self, session):
        values = values_of(session, sown(session, notes=Notes()).article)

        assert not {"topics", "tags", "sources"} & set(values)

    def test_it_leaves_a_summary_and_a_short_answer_empty_that_are_too_long_to_copy(self, session):
        first, answer = "Long words. " * 200, "long " * 150 + "sentence. And more."

        sowing = sown(session, f"A Title\n\n{first}\n\nWhat is a vein?\n\nA {answer}\n", Notes())

        article, faq = values_of(session, sowing.article), values_of(session, sowing.faqs[0])
        assert ("summary" in article, "short" in faq) == (False, False)
        assert (article["body"].startswith(first.strip()), faq["answer"]) == (True, f"A {answer}")

    def test_it_copies_what_just_fits(self, session):
        text = f"A Title\n\n{'x' * 1999}.\n\nWhat is a vein?\n\n{'y' * 599}. More.\n"

        sowing = sown(session, text, Notes())

        assert len(values_of(session, sowing.article)["summary"]) == 2000
        assert len(values_of(session, sowing.faqs[0])["short"]) == 600

    def test_it_remembers_where_each_entry_came_from(self, session):
        sowing = sown(session)

        sources = [entries.entry(session, kept.entry_id).source for kept in (sowing.article, *sowing.faqs)]
        assert sources == [
            "post.txt",
            "post.txt#what-does-cold-water-do",
            "post.txt#is-cold-water-safe-for-everybody",
        ]

    def test_it_tells_questions_of_one_slug_apart(self, session):
        text = "A Title\n\nWhat is a vein?\n\nA vessel.\n\nWhat is (a) vein?\n\nA tube.\n"

        assert [faq.slug for faq in sown(session, text).faqs] == ["what-is-a-vein", "what-is-a-vein-2"]
        assert changes(sown(session, text)) == []

    def test_it_changes_nothing_on_reading_the_same_text_again(self, session):
        first = sown(session)
        made = count(session, Version)

        again = sown(session)

        assert changes(again) == []
        assert [kept.entry_id for kept in again.entries] == [kept.entry_id for kept in first.entries]
        assert count(session, Version) == made

    def test_it_gives_a_version_to_what_changed_alone(self, session):
        sown(session)

        again = sown(session, POST.replace("for a while", "for a minute"))

        assert changes(again) == [("article", "changed"), ("faq", "changed")]
        assert again.faqs[0].change == Change.CHANGED

    def test_it_gives_one_article_alone_the_author_whom_its_changed_byline_names(self, session):
        first = sown(session)
        other = sow(session, parse(POST.encode(), "other.txt"), NOTES, locale="en", now=MAY_DAY)

        again = sown(session, POST.replace("The Fictional Vein House", "Zed Zoe"))

        authors = [values_of(session, one.article)["authors"] for one in (first, other)]
        assert authors == [[str(again.company[-1].entry_id)], [str(first.company[-1].entry_id)]]
        assert values_of(session, first.company[-1])["name"] == "The Fictional Vein House"

    def test_it_gives_a_version_to_all_that_stands_below_a_new_topic(self, session):
        sown(session)

        again = sown(session, notes=Notes(topics=(("Veins",),), tags=NOTES.tags, sources=NOTES.sources))

        assert changes(again) == [("article", "changed"), ("faq", "changed"), ("faq", "changed")]

    def test_it_tells_of_a_question_that_left_the_text_and_keeps_it(self, session):
        first = sown(session)
        start, end = POST.index("Is cold"), POST.index("Talk to")

        again = sown(session, POST[:start] + POST[end:], Notes())

        assert again.departed == ("Is cold water safe for everybody?",)
        assert versions.latest(session, first.faqs[1].entry_id).number == 1

    def test_it_tells_of_a_question_that_left_the_text_after_older_words_of_it_were_erased(self, session):
        faq = sown(session).faqs[1]
        sown(session, POST.replace("Not for all", "Not for everyone"))
        publishing.publish(session, faq.entry_id, 2, by=ED, forced="now", now=MAY_DAY)
        publishing.erase(session, faq.entry_id, [1], by=ED, reason="a court", now=MAY_DAY)
        start, end = POST.index("Is cold"), POST.index("Talk to")

        again = sown(session, POST[:start] + POST[end:], Notes())

        assert again.departed == ("Is cold water safe for everybody?",)

    def test_it_misses_no_question_of_another_locale(self, session):
        sown(session, locale="en-GB")

        assert sown(session).departed == ()

    def test_it_refuses_where_the_newsroom_has_edited_an_faq(self, session):
        faq = sown(session).faqs[0]
        saved(session, versions.latest(session, faq.entry_id), by=ED, short="It cools.")

        with pytest.raises(
            SeedError, match="the newsroom has edited the faq 'What does cold water do\\?' since"
        ):
            sown(session)

    def test_it_takes_no_offence_at_an_edit_of_what_left_the_text(self, session):
        faq = sown(session).faqs[1]
        saved(session, versions.latest(session, faq.entry_id), by=ED, short="Not for all.")
        start, end = POST.index("Is cold"), POST.index("Talk to")

        assert sown(session, POST[:start] + POST[end:], Notes()).departed == (
            "Is cold water safe for everybody?",
        )

    def test_it_refuses_a_name_too_long_to_remember(self, session):
        post = parse(POST.encode(), "x" * 201)

        with pytest.raises(SeedError, match="the file's name is longer than 200 characters"):
            sow(session, post, Notes(), locale="en")

    @pytest.mark.skipif(not GIVEN.exists(), reason="the given post lies beside the repository, not in it")
    def test_it_makes_one_article_and_three_faqs_of_the_given_post(self, session):
        sowing = sow(session, read(GIVEN), Notes(), locale="en", now=MAY_DAY)

        body = values_of(session, sowing.article)["body"]
        assert [kept.type for kept in sowing.entries] == ["author", "article", "faq", "faq", "faq"]
        assert (body.count("\n\n## "), body.count("\n\n### ")) == (4, 8)
        assert not any(
            outside in body for outside in ("min read", "blood clotting\n", "575-8346", "Followers", "--")
        )


class TestPublish:
    def test_it_publishes_all_in_one_act_of_the_seed_commands(self, session):
        sowing = sown(session)

        sequence = published(session, sowing).sequence

        act = session.get(Act, sequence)
        lines = session.scalars(select(Line).where(Line.sequence == sequence)).all()
        assert (act.by, act.reason) == (BY, "published by the seed command from post.txt")
        assert {line.entry_id for line in lines} == {kept.entry_id for kept in sowing.entries}
        assert len(lines) == 6
        assert {line.forced for line in lines} == {True, False}

    def test_it_does_nothing_where_all_is_public(self, session):
        published(session, sown(session))

        assert published(session, sown(session)).sequence is None
        assert count(session, Act) == 1

    def test_it_publishes_what_changed_alone(self, session):
        published(session, sown(session))

        sequence = published(session, sown(session, POST.replace("for a while", "for a minute"))).sequence

        assert session.scalar(select(func.count()).where(Line.sequence == sequence)) == 2

    def test_it_publishes_drafts_of_an_earlier_reading(self, session):
        sown(session)
        session.commit()

        assert published(session, sown(session)).sequence == 1

    def test_it_forces_nothing_that_a_clinician_has_signed(self, session):
        sowing = sown(session)
        for kept in (sowing.article, *sowing.faqs):
            signed(session, versions.latest(session, kept.entry_id), reviewer=DR_REED, due_on=NEXT_YEAR)

        published(session, sowing)

        assert not any(session.scalars(select(Line.forced)))

    def test_it_leaves_down_what_the_newsroom_took_down(self, session):
        sowing = sown(session)
        published(session, sowing)
        publishing.withdraw(session, sowing.faqs[0].entry_id, by=ED, now=MAY_DAY + HOUR)

        again = published(
            session, sown(session, POST.replace("for a while", "for a minute")), now=MAY_DAY + HOUR
        )

        state = standings.standings(session, [sowing.faqs[0].entry_id])[sowing.faqs[0].entry_id].state
        assert [kept.title for kept in again.kept_down] == ["What does cold water do?"]
        assert state == State.GONE

    def test_it_leaves_the_newsrooms_draft_of_an_author_alone(self, session):
        sowing = sown(session)
        author = versions.latest(session, sowing.company[-1].entry_id)
        saved(session, author, by=ED, telephone="1")

        published(session, sown(session))

        assert standings.standings(session, [author.entry_id])[author.entry_id].state == State.DRAFT
