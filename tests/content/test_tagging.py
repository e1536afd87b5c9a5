import pytest

from content import versions
from content.consolidating import replace
from content.marks import tag_mark
from tests.builders import ED, MAY_DAY, a_live_article, an_article, an_faq, saved

GIVEN = ("legs", "Legs", "LEGS")


def tags(version):
    return version.values.get("tags")


class TestAsKnown:
    @pytest.mark.parametrize("given", ["Leg Ulcers", "leg ulcers", " LEG \t ulcers "])
    def test_a_tag_takes_the_spelling_that_is_known(self, session, given):
        an_faq(session, tags=["Leg ulcers"])

        made = an_article(session, tags=[given, "new"])

        assert tags(made) == ["Leg ulcers", "new"]
        assert versions.holds(session, made, {**made.values, "tags": [given, "new"]})

    @pytest.mark.parametrize("other", ["Öl", "leg-ulcers"])
    def test_what_differs_in_more_is_another_one(self, session, other):
        an_article(session, tags=["Ol", "leg ulcers"])

        assert tags(an_article(session, slug="other", tags=[other])) == [other]

    def test_it_is_once_where_it_is_given_twice(self, session):
        assert tags(an_article(session, tags=["legs", "Legs"])) == ["Legs"]

    def test_the_only_one_that_bears_it_may_spell_it_anew(self, session):
        first = an_article(session, tags=["legs"])

        assert tags(saved(session, first, tags=["Legs"])) == ["Legs"]

    def test_of_several_spellings_the_very_one_that_is_given_stays(self, session):
        first, other = an_article(session, tags=["legs"]), an_faq(session)
        values = {**other.values, "tags": ["Legs"]}
        versions.save(session, other.entry_id, values, based_on=1, by=ED, as_spelled=True, now=MAY_DAY)

        made = [tags(an_article(session, slug=f"{place}-x", tags=[one])) for place, one in enumerate(GIVEN)]
        assert made == [["legs"], ["Legs"], ["Legs"]]
        assert tags(saved(session, first, title="New")) == ["legs"]

    def test_a_renaming_changes_its_capitals(self, session):
        both = [a_live_article(session, tags=["legs"]), an_faq(session, tags=["legs"])]

        replace(session, tag_mark("legs"), "Legs", by=ED, told="Renamed.", now=MAY_DAY)

        assert [tags(versions.latest(session, one.entry_id)) for one in both] == [["Legs"], ["Legs"]]
