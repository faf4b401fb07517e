"""How a site's addresses are found, and which of them are left alone."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.calendars import read_calendar
from crawler.errors import NamedError
from crawler.sitemaps import read_feed, read_sitemap
from crawler.traps import BUDGET, Traps, is_endless
from crawler.urls import Scope, canonical_url, parse
from tests.crawler.conftest import Crawls
from tests.crawler.doubles import HandClock
from tests.crawler.site import Document, Site, listing, resource

BASE = "https://site.example/"


def proposed(report: dict[str, object], site: Site) -> list[str]:
    return sorted(p["url"].removeprefix(site.origin) for p in report["proposals"])  # type: ignore[attr-defined]


def test_an_index_of_gzipped_sitemaps(site: Site, crawls: Crawls) -> None:
    site.text("/robots.txt", "User-agent: *\nDisallow: /closed\nSitemap: {origin}/index.xml\n")
    site.text(
        "/index.xml", "<sitemapindex><sitemap><loc>{origin}/pages.xml.gz</loc></sitemap></sitemapindex>", "text/xml"
    )
    urls = "".join(f"<url><loc>{site.origin}{path}</loc></url>" for path in ("/a", "/b", "/closed/c"))
    site.gzipped(
        "/pages.xml.gz", f"<urlset>{urls}<url><loc>https://elsewhere.example/</loc></url></urlset>".encode(), "x/y"
    )
    site.page("/", listing())
    for path in ("/a", "/b", "/closed/c"):
        site.page(path, resource(path))
    report = crawls()
    assert proposed(report, site) == ["/a", "/b"]
    assert report["requested"] == 3
    assert site.count()["/closed/c"] == 0


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/rss+xml", "<rss><channel><item><link>{origin}/a</link><guid>x</guid></item></channel></rss>"),
        ("application/atom+xml", '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/></entry></feed>'),
        ("text/calendar", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nURL:{origin}\r\n /a\r\nEND:VEVENT\r\nEND:VCALENDAR"),
    ],
)
def test_feeds_and_calendars(kind: str, body: str, site: Site, crawls: Crawls) -> None:
    site.page("/", listing(head=f'<link rel="alternate" type="{kind}" href="/feed">'))
    site.text("/feed", body, kind)
    site.page("/a", resource("A"))
    assert proposed(crawls(), site) == ["/a"]


def test_the_events_calendar(site: Site, crawls: Crawls) -> None:
    site.page("/", listing(head=f'<link rel="https://api.w.org/" href="{site.origin}/wp-json/">'))
    page = "/evenement/atelier/"
    site.page(page, resource("Atelier"))
    types = {"post": {"rest_base": "posts"}}
    events = {"events": [{"url": site.origin + page, "modified_utc": "2026-11-01 10:00:00"}], "total_pages": 1}
    answers = {
        "/wp-json/?": {"namespaces": ["wp/v2", "tribe/events/v1"]},
        "/wp-json/wp/v2/types": types,
        "/wp-json/wp/v2/posts": [],
        "/wp-json/wp/v2/media": [],
        "/wp-json/tribe/events/v1/events": events,
    }

    def answer(path: str) -> Document | None:
        for start, data in answers.items():
            if path.startswith(start):
                return Document(json.dumps(data).encode(), headers={"Content-Type": "application/json"})
        return None

    site.answer = answer
    assert proposed(crawls(), site) == [page]


def test_what_a_page_says_to_robots_is_respected(site: Site, crawls: Crawls) -> None:
    site.page(
        "/",
        listing("/hidden", "/copy", "/closed", "/header", "/other-bot") + '<a rel="nofollow" href="/unwanted">x</a>',
    )
    site.page("/hidden", '<meta name="robots" content="noindex">' + resource("Caché", "/from-hidden"))
    site.page("/from-hidden", resource("Suivi"))
    site.page("/copy", f'<link rel="canonical" href="{site.origin}/original">' + resource("Copie"))
    site.page("/original", resource("Original"))
    site.page("/closed", '<meta name="ROBOTS" content="nofollow">' + resource("Fermé", "/from-closed"))
    site.page("/header", resource("En-tête"), X_Robots_Tag="otherbot: nofollow, senne: noindex")
    site.page("/other-bot", resource("Autre"), X_Robots_Tag="otherbot: noindex")
    for path in ("/unwanted", "/from-closed"):
        site.page(path, resource(path))
    report = crawls()
    assert proposed(report, site) == ["/closed", "/from-hidden", "/original", "/other-bot"]
    assert report["skipped"] == {"listing": 1, "noindex": 2, "not_canonical": 1}
    assert not {"/unwanted", "/from-closed"} & set(site.paths())


def test_a_canonical_home_page_on_every_page_is_not_believed(site: Site, crawls: Crawls) -> None:
    site.page("/", listing("/a"))
    site.page("/a", f'<link rel="canonical" href="{site.origin}/">' + resource("A"))
    assert proposed(crawls(), site) == ["/a"]


def test_an_endless_calendar_is_left_after_its_near_months(site: Site, crawls: Crawls, clock: HandClock) -> None:
    site.page("/", listing("/agenda?mois=2026-11", "/outil"))
    site.page("/outil", resource("Outil"))

    def month(path: str) -> Document | None:
        if not path.startswith("/agenda?mois="):
            return None
        year, number = map(int, path[-7:].split("-"))
        following = f"/agenda?mois={year + number // 12:04d}-{number % 12 + 1:02d}"
        links = listing(following, f"/agenda/rencontre-{year}-{number}.html")  # not there: only the months count here
        return Document(links.encode(), headers={"Content-Type": "text/html"})

    site.answer = month
    report = crawls()
    assert proposed(report, site) == ["/outil"]
    assert sum(path.startswith("/agenda?") for path in site.paths()) == 19  # this month and eighteen ahead


def test_three_empty_months_in_a_row_end_the_walk_in_their_direction(
    site: Site, crawls: Crawls, clock: HandClock
) -> None:
    site.page("/", listing("/agenda?mois=2026-11", "/agenda?mois=2027-12"))
    events = {"2026-12": "/noel", "2027-02": "/hiver", "2028-01": "/galettes"}
    for path in events.values():
        site.page(path, resource(path))

    def month(path: str) -> Document | None:
        if not path.startswith("/agenda?mois="):
            return None
        year, number = map(int, path[-7:].split("-"))
        after = f"/agenda?mois={year + number // 12:04d}-{number % 12 + 1:02d}"
        before = f"/agenda?mois={year - (number == 1):04d}-{(number - 2) % 12 + 1:02d}"
        own = [events[path[-7:]]] if path[-7:] in events else []
        return Document(listing(before, after, *own).encode(), headers={"Content-Type": "text/html"})

    site.answer = month
    report = crawls()
    # an empty month between two full ones is no end; what a page names directly is visited however far away it is
    assert proposed(report, site) == ["/galettes", "/hiver", "/noel"]
    visited = sorted(path[-7:] for path in site.paths() if path.startswith("/agenda?"))
    assert visited == [
        "2026-09", "2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05",
        "2027-10", "2027-11", "2027-12", "2028-01", "2028-02", "2028-03", "2028-04",
    ]  # fmt: skip


def test_links_that_nest_in_themselves_and_endless_parameters_end(site: Site, crawls: Crawls) -> None:
    site.page("/", listing("/a/", "/liste?x=0"))

    def answer(path: str) -> Document | None:
        if path.startswith("/a/"):
            return Document(listing("b/", "a/").encode(), headers={"Content-Type": "text/html"})
        if path.startswith("/liste"):
            return Document(
                listing(f"/liste?x={int(path.split('=')[1]) + 1}").encode(), headers={"Content-Type": "text/html"}
            )
        return None

    site.answer = answer
    report = crawls()
    assert report["requested"] < 150


def test_session_ids_make_no_second_page(site: Site, crawls: Crawls) -> None:
    site.page("/", listing("/a;jsessionid=12AB", "/a?PHPSESSID=77", "/a?utm_source=x", "/a#part", "/a?"))
    site.page("/a", resource("A"))
    assert crawls()["requested"] == 2


def test_lists_walked_page_by_page_are_no_trap(site: Site, crawls: Crawls) -> None:
    pages = 20
    for number in range(pages):
        links = [f"/outil/{number * 5 + position}" for position in range(5)]
        following = [f"/outils/page/{number + 1}"] if number + 1 < pages else []
        site.page("/" if number == 0 else f"/outils/page/{number}", listing(*links, *following))
        for link in links:
            site.page(link, resource(link))
    assert len(crawls()["proposals"]) == 5 * pages


@pytest.mark.parametrize(
    ("path", "endless"),
    [("/2019/05/12/un-article", False), ("/2019/05/", True), ("/agenda/2026/12/", False), ("/agenda/2031-01", True),
     ("/x?date=2026-12-24", False), ("/x?date=1970-01-01", True), ("/a/b/a/b/a/b", True), ("/x?sort=title", True),
     ("/?p=33518", False), ("/outils/page/12", False), ("/x?a=1&b=2&c=3&d=4&e=5", True), ("/x?replytocom=4", True),
     ("/layout/uploads/2019/07/20190624_CT.pdf", False), ("/x?year=1971", True), ("/" + "a/" * 3, True)],
)  # fmt: skip
def test_endless_addresses(path: str, endless: bool, clock: HandClock) -> None:
    assert is_endless("https://site.example" + path, now=clock.now()) == endless


def test_a_budget_grows_with_what_is_found(clock: HandClock) -> None:
    traps = Traps()

    def admitted() -> int:
        return sum(traps.admits(f"{BASE}liste?n={number}", now=clock.now()) for number in range(1000))

    assert admitted() == BUDGET
    traps.visited(f"{BASE}liste?n=1", said_something_new=True, is_resource=True)
    assert admitted() == 10


@given(st.text(max_size=60))
def test_a_canonical_address_is_its_own(text: str) -> None:
    for candidate in (text, BASE + text, "http://" + text):
        once = canonical_url(candidate)
        if once is not None:
            assert canonical_url(once) == once
            parse(once)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("HTTP://Site.Example:80/a/../b#c", "http://site.example/b"), ("https://site.example", BASE),
     ("https://site.example/%c3%a9%7Ea", BASE + "%C3%A9~a"), ("https://é.example/", "https://xn--9ca.example/"),
     ("https://user:pw@site.example/", BASE), ("https://site.example/?utm_source=a&fbclid=b&x=1", BASE + "?x=1"),
     ("https://site.example/?", BASE), ("//cdn.example/x", None), ("mailto:a@b.be", None), ("", None)],
)  # fmt: skip
def test_canonical_addresses(text: str, canonical: str | None) -> None:
    assert canonical_url(text) == canonical


def test_scopes() -> None:
    whole = Scope(["http://site.example/fr"])
    assert whole.covers("https://www.site.example/nl")
    assert not whole.covers("https://sub.site.example/")
    assert not Scope(["http://127.0.0.1:8000/"]).covers("http://127.0.0.1:8001/")
    part = Scope([BASE], ["https://site.example/fr*"])
    assert part.covers("https://site.example/fr/x/y?z")
    assert not part.covers(BASE)
    assert not part.covers("https://site.example.evil.example/fr")


@given(st.binary(max_size=400))
def test_no_document_makes_discovery_fail(body: bytes) -> None:
    for read in (read_sitemap, read_feed, read_calendar):
        with suppress(NamedError):
            read(body, base=BASE)
