import gc
import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from content.database import READS_BY
from content.editions import Edition
from content.readers import Readers
from tests.builders import a_live_article


@pytest.fixture
def readers(engine):
    return Readers(engine)


def driver(session):
    return session.info[READS_BY].connection.dbapi_connection


class TestReading:
    def test_a_thread_has_one_connection_which_no_other_has(self, readers):
        seen = []

        def read():
            for _ in range(2):
                with readers.reading() as session:
                    seen.append(driver(session))

        for _ in range(2):
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()

        assert seen[0] is seen[1]
        assert seen[2] is seen[3]
        assert seen[0] is not seen[2]

    def test_the_pool_has_all_its_connections_meanwhile(self, readers, engine):
        with readers.reading() as session:
            session.execute(text("SELECT 1"))

            assert engine.pool.checkedout() == 0

    def test_it_begins_no_transaction_and_sees_what_is_committed_meanwhile(self, readers, session):
        with readers.reading() as reader:
            reader.info[READS_BY].exec_driver_sql("SELECT slug FROM edition").all()
            a_live_article(session, slug="newer")
            session.commit()

            assert reader.info[READS_BY].exec_driver_sql("SELECT slug FROM edition").all() == [("newer",)]

    def test_it_keeps_nothing_of_an_earlier_read(self, readers, session):
        a_live_article(session, slug="once")
        session.commit()
        with readers.reading(note="one") as reader:
            [kept] = reader.scalars(select(Edition))
            reader.info["met"] = "article"
        with readers.reading(note="two") as reader:
            assert kept not in reader
            assert not reader.in_transaction()
            assert reader.info.keys() == {READS_BY, "note"}
            assert reader.info["note"] == "two"

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_postgresql_plans_by_the_values_what_was_not_prepared(self, readers, session):
        asking = select(text("query")).select_from(text("pg_stat_activity"))
        itself = asking.where(text("pid = pg_backend_pid()"), text(":asked = 'thrombosis'"))
        mode = text("SHOW plan_cache_mode")

        with readers.reading() as reader:
            sent = reader.scalar(itself, {"asked": "thrombosis"})
            kept = reader.scalar(mode)

        assert "'thrombosis' = 'thrombosis'" in sent
        # What is prepared is asked again and again, and planned once; only here.
        assert (kept, session.scalar(mode)) == ("force_generic_plan", "auto")

    def test_after_an_error_of_the_database_s_it_has_another_connection(self, readers):
        with readers.reading() as session:
            failed = driver(session)
        with pytest.raises(SQLAlchemyError), readers.reading() as session:
            session.execute(text("SELECT nothing FROM nowhere"))

        with readers.reading() as session:
            assert driver(session) is not failed

    def test_what_is_no_error_of_the_database_s_leaves_it(self, readers):
        with readers.reading() as session:
            first = driver(session)
        with pytest.raises(KeyError), readers.reading():
            raise KeyError

        with readers.reading() as session:
            assert driver(session) is first

    def test_it_has_another_connection_once_the_engine_was_disposed_of(self, readers, engine):
        with readers.reading() as session:
            first = driver(session)
        engine.dispose()

        assert is_closed(first)
        with readers.reading() as session:
            assert driver(session) is not first

    def test_its_connection_is_closed_once_its_thread_has_ended_and_not_by_that(self, readers):
        seen = []

        def read():
            with readers.reading() as session:
                seen.append(driver(session))

        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        del thread
        gc.collect()

        assert not is_closed(seen[0])
        with readers.reading():
            assert is_closed(seen[0])


def is_closed(connection):
    try:
        connection.execute("SELECT 1")
    except Exception:
        return True
    return False
