"""The addresses that texts link in their words, and what is borne made anew; tags and topics stand in `test_uses`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from content import bearings, entries, own_links, publishing, versions
from content.bearings import Bearing
from content.followers import Follower
from content.marks import Kind
from content.rebuild import rebuild
from content.uses import Tally, tally, uses
from tests import glossary
from tests.builders import ED, MAY_DAY, a_live_article, an_article, an_faq, publish, saved, signed
from tests.plans import planned, walked

TEMPLATES = ("/api/v1/{plural}/{slug}", "https://clinic.example/{locale}/{type}/{slug}")
NO_ENTRYS = ("https://clinic.example/{locale}/{slug}", "https://clinic.example/{locale}/{type}")
CLOTS = "See [clots](/api/v1/articles/clots)."


def marks_of(session, version):
    return own_links.marks_of(session, [entries.entry(session, version.entry_id)], TEMPLATES)


def linking(session, version):
    """What links an entry in its words: in its newest version, in the live one."""
    found = uses(session, *marks_of(session, version), but=[version.entry_id])
    return {use.entry.title: (use.in_newest, use.in_live) for use in found}


def addresses(session):
    return session.scalars(select(Bearing.key).where(Bearing.kind == Kind.ADDRESS)).all()


@pytest.fixture
def clots(session):
    return a_live_article(session)


class TestLinks:
    @pytest.mark.parametrize(
        "href",
        [
            "/api/v1/articles/clots",
            "/api/v1/articles/clots/",
            "/api/v1/articles/clots#legs",
            "/api/v1/articles/clots?fields=body#legs",
            "/api/v1/articles/clots?fields=body&locale=en",
            "https://clinic.example/en/article/clots",
            "https://clinic.example/en/article/clots?locale=de",
            "/api/v1/articles/{id}",
            "/api/v1/articles/{id.hex}?locale=de#legs",
            "https://clinic.example/en/article/{id}",
        ],
    )
    def test_they_lead_to_the_entry_that_they_name(self, session, clots, href):
        an_article(
            session, title="Linking", slug="linking", body=f"See [it]({href.format(id=clots.entry_id)})."
        )

        assert linking(session, clots) == {"Linking": (True, False)}

    @pytest.mark.parametrize(
        "href",
        [
            "#clots",
            "/",
            "/clots",
            "/api/v1/faqs/clots",
            "/api/v1/articles/clots-2",
            "/api/v1/articles/clots/versions",
            "/api/v1/articles/clots?locale=de",
            "https://clinic.example/de/article/clots",
            "https://other.example/en/article/clots",
        ],
    )
    def test_they_lead_nowhere_else(self, session, clots, href):
        an_article(session, slug="linking", body=f"See [it]({href}).")

        assert linking(session, clots) == {}

    @pytest.mark.parametrize(
        ("href", "found"),
        [
            ("/api/v1/articles/clots", False),
            ("/api/v1/articles/clots?locale=en", True),
            ("https://clinic.example/en/article/clots", True),
            ("/api/v1/articles/{id}", True),
        ],
    )
    def test_they_mean_their_texts_own_language_unless_they_say_one(self, session, clots, href, found):
        body = f"Siehe [hier]({href.format(id=clots.entry_id)})."
        an_article(session, title="Beine", slug="beine", locale="de", body=body)

        assert linking(session, clots) == ({"Beine": (True, False)} if found else {})

    def test_they_are_known_in_live_texts_and_in_drafts(self, session, clots):
        saved(session, a_live_article(session, title="Both", slug="both", body=CLOTS), summary="Ahead.")
        dropped = a_live_article(session, title="Dropped", slug="dropped", body=CLOTS)
        saved(session, dropped, body="No more.")
        an_article(session, title="Draft", slug="draft", body=CLOTS)
        once = an_article(session, title="Once", slug="once", body=CLOTS)
        saved(session, once, body="No more.")

        assert linking(session, clots) == {
            "Both": (True, True),
            "Draft": (True, False),
            "Dropped": (False, True),
        }
        assert tally(session, *marks_of(session, clots), but=[clots.entry_id]) == Tally(3, 2)

    def test_they_are_known_in_whatever_is_written_in_markdown(self, session, clots):
        an_faq(session, question="In an answer?", answer="[a][1]\n\n[1]: /api/v1/articles/clots")
        an_faq(session, question="In a warning?", slug="warning", warnings=["Not this.", CLOTS])
        with glossary.known() as term:
            given = {"term": "In another type", "meaning": f"- {CLOTS}", "slug": "term"}
            versions.create(session, term.name, given, locale="en", by=ED, now=MAY_DAY)

            assert linking(session, clots).keys() == {"In an answer?", "In a warning?", "In another type"}

    def test_a_text_does_not_count_for_itself(self, session):
        own = a_live_article(session, body=CLOTS)

        assert linking(session, own) == {}
        assert tally(session, *marks_of(session, own), but=[own.entry_id]) == Tally(0, 0)

    def test_they_follow_a_slug_to_whatever_bore_it_last(self, session, clots):
        an_article(session, title="Linking", slug="linking", body=CLOTS)
        moved = saved(session, clots, slug="moved")
        publish(session, signed(session, moved))
        assert linking(session, clots) == {"Linking": (True, False)}

        other = a_live_article(session, title="Another", slug="clots")

        assert linking(session, other) == {"Linking": (True, False)}
        assert linking(session, clots) == {}

    def test_they_are_found_of_what_was_withdrawn(self, session, clots):
        an_article(session, title="Linking", slug="linking", body=CLOTS)

        publishing.withdraw(session, clots.entry_id, by=ED, now=MAY_DAY)

        assert linking(session, clots) == {"Linking": (True, False)}

    def test_erased_words_link_nothing(self, session, clots):
        linking_it = a_live_article(session, slug="linking", body=CLOTS)

        publishing.erase(session, linking_it.entry_id, by=ED, reason="a court", now=MAY_DAY)

        assert (linking(session, clots), addresses(session)) == ({}, [])

    def test_they_are_found_by_a_fixed_number_of_statements(self, session, clots, statements):
        for number in range(3):
            body = f"{CLOTS} And [it](/api/v1/articles/{clots.entry_id})."
            an_article(session, slug=f"a-{number}", body=body)
            clots = saved(session, clots, slug=f"clots-{number}")
            publish(session, signed(session, clots))
        entry = entries.entry(session, clots.entry_id)
        statements.clear()

        marks = own_links.marks_of(session, [entry], TEMPLATES)
        found = uses(session, *marks, but=[entry.id])

        assert (len(marks), len(found)) == (2 * (4 + 2), 3)
        assert len([one for one in statements if one.startswith("SELECT")]) == 2

    def test_they_are_found_of_many_at_once(self, session, clots, statements):
        other = a_live_article(session, title="Other", slug="other", body=CLOTS)
        an_article(session, title="Linking", slug="linking", body="See [that](/api/v1/articles/other).")
        many = [entries.entry(session, one.entry_id) for one in (clots, other)]
        ids = [one.id for one in many]
        statements.clear()

        found = uses(session, *own_links.marks_of(session, many, TEMPLATES), but=ids)

        assert [use.entry.title for use in found] == ["Linking"]
        assert len([one for one in statements if one.startswith("SELECT")]) == 2

    # PostgreSQL plans by what its tables hold, which here is little.
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_they_are_found_by_index(self, engine, session, clots):
        an_article(session, slug="linking", body=CLOTS)
        session.commit()

        with planned(engine) as steps:
            assert linking(session, clots)
            tally(session, *marks_of(session, clots), but=[clots.entry_id])

        assert walked(steps) == []

    def test_a_template_that_names_no_type_or_no_slug_is_no_entrys(self, session, clots):
        entry = entries.entry(session, clots.entry_id)

        assert own_links.marks_of(session, [entry], ("", *NO_ENTRYS)) == []


class TestKeep:
    def test_what_stays_is_kept_once_and_what_changes_with_one_statement_each(self, session, statements):
        made = an_article(session, body="[a](/a) [b](/b) [c](/c)")
        made = saved(session, made, body="[c](/c) [a](/a#end) and [b](/b).")
        assert {row.from_version for row in session.scalars(select(Bearing))} == {1}
        statements.clear()

        saved(session, made, body="[c](/c) [d](/d) [e](/e)")

        written = [one.split("SET")[0] for one in statements if " bearing" in one and "SELECT" not in one[:6]]
        assert [one.split()[0] for one in written] == ["UPDATE", "INSERT"]
        ended = select(func.count()).where(Bearing.until_version == 3)
        assert (session.scalar(ended), len(addresses(session))) == (4, 10)


class TestMakeReady:
    def test_it_keeps_all_anew_once_after_an_upgrade(self, session, clots):
        saved(session, a_live_article(session, title="Linking", slug="linking", body=CLOTS), summary="Ahead.")
        session.execute(delete(Bearing).where(Bearing.kind == Kind.ADDRESS))
        session.execute(delete(Follower))
        session.commit()
        assert linking(session, clots) == {}

        assert bearings.make_ready(session) == 1

        assert linking(session, clots) == {"Linking": (True, True)}
        assert bearings.make_ready(session) == 0

    def test_it_waits_for_whoever_saves(self, engine, session, clots):
        linking_it = a_live_article(session, title="Linking", slug="linking", body=CLOTS)
        session.execute(delete(Bearing).where(Bearing.kind == Kind.ADDRESS))
        session.execute(delete(Follower))
        session.commit()
        saved(session, linking_it, summary="Ahead.")

        with ThreadPoolExecutor() as pool, Session(engine) as other:
            made = pool.submit(bearings.make_ready, other)
            with pytest.raises(TimeoutError):
                made.result(timeout=0.5)
            session.commit()
            assert made.result() == 1

        assert rebuild(session).differences == ()

    def test_a_rebuild_says_where_it_stood_differently(self, session, clots):
        a_live_article(session, title="Linking", slug="linking", body=CLOTS)
        session.commit()
        assert rebuild(session).differences == ()
        session.execute(delete(Bearing).where(Bearing.kind == Kind.ADDRESS))
        session.commit()

        report = rebuild(session)

        assert report.differences == ("what versions link and are tagged with stood differently",)
        assert linking(session, clots) == {"Linking": (True, True)}
