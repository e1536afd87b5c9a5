"""A Redis of a test's own, on a port of its own, that a test stops and starts again; what it held is gone then."""

import signal
import socket
import subprocess
import time

from tests.machine import need
from tests.served import free_port


class RedisServer:
    """It runs from `start` to `stop`."""

    def __init__(self, folder):
        need("redis")
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    def start(self):
        """Start it, and wait until it listens."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        with (self.folder / "redis.log").open("a") as log:
            self.process = subprocess.Popen(["redis-server", *options], stdout=log, stderr=log)
        until = time.monotonic() + 60
        while not self._listens():
            assert time.monotonic() < until, (self.folder / "redis.log").read_text()
            assert self.process.poll() is None, (self.folder / "redis.log").read_text()
            time.sleep(0.02)

    def stop(self, how=signal.SIGTERM):
        """Stop it by a signal, and wait until it is gone."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None

    def hang(self):
        """Let it answer nobody, and refuse nobody either."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def _listens(self):
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0
