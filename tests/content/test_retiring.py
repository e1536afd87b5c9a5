import pytest

from content.marks import Kind, source_mark, tag_mark
from content.retiring import offer_again, retire, retired
from tests.builders import ED, MAY_DAY


class TestRetire:
    @pytest.mark.parametrize("mark", [tag_mark("legs"), source_mark({"title": "DVT", "publisher": "NHS"})])
    def test_it_is_known_by_its_key_until_it_is_offered_again(self, session, mark):
        retire(session, mark, by=ED, now=MAY_DAY)
        retire(session, mark, by=ED)
        assert retired(session, mark.kind) == {mark.key}

        offer_again(session, mark)
        offer_again(session, mark)
        assert retired(session, mark.kind) == frozenset()

    def test_it_keeps_tags_and_sources_apart(self, session):
        retire(session, tag_mark("legs"), by=ED)

        assert retired(session, Kind.SOURCE) == frozenset()
        assert tag_mark("leg").key not in retired(session, Kind.TAG)

    def test_it_knows_a_source_in_whatever_order_its_facts_stand(self):
        one, other = {"title": "DVT", "publisher": "NHS"}, {"publisher": "NHS", "title": "DVT"}

        assert source_mark(one).key == source_mark(other).key
