"""How fast searches are, beside what a user would set up instead: `python -m bench.search.latency [--entries N …]`.

In one process, interleaved query by query, on the same entries, the same queries and the same six facets: the embedded
engine through `search.service` (plan, misconceptions, facets, highlights: all but HTTP), and SQLite FTS5 (any word,
prefixes) with its facets counted in SQL. Then the embedded engine alone under several clients on two cores, and what is
suggested as one types. Prints milliseconds, ratios, matches a query, index time, disk and memory; asserts nothing.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.search.entries import generated
from search.baseline import Fts5Baseline
from search.engines.embedded import EmbeddedEngine
from search.evaluation import load_judgements
from search.service import SearchRequest, search

JUDGEMENTS = Path(__file__).parents[2] / "fixtures" / "relevance" / "judgements.jsonl"
CLIENTS = (1, 4)
ROUNDS = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the bench; figures go to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[224, 10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="keep the indexes here instead of in a temporary folder")
    chosen = parser.parse_args(arguments)
    queries = [judgement.query for judgement in load_judgements(JUDGEMENTS)]
    for count in chosen.entries:
        with tempfile.TemporaryDirectory() as temporary:
            _measure(count, queries, chosen.folder or Path(temporary))


def _measure(count: int, queries: Sequence[str], folder: Path) -> None:
    print(f"\n{count} entries")
    embedded = EmbeddedEngine(folder / f"index-{count}")
    started = time.perf_counter()
    embedded.rebuild(generated(count))
    print(f"  index    embedded {time.perf_counter() - started:8.1f} s   {_megabytes(folder):8.1f} MB on disk")
    started = time.perf_counter()
    path = folder / f"fts5-{count}.sqlite3"
    path.unlink(missing_ok=True)
    baseline = Fts5Baseline(generated(count), str(path))
    print(f"           FTS5     {time.perf_counter() - started:8.1f} s   {path.stat().st_size / 1e6:8.1f} MB on disk")

    matches: list[int] = []

    def ask(query: str) -> None:
        matches.append(search(embedded, SearchRequest(text=query)).hits.total)

    def ask_baseline(query: str) -> None:
        baseline.search(query, limit=20)
        baseline.facets(query)

    ours, theirs = _interleaved(queries, [_unremembered(ask), ask_baseline])
    print(f"  search   embedded {_figures(ours)}   matches: median {statistics.median(matches):.0f}")
    print(f"           FTS5     {_figures(theirs)}")
    print(
        f"           FTS5 / embedded: p50 {_median(theirs) / _median(ours):.1f}, mean {_mean(theirs) / _mean(ours):.1f}"
    )
    ask(queries[0])
    print(f"           again, from memory: {_figures([_timed(ask, queries[0]) for _ in range(100)])}")
    for clients in CLIENTS:
        times, seconds = _together(_unremembered(ask), queries, clients)
        print(
            f"  {clients} client{'s' if clients > 1 else ' '} embedded {_figures(times)}   {len(times) / seconds:.0f} a second"
        )
    beginnings = [query[:length] for query in queries for length in range(2, len(query), 4)]
    typed = [_timed(lambda text: embedded.suggest(text, basins=["nord"]), beginning) for beginning in beginnings]
    print(f"  suggest  embedded {_figures(typed)}")
    print(
        f"  memory   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB at most, both engines and the entries"
    )


def _unremembered(ask: Callable[[str], None]) -> Callable[[str], None]:
    """Asks each time what was never asked: a remembered answer would measure nothing."""
    numbers = iter(range(sys.maxsize))
    lock = threading.Lock()

    def asked(query: str) -> None:
        with lock:
            number = next(numbers)
        ask(f"{query} {'?' * (number % 9)}{'!' * (number // 9 % 50)}")  # signs that no word holds

    return asked


def _interleaved(queries: Sequence[str], ways: Sequence[Callable[[str], None]]) -> list[list[float]]:
    for query in queries[:20]:
        for way in ways:
            way(query)
    times: list[list[float]] = [[] for _ in ways]
    for _round in range(ROUNDS):
        for query in queries:
            for way, taken in zip(ways, times, strict=True):
                taken.append(_timed(way, query))
    return times


def _together(ask: Callable[[str], None], queries: Sequence[str], clients: int) -> tuple[list[float], float]:
    times: list[float] = []

    def client(seed: int) -> None:
        asked = list(queries)
        random.Random(seed).shuffle(asked)
        times.extend([_timed(ask, query) for query in asked])

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, time.perf_counter() - started


def _timed(way: Callable[[str], object], query: str) -> float:
    started = time.perf_counter()
    way(query)
    return (time.perf_counter() - started) * 1000


def _figures(times: Sequence[float]) -> str:
    p99 = sorted(times)[int(len(times) * 0.99)]
    return f"p50 {_median(times):7.1f} ms   p99 {p99:7.1f} ms   mean {_mean(times):7.1f} ms"


def _median(times: Sequence[float]) -> float:
    return statistics.median(times)


def _mean(times: Sequence[float]) -> float:
    return statistics.fmean(times)


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    main()
