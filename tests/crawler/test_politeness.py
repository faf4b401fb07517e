"""What a visit costs a host: one request at a time, at the pace it wants, and nothing that it forbids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.decide import LONGEST, SHORTEST, due_at, gap_s, is_gone, may_go, next_interval, retry_at
from crawler.hosts import is_dead, name_holder
from directory.crawl_state import CrawlHost
from directory.database import Database
from tests.crawler.conftest import Crawls
from tests.crawler.doubles import HandClock, PlainReader
from tests.crawler.site import Document, Site, listing, resource

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def three_pages(site: Site) -> None:
    site.page("/", listing("/a", "/b", "/closed/x"))
    for path in ("/a", "/b", "/closed/x"):
        site.page(path, resource(path))


def test_every_request_waits_its_turn_robots_and_sitemaps_included(
    site: Site, crawls: Crawls, clock: HandClock
) -> None:
    three_pages(site)
    crawls(delay_s=2.0)
    assert len(site.asked) == 6
    assert [round(seconds, 3) for seconds in clock.slept] == [2.0] * 5


def test_the_longer_of_both_delays_holds(site: Site, crawls: Crawls, clock: HandClock) -> None:
    three_pages(site)
    site.text("/robots.txt", "User-agent: *\nCrawl-delay: 7\nDisallow: /closed\n")
    crawls(delay_s=2.0)
    assert [round(seconds, 3) for seconds in clock.slept] == [2.0] + [7.0] * 3
    assert "/closed/x" not in site.paths()


@pytest.mark.parametrize(
    ("robots", "visited"),
    [
        (Document(b"User-agent: *\nDisallow: /\n"), False),
        (Document(b"User-agent: *\nDisallow:\n"), True),
        (Document(status=401), True),
        (Document(status=403), True),
        (Document(status=404), True),
        (Document(status=410), True),
        (Document(status=429), False),
        (Document(status=500), False),
        (Document(status=503), False),
        (Document(b"<!doctype html><h1>Accueil</h1>", headers={"Content-Type": "text/html"}), True),
        (Document(raw=lambda handler: setattr(handler, "close_connection", True)), False),
    ],
)
def test_the_answer_of_robots_txt_decides(robots: Document, visited: bool, site: Site, crawls: Crawls) -> None:
    three_pages(site)
    site.documents["/robots.txt"] = robots
    report = crawls()
    assert ("/" in site.paths()) == visited
    if not visited:
        assert set(site.paths()) == {"/robots.txt"}
        assert report["skipped"] == {"robots": 1}


@pytest.mark.parametrize(("redirects", "visited"), [(5, False), (6, True)])
def test_five_redirects_of_robots_txt_are_followed(redirects: int, visited: bool, site: Site, crawls: Crawls) -> None:
    three_pages(site)
    for number in range(redirects):
        site.redirect("/robots.txt" if number == 0 else f"/r{number}", f"/r{number + 1}")
    site.text(f"/r{redirects}", "User-agent: *\nDisallow: /\n")
    crawls()
    assert ("/" in site.paths()) == visited  # more than five: as if there were none


def test_robots_txt_is_kept_for_a_day_over_restarts(site: Site, crawls: Crawls, clock: HandClock) -> None:
    three_pages(site)
    crawls()
    site.text("/robots.txt", "User-agent: *\nDisallow: /\n")
    clock.advance(hours=23)
    site.forget()
    crawls()
    assert site.count()["/robots.txt"] == 0
    clock.advance(hours=2)
    site.forget()
    assert crawls()["skipped"] == {"robots": 4}
    assert set(site.paths()) == {"/robots.txt"}


def test_a_busy_host_is_asked_again_when_it_says_so(site: Site, crawls: Crawls, clock: HandClock) -> None:
    three_pages(site)
    answers = iter([Document(status=503, headers={"Retry-After": "30"}), site.documents["/a"]])
    del site.documents["/a"]
    site.answer = lambda path: next(answers) if path == "/a" else None
    report = crawls()
    assert len(report["proposals"]) == 3
    assert max(clock.slept) == pytest.approx(30.0)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_that_names_no_time_is_given_some_and_asked_again_last(
    status: int, site: Site, crawls: Crawls, clock: HandClock
) -> None:
    three_pages(site)
    answers = iter([Document(status=status), Document(status=status), site.documents["/a"]])
    del site.documents["/a"]
    site.answer = lambda path: next(answers) if path == "/a" else None
    report = crawls(delay_s=2.0)
    assert len(report["proposals"]) == 3
    assert report["errors"] == []
    assert [path for path in site.paths() if path in {"/a", "/b", "/closed/x"}] == ["/a", "/b", "/closed/x", "/a", "/a"]
    assert [round(seconds, 3) for seconds in clock.slept[-4:]] == [10.0, 4.0, 4.0, 30.0]
    assert report["requested"] == 6


def test_a_host_that_stays_busy_is_asked_three_times_for_a_page(site: Site, crawls: Crawls) -> None:
    three_pages(site)
    site.documents["/a"] = Document(status=503)
    report = crawls()
    assert site.paths().count("/a") == 3
    assert [error["error"].split(":")[0] for error in report["errors"]] == ["http_503"]
    assert len(report["proposals"]) == 2


def test_a_long_retry_after_is_kept_over_restarts(site: Site, crawls: Crawls, clock: HandClock) -> None:
    three_pages(site)
    site.documents["/a"] = Document(status=429, headers={"Retry-After": "3600"})
    report = crawls()
    assert report["skipped"]["postponed"] == 2
    assert [error["error"].split(":")[0] for error in report["errors"]] == ["http_429"]
    site.forget()
    assert crawls()["requested"] == 0
    assert site.asked == []
    clock.advance(seconds=3601)
    three_pages(site)
    assert len(crawls()["proposals"]) == 3


def test_a_host_that_was_busy_is_visited_at_half_the_speed_for_a_day(
    site: Site, crawls: Crawls, clock: HandClock
) -> None:
    three_pages(site)
    site.documents["/a"] = Document(status=429)
    crawls(delay_s=2.0)
    site.documents["/a"] = Document(resource("A").encode(), headers={"Content-Type": "text/html"})
    clock.advance(hours=1)
    clock.slept.clear()
    crawls(delay_s=2.0)
    assert {round(seconds, 3) for seconds in clock.slept} == {4.0}
    clock.advance(hours=24)
    clock.slept.clear()
    crawls(delay_s=2.0)
    assert {round(seconds, 3) for seconds in clock.slept} == {2.0}


def test_a_host_that_another_crawl_visits_is_waited_for(
    site: Site, crawls: Crawls, clock: HandClock, database: Database
) -> None:
    three_pages(site)
    with database.write() as session:
        session.add(
            CrawlHost(
                host=site.origin,
                facts={},
                lease_holder="elsewhere:1:2:run 9",
                lease_until=clock.now() + timedelta(seconds=20),
            )
        )
    crawls()
    assert sum(clock.slept) >= 20.0


def test_the_lease_of_a_dead_process_is_taken_over_at_once(
    site: Site, crawls: Crawls, clock: HandClock, database: Database
) -> None:
    three_pages(site)
    mine = name_holder("run 1")
    dead = ":".join([mine.split(":")[0], "4194303", "1", "run 1"])
    assert (is_dead(mine), is_dead(dead), is_dead("elsewhere:1:1:run 1")) == (False, True, False)
    with database.write() as session:
        session.add(
            CrawlHost(host=site.origin, facts={}, lease_holder=dead, lease_until=clock.now() + timedelta(seconds=170))
        )
    crawls(delay_s=2.0)
    assert clock.slept[0] == pytest.approx(2.0)  # nobody knows what the dead one asked last
    assert sum(clock.slept) < 20.0


def test_pages_beyond_the_maximum_wait_for_the_next_run(site: Site, crawls: Crawls) -> None:
    paths = [f"/p{number}" for number in range(10)]
    site.page("/", listing(*paths))
    for path in paths:
        site.page(path, resource(path))
    first = crawls(max_pages=4)
    assert (first["fetched"], first["skipped"]["max_pages"]) == (4, 7)
    second = crawls(max_pages=8)
    assert {p["url"] for p in first["proposals"] + second["proposals"]} == {site.origin + path for path in paths}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), (" 5 ", 5), ("0", 0), ("Wed, 25 Nov 2026 08:01:00 GMT", 60), ("Wed, 25 Nov 2020 08:00:00 GMT", 0),
     ("99999999999", 7 * 86_400), ("-3", None), ("soon", None), ("", None), (None, None)],
)  # fmt: skip
def test_retry_after(header: str | None, seconds: int | None) -> None:
    at = retry_at(header, NOW)
    assert (at - NOW).total_seconds() == seconds if at else seconds is None


@given(st.floats(0, 1e8), st.booleans())
def test_intervals_stay_between_a_day_and_thirty(previous: float, changed: bool) -> None:
    interval = next_interval(previous, changed=changed)
    assert SHORTEST.total_seconds() <= interval <= LONGEST.total_seconds()


def test_changed_pages_are_visited_sooner_steady_ones_later() -> None:
    week = 7 * 86_400.0
    assert next_interval(week, changed=True) < week < next_interval(week, changed=False)


@given(st.text(max_size=40), st.floats(86_400, 30 * 86_400))
def test_visits_are_spread_by_a_tenth_and_always_the_same(url: str, interval: float) -> None:
    seconds = (due_at(url, interval, NOW) - NOW).total_seconds()
    assert 0.9 * interval - 1 <= seconds <= 1.1 * interval + 1
    assert due_at(url, interval, NOW) == due_at(url, interval, NOW)


def test_a_slow_host_is_given_time() -> None:
    assert gap_s(ours=1.0, crawl_delay=None, latency_s=0.1, is_slowed=False) == 1.0
    assert gap_s(ours=1.0, crawl_delay=None, latency_s=4.0, is_slowed=False) == 8.0
    assert gap_s(ours=1.0, crawl_delay=20.0, latency_s=4.0, is_slowed=False) == 20.0
    assert gap_s(ours=1.0, crawl_delay=None, latency_s=100.0, is_slowed=False) == 30.0
    assert gap_s(ours=0.0, crawl_delay=None, latency_s=0.0, is_slowed=True) == 1.0


@pytest.mark.parametrize(
    ("status", "misses", "days", "unlisted", "gone"),
    [(410, 1, 0, False, True), (404, 1, 0, True, True), (404, 1, 0, False, False), (404, 3, 6, False, False),
     (404, 2, 30, False, False), (404, 3, 7, False, True)],
)  # fmt: skip
def test_gone(status: int, misses: int, days: int, unlisted: bool, gone: bool) -> None:
    since = NOW - timedelta(days=days)
    assert is_gone(status, misses=misses, missed_since=since, unlisted=unlisted, now=NOW) == gone


@given(st.integers(0, 10_000))
def test_at_most_a_tenth_goes_in_one_run(entries: int) -> None:
    assert may_go(entries) <= max(1, entries / 10)


def test_the_reader_is_given_what_the_host_said(site: Site, crawls: Crawls, reader: PlainReader) -> None:
    site.redirect("/", "/accueil")
    site.page("/accueil", resource("Accueil"))
    assert crawls()["proposals"][0]["url"] == site.origin + "/accueil"
    assert reader.urls == [site.origin + "/accueil"]


def test_the_last_robots_txt_counts_again_after_thirty_days_of_silence(
    site: Site, crawls: Crawls, clock: HandClock
) -> None:
    site.text("/robots.txt", "User-agent: *\nDisallow: /closed")
    site.page("/", listing("/closed", "/open"))
    for path in ("/closed", "/open"):
        site.page(path, resource(path))
    crawls()
    site.documents["/robots.txt"] = Document(status=503)
    for days in (2, 20):
        clock.advance(days=days)
        site.forget()
        assert crawls()["skipped"]["robots"] == 3
    clock.advance(days=10)
    site.forget()
    assert crawls()["skipped"]["robots"] == 1
    assert set(site.paths()) == {"/robots.txt", "/", "/open", "/sitemap.xml"}
