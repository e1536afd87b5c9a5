"""The read model follows from the log alone, and a rebuild says where it did not."""

from sqlalchemy import delete, select, text, update

from content import corpus, expansion, publishing, types
from content.bearings import Bearing
from content.citations import Citation
from content.documents import Document
from content.editions import Edition, Facet
from content.log import State
from content.marks import source_mark, tag_mark
from content.partners import ANONYMOUS
from content.rebuild import rebuild
from content.uses import uses
from tests.builders import (
    DR_FINN,
    ED,
    MAY_DAY,
    NEXT_YEAR,
    a_live_article,
    a_live_faq,
    a_topic,
    publish,
    saved,
    signed,
)


def a_full_log(session):
    """A log with every event but falling due; returns its newest sequence."""
    topic = a_topic(session)
    article = a_live_article(session, topics=[topic], tags=["leg"])
    second = signed(session, saved(session, article, body="Better words."))
    publish(session, second)
    publishing.move(session, article.entry_id, "moved-clots", by=ED, now=MAY_DAY)
    publishing.rereview(session, article.entry_id, DR_FINN, due_on=NEXT_YEAR, now=MAY_DAY)
    publishing.hold(session, article.entry_id, by=ED, now=MAY_DAY)
    publishing.release(session, article.entry_id, by=ED, now=MAY_DAY)
    publishing.retract(session, article.entry_id, [1], note="It was wrong.", by=ED, now=MAY_DAY)
    faq = a_live_faq(session, article=str(article.entry_id), position=1)
    publishing.withdraw(
        session, faq.entry_id, manner=State.REPLACED, target=str(article.entry_id), by=ED, now=MAY_DAY
    )
    publishing.reinstate(session, faq.entry_id, 1, by=ED, now=MAY_DAY)
    named = a_live_article(session, slug="john-smith", title="John Smith", tags=["john"])
    return publishing.erase(session, named.entry_id, by=ED, reason="a court", now=MAY_DAY).sequence


def everything_served(session, last):
    """What a reader was told of every article at every sequence."""
    article = types.get("article")
    pages = {
        at: corpus.page(session, article, corpus.Filters(), at=at, reach=ANONYMOUS, limit=100)
        for at in range(last + 1)
    }
    return {
        at: expansion.cards(session, article, items, at=at, reach=ANONYMOUS) for at, items in pages.items()
    }


class TestRebuild:
    def test_it_gives_the_same_answers_from_emptied_tables(self, session):
        last = a_full_log(session)
        served = everything_served(session, last)
        session.execute(delete(Facet))
        session.execute(delete(Edition))
        session.commit()

        report = rebuild(session)

        assert not report.damage
        assert len(report.differences) == report.editions > 8
        assert everything_served(session, last) == served

    def test_it_finds_nothing_to_mend_in_what_acts_wrote(self, session):
        last = a_full_log(session)

        report = rebuild(session)

        assert (report.acts, report.damage, report.differences) == (last, (), ())

    def test_it_names_what_stood_differently(self, session):
        article = a_live_article(session)
        session.execute(update(Edition).values(slug="tampered"))
        session.commit()

        report = rebuild(session)

        assert report.differences == (f"edition 1 of entry {article.entry_id} stood differently",)
        assert session.scalars(select(Edition.slug)).all() == ["clots"]

    def test_it_makes_anew_what_versions_cite(self, session):
        a_live_article(session, sources=[{"title": "DVT"}])
        session.execute(update(Citation).values(key="tampered"))
        session.commit()

        report = rebuild(session)

        assert report.differences == ("what versions cite stood differently",)
        assert len(uses(session, source_mark({"title": "DVT"}))) == 1

    def test_it_makes_anew_what_versions_link_and_are_tagged_with(self, session):
        a_live_article(session, tags=["legs"])
        session.execute(update(Bearing).values(key="tampered"))
        session.commit()

        report = rebuild(session)

        assert report.differences == ("what versions link and are tagged with stood differently",)
        assert len(uses(session, tag_mark("legs"))) == 1

    def test_it_rewrites_nothing_where_a_document_is_not_what_its_hash_says(self, session):
        a_live_article(session)
        kept = session.scalars(select(Document.hash)).one()
        self.tamper(session, kept)
        session.execute(update(Edition).values(slug="tampered"))
        session.commit()

        report = rebuild(session)

        assert report.damage == (f"document {kept} is not what its hash says",)
        assert session.scalars(select(Edition.slug)).all() == ["tampered"]

    def tamper(self, session, kept):
        """Change a document's bytes behind the database's back, as a failing disk would."""
        off, on = ("", "") if session.get_bind().dialect.name == "sqlite" else ("DISABLE", "ENABLE")
        if off:
            session.execute(text(f"ALTER TABLE document {off} TRIGGER USER"))
        else:
            session.execute(text("DROP TRIGGER document_refuses_update"))
        session.execute(update(Document).where(Document.hash == kept).values(body=b"{}"))
        if on:
            session.execute(text(f"ALTER TABLE document {on} TRIGGER USER"))
