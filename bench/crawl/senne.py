"""Senne's crawler as a subject of the bench."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("origin")
    parser.add_argument("--database", required=True)
    parser.add_argument("--httpx2", action="store_true", help="the successor of httpx in its place")
    parser.add_argument("--read", action="store_true", help="with extraction and matching")
    parser.add_argument("--known", type=int, default=0, help="so many addresses are known already")
    parser.add_argument("--max-pages", type=int, default=10_000)
    options = parser.parse_args()
    if options.httpx2:
        import httpcore2
        import httpx2

        sys.modules["httpx"], sys.modules["httpcore"] = httpx2, httpcore2
    from bench.crawl.cost import report_cost
    from crawler.crawl import crawl
    from crawler.tools import Tools
    from directory.crawl_state import CrawlPage
    from directory.database import Database
    from directory.rows import insert_new
    from directory.sources import load_source

    read = match = None
    if options.read:
        from crawler.matching import match
        from crawler.page import Page
        from crawler.reading import read

        warm = Page(
            url="http://x/",
            final_url="http://x/",
            body=b"<p>Bonjour tout le monde, ceci est une page.",
            fetched_at=datetime.now(UTC),
        )
        read(warm, {"name": "bench"})  # its language models are loaded once, whatever the number of pages
    database = Database(f"sqlite:///{options.database}")
    database.migrate()
    now = datetime.now(UTC)
    with database.write() as session:
        for start in range(0, options.known, 1000):
            rows = [
                {"source": "bench", "url": f"{options.origin}/known/page-{number}.html", "host": options.origin, "depth": 1,
                 "queued_run": None, "state": "waiting", "due_at": now + timedelta(days=1), "misses": 0}
                for number in range(start, start + 1000)
            ]  # fmt: skip
            insert_new(session, CrawlPage, rows)
    source = load_source(
        {
            "name": "bench",
            "start_urls": [options.origin + "/"],
            "delay_s": 0,
            "max_pages": options.max_pages,
            "allow_private": True,
        }
    )
    tools = Tools(database=database, user_agent="Senne/bench", read=read, match=match)

    def visit() -> int:
        report = crawl(source, tools)
        return int(report["fetched"] + report["not_modified"])

    report_cost(visit)


if __name__ == "__main__":
    main()
