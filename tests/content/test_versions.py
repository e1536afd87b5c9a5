import hashlib
import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from content import entries, publishing, versions
from content.database import new_id
from content.errors import ContentRetracted, Invalid, NotFound, SaveClash
from content.fingerprints import fingerprint
from content.types import get
from content.versions import checked_note, present
from tests.builders import (
    ED,
    MAY_DAY,
    a_live_article,
    a_topic,
    an_article,
    an_author,
    an_faq,
    article_values,
    publish,
    saved,
)


class TestCreate:
    @pytest.mark.parametrize(("make", "pointer"), [(an_faq, "/translation_of"), (an_article, "/locale")])
    def test_a_translation_is_of_the_same_type_and_in_a_language_not_there_yet(self, session, make, pointer):
        original = an_article(session)
        german = article_values(slug="gerinnsel")
        made = versions.create(
            session, "article", german, locale="DE-de", by=ED, translation_of=original.entry_id, now=MAY_DAY
        )
        values = article_values() if make is an_article else {"question": "Q?", "answer": "A.", "slug": "q"}

        with pytest.raises(Invalid) as caught:
            versions.create(
                session,
                "article" if make is an_article else "faq",
                values,
                locale="de-DE",
                by=ED,
                translation_of=original.entry_id,
            )

        assert entries.entry(session, made.entry_id).locale == "de-DE"
        assert [fault.pointer for fault in caught.value.faults] == [pointer]

    def test_what_was_published_elsewhere_first_was_so_by_today(self, session):
        for day in ("2206-12-31", "2026-05-02"):
            with pytest.raises(Invalid, match="originally_published_on: is a day to come"):
                an_article(session, originally_published_on=day)

        today = an_article(session, originally_published_on="2026-05-01")
        with pytest.raises(Invalid, match="originally_published_on: is a day to come"):
            saved(session, today, originally_published_on="2206-12-31")
        # Where it is the next day already.
        evening = MAY_DAY.replace(hour=10)
        assert saved(session, today, originally_published_on="2026-05-02", now=evening).number == 2

    def test_it_makes_version_1_of_a_new_entry(self, session):
        version = an_article(session, title="Clots")

        entry = entries.entry(session, version.entry_id)
        assert (version.number, version.based_on, version.by, version.saved_at) == (1, None, ED, MAY_DAY)
        assert (entry.type, entry.locale, entry.latest, entry.title) == ("article", "en", 1, "Clots")

    def test_it_parts_content_from_placement(self, session):
        version = an_article(session, title="Clots", slug="clots", tags=["legs"])

        assert set(version.content) == {"title", "summary", "body"}
        assert set(version.placement) == {"slug", "tags", "audience", "syndication"}

    def test_it_leaves_absent_fields_out(self, session):
        version = an_article(session, seo_title="", sources=[], image=None)

        assert not {"seo_title", "sources", "image"} & set(version.values)

    def test_it_names_every_fault(self, session):
        with pytest.raises(Invalid) as caught:
            an_article(session, title="", slug="No!", colour="red")

        assert {fault.pointer for fault in caught.value.faults} == {"/title", "/slug", "/colour"}

    def test_it_refuses_a_link_to_another_kind_of_entry(self, session):
        topic = a_topic(session)

        with pytest.raises(Invalid) as caught:
            an_article(session, authors=[topic])

        assert caught.value.faults[0].pointer == "/authors"

    def test_it_refuses_a_link_to_nothing(self, session):
        with pytest.raises(Invalid, match="is no article"):
            an_faq(session, article=str(new_id()))

    def test_it_joins_the_group_of_what_it_translates(self, session):
        english = an_article(session)

        german = versions.create(
            session,
            "article",
            article_values(),
            locale="de",
            by=ED,
            translation_of=english.entry_id,
            now=MAY_DAY,
        )

        groups = [entries.entry(session, one.entry_id).translation_group for one in (english, german)]
        assert groups[0] == groups[1]

    def test_it_has_written_nothing_where_it_refuses(self, session):
        with pytest.raises(Invalid, match="note"):
            versions.create(
                session, "article", article_values(), locale="en", by=ED, note="\x00", now=MAY_DAY
            )
        session.commit()

        assert session.query(entries.Entry).count() == 0


class TestSave:
    def test_it_makes_the_next_number(self, session):
        first = an_article(session)

        second = saved(session, first, title="Two")
        third = saved(session, second, title="Three")

        assert [second.number, third.number] == [2, 3]
        assert [kept.number for kept in versions.history(session, first.entry_id)] == [3, 2, 1]

    def test_it_lets_the_entry_follow_the_newest_version(self, session):
        first = an_article(session)

        saved(session, first, title="Two")

        entry = entries.entry(session, first.entry_id)
        assert (entry.latest, entry.title) == (2, "Two")

    def test_it_clears_a_field_that_is_not_given(self, session):
        first = an_article(session, tags=["legs"])

        second = versions.save(session, first.entry_id, article_values(), based_on=1, by=ED, now=MAY_DAY)

        assert "tags" not in second.placement

    def test_it_merges_what_does_not_clash(self, session):
        first = an_article(session)
        saved(session, first, title="Theirs")

        merged = saved(session, first, body="Mine.")

        assert (merged.number, merged.based_on) == (3, 1)
        assert (merged.values["title"], merged.values["body"]) == ("Theirs", "Mine.")

    def test_it_merges_the_same_change_made_twice(self, session):
        first = an_article(session)
        saved(session, first, title="Same", body="Theirs.")

        merged = saved(session, first, title="Same", summary="Mine.")

        assert (merged.values["title"], merged.values["body"], merged.values["summary"]) == (
            "Same",
            "Theirs.",
            "Mine.",
        )

    def test_it_merges_with_a_removal(self, session):
        first = an_article(session, tags=["legs"])
        saved(session, first, tags=[])

        merged = saved(session, first, body="Mine.")

        assert "tags" not in merged.placement

    def test_it_shows_a_clash(self, session):
        first = an_article(session, title="Base")
        saved(session, first, title="Theirs", body="Theirs.")

        with pytest.raises(SaveClash) as caught:
            saved(session, first, title="Mine", summary="Mine.")

        error = caught.value
        [clash] = error.clashes
        assert (error.fields, error.latest) == (("title",), 2)
        assert (clash.base, clash.theirs, clash.mine) == ("Base", "Theirs", "Mine")

    def test_it_takes_a_removal_against_a_change_for_a_clash(self, session):
        first = an_article(session, summary="Base.")
        saved(session, first, summary="Theirs.")

        with pytest.raises(SaveClash):
            saved(session, first, summary="")

    def test_it_settles_a_clash_by_a_choice(self, session):
        first = an_article(session, title="Base")
        saved(session, first, title="Theirs")
        with pytest.raises(SaveClash) as caught:
            saved(session, first, title="Mine")

        chosen = {clash.key: "theirs" for clash in caught.value.clashes}
        values = {**article_values(), "title": "Mine", "body": "Mine."}
        made = versions.save(session, first.entry_id, values, based_on=1, by=ED, choices=chosen, now=MAY_DAY)

        assert (made.number, made.values["title"], made.values["body"]) == (3, "Theirs", "Mine.")

    def test_what_is_put_together_has_to_fit_as_well(self, session):
        first = an_article(session, tags=[])
        saved(session, first, tags=[f"theirs {number}" for number in range(20)])

        with pytest.raises(Invalid) as caught:
            saved(session, first, tags=[f"mine {number}" for number in range(20)])

        assert [(fault.pointer, fault.detail) for fault in caught.value.faults] == [
            ("/tags", "has more than 30 items")
        ]

    @pytest.mark.parametrize(
        ("changes", "note", "error"),
        [
            ({"title": "Mine"}, None, SaveClash),
            ({"title": ""}, None, Invalid),
            ({"title": "Base"}, "\x00", Invalid),
        ],
        ids=["clash", "invalid", "note"],
    )
    def test_it_has_written_nothing_where_it_refuses(self, session, changes, note, error):
        first = an_article(session, title="Base")
        saved(session, first, title="Theirs")

        with pytest.raises(error):
            versions.save(
                session, first.entry_id, article_values() | changes, based_on=1, by=ED, note=note, now=MAY_DAY
            )
        session.commit()  # as a caller does that told the fault and went on

        assert versions.latest(session, first.entry_id).number == 2
        assert saved(session, versions.latest(session, first.entry_id), title="Three").number == 3

    def test_it_does_not_know_a_version_that_is_to_come(self, session):
        first = an_article(session)

        with pytest.raises(NotFound):
            versions.save(session, first.entry_id, article_values(), based_on=2, by=ED, now=MAY_DAY)

    def test_it_does_not_know_an_entry_that_is_not(self, session):
        with pytest.raises(NotFound):
            versions.save(session, new_id(), article_values(), based_on=1, by=ED, now=MAY_DAY)

    def test_it_begins_anew_after_an_erasure(self, session):
        first = a_live_article(session)
        publishing.erase(session, first.entry_id, by=ED, now=MAY_DAY)

        begun = {"based_on": 1, "by": ED, "anew": True, "now": MAY_DAY}
        second = versions.save(session, first.entry_id, article_values(body="Other words."), **begun)

        assert (second.number, second.values["body"]) == (2, "Other words.")

    @pytest.mark.parametrize("build", [a_live_article, an_article])
    def test_a_form_from_before_an_erasure_brings_nothing_back(self, session, build):
        first = build(session)
        publishing.erase(session, first.entry_id, by=ED, now=MAY_DAY)

        with pytest.raises(ContentRetracted, match="version 1 was erased"):
            saved(session, first, body=f"{article_values()['body']} One word more.")

        assert versions.latest(session, first.entry_id).number == 1

    def test_the_very_words_that_were_erased_never_come_back(self, session):
        first = an_article(session)
        begun = {"by": ED, "anew": True, "now": MAY_DAY}
        saved(session, first, body="Other words.")
        publishing.erase(session, first.entry_id, [1], by=ED, now=MAY_DAY)

        with pytest.raises(ContentRetracted, match="version 1 was erased"):
            versions.save(session, first.entry_id, article_values(slug="new"), based_on=2, **begun)


class TestPresent:
    def test_it_keeps_no_and_nought(self):
        fields = get("faq").fields

        kept = present(
            {"syndication": False, "position": 0, "question": "", "tags": [], "article": None}, fields
        )

        assert kept == {"syndication": False, "position": 0}


class TestFingerprint:
    def test_it_is_the_sha_256_of_rfc_8785_json(self):
        canonical = '{"a":"é","b":[1,true,null]}'

        assert fingerprint({"b": [1, True, None], "a": "é"}) == hashlib.sha256(canonical.encode()).hexdigest()

    @given(
        st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"))),
        st.randoms(),
    )
    def test_it_does_not_depend_on_the_order_of_keys(self, values, random):
        keys = list(values)
        random.shuffle(keys)

        assert fingerprint({key: values[key] for key in keys}) == fingerprint(values)

    @pytest.mark.parametrize(
        "body",
        ["Café\nau lait", "Café\r\nau lait", "Café\rau lait", unicodedata.normalize("NFD", "Café\nau lait")],
    )
    def test_it_is_the_same_for_the_same_text_in_another_form(self, session, body):
        version = an_article(session, body=body)

        assert version.content_hash == fingerprint(
            {"title": "Clots in the leg", "summary": "What to know.", "body": "Café\nau lait"}
        )

    def test_it_stays_where_a_field_is_given_as_absent(self, session):
        plain = an_article(session)

        again = saved(session, plain, seo_title="", sources=[], image=None)

        assert (again.content_hash, again.placement_hash) == (plain.content_hash, plain.placement_hash)

    def test_it_of_the_content_stays_where_only_the_placement_changes(self, session):
        first = an_article(session)

        second = saved(session, first, slug="elsewhere", tags=["legs"], topics=[a_topic(session)])

        assert second.content_hash == first.content_hash
        assert second.placement_hash != first.placement_hash

    def test_it_of_the_placement_stays_where_only_the_content_changes(self, session):
        first = an_article(session)

        second = saved(session, first, body="Other words.")

        assert second.content_hash != first.content_hash
        assert second.placement_hash == first.placement_hash


class TestLatest:
    def test_it_is_the_newest_version_and_not_the_public_one(self, session):
        first = a_live_article(session)

        draft = saved(session, first, title="Draft")

        assert versions.latest(session, first.entry_id).number == draft.number

    def test_it_does_not_know_an_entry_that_is_not(self, session):
        with pytest.raises(NotFound):
            versions.latest(session, new_id())


class TestCheckedNote:
    @pytest.mark.parametrize("nothing", [None, "", "  \r\n "])
    def test_it_takes_blanks_for_no_note(self, nothing):
        assert checked_note(nothing) is None

    def test_it_is_kept_in_nfc_with_line_feeds(self):
        assert checked_note("Cafe\u0301\r\nau lait ") == "Café\nau lait"

    @pytest.mark.parametrize("wrong", ["\x07", "\ufffe", "x" * 2_001])
    def test_it_names_the_field_of_what_it_refuses(self, wrong):
        with pytest.raises(Invalid) as caught:
            checked_note(wrong, "reason")

        assert caught.value.faults[0].pointer == "/reason"


class TestEntries:
    def test_from_source_knows_an_entry_by_its_file_and_locale(self, session):
        made = versions.create(
            session, "article", article_values(), locale="en", by="seed", source="a.txt", now=MAY_DAY
        )

        assert entries.from_source(session, "a.txt", "en").id == made.entry_id
        assert entries.from_source(session, "a.txt", "de") is None

    def test_types_of_leaves_out_what_is_no_entry(self, session):
        article, author = an_article(session).entry_id, an_author(session)

        found = entries.types_of(session, [article, new_id()])

        assert found == {article: "article"}
        assert author not in map(str, found)


class TestValues:
    def test_they_are_a_draft_s_alone_until_published(self, session):
        first = a_live_article(session, title="Public")
        draft = saved(session, first, title="Draft")

        publish(session, saved(session, draft, title="Public", tags=["legs"]))

        assert [kept.values["title"] for kept in versions.history(session, first.entry_id)] == [
            "Public",
            "Draft",
            "Public",
        ]


class TestQueued:
    def test_a_second_saver_waits_for_the_first_and_is_shown_the_clash(self, session, engine):
        version = an_article(session)
        session.commit()
        saved(session, version, title="First")
        told = []

        def save_too():
            with Session(engine) as other:
                try:
                    saved(other, versions.version(other, version.entry_id, 1), title="Second")
                except Exception as error:
                    told.append(type(error))

        second = threading.Thread(target=save_too)
        second.start()
        second.join(0.5)
        waited = second.is_alive()
        session.commit()
        second.join(30)

        assert waited
        assert told == [SaveClash]
