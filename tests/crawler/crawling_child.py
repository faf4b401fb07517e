"""A crawl in a process of its own, to be killed: `python -m tests.crawler.crawling_child DATABASE ORIGIN`."""

from __future__ import annotations

import json
import sys

from crawler.crawl import crawl
from crawler.tools import Tools
from directory.database import Database
from directory.sources import load_source
from tests.crawler.doubles import PlainReader, always_new


def main(url: str, origin: str) -> None:
    source = load_source(
        {"name": "site", "start_urls": [origin + "/"], "delay_s": 0, "max_pages": 10_000, "allow_private": True}
    )
    database = Database(url)
    tools = Tools(database=database, user_agent="Senne/test", read=PlainReader(), match=always_new)
    print(json.dumps(crawl(source, tools)))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
