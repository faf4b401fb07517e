"""When pages are visited again, and the pages of events more often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from crawler.decide import event_interval, next_start
from crawler.page import Page, Reading
from tests.crawler.conftest import Crawls
from tests.crawler.doubles import HandClock, PlainReader
from tests.crawler.site import Site, listing, resource
from tests.crawler.test_recrawl import FEW, fill

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def test_a_page_on_its_schedule_is_left_alone_until_it_is_due(site: Site, crawls: Crawls, clock: HandClock) -> None:
    fill(site)
    crawls()
    site.forget()
    crawls(only_due=True)
    assert site.asked == []
    clock.advance(days=3)
    crawls(only_due=True)
    assert set(site.count().values()) == {1}
    assert len(site.pages()) == FEW + 1


@pytest.mark.parametrize(
    ("hours_left", "hours"),
    [(-1, 240), (0, 240), (1, 6), (24, 6), (48, 12), (4 * 24, 24), (60 * 24, 7 * 24)],
)  # fmt: skip
def test_an_event_is_looked_at_more_often_the_nearer_it_is(hours_left: int, hours: int) -> None:
    starts_at = NOW + timedelta(hours=hours_left)
    assert event_interval(240 * 3600, starts_at=starts_at, now=NOW) == hours * 3600
    assert event_interval(3600, starts_at=starts_at, now=NOW) == 3600


def test_the_next_start_is_the_first_that_is_to_come() -> None:
    starts = ["2020-01-01T10:00:00+01:00", "2030-02-01T10:00:00+01:00", "2030-01-01T10:00:00+01:00", "2027-01-01", "?"]
    found = next_start([{"start": start} for start in starts] + [{"place": "Jette"}], NOW)
    assert found == datetime(2030, 1, 1, 9, tzinfo=UTC)
    assert next_start([], NOW) is None


def test_the_page_of_an_event_is_visited_more_often_until_it_is_over(
    site: Site, crawls: Crawls, clock: HandClock, reader: PlainReader
) -> None:
    start = clock.now() + timedelta(days=4)

    def read(page: Page, source: Mapping[str, Any]) -> Reading:
        reading = reader(page, source)
        when = {"occurrences": [{"start": start.isoformat()}]} if "/rencontre" in page.url else {}
        return replace(reading, resource={**reading.resource, **when}) if reading.resource else reading

    site.validators = True
    site.page("/", listing("/rencontre", "/guide"))
    for path in ("/rencontre", "/guide"):
        site.page(path, resource(path))
    crawls(read=read)
    visits: list[float] = []
    while clock.now() < start + timedelta(days=3):
        clock.advance(hours=2)
        site.forget()
        crawls(read=read, only_due=True)
        if "/rencontre" in site.paths():
            visits.append((start - clock.now()) / timedelta(hours=1))
    before, after = [left for left in visits if left > 0], [left for left in visits if left <= 0]
    assert all(4 <= one - other <= 28 for one, other in pairwise(before))
    assert all(one - other <= 8 for one, other in pairwise([left for left in before if left <= 24]))
    assert len(before) > 5
    assert all(one - other >= 20 for one, other in pairwise(after))
