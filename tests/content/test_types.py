import pytest

from content import corpus, diffs, expansion, history, rebuild, types, versions
from content.corpus import Filters
from content.errors import Invalid, NotFound, NotReviewed
from content.partners import ANONYMOUS
from tests.builders import ED, MAY_DAY, a_topic, publish, saved, signed
from tests.glossary import known


@pytest.fixture
def glossary():
    with known() as declared:
        yield declared


def a_term(session, **values):
    given = {"term": "Embolus", "meaning": "A *plug*.", "slug": "embolus"} | values
    return versions.create(session, "glossary", given, locale="en", by=ED, now=MAY_DAY)


class TestEveryone:
    def test_they_are_articles_and_faqs_first(self):
        assert [declared.name for declared in types.everyone()][:2] == ["article", "faq"]

    @pytest.mark.parametrize("declared", list(types.everyone()), ids=lambda declared: declared.name)
    def test_each_is_whole(self, declared):
        names = [field.name for field in declared.fields]
        shown = {path.partition(".")[0] for field in declared.fields for path in field.paths}
        known_to_all = {
            "type",
            "id",
            "slug",
            "locale",
            "version",
            "review",
            "change",
            "dates",
            "urls",
            "integrity",
        }

        assert len(set(names)) == len(names)
        assert declared.field(declared.title).required
        assert declared.field("slug").required
        assert {path.partition(".")[0] for path in declared.card} <= shown | known_to_all


class TestGet:
    def test_it_does_not_know_what_was_not_declared(self):
        with pytest.raises(NotFound):
            types.get("glossary")


class TestAThirdType:
    def test_it_is_checked_like_any_other(self, session, glossary):
        with pytest.raises(Invalid) as caught:
            a_term(session, term="", topics=["x"])

        assert {fault.pointer for fault in caught.value.faults} == {"/term", "/topics/0"}

    def test_it_is_compared_reviewed_published_listed_and_kept(self, session, glossary):
        topic = a_topic(session, "Veins")
        first = a_term(session, topics=[topic], tags=["legs"])
        second = saved(session, first, meaning="A *clot* that travels.", see_also=[str(first.entry_id)])
        session.commit()

        with pytest.raises(NotReviewed):
            publish(session, second)
        act = publish(session, signed(session, second))

        reading = {"at": act.sequence, "reach": ANONYMOUS}
        (listed,) = corpus.page(session, glossary, Filters(tag="legs"), limit=9, **reading)
        found = corpus.find(session, glossary, "embolus", locale="en", **reading)
        whole = expansion.whole(session, glossary, found, **reading)
        assert [one.name for one in diffs.compare(glossary, first.values, second.values)] == [
            "meaning",
            "see_also",
        ]
        assert whole["meaning"]["html"] == "<p>A <em>clot</em> that travels.</p>\n"
        assert whole["topics"] == [{"id": topic, "slug": "veins", "name": "Veins"}]
        assert whole["see_also"] == [{"id": str(first.entry_id), "slug": "embolus", "term": "Embolus"}]
        assert whole["review"]["status"] == "reviewed"
        assert listed.edition.version == 2
        assert len(history.public_versions(session, glossary, first.entry_id, **reading)) == 1
        assert rebuild.rebuild(session).differences == ()
