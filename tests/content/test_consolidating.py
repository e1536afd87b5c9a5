from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from content import consolidating, entries, publishing, settling, trash, versions
from content.consolidating import (
    effect_of_merging,
    effect_of_renaming,
    effect_of_replacing,
    merge,
    rename,
    replace,
)
from content.editions import Edition, Facet
from content.errors import EffectChanged, Invalid, SlugTaken
from content.log import Line, State
from content.marks import entry_mark, source_mark, tag_mark
from content.schedule import Verb, schedule
from content.standings import standings
from content.uses import uses
from content.versions import Version
from tests.builders import (
    DR_FINN,
    ED,
    HOUR,
    MAY_DAY,
    NEXT_YEAR,
    a_live_article,
    a_live_faq,
    a_live_image,
    a_topic,
    an_article,
    an_author,
    an_faq,
    publish,
    saved,
    signed,
)

NHS = {"title": "DVT", "publisher": "NHS"}
BETTER = {"title": "Deep vein thrombosis", "publisher": "NHS"}


@pytest.fixture
def veins(session):
    return UUID(a_topic(session, "Veins"))


@pytest.fixture
def vessels(session):
    return UUID(a_topic(session, "Vessels"))


def lines_of(session, *acts):
    sequences = [act.sequence for act in acts]
    return list(session.scalars(select(Line).where(Line.sequence.in_(sequences)).order_by(Line.entry_id)))


def live(session, entry_id):
    number = session.scalar(
        select(Edition.version).where(Edition.entry_id == entry_id, Edition.until_sequence.is_(None))
    )
    return versions.version(session, entry_id, number) if number else None


def public_facets(session, entry_id, name):
    chosen = select(Facet.value).where(Facet.entry_id == entry_id, Facet.name == name)
    return set(session.scalars(chosen.where(Facet.until_sequence.is_(None))))


def whys(effect):
    return {one.entry.title: one.why for one in effect.left}


class TestRename:
    def test_it_is_one_version_and_one_line_which_those_that_bear_it_follow(self, session, veins):
        article = a_live_article(session, topics=[str(veins)])
        effect = effect_of_renaming(session, veins, {"name": "Leg veins"})

        acts = rename(session, veins, {"name": "Leg veins"}, by=ED, now=MAY_DAY + HOUR)

        (line,) = lines_of(session, *acts)
        assert (line.entry_id, line.event, line.version) == (veins, "published", 2)
        assert (effect.lines, effect.acts) == (1, 1)
        assert entries.entry(session, veins).title == "Leg veins"
        assert entries.entry(session, article.entry_id).latest == 1

    def test_it_keeps_a_draft_ahead_with_what_it_has_changed(self, session, veins):
        saved(session, live(session, veins), description="All of them.")

        rename(session, veins, {"name": "Leg veins"}, by=ED)

        assert live(session, veins).values["name"] == "Leg veins"
        assert "description" not in live(session, veins).values
        draft = versions.latest(session, veins)
        assert (draft.values["name"], draft.values["description"]) == ("Leg veins", "All of them.")

    def test_it_leaves_another_name_that_a_draft_has(self, session, veins):
        saved(session, live(session, veins), name="Veins and more")

        rename(session, veins, {"name": "Leg veins"}, by=ED)

        assert live(session, veins).values["name"] == "Leg veins"
        assert versions.latest(session, veins).values["name"] == "Veins and more"

    def test_it_only_saves_a_draft(self, session):
        draft = versions.create(session, "topic", {"name": "Legs", "slug": "legs"}, locale="en", by=ED)

        assert rename(session, draft.entry_id, {"name": "The legs"}, by=ED) == []

        assert versions.latest(session, draft.entry_id).values["name"] == "The legs"

    @pytest.mark.parametrize("name", ["Veins", "", "two\nlines"])
    def test_it_refuses_what_changes_nothing_or_does_not_fit(self, session, veins, name):
        with pytest.raises(Invalid):
            rename(session, veins, {"name": name}, by=ED)

    def test_it_refuses_the_slug_of_another_with_nothing_written(self, session, veins, vessels):
        with pytest.raises(SlugTaken):
            rename(session, veins, {"slug": "vessels"}, by=ED)

        assert entries.entry(session, veins).latest == 1

    def test_it_is_not_for_what_needs_a_review(self, session):
        article = a_live_article(session)

        with pytest.raises(Invalid):
            rename(session, article.entry_id, {"title": "Another"}, by=ED)


class TestMerge:
    def test_it_puts_one_in_the_place_of_the_other_for_readers_and_redirects_it(
        self, session, veins, vessels
    ):
        legs = a_topic(session, "Legs")
        article = a_live_article(session, topics=[legs, str(veins), str(vessels)])
        faq = a_live_faq(session, topics=[str(veins)])
        effect = effect_of_merging(session, veins, vessels)

        (act,) = merge(session, veins, vessels, by=ED, expected=effect.fingerprint, now=MAY_DAY + HOUR)

        assert live(session, article.entry_id).values["topics"] == [legs, str(vessels)]
        assert public_facets(session, faq.entry_id, "topic") == {str(vessels)}
        assert len(lines_of(session, act)) == effect.lines == 3
        line = next(one for one in lines_of(session, act) if one.entry_id == veins)
        assert (line.state, line.target) == (State.REDIRECTED, str(vessels))
        assert uses(session, entry_mark(entries.entry(session, veins))) == []

    def test_it_touches_no_review_and_is_no_update(self, session, veins, vessels):
        article = a_live_article(session, topics=[str(veins)])

        merge(session, veins, vessels, by=ED, now=MAY_DAY + HOUR)

        edition = session.scalars(
            select(Edition).where(Edition.entry_id == article.entry_id, Edition.until_sequence.is_(None))
        ).one()
        assert edition.review["status"] == "reviewed"
        assert edition.content_hash == article.content_hash
        assert edition.updated_at == MAY_DAY

    def test_it_never_publishes_a_draft_and_keeps_it_ahead(self, session, veins, vessels):
        article = a_live_article(session, topics=[str(veins)])
        saved(session, article, body="Half written.")

        merge(session, veins, vessels, by=ED)

        shown, draft = live(session, article.entry_id), versions.latest(session, article.entry_id)
        assert (shown.values["topics"], shown.values["body"]) == ([str(vessels)], "Plain words.")
        assert (draft.values["topics"], draft.values["body"]) == ([str(vessels)], "Half written.")
        assert draft.number == shown.number + 1

    def test_it_saves_the_drafts_that_nobody_reads(self, session, veins, vessels):
        draft = an_faq(session, topics=[str(veins)])

        merge(session, veins, vessels, by=ED)

        assert versions.latest(session, draft.entry_id).values["topics"] == [str(vessels)]
        assert live(session, draft.entry_id) is None

    def test_it_moves_what_hangs_below(self, session, veins, vessels):
        below = UUID(a_topic(session, "Legs", parent=str(veins)))

        merge(session, veins, vessels, by=ED)

        assert live(session, below).values["parent"] == str(vessels)

    def test_it_merges_authors(self, session):
        one, other = UUID(an_author(session, "Clinic")), UUID(an_author(session, "The clinic"))
        article = a_live_article(session, authors=[str(one)])

        merge(session, one, other, by=ED, manner=State.REPLACED)

        assert live(session, article.entry_id).values["authors"] == [str(other)]

    def test_a_picture_stays_until_no_live_text_shows_it(self, session):
        one, other = (a_live_image(session, slug=slug) for slug in ("one", "other"))
        address = f"/api/v1/images/{one.entry_id}"
        article = a_live_article(session, body=f"![A foot]({address})")
        effect = effect_of_merging(session, one.entry_id, other.entry_id)

        assert (effect.ends, effect.stays) == (False, True)
        assert merge(session, one.entry_id, other.entry_id, by=ED) == []
        assert live(session, one.entry_id)
        assert live(session, article.entry_id).number == article.number

        draft = versions.latest(session, article.entry_id)
        assert str(other.entry_id) in draft.values["body"]
        publish(session, draft, forced="A test.")
        (act,) = merge(session, one.entry_id, other.entry_id, by=ED)
        assert [line.state for line in lines_of(session, act)] == [State.REDIRECTED]

    def test_it_puts_what_was_never_public_into_the_trash(self, session, vessels):
        draft = versions.create(session, "topic", {"name": "Veins", "slug": "v"}, locale="en", by=ED)
        article = an_article(session, topics=[str(draft.entry_id)])

        assert merge(session, draft.entry_id, vessels, by=ED) == []

        assert entries.entry(session, draft.entry_id).trashed_by == ED
        assert versions.latest(session, article.entry_id).values["topics"] == [str(vessels)]

    def test_it_tells_what_it_leaves_and_why(self, session, veins, vessels):
        thrown = an_article(session, title="Thrown", slug="thrown", topics=[str(veins)])
        trash.throw_away(session, thrown.entry_id, by=ED)
        held = a_live_article(session, title="Held", slug="held", topics=[str(veins)])
        publishing.hold(session, held.entry_id, by=ED, now=MAY_DAY)
        planned = an_article(session, title="Planned", slug="planned", topics=[str(veins)])
        due_at = MAY_DAY + timedelta(days=1)
        schedule(session, Verb.PUBLISH, planned.entry_id, version=1, due_at=due_at, by=ED, now=MAY_DAY)
        effect = effect_of_merging(session, veins, vessels)

        merge(session, veins, vessels, by=ED, now=MAY_DAY)

        assert set(whys(effect)) == {"Thrown", "Held", "Planned"}
        assert "on the schedule" in whys(effect)["Planned"]
        assert [one.due_at for one in effect.left if one.due_at] == [due_at]
        left = uses(session, entry_mark(entries.entry(session, veins)))
        assert [use.entry.title for use in left] == ["Thrown"]

    def test_it_foretells_what_becomes_of_what_is_planned(self, session, veins, vessels):
        draft = signed(session, an_article(session, title="Draft", slug="draft", topics=[str(veins)]))
        live = a_live_article(session, title="Live", slug="live", topics=[str(veins)])
        without = signed(session, saved(session, live, topics=[], body="New words."))
        for version in (draft, without):
            due_at = MAY_DAY + HOUR
            schedule(
                session,
                Verb.PUBLISH,
                version.entry_id,
                version=version.number,
                due_at=due_at,
                by=ED,
                now=MAY_DAY,
            )
        told = whys(effect_of_merging(session, veins, vessels))
        merge(session, veins, vessels, by=ED, now=MAY_DAY)
        settling.settle(session, now=MAY_DAY + HOUR)

        after = standings(session, [draft.entry_id, live.entry_id])
        assert "It goes public with this still in it" in told["Draft"]
        assert after[draft.entry_id].live.version == 1
        assert "It will be refused then: readers get a newer version" in told["Live"]
        assert after[live.entry_id].live.version == 3

    def test_it_refuses_what_changed_since_it_was_shown(self, session, veins, vessels):
        effect = effect_of_merging(session, veins, vessels)
        an_article(session, topics=[str(veins)])

        with pytest.raises(EffectChanged):
            merge(session, veins, vessels, by=ED, expected=effect.fingerprint)

    def test_it_refuses_one_that_lies_below_it(self, session, veins):
        middle = a_topic(session, "Legs", parent=str(veins))
        below = UUID(a_topic(session, "Feet", parent=middle))

        with pytest.raises(Invalid, match="lies below"):
            merge(session, veins, below, by=ED)
        assert merge(session, below, veins, by=ED)

    def test_it_refuses_itself_another_type_and_another_language(self, session, veins):
        german = versions.create(session, "topic", {"name": "Venen", "slug": "venen"}, locale="de", by=ED)

        for into in (veins, UUID(an_author(session)), german.entry_id):
            with pytest.raises(Invalid, match="not another topic"):
                merge(session, veins, into, by=ED)

    def test_it_refuses_one_that_nobody_can_read(self, session, veins):
        draft = versions.create(session, "topic", {"name": "Legs", "slug": "legs"}, locale="en", by=ED)

        with pytest.raises(Invalid, match="not public"):
            merge(session, veins, draft.entry_id, by=ED)

    def test_it_refuses_what_is_on_the_schedule(self, session, veins, vessels):
        schedule(session, Verb.WITHDRAW, veins, due_at=MAY_DAY + HOUR, by=ED, now=MAY_DAY)

        with pytest.raises(Invalid, match="on the schedule"):
            merge(session, veins, vessels, by=ED, now=MAY_DAY)

    def test_it_takes_as_many_acts_as_it_needs(self, session, veins, vessels, monkeypatch):
        monkeypatch.setattr(consolidating, "MOST_PARTS", 2)
        articles = [a_live_article(session, slug=f"a-{number}", topics=[str(veins)]) for number in range(5)]
        effect = effect_of_merging(session, veins, vessels)

        acts = merge(session, veins, vessels, by=ED)

        assert len(acts) == effect.acts == 3
        assert len(lines_of(session, *acts)) == effect.lines == 6
        assert lines_of(session, acts[-1])[0].entry_id in {veins, articles[-1].entry_id}
        assert uses(session, entry_mark(entries.entry(session, veins))) == []


class TestReplace:
    def test_it_renames_a_tag_everywhere(self, session):
        article = a_live_article(session, tags=["legs", "walking"])
        draft = an_faq(session, tags=["legs"])
        effect = effect_of_replacing(session, tag_mark("legs"), "leg")

        acts = replace(session, tag_mark("legs"), "leg", by=ED, told="legs is now leg.", now=MAY_DAY + HOUR)

        assert public_facets(session, article.entry_id, "tag") == {"leg", "walking"}
        assert versions.latest(session, draft.entry_id).values["tags"] == ["leg"]
        assert len(lines_of(session, *acts)) == effect.lines == 1
        assert versions.latest(session, draft.entry_id).note == "legs is now leg."

    def test_it_merges_a_tag_into_one_that_is_there(self, session):
        article = a_live_article(session, tags=["leg", "legs"])

        replace(session, tag_mark("legs"), "leg", by=ED, told="Merged.")

        assert live(session, article.entry_id).values["tags"] == ["leg"]

    def test_it_takes_a_tag_away(self, session):
        article = a_live_article(session, tags=["legs"])

        replace(session, tag_mark("legs"), None, by=ED, told="Taken away.")

        assert "tags" not in live(session, article.entry_id).values

    def test_it_lists_a_text_to_which_no_such_tag_fits(self, session):
        a_live_article(session, tags=["legs"])

        effect = effect_of_replacing(session, tag_mark("legs"), "leg, and foot")

        assert (effect.parts, effect.lines) == ((), 0)
        assert "comma" in whys(effect)["Clots in the leg"]

    def test_it_lets_a_corrected_source_wait_for_its_review(self, session):
        article = a_live_article(session, sources=[NHS, {"title": "Other"}])
        effect = effect_of_replacing(session, source_mark(NHS), BETTER)

        acts = replace(session, source_mark(NHS), BETTER, by=ED, told="Source corrected.")

        assert (acts, effect.lines) == ([], 0)
        assert "Readers have version 1" in whys(effect)["Clots in the leg"]
        assert live(session, article.entry_id).values["sources"][0] == NHS
        newest = versions.latest(session, article.entry_id)
        assert newest.values["sources"] == [BETTER, {"title": "Other"}]
        publish(session, signed(session, newest, reviewer=DR_FINN, due_on=NEXT_YEAR))
        assert uses(session, source_mark(NHS)) == []

    def test_it_leaves_no_version_where_all_is_refused(self, session):
        a_live_article(session, tags=["legs"])
        count = session.scalar(select(func.count()).select_from(Version))

        with pytest.raises(EffectChanged):
            replace(session, tag_mark("legs"), "leg", by=ED, told="x", expected="another")

        assert session.scalar(select(func.count()).select_from(Version)) == count
