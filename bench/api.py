"""Search through the JSON API at the shipped catalogue's size, next to a bare Flask route on the same server.

Queries are the judged ones, so that matches and words are those of real use; none comes twice in a row, and no answer
is cached between requests.
"""

from __future__ import annotations

import json
import random
import tempfile
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from bench.measuring import interleaved, print_table, served
from directory.settings import Settings
from directory.shipped import load_shipped_catalogue
from web.wiring import wire

REQUESTS = 1500
JUDGED = sorted((Path(__file__).parents[1] / "fixtures" / "relevance").glob("*.jsonl"))


def main() -> None:
    """Print p50 and p99 with one client and with four."""
    with tempfile.TemporaryDirectory() as folder:
        services = wire(Settings(data_dir=Path(folder)))
        services.database.migrate()
        print(f"  {load_shipped_catalogue(services.database)} entries, {len(_judged())} different queries")
        services.indexer.rebuild()
        services.database.close()
        with served(Path(folder), "bench.bare:make_app") as port:
            for clients in (1, 4):
                print(f"  {clients} client(s)")
                paths = {
                    "bare Flask route": lambda: "/bare",
                    "search": _searches("/api/v1/search"),
                    "search, 3 facets chosen": _searches(
                        "/api/v1/search", basin="nord", theme="vaccination", cost="free"
                    ),
                    "suggest": _searches("/api/v1/suggest"),
                }
                interleaved(port, paths, requests=50, clients=clients)  # warm
                print_table(interleaved(port, paths, requests=REQUESTS, clients=clients), "bare Flask route")


def _judged() -> list[str]:
    lines = [json.loads(line) for path in JUDGED for line in path.read_text("utf-8").splitlines() if line.strip()]
    return sorted({line["query"] for line in lines if "query" in line})


def _searches(path: str, **params: str):  # type: ignore[no-untyped-def]
    queries = _judged()
    random.Random(7).shuffle(queries)
    numbers = count()
    return lambda: f"{path}?{urlencode({'q': queries[next(numbers) % len(queries)], 'lang': 'fr', **params})}"


if __name__ == "__main__":
    main()
