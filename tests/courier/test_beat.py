"""A beat goes on whatever becomes of its job."""

import threading

import pytest

from courier import beat
from courier.beat import Beat


class Job:
    """A job that fails until it has been tried so many times, and tells then."""

    def __init__(self, times):
        self.left, self.done = times, threading.Event()

    def __call__(self):
        self.left -= 1
        if self.left == 0:
            self.done.set()
        if not self.done.is_set():
            raise RuntimeError("the database is away")


@pytest.fixture
def started():
    """Start a beat; it ends with the test."""
    made = []

    def start(job):
        made.append(Beat("verso-test", job, every=0.001))
        made[-1].start()

    yield start
    for one in made:
        one.stop()


class TestBeat:
    def test_it_goes_on_after_a_failure(self, started, caplog, monkeypatch):
        monkeypatch.setattr(beat, "AFTER_FAILURE", 0.01)
        job = Job(times=3)

        started(job)

        assert job.done.wait(10)
        assert caplog.text.count("verso-test could not do its turn") == 2

    def test_it_waits_longer_after_one(self, started):
        job = Job(times=2)

        started(job)

        assert not job.done.wait(0.3)
