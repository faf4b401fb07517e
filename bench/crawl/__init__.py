"""Pages per CPU second, memory, requests and bytes: Senne beside Scrapy on the same local site of 2,000 pages.

Every subject runs in a process of its own on one core, the server on another; rounds are interleaved, so that noise
meets all alike. CPU seconds are the subject's own (with its child processes), from the start of the crawl to its end;
requests and bytes are counted by the server. Without extraction: links are followed, nothing is read.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

ROUNDS = 3
#: name → (module, arguments); {db} is a database that each subject keeps over its two crawls of a round
SUBJECTS = {
    "senne, links only": ("bench.crawl.senne", ["--database", "{db}"]),
    "senne, links only, httpx2": ("bench.crawl.senne", ["--database", "{db}", "--httpx2"]),
    "senne, with extraction": ("bench.crawl.senne", ["--database", "{db}", "--read"]),
    "scrapy, links only": ("bench.crawl.scrapy_spider", []),
}


def main() -> None:
    """Measure and print a table; `--pages` and `--rounds` make it shorter."""
    parser = argparse.ArgumentParser(prog="python -m bench crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options, _ = parser.parse_known_args()
    figures: dict[str, list[dict[str, Any]]] = {name: [] for name in SUBJECTS}
    again: dict[str, list[dict[str, Any]]] = {name: [] for name in SUBJECTS}
    with tempfile.TemporaryDirectory() as folder, served(options.pages) as origin:
        for number in range(options.rounds):
            for name, (module, arguments) in SUBJECTS.items():
                database = Path(folder) / f"{number}-{list(SUBJECTS).index(name)}.sqlite3"
                words = [word.format(db=database) for word in arguments]
                for results in (figures, again):
                    results[name].append(measure(origin, module, words))
                database.unlink(missing_ok=True)
        known = ["--database", f"{folder}/many.sqlite3", "--known", "100000", "--max-pages", "200", "--read"]
        memory = measure(origin, "bench.crawl.senne", known)
    show("first crawl", figures, options.pages)
    show("the same again, nothing changed", again, options.pages)
    ours, theirs = (pages_per_cpu(figures[name]) for name in ("senne, links only", "scrapy, links only"))
    print(f"senne / scrapy, links only: {ours / theirs:.1f} times the pages per CPU second")
    print(f"memory with 100,000 known addresses, {memory['pages']} pages read: {memory['rss_mb']:.0f} MB")


def measure(origin: str, module: str, arguments: list[str]) -> dict[str, Any]:
    """One crawl in a process of its own, and what the server saw of it."""
    count(origin)
    done = subprocess.run(
        [sys.executable, "-m", module, origin, *arguments], capture_output=True, check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, {0}),
    )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(f"{module} failed:\n{done.stderr.decode()[-3000:]}")
    return {**json.loads(done.stdout.splitlines()[-1]), **count(origin)}


def count(origin: str) -> dict[str, int]:
    """Requests and body bytes since the last time it was asked."""
    with urlopen(f"{origin}/bench/count") as answer:
        return dict(json.load(answer))


@contextmanager
def served(pages: int) -> Iterator[str]:
    """The site in a process of its own; its origin."""
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.crawl.site", str(pages)], stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1}),
    )  # fmt: skip
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def pages_per_cpu(results: list[dict[str, Any]]) -> float:
    """The median of the rounds."""
    return median(result["pages"] / result["cpu_s"] for result in results)


def show(title: str, figures: dict[str, list[dict[str, Any]]], pages: int) -> None:
    print(f"{title} ({pages} pages)")
    print(f"  {'':28}{'pages/CPU s':>12}{'CPU s':>8}{'wall s':>8}{'MB':>6}{'requests':>10}{'body kB':>9}")
    for name, results in figures.items():
        one = {key: median(result[key] for result in results) for key in results[0]}
        print(
            f"  {name:28}{pages_per_cpu(results):12.0f}{one['cpu_s']:8.1f}{one['wall_s']:8.1f}{one['rss_mb']:6.0f}"
            f"{one['requests']:10.0f}{one['bytes'] / 1000:9.0f}"
        )
