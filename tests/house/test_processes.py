"""The processes of docker-compose.yml, started by hand on PostgreSQL, as docs/operating.md says."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CEILING_S = 60  #: a step that takes longer has failed; no promise about speed
SENNE = [sys.executable, "-c", "from web.commands import main; main()"]
ENTRY = {
    "id": "atelier-marmotte",
    "type": "training",
    "title": {"fr": "Atelier marmotte"},
    "organisations": [{"name": "Une asbl"}],
    "themes": ["grief"],
    "basins": ["nord"],
    "status": "published",
}


def until(condition: Callable[[], bool], what: str) -> None:
    """Waits for it."""
    end = time.monotonic() + CEILING_S
    while not condition():
        assert time.monotonic() < end, f"not within {CEILING_S} s: {what}"
        time.sleep(0.1)


@pytest.fixture
def environment(postgresql_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of compose's web and worker, for this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("SENNE_")}
    ours = {"SENNE_DATABASE_URL": postgresql_url, "SENNE_DATA_DIR": str(tmp_path / "data"), "SENNE_PORT": str(port)}
    return {**outside, **ours, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def commands() -> dict[str, list[str]]:
    """What compose has each service run; the address to listen on is this machine's own."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    return {
        name: [word.replace("0.0.0.0", "127.0.0.1") for word in service["command"]]
        for name, service in services.items()
        if "command" in service
    }


@contextmanager
def running(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A `senne` process while the block runs; asked to stop at its end, and it does."""
    process = subprocess.Popen([*SENNE, *words], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(CEILING_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            pytest.fail(f"senne {' '.join(words)} does not stop")


def run(words: list[str], environment: dict[str, str]) -> str:
    """A `senne` command that ends by itself: what it prints."""
    done = subprocess.run([*SENNE, *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def found(port: str, words: str) -> list[str]:
    """The ids that the site finds for words; nothing while it does not answer."""
    with closing(HTTPConnection("127.0.0.1", int(port), timeout=10)) as connection:
        try:
            connection.request("GET", f"/api/v1/search?q={quote(words)}")
            answer = connection.getresponse()
            hits = json.loads(answer.read())["hits"] if answer.status == 200 else []
        except (OSError, HTTPException):
            return []
    return [hit["id"] for hit in hits]


def pending(environment: dict[str, str]) -> int | None:
    """How many changes the index lacks; None where it follows another catalogue."""
    lacking: int | None = json.loads(run(["index", "status", "--json"], environment))["pending"]
    return lacking


@pytest.mark.postgresql
def test_web_and_worker_share_a_catalogue_on_postgresql(
    environment: dict[str, str], commands: dict[str, list[str]], tmp_path: Path
) -> None:
    port = environment["SENNE_PORT"]
    run(commands["init"], environment)
    with running(commands["worker"], environment):
        with running(commands["web"], environment):
            until(lambda: "pspa-pallium" in found(port, "pspa"), "the site answers a search")
            entries = tmp_path / "entries.jsonl"
            entries.write_text(json.dumps(ENTRY) + "\n", encoding="utf-8")
            run(["catalogue", "import", str(entries)], environment)
            until(lambda: found(port, "marmotte")[:1] == [ENTRY["id"]], "the site finds what was imported")
        # The site is gone: the worker alone keeps the index in step.
        entries.write_text(json.dumps({**ENTRY, "status": "archived"}) + "\n", encoding="utf-8")
        run(["catalogue", "import", str(entries)], environment)
        until(lambda: pending(environment) == 0, "the index is in step")
    assert not json.loads(run(["search", "marmotte", "--json"], environment))["hits"]
