"""What is asked for only if it has changed: pages, robots.txt, sitemaps and feeds. Counts are taken at the server."""

from __future__ import annotations

from functools import partial
from http.server import BaseHTTPRequestHandler

from crawler.validators import FLAPS
from tests.crawler.conftest import Crawls
from tests.crawler.doubles import HandClock
from tests.crawler.site import Site, listing, resource
from tests.crawler.test_recrawl import FEW, fill, sitemap

DATE = "Mon, 02 Nov 2026 08:00:00 GMT"


def test_an_etag_that_changes_by_itself_is_left_out_where_a_date_can_decide(site: Site, crawls: Crawls) -> None:
    paths = fill(site, 5)
    machines = iter(range(1000))

    def balanced(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        dated = handler.headers.get("If-Modified-Since") == DATE and "If-None-Match" not in handler.headers
        handler.send_response(304 if dated else 200)  # an ETag, where there is one, wins over the date
        for name, value in (("ETag", f'"machine-{next(machines)}"'), ("Last-Modified", DATE)):
            handler.send_header(name, value)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "0" if dated else str(len(body)))
        handler.end_headers()
        handler.wfile.write(b"" if dated else body)

    for path in paths:
        site.raw(path, partial(balanced, body=site.documents[path].body))
    crawls()
    second, third = crawls(), crawls()
    assert (second["fetched"], second["not_modified"]) == (FLAPS + 1, len(paths) - FLAPS)  # the listing has none at all
    assert (third["fetched"], third["not_modified"]) == (1, len(paths))
    assert third["proposals"] == []


def test_an_unchanged_sitemap_costs_no_body_and_still_tells_what_has_gone(site: Site, crawls: Crawls) -> None:
    paths, dates = fill(site), {f"/outils/outil-{number}": f"2026-{1 + number % 12:02d}-03" for number in range(FEW)}
    site.validators = True
    site.text("/robots.txt", "Sitemap: {origin}/index.xml")
    site.text("/index.xml", "<sitemapindex><sitemap><loc>{origin}/pages.xml</loc></sitemap></sitemapindex>", "text/xml")
    site.text("/pages.xml", sitemap(site, paths, dates), "text/xml")
    for _ in range(2):
        crawls()
    site.forget()
    crawls()
    assert {(asked.path, asked.status) for asked in site.asked} == {
        ("/index.xml", 304), ("/pages.xml", 304), ("/", 304)
    }  # fmt: skip
    site.documents["/index.xml"].body += b" "  # one document of two has changed: both are read again
    del site.documents[paths[7]]
    site.text("/pages.xml", sitemap(site, [path for path in paths if path != paths[7]], dates), "text/xml")
    site.forget()
    report = crawls()
    assert site.count()["/index.xml"] == 1
    assert [(one["kind"], one["url"]) for one in report["proposals"]] == [("gone", site.origin + paths[7])]
    site.forget()
    assert crawls()["requested"] == 1
    assert sum(asked.body_bytes for asked in site.asked) == 0


def test_an_unchanged_feed_costs_no_body(site: Site, crawls: Crawls, clock: HandClock) -> None:
    site.validators = True
    site.page("/", listing(head='<link rel="alternate" type="application/rss+xml" href="/feed">'))
    entries = "<item><link>{origin}/a</link><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item>"
    site.text("/feed", f"<rss><channel>{entries}</channel></rss>", "application/rss+xml")
    site.page("/a", resource("A"))
    assert len(crawls()["proposals"]) == 1
    crawls()
    site.forget()
    crawls()
    assert {(asked.path, asked.status) for asked in site.asked} == {("/feed", 304), ("/", 304)}  # /a is in the feed


def test_robots_txt_is_asked_for_again_only_if_it_has_changed(site: Site, crawls: Crawls, clock: HandClock) -> None:
    fill(site, 3)
    site.validators = True
    site.text("/robots.txt", "User-agent: *\nDisallow: /outils/outil-1")
    for _ in range(2):
        site.forget()
        assert crawls()["skipped"]["robots"] == 1
        clock.advance(days=2)
    assert [asked.status for asked in site.asked if asked.path == "/robots.txt"] == [304]
    site.text("/robots.txt", "User-agent: *\nDisallow: /outils/outil-2")
    site.forget()
    crawls()
    assert site.count()["/outils/outil-2"] == 0
    assert site.count()["/outils/outil-1"] == 1
