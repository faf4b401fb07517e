"""SIGKILL under writes: of the main process, of a worker, of everything at once. Nothing committed is lost.

After each kill the same data folder is served again; every change that was acknowledged must be in the catalogue,
the last of them must be found by search, and no process of before may go on serving.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from json import loads
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
from writer import word

from directory.catalogue import list_revisions
from directory.database import Database
from directory.settings import Settings

ROOT = Path(__file__).parents[2]
CEILING_S = 15
KILLS = 2  #: of each kind, on every change
MANY_KILLS = 20  #: of each kind, by make check-long
SEED = 20261125


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + CEILING_S
    while not condition():
        assert time.monotonic() < end, f"not within {CEILING_S} s: {what}"
        time.sleep(0.05)


class Senne:
    """A data folder, the server on it and a writer beside it, in one process group."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.settings = Settings(data_dir=data_dir, port=port)
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SENNE_")},
            "SENNE_DATA_DIR": str(data_dir),
            "SENNE_PORT": str(port),
            "PYTHONPATH": str(ROOT),
        }
        self.server: psutil.Popen
        self.writer: psutil.Popen
        self.written = data_dir / "written.txt"
        self._next = 1

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "from web.commands import main; main()", *words]

    def init(self) -> None:
        subprocess.run(self.command("init"), env=self._environment, cwd=ROOT, check=True, capture_output=True)

    def start(self) -> None:
        self.server = psutil.Popen(
            self.command("serve"), env=self._environment, cwd=ROOT, process_group=0, stdout=subprocess.DEVNULL
        )
        until(self.answers, "the server answers")

    def write(self) -> None:
        """Start a writer in the server's process group."""
        with self.written.open("w") as out:
            self.writer = psutil.Popen(
                [sys.executable, str(Path(__file__).with_name("writer.py")), self.settings.sqlalchemy_url, "under-fire", str(self._next)],
                env=self._environment, cwd=ROOT, process_group=self.server.pid, stdout=out,
            )  # fmt: skip
        until(lambda: self.acknowledged() > self._next, "the writer writes")

    def acknowledged(self) -> int:
        """The last change whose commit was said."""
        lines = self.written.read_text().split("\n")[:-1]
        return int(lines[-1]) if lines else 0

    def end_writer(self) -> int:
        """Stop writing, however it stands; the last acknowledged change."""
        with suppress(psutil.NoSuchProcess):
            self.writer.kill()
        self.writer.wait()
        last = self.acknowledged()
        self._next = last + 2  # the change after the last may have been committed unsaid
        return last

    def get(self, path: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.settings.port, timeout=CEILING_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def found(self, number: int) -> bool:
        """Whether search finds the entry by the word of this change, or a later one took its place."""
        status, body = self.get("/api/v1/search?" + urlencode({"q": word(number), "basin": "nord"}))
        assert status == 200
        return any(word(number) in hit["title"]["fr"] for hit in loads(body)["hits"])

    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        found = []
        for child in self.server.children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # it ended while we looked
                if "spawn_main" in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def stop(self) -> None:
        for process in (getattr(self, "writer", None), getattr(self, "server", None)):
            if process is not None and process.is_running():
                process.terminate()
                process.wait(CEILING_S)


@pytest.fixture
def senne(tmp_path: Path) -> Iterator[Senne]:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Senne(tmp_path / "senne", port)
    running.init()
    running.start()
    yield running
    running.stop()


def nothing_lost(senne: Senne, last: int) -> None:
    """Every acknowledged change stands in the history, and search shows the present state."""
    database = Database(senne.settings.sqlalchemy_url)
    try:
        with database.read() as session:
            titles = [revision.document["title"]["fr"] for revision in list_revisions(session, "under-fire")]
    finally:
        database.close()
    present = {title.split()[1] for title in titles}
    said = [int(line) for line in senne.written.read_text().split("\n")[:-1]]
    assert [number for number in said if word(number) not in present] == []
    newest = titles[-1].split()[1]
    number = last if word(last) == newest else last + 1
    assert word(number) == newest
    until(lambda: senne.found(number), "search shows the last change")


def kill_main(senne: Senne) -> None:
    workers = senne.workers()
    assert workers
    senne.server.kill()
    senne.server.wait()
    gone = psutil.wait_procs(workers, timeout=CEILING_S)[1]
    assert gone == [], "an orphan goes on serving"
    until(lambda: not senne.answers(), "nobody listens any more")


def kill_worker(senne: Senne) -> None:
    worker = random.Random(SEED).choice(senne.workers())
    worker.kill()
    until(lambda: any(each.pid != worker.pid for each in senne.workers()), "the worker is replaced")
    until(senne.answers, "the server answers again")


def kill_everything(senne: Senne) -> None:
    processes = [senne.writer, *senne.workers()]
    os.killpg(senne.server.pid, signal.SIGKILL)
    senne.server.wait()
    assert psutil.wait_procs(processes, timeout=CEILING_S)[1] == []


@pytest.mark.parametrize("kill", [kill_main, kill_worker, kill_everything])
@pytest.mark.parametrize(
    "times", [KILLS, pytest.param(MANY_KILLS, marks=[pytest.mark.long, pytest.mark.timeout(1200)])]
)
def test_no_kill_under_writes_loses_a_committed_change(senne: Senne, kill: Callable[[Senne], None], times: int) -> None:
    moments = random.Random(SEED)
    for _ in range(times):
        senne.write()
        time.sleep(moments.uniform(0.0, 0.5))
        kill(senne)
        last = senne.end_writer()
        if not senne.server.is_running():
            senne.start()
        nothing_lost(senne, last)


def test_a_second_server_on_a_taken_port_is_refused(senne: Senne) -> None:
    second = subprocess.run(
        senne.command("serve"),
        env=senne._environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"127.0.0.1:{senne.settings.port}" in second.stderr
    assert "Traceback" not in second.stderr
    assert senne.answers()


def test_a_signal_to_stop_ends_server_and_workers(senne: Senne) -> None:
    workers = senne.workers()
    senne.server.terminate()
    assert senne.server.wait(CEILING_S) == 0
    assert psutil.wait_procs(workers, timeout=CEILING_S)[1] == []


def test_an_edit_is_found_while_the_server_runs(senne: Senne) -> None:
    senne.write()
    last = senne.end_writer()
    nothing_lost(senne, last)
