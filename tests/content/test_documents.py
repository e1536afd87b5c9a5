import orjson

from content import documents, entries, publishing
from tests.builders import ED, MAY_DAY, a_live_article, an_article, an_faq


def rendered(session, version):
    """The document and the card of a version, as JSON."""
    rendering = documents.render(entries.entry(session, version.entry_id), version)
    return orjson.loads(rendering.body), orjson.loads(rendering.card)


class TestRender:
    def test_an_answer_has_its_short_form_beside_the_others(self, session):
        faq = an_faq(session, short="Often.", answer="Often it *does*.")

        document, card = rendered(session, faq)

        assert document["answer"] == {
            "short": "Often.",
            "html": "<p>Often it <em>does</em>.</p>\n",
            "text": "Often it does.",
            "markdown": "Often it *does*.",
        }
        assert card["answer"] == {"short": "Often.", "html": "<p>Often it <em>does</em>.</p>\n"}

    def test_a_field_without_a_value_is_there_all_the_same(self, session):
        document, card = rendered(session, an_faq(session))

        assert document["answer"]["short"] is None
        assert document["warnings"] == card["warnings"] == []
        assert document["dates"] == {"originally_published_on": None}

    def test_equal_versions_give_equal_bytes(self, session):
        version = an_article(session)
        entry = entries.entry(session, version.entry_id)

        assert documents.render(entry, version) == documents.render(entry, version)

    def test_its_hash_is_of_what_it_keeps(self, session):
        version = an_article(session)
        rendering = documents.render(entries.entry(session, version.entry_id), version)

        assert rendering.hash == documents.digest(rendering.renderer, rendering.card, rendering.body)
        assert rendering.hash != documents.digest("another", rendering.card, rendering.body)


class TestStore:
    def test_a_document_that_is_there_is_left_as_it_is(self, session):
        version = an_article(session)
        rendering = documents.render(entries.entry(session, version.entry_id), version)

        documents.store(session, [rendering], 1)
        documents.store(session, [rendering], 1)

        assert session.get(documents.Document, rendering.hash).body == rendering.body


class TestErase:
    def test_it_empties_the_bytes_and_keeps_the_hash(self, session):
        version = a_live_article(session)
        kept = session.query(documents.Document).one().hash

        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        erased = session.query(documents.Document).one()
        assert (erased.hash, erased.card, erased.body) == (kept, None, None)


class TestPick:
    def test_it_takes_what_is_there_at_each_path(self):
        document = {"id": 1, "answer": {"short": "a", "html": "b", "text": "c"}, "title": "d"}

        assert documents.pick(document, ["answer.html", "answer.short", "id", "absent"]) == {
            "answer": {"html": "b", "short": "a"},
            "id": 1,
        }
