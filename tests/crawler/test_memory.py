"""What a crawl keeps in memory does not grow with what it knows."""

from __future__ import annotations

import psutil

from directory.crawl_state import CrawlPage
from directory.database import Database
from directory.rows import insert_new
from tests.crawler.conftest import Crawls
from tests.crawler.doubles import HandClock
from tests.crawler.site import Site, resource

KNOWN = 100_000


def test_a_hundred_thousand_known_addresses(site: Site, crawls: Crawls, database: Database, clock: HandClock) -> None:
    with database.write() as session:
        for start in range(0, KNOWN, 5000):
            rows = [
                {
                    "source": "site",
                    "url": f"{site.origin}/known/{number}",
                    "host": site.origin,
                    "depth": 1,
                    "state": "waiting",
                    "due_at": clock.now(),
                    "misses": 0,
                }
                for number in range(start, start + 5000)
            ]
            insert_new(session, CrawlPage, rows)
    site.page("/", resource("Accueil", *[f"/known/{number}" for number in range(1500)]))
    for number in range(20):
        site.page(f"/known/{number}", resource(f"Fiche {number}"))
    before = psutil.Process().memory_info().rss
    report = crawls(max_pages=10)
    assert report["fetched"] == 10
    assert report["skipped"]["max_pages"] == KNOWN + 1 - report["requested"]
    assert psutil.Process().memory_info().rss - before <= 60_000_000  # bench/crawl says what it is as a whole
