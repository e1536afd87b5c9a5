import pytest
from sqlalchemy import Integer, bindparam, event, literal, select, union_all
from sqlalchemy.exc import SQLAlchemyError

from content.database import new_id
from content.editions import Edition
from content.prepared import Prepared, any_of, connected, one_of
from tests.builders import a_live_article


@pytest.fixture
def live(session):
    """Three live articles' ids."""
    return [a_live_article(session, slug=slug).entry_id for slug in "abc"]


def prepared(session, statement):
    return Prepared(statement, connected(session).dialect)


class TestRows:
    def test_they_are_what_sqlalchemy_would_return(self, session, live):
        columns = Edition.__table__.columns
        chosen = select(*columns).where(Edition.slug.in_(["a", "b"])).order_by(Edition.slug)

        rows = prepared(session, chosen).rows(connected(session), {})

        assert rows == [list(row) for row in session.execute(chosen)]
        assert len(rows) == 2

    def test_they_follow_what_is_told_each_time(self, session, live):
        told = bindparam("slug", type_=Edition.slug.type)
        both = union_all(
            select(Edition.slug, literal("live")).where(Edition.slug == told),
            select(Edition.slug, literal("other")).where(Edition.slug != told),
        )
        statement = prepared(session, both)

        for slug in "ab":
            rows = statement.rows(connected(session), {"slug": slug})
            assert [row[0] for row in rows if row[1] == "live"] == [slug]
            assert len(rows) == 3

    def test_nothing_told_is_an_error(self, session):
        chosen = select(Edition.slug).where(Edition.from_sequence == bindparam("at", type_=Integer))

        with pytest.raises(KeyError):
            prepared(session, chosen).rows(connected(session), {})

    @pytest.mark.parametrize("heard", [False, True])
    def test_what_the_driver_refuses_is_an_error_of_sqlalchemy_s(self, session, engine, live, heard):
        if heard:
            event.listen(engine, "before_cursor_execute", lambda *told: None)
        statement = prepared(session, select(Edition.slug))
        session.connection().exec_driver_sql("ALTER TABLE edition RENAME COLUMN slug TO other")

        with pytest.raises(SQLAlchemyError):
            statement.rows(connected(session), {})

    @pytest.mark.parametrize("kind", ["before_cursor_execute", "after_cursor_execute"])
    def test_whoever_listens_to_statements_hears_of_them(self, session, engine, live, kind):
        said = []
        event.listen(engine, kind, lambda *told: said.append(told[2]))

        prepared(session, select(Edition.slug)).rows(connected(session), {})

        assert len(said) == 1


class TestOneOf:
    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_it_takes_any_number_of_ids(self, session, live, count):
        chosen = select(Edition.entry_id).where(one_of(Edition.entry_id, "ids", connected(session).dialect))
        statement = prepared(session, chosen)

        rows = statement.rows(connected(session), {"ids": [*live[:count], new_id()]})

        assert {row[0] for row in rows} == set(live[:count])

    def test_it_takes_texts_as_they_are(self, session, live):
        chosen = select(Edition.slug).where(one_of(Edition.slug, "slugs", connected(session).dialect))

        rows = prepared(session, chosen).rows(connected(session), {"slugs": ["a", "c", 'b"] or 1', "ü"]})

        assert sorted(row[0] for row in rows) == ["a", "c"]


class TestAnyOf:
    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_it_takes_any_number_of_ids_as_one_value(self, session, live, statements, count):
        many = [*live[:count], *(new_id() for _ in range(40_000))]

        found = session.scalars(select(Edition.entry_id).where(any_of(session, Edition.entry_id, many))).all()

        assert set(found) == set(live[:count])
        assert len(statements[-1]) < 200

    def test_it_takes_texts_as_they_are(self, session, live):
        slugs = ["a", "c", 'b"] or 1', "ü"]

        found = session.scalars(select(Edition.slug).where(any_of(session, Edition.slug, slugs)))

        assert sorted(found) == ["a", "c"]


class TestConnected:
    def test_what_the_session_holds_is_seen(self, session, live):
        edition = session.scalars(select(Edition).where(Edition.slug == "a")).one()
        edition.slug = "z"

        rows = prepared(session, select(Edition.slug)).rows(connected(session), {})

        assert sorted(row[0] for row in rows) == ["b", "c", "z"]
