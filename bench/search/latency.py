"""How fast searches are, beside what a user would set up instead: `python -m bench.search.latency [--entries N …]`.

First in one process, in turns query by query, on the same entries, queries, filters and facets: the embedded engine
through `search.service` (plan, misconceptions, six facets counted, highlights: all but HTTP), and SQLite FTS5 (any
word, prefixes; matches, total and facets in SQL). Then through the JSON API of Senne's own server, one worker, with 1,
4 and 50 clients on the same machine, the bare Flask route in turns with it. Vectors off. Nothing is answered from
memory. Milliseconds are shown as the clock has them and as processor time, which other work on the machine
distorts less; of the API, processor time is the server's, a request. Asserts nothing but that no request fails.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

from bench.measuring import interleaved, percentile, print_table, served
from bench.search.entries import generated
from directory.settings import Settings
from search.baseline import Fts5Baseline
from search.engines.embedded import EmbeddedEngine
from search.evaluation import load_judgements
from search.service import SearchRequest, search
from web.wiring import wire

JUDGEMENTS = Path(__file__).parents[2] / "fixtures" / "relevance" / "judgements.jsonl"
CLIENTS = {1: 150, 4: 300, 50: 300}  #: clients → requests of each kind
ROUNDS = 2
CHOSEN = {"basin": ("nord",), "theme": ("mental_health",), "cost": ("free",)}  #: the three facets
LONG = {
    "16 unknown words": " ".join(f"zq{c}xvwk{c}sbn" for c in "abcdefghijklmnop"),
    "16 mistyped words": "vacination gripe santee mentalle palliatfs deuille psycholgue logemnt viollence precarrite "
    "hopitale assurence depistge interprte allaitemnt vieillissemnt",
    "512 characters": ("soins patients aide vaccination deuil bruxelles santé mentale " * 9)[:512],
    "one word of 512": "a" * 512,
}


@dataclass
class Times:
    """Milliseconds of each call: by the clock, and of the processor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def of(self, call: Callable[[], object]) -> None:
        """Make one call and note what it took."""
        clock, processor = time.perf_counter(), time.process_time()
        call()
        self.processor.append((time.process_time() - processor) * 1000)
        self.clock.append((time.perf_counter() - clock) * 1000)

    def __str__(self) -> str:
        return f"processor {_figures(self.processor)}   clock {_figures(self.clock)}   n={len(self.clock)}"


def main(arguments: Sequence[str] | None = ()) -> None:
    """Run the bench; figures go to standard output. arguments: None for those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[224, 10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="keep the indexes here; those that are here are not built again")
    chosen = parser.parse_args(arguments)
    for count in chosen.entries:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (chosen.folder or Path(temporary)) / str(count)
            _measure(count, folder)


def _measure(count: int, folder: Path) -> None:
    settings = Settings(data_dir=folder, vectors=False)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"  {count:,} entries; load of the machine {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores")
    queries = [judgement.query for judgement in load_judgements(JUDGEMENTS)]
    embedded = EmbeddedEngine(settings.index_dir)
    if not settings.index_dir.exists():
        _time_building("embedded", settings.index_dir, lambda: embedded.rebuild(generated(count)))
    path = folder / "fts5.sqlite3"
    if path.exists():
        baseline = Fts5Baseline.open(str(path))
    else:
        _time_building("FTS5", path, lambda: Fts5Baseline(generated(count), str(path)).connection.close())
        baseline = Fts5Baseline.open(str(path))
    choices: dict[str, Mapping[str, tuple[str, ...]]] = {"no filter": {}, "3 facets chosen": CHOSEN}
    for label, filters in choices.items():
        _compare(label, queries, embedded, baseline, filters)
    _measure_suggestions(queries, embedded)
    for name, text in LONG.items():
        times = Times()
        for asked in itertools.islice(_unremembered([text]), 5):
            times.of(lambda asked=asked: search(embedded, SearchRequest(text=asked)))  # type: ignore[misc]
        print(f"  {name:<18} processor, median of 5: {statistics.median(times.processor):.1f} ms")
    _measure_api(settings, queries)


def _time_building(name: str, where: Path, build: Callable[[], object]) -> None:
    times = Times()
    times.of(build)
    print(
        f"  index    {name:<8} processor {times.processor[0] / 1000:.1f} s   clock {times.clock[0] / 1000:.1f} s"
        f"   {_megabytes(where):.1f} MB on disk, entries being generated included"
    )


def _compare(
    label: str,
    queries: Sequence[str],
    embedded: EmbeddedEngine,
    baseline: Fts5Baseline,
    filters: Mapping[str, tuple[str, ...]],
) -> None:
    """The two engines in turns. FTS5 counts facets within all filters, which is less than Senne counts."""
    theirs_filters = {**filters, "basin": (*filters["basin"], "region")} if filters else {}
    ours, theirs, matches, their_matches = Times(), Times(), list[int](), list[int]()

    def ask_ours(text: str) -> None:
        matches.append(search(embedded, SearchRequest(text=text, filters=filters)).hits.total)

    def ask_theirs(text: str) -> None:
        their_matches.append(baseline.search(text, theirs_filters, limit=20)[1])
        baseline.facets(text, theirs_filters)

    asked = _unremembered(queries)
    for text in itertools.islice(asked, 20):
        ask_ours(text)
        ask_theirs(text)
    for text in itertools.islice(asked, ROUNDS * len(queries)):
        ours.of(lambda text=text: ask_ours(text))  # type: ignore[misc]
        theirs.of(lambda text=text: ask_theirs(text))  # type: ignore[misc]
    print(f"  {label}: embedded {ours}   matches: median {statistics.median(matches):.0f}")
    print(f"  {label}: FTS5     {theirs}   matches: median {statistics.median(their_matches):.0f}")
    shares = {"p50": 0.5, "p99": 0.99}
    ratios = [
        f"{name} {percentile(theirs.processor, share) / percentile(ours.processor, share):.2f}"
        for name, share in shares.items()
    ]
    mean = statistics.fmean(theirs.processor) / statistics.fmean(ours.processor)
    print(f"  {label}: FTS5 / embedded, processor: {', '.join(ratios)}, mean {mean:.2f}")


def _measure_suggestions(queries: Sequence[str], embedded: EmbeddedEngine) -> None:
    """Every fourth beginning of every query, each once."""
    beginnings = dict.fromkeys(query[:length] for query in queries for length in range(2, len(query), 4))
    embedded.suggest("zz")
    times = Times()
    for beginning in beginnings:
        times.of(lambda beginning=beginning: embedded.suggest(beginning, basins=["nord"]))  # type: ignore[misc]
    print(f"  suggest: embedded {times}")


def _measure_api(settings: Settings, queries: Sequence[str]) -> None:
    services = wire(settings)
    services.database.migrate()
    services.database.close()
    with served(settings.data_dir, "bench.bare:make_app", vectors=False) as port:
        asked = _unremembered(queries)
        chosen = {name: values[0] for name, values in CHOSEN.items()}
        paths = {
            "search": lambda: f"/api/v1/search?{urlencode({'q': next(asked), 'lang': 'fr'})}",
            "search, 3 facets chosen": lambda: (
                f"/api/v1/search?{urlencode({'q': next(asked), 'lang': 'fr', **chosen})}"
            ),
        }
        bare = {"bare Flask route": lambda: "/bare"}
        interleaved(port, {**bare, **paths}, requests=30, clients=4)  # warm
        for clients, requests in CLIENTS.items():
            started = time.perf_counter()
            seconds = interleaved(port, {**bare, **paths}, requests=requests, clients=clients)
            rate = 3 * requests / (time.perf_counter() - started)
            print(f"  API, {clients} client(s), {rate:.0f} requests a second, none failed, by the clock:")
            print_table(seconds, "bare Flask route")
        for name, path in paths.items():
            before = _server_seconds()
            interleaved(port, {name: path}, requests=200, clients=1)
            print(f"  API, {name}: processor {(_server_seconds() - before) / 200 * 1000:.1f} ms a request, mean")
        resident = [process.memory_info().rss / 1e6 for process in psutil.Process().children(recursive=True)]
        print(f"  memory of the server: {sum(resident):.0f} MB, of its processes: {sorted(map(round, resident))}")


def _server_seconds() -> float:
    """Processor time of the server's processes so far."""
    times = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    return float(sum(spent.user + spent.system for spent in times))


def _unremembered(queries: Sequence[str]) -> Iterator[str]:
    """The queries over and over, never the same text twice: a remembered answer would measure nothing."""
    for number in range(sys.maxsize):
        for query in queries:
            yield f"{'?' * (number % 9)}{'!' * (number // 9 % 50)} {query}"  # signs that no word holds


def _figures(times: Sequence[float]) -> str:
    return f"p50 {percentile(times, 0.5):.1f} p99 {percentile(times, 0.99):.1f} mean {statistics.fmean(times):.1f} ms"


def _megabytes(where: Path) -> float:
    files = where.rglob("*") if where.is_dir() else [where]
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


if __name__ == "__main__":
    main(None)
