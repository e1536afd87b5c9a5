"""Rule 5 with answers kept in many processes: none is older than what was acknowledged, or seen, before it began."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from api.layer.trust import Trust, clock
from content.moments import Moment
from content.watermark import Watermark
from settings import ROOT
from tests.api.layer import storming
from tests.builders import a_live_article, an_article, publish, saved, signed
from tests.content import storm
from tests.test_serving import free_port, wait_until_served

LONG = os.environ.get("CI") == "true" or os.environ.get("VERSO_LONG") == "1"
SECONDS = 15 if LONG else 3
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.api.layer.storming"])


class TestReadsInManyProcesses:
    @pytest.fixture
    def config(self, config):
        # Longer than an act takes, so that whoever trusts too much is found out.
        return config | {"VERSO_TRUST_MS": "500"}

    def test_none_is_older_than_what_was_acknowledged_or_seen_before_it(self, newsroom, config, tmp_path):
        ids = [str(an_article(newsroom, slug=slug).entry_id) for slug in storm.SLUGS[:4]]
        newsroom.commit()
        # Of another machine's reads only those that follow an acknowledgement must see the act.
        elsewhere = config | {"VERSO_VAR": str(tmp_path / "elsewhere")}
        acknowledged, seen = tmp_path / "acknowledged", tmp_path / "seen"

        with ProcessPoolExecutor(5, PROCESSES) as processes:
            acting = [
                processes.submit(storming.act_until, config, mark, ids, SECONDS, seed)
                for seed, mark in enumerate((acknowledged, seen))
            ]
            # They go on when all is quiet again, and every answer can be compared.
            readers = [(config, seen), (config, seen), (elsewhere, acknowledged)]
            reading = [
                processes.submit(storming.read_until, where, mark, SECONDS + 2, seed)
                for seed, (where, mark) in enumerate(readers)
            ]

            assert all(act.result(SECONDS + 60) for act in acting)
            assert all(read.result(SECONDS + 60) for read in reading)


class TestAWorkerThatWasStopped:
    @pytest.fixture
    def config(self, config):
        # Long enough for an act to be done, and the worker to be woken, while it would still be trusting.
        return config | {"VERSO_TRUST_MS": "1000"}

    @pytest.fixture
    def server(self, config, tmp_path):
        """The address of a server with one worker, elsewhere, and the ids of its processes."""
        port = free_port()
        environment = {
            **os.environ,
            **{name: str(value) for name, value in config.items() if name != "TESTING"},
            "VERSO_VAR": str(tmp_path / "elsewhere"),
            "VERSO_WORKERS": "1",
            "VERSO_SEED": "0",
            "PORT": str(port),
        }
        running = subprocess.Popen([sys.executable, "-m", "flask", "serve"], cwd=ROOT, env=environment)
        wait_until_served(port, running)
        address = f"http://127.0.0.1:{port}/api/v1/articles"
        asked(address)
        children = subprocess.run(
            ["pgrep", "-P", str(running.pid)], capture_output=True, text=True, check=True
        )
        yield address, [int(child) for child in children.stdout.split()]
        running.terminate()
        running.wait(30)

    def test_it_does_not_go_on_with_what_it_knew(self, newsroom, server):
        address, workers = server
        version = a_live_article(newsroom)
        seen, stop = [], threading.Event()

        def read_on():
            while not stop.is_set():
                began = time.monotonic()
                seen.append((began, asked(address)))

        reader = threading.Thread(target=read_on)
        reader.start()
        acknowledged = []
        for turn in range(3):
            time.sleep(0.05)
            signal_all(workers, signal.SIGSTOP)
            version = signed(newsroom, saved(newsroom, version, title=f"Turn {turn}"))
            act = publish(newsroom, version)
            acknowledged.append((time.monotonic(), act.sequence))
            signal_all(workers, signal.SIGCONT)
        time.sleep(0.3)
        stop.set()
        reader.join()

        for at, sequence in acknowledged:
            later = [read for began, read in seen if began >= at]
            assert later
            assert min(later) >= sequence
        assert [read for _, read in seen] == sorted(read for _, read in seen)


class TestTrust:
    @pytest.fixture
    def mark(self, tmp_path):
        return Watermark(tmp_path / "mark")

    @pytest.fixture
    def looks(self):
        """The moments that a look into the log will find, the last one for ever, and how many looks there were."""
        return [Moment(sequence=1, at=None, epoch=uuid4(), clock=datetime.now(UTC), next_due=None)]

    def trust(self, looks, mark, seconds=60.0):
        taken = []

        def present():
            taken.append(clock())
            return looks[min(len(taken), len(looks)) - 1]

        return Trust(present, mark, seconds), taken

    def test_it_looks_once_while_nothing_happens(self, looks, mark):
        trust, taken = self.trust(looks, mark)

        assert {trust.known().life[0] for _ in range(10)} == {1}
        assert len(taken) == 1

    def test_it_looks_again_once_the_mark_is_another(self, looks, mark):
        looks.append(_next(looks[-1]))
        trust, taken = self.trust(looks, mark)
        trust.known()

        mark.raise_to(2)

        assert trust.known().life[0] == 2
        assert len(taken) == 2

    def test_it_looks_again_once_something_was_planned(self, looks, mark):
        trust, taken = self.trust(looks, mark)
        trust.known()

        mark.tell_of_plan()
        trust.known()
        trust.known()

        assert len(taken) == 2

    def test_it_looks_each_time_where_nothing_is_trusted(self, looks, mark):
        trust, taken = self.trust(looks, mark, seconds=0.0)

        for _ in range(3):
            trust.known()

        assert len(taken) == 3

    def test_it_counts_the_time_from_before_it_asked(self, looks, mark):
        asked = []

        def slow():
            asked.append(clock())
            time.sleep(0.1)
            return looks[0]

        known = Trust(slow, mark, 5.0).known()

        assert known.until <= asked[0] + 5.0

    def test_it_ends_with_what_falls_due(self, looks, mark):
        due = looks[0].clock + timedelta(seconds=5)
        looks[0] = Moment(1, None, looks[0].epoch, looks[0].clock, due)
        trust, _ = self.trust(looks, mark)

        known = trust.known()

        assert known.until == known.due
        assert 4 < known.due - clock() <= 5

    def test_a_log_that_was_restored_lowers_the_mark(self, looks, mark):
        mark.raise_to(100)
        trust, taken = self.trust(looks, mark)

        assert [trust.known().life[0] for _ in range(3)] == [1, 1, 1]
        assert (mark.sequence, len(taken)) == (1, 1)


def _next(moment):
    return Moment(moment.sequence + 1, moment.at, moment.epoch, moment.clock, moment.next_due)


def asked(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return int(answer.headers["Verso-Sequence"])


def signal_all(processes, told):
    for process in processes:
        os.kill(process, told)
