"""Scrapy as a subject of the bench: follows every link of the host once, robots.txt respected."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor

from bench.crawl.cost import report_cost

origin = sys.argv[1]


class Spider(scrapy.Spider):
    name = "bench"
    allowed_domains = [urlsplit(origin).hostname]  # noqa: RUF012 - Scrapy's own form
    start_urls = [origin + "/"]  # noqa: RUF012
    links = LinkExtractor()
    pages = 0

    def parse(self, response: Any) -> Any:
        type(self).pages += 1
        for link in self.links.extract_links(response):
            yield response.follow(link, self.parse)


def visit() -> int:
    process = CrawlerProcess(
        {"ROBOTSTXT_OBEY": True, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0}
    )
    process.crawl(Spider)
    process.start()
    return Spider.pages


if __name__ == "__main__":
    report_cost(visit)
