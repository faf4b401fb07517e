"""How long after a commit search shows it: the server's indexer follows the outbox; we write beside it and ask."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from json import loads
from pathlib import Path

from bench.measuring import environment_of, free_port, percentile, waiting_for
from directory.catalogue import Change, get_resource, revise_resource
from directory.database import Database
from directory.settings import Settings

EDITS = 40
RESOURCE = "pspa-pallium"


def main() -> None:
    """Print the median and the longest wait over single edits, one at a time."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), port=free_port())
        environment = environment_of(settings)
        senne = [sys.executable, "-c", "from web.commands import main; main()"]
        subprocess.run([*senne, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([*senne, "serve"], env=environment, stdout=subprocess.DEVNULL)
        try:
            waiting_for(settings.port)
            waits = _measure(settings)
        finally:
            server.terminate()
            server.wait()
    print(f"  edit to search: median {percentile(waits, 0.5):.3f} s, longest {max(waits):.3f} s, n={len(waits)}")


def _measure(settings: Settings) -> list[float]:
    database = Database(settings.sqlalchemy_url)
    connection = HTTPConnection("127.0.0.1", settings.port)
    waits = []
    for number in range(EDITS):
        word = f"zqx{''.join('bdfghjklmn'[int(digit)] for digit in str(number))}xqz"
        with database.write() as session:
            entry = get_resource(session, RESOURCE)
            revise_resource(session, entry | {"title": {"fr": f"Essai {word}"}}, Change("bench", "a measurement"))
        committed = time.perf_counter()
        while not _found(connection, word):
            time.sleep(0.005)
        waits.append(time.perf_counter() - committed)
    database.close()
    return waits


def _found(connection: HTTPConnection, word: str) -> bool:
    connection.request("GET", f"/api/v1/search?q={word}")
    return any(word in hit["title"].get("fr", "") for hit in loads(connection.getresponse().read())["hits"])
