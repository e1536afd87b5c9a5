"""Many at once, in threads and in processes, and processes killed in the middle: the rules hold on both databases."""

import multiprocessing
import os
import random
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from content import log, schedule, settling, versions
from content.log import Act, Line
from content.schedule import Fate, Scheduled, Verb
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, an_article, saved
from tests.content import storm
from tests.invariants import invariants

LONG = os.environ.get("CI") == "true" or os.environ.get("VERSO_LONG") == "1"
SECONDS = 30 if LONG else 4
KILLS = 50
ROUNDS = 1_000 if LONG else 100
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.content.storm"])


@pytest.fixture
def at_once():
    """Call a function from two threads and from two processes at once; returns what each returned."""
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, PROCESSES) as processes:

        def run(function, *each):
            pools = [threads, processes, threads, processes]
            running = [pool.submit(function, *told) for pool, told in zip(pools, each, strict=True)]
            return [one.result(timeout=SECONDS + 120) for one in running]

        yield run


class TestPublishing:
    def test_it_at_once_leaves_a_log_without_holes_or_disorder(self, session, database_url, at_once):
        ids = [str(an_article(session, slug=slug).entry_id) for slug in storm.SLUGS[:4]]
        session.commit()
        stop = threading.Event()

        with ThreadPoolExecutor(1) as reader:
            following = reader.submit(storm.follow, database_url, stop)
            try:
                done = at_once(
                    storm.publish_until, *((database_url, ids, SECONDS, seed) for seed in range(4))
                )
            finally:
                stop.set()
            seen = following.result(timeout=60)

        session.rollback()
        acknowledged = sorted(number for one in done for number in one)
        assert acknowledged == list(range(1, log.head(session).sequence + 1))
        assert all(done)
        assert seen == told(session)
        invariants(session)


def told(session):
    """What the log says of each sequence in the end."""
    said = {sequence: set() for sequence in session.scalars(select(Act.sequence))}
    for line in session.scalars(select(Line)):
        said[line.sequence].add((line.entry_id, line.event))
    return said


class TestSave:
    def test_it_at_once_loses_nobody_s_words_where_they_can_be_merged(self, session, database_url, at_once):
        version = an_article(session)
        session.commit()
        fields = ["title", "summary", "body", "seo_title"]

        values = at_once(
            storm.save_own_field,
            *((database_url, str(version.entry_id), field, 12, seed) for seed, field in enumerate(fields)),
        )

        session.rollback()  # what it read before was of before
        newest = versions.latest(session, version.entry_id)
        assert newest.number == 1 + 4 * 12
        assert [newest.values[field] for field in fields] == values
        invariants(session)

    def test_it_at_once_overwrites_nobody_s_words_unseen(self, session, database_url, at_once):
        version = an_article(session)
        session.commit()

        clashes = at_once(
            storm.save_same_field, *((database_url, str(version.entry_id), 20, seed) for seed in range(4))
        )

        session.rollback()
        kept = {one.number: one for one in versions.history(session, version.entry_id)}
        assert len(kept) + sum(clashes) == 1 + 4 * 20
        for number in range(2, len(kept) + 1):
            assert kept[kept[number].based_on].values["title"] == kept[number - 1].values["title"]
        invariants(session)

    def test_two_at_once_round_after_round_lose_no_word(self, session, database_url):
        version = an_article(session, body="\n\n".join(f"Paragraph {number}." for number in range(12)))
        session.commit()
        together = threading.Barrier(2, timeout=60)

        with ThreadPoolExecutor(2) as editors:
            running = [
                editors.submit(storm.write_words, database_url, str(version.entry_id), ROUNDS, seed, together)
                for seed in range(2)
            ]
            written = [word for one in running for word in one.result(timeout=600)]

        session.rollback()
        newest = versions.latest(session, version.entry_id)
        assert (newest.number, len(written)) == (1 + 2 * ROUNDS, 2 * ROUNDS)
        assert [word for word in written if word not in newest.values["body"]] == []


class TestSettle:
    def test_it_by_many_does_each_act_once_and_in_due_order(self, session, database_url, at_once):
        one, two = a_live_article(session, slug="one"), a_live_article(session, slug="two")
        for number in range(24):
            version, verb = (one, two)[number % 2], (Verb.HOLD, Verb.RELEASE)[number // 2 % 2]
            schedule.schedule(
                session, verb, version.entry_id, due_at=MAY_DAY + (number + 1) * HOUR, by=ED, now=MAY_DAY
            )
        session.commit()

        made = at_once(storm.settle_all, *((database_url, MAY_DAY + timedelta(days=3)) for _ in range(4)))

        session.rollback()
        assert sorted(number for each in made for number in each) == list(range(3, 27))
        in_due_order = select(Scheduled.sequence).order_by(Scheduled.due_at)
        assert list(session.scalars(in_due_order)) == list(range(3, 27))
        assert set(session.scalars(select(Scheduled.fate))) == {Fate.DONE}
        invariants(session)

    def test_it_is_not_overtaken_by_an_act(self, session, database_url):
        version = a_live_article(session)
        schedule.schedule(session, Verb.HOLD, version.entry_id, due_at=MAY_DAY + HOUR, by=ED, now=MAY_DAY)
        saved(session, version, tags=["legs"])
        session.commit()

        with ThreadPoolExecutor(2) as threads:
            settled = threads.submit(storm.settle_all, database_url, MAY_DAY + 2 * HOUR)
            again = threads.submit(storm.settle_all, database_url, MAY_DAY + 2 * HOUR)
            numbers = settled.result() + again.result()

        assert numbers == [2]
        assert settling.settle(session, now=MAY_DAY + 2 * HOUR) == []


class TestKilling:
    def test_it_loses_nothing_acknowledged_and_leaves_nothing_half_published(
        self, session, database_url, tmp_path
    ):
        chance, path, killed = random.Random(7), tmp_path / "acknowledged", 0
        path.touch()

        while killed < KILLS:
            written = path.stat().st_size
            writers = [
                PROCESSES.Process(
                    target=storm.publish_for_ever, args=(database_url, str(path), killed + number)
                )
                for number in range(2)
            ]
            for writer in writers:
                writer.start()
            wait_for(lambda before=written: path.stat().st_size > before, writers)
            for writer in writers:
                time.sleep(chance.random() / 20)
                writer.kill()
                writer.join()
                killed += 1

        session.rollback()
        invariants(session)
        for sequence, texts in acknowledged(path):
            lines = session.scalars(select(Line).where(Line.sequence == sequence))
            assert {(line.entry_id, line.version) for line in lines} == texts
        sizes = session.scalars(select(func.count()).select_from(Line).group_by(Line.sequence))
        assert set(sizes) == {3}


def wait_for(happened, writers):
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end, "nothing was published"
        assert any(writer.is_alive() for writer in writers), "the writers ended by themselves"
        time.sleep(0.005)


def acknowledged(path):
    """Each act that a writer wrote down before it was killed, with its texts; a torn last line was not written."""
    for line in path.read_text().splitlines(keepends=True):
        if line.endswith("\n"):
            sequence, *texts = line.split()
            yield int(sequence), {(UUID(text.split(":")[0]), int(text.split(":")[1])) for text in texts}
