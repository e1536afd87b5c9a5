import subprocess
import sys

from settings import ROOT

# A process of multiprocessing's, as a worker of the server is, in which a thread starts it, as a request does.
WORKER = """
import multiprocessing, threading
from courier.last import Last

last = Last("last", lambda: print("last", flush=True))

def work():
    for _ in range(2):
        starting = threading.Thread(target=last.start)
        starting.start()
        starting.join()
    {more}
    print("worked", flush=True)

if __name__ == "__main__":
    worker = multiprocessing.get_context("fork").Process(target=work)
    worker.start()
    worker.join()
"""


def said(more="pass"):
    """What a worker that does something more says, word by word."""
    ran = subprocess.run(
        [sys.executable, "-c", WORKER.format(more=more)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return ran.stdout.split()


class TestLast:
    def test_it_runs_once_when_all_else_is_done(self):
        assert said() == ["worked", "last"]

    def test_it_does_not_run_once_it_was_stopped(self):
        assert said("last.stop()") == ["worked"]

    def test_it_begins_anew_after_that(self):
        assert said("last.stop(); last.start()") == ["worked", "last"]

    def test_it_lets_the_process_end_whatever_becomes_of_it(self):
        assert said("last.job = lambda: 1 / 0") == ["worked"]
