"""Reading the labelled sites' pages, and finding a duplicate among 20,000 entries.

Budgets: 20 pages a second of processor time; 100 ms for a duplicate.
"""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.measuring import percentile
from crawler.page import Page
from crawler.reading import read
from crawler.records_alike import RecordIndex

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
ENTRIES = 20_000


def main() -> None:
    """Print the figures."""
    pages = list(_pages())
    for page in pages[:20]:  # models and word lists are read at the first pages
        read(page, {})
    started = time.process_time()
    for _ in range(ROUNDS):
        for page in pages:
            read(page, {})
    spent = time.process_time() - started
    size = sum(len(page.body) for page in pages) // len(pages)
    print(f"reading: {ROUNDS * len(pages) / spent:.0f} pages per CPU second ({len(pages)} pages of {size} bytes)")
    entries = _entries()
    started = time.perf_counter()
    index = RecordIndex(entries)
    print(f"duplicates: index of {ENTRIES} entries built in {time.perf_counter() - started:.1f} s")
    spans = []
    for entry in entries[:200]:
        started = time.perf_counter()
        index.find({**entry, "id": ""})
        spans.append(1000 * (time.perf_counter() - started))
    print(f"duplicates: median {percentile(spans, 0.5):.1f} ms, 95 % under {percentile(spans, 0.95):.1f} ms")


def _pages() -> list[Page]:
    found = []
    for file in sorted((ROOT / "fixtures" / "sites").rglob("*.htm*")):
        url = f"https://site.example/{file.parent.name}/{file.name}"
        found.append(
            Page(
                url=url,
                final_url=url,
                body=file.read_bytes(),
                fetched_at=datetime(2026, 11, 25, tzinfo=UTC),
                content_type="text/html",
            )
        )
    return found


def _entries() -> list[dict[str, Any]]:
    """The shipped catalogue, and titles shuffled from its words up to ENTRIES."""
    lines = (ROOT / "directory" / "data" / "catalogue.jsonl").read_text("utf-8").splitlines()
    real: list[dict[str, Any]] = [json.loads(line) for line in lines]
    spoken = [word for entry in real for title in entry["title"].values() for word in title.split()]
    dice = random.Random(1)
    made = [
        {
            **dice.choice(real),
            "id": f"made-{number}",
            "title": {"fr": " ".join(dice.sample(spoken, dice.randint(3, 7)))},
            "links": [],
        }
        for number in range(ENTRIES - len(real))
    ]
    return real + made


if __name__ == "__main__":
    main()
