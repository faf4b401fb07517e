"""What a site's calendar says of its pages, recurrences written out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.calendars import MAX_OCCURRENCES, read_occurrences
from crawler.recurrence import list_days, parse_rule
from tests.crawler.conftest import Crawls
from tests.crawler.doubles import HandClock
from tests.crawler.site import Site, listing, resource

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
BASE = "https://site.example/agenda.ics"
URL = "https://site.example/rencontre"


def event(*lines: str, url: str = URL) -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"URL:{url}", *lines, "END:VEVENT", ""])


def told(*events: str) -> list[dict[str, Any]]:
    body = "BEGIN:VCALENDAR\r\n" + "".join(events) + "END:VCALENDAR\r\n"
    return read_occurrences(body.encode(), base=BASE, now=NOW).get(URL, [])


def starts(*events: str) -> list[str]:
    return [one["start"] for one in told(*events)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20261203T130000Z"], ["2026-12-03T14:00:00+01:00"]),
        (["DTSTART;TZID=Europe/Brussels:20260703T140000"], []),  # over
        (["DTSTART;TZID=Romance Standard Time:20261203T140000"], ["2026-12-03T14:00:00+01:00"]),
        (["DTSTART;VALUE=DATE:20261125"], ["2026-11-25T00:00:00+01:00"]),  # today, all day
        (["DTSTART:20271226T100000"], []),  # too far
        (["DTSTART:20261203T140000", "STATUS:CANCELLED"], []),
        (["DTSTART:20261203T140000", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261210T140000"],
         ["2026-12-03T14:00:00+01:00", "2026-12-17T14:00:00+01:00"]),
        (["DTSTART:20260305T140000", "RRULE:FREQ=MONTHLY;BYDAY=1TH;UNTIL=20270301T000000Z"],
         ["2026-12-03T14:00:00+01:00", "2027-01-07T14:00:00+01:00", "2027-02-04T14:00:00+01:00"]),
        (["DTSTART:20270327T140000", "RRULE:FREQ=DAILY;COUNT=2"],  # the clocks change, the hour does not
         ["2027-03-27T14:00:00+01:00", "2027-03-28T14:00:00+02:00"]),
        (["DTSTART:20261203T140000", "RRULE:FREQ=HOURLY"], ["2026-12-03T14:00:00+01:00"]),  # not understood
        (["DTSTART:20261203T140000", "RDATE:20261205T100000"],
         ["2026-12-03T14:00:00+01:00", "2026-12-05T10:00:00+01:00"]),
        (["DTSTART:2026-12-03"], []),
        (["BEGIN:VALARM", "DTSTART:20261203T140000", "END:VALARM"], []),
    ],
)  # fmt: skip
def test_when_it_takes_place(lines: list[str], expected: list[str]) -> None:
    assert starts(event(*lines)) == expected


def test_ends_and_places() -> None:
    (one,) = told(event("DTSTART:20261203T140000", "DURATION:PT1H30M", "LOCATION:Maison\\, rue Haute 1\\nBruxelles"))
    assert (one["end"], one["place"]) == ("2026-12-03T15:30:00+01:00", "Maison, rue Haute 1, Bruxelles")
    (one,) = told(event("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261206"))
    assert (one["start"][:10], one["end"][:10]) == ("2026-12-03", "2026-12-05")
    (one,) = told(event("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261204"))
    assert "end" not in one


def test_a_time_of_a_series_that_was_moved_or_called_off() -> None:
    series = event("UID:1", "DTSTART:20261203T140000", "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = event("UID:1", "RECURRENCE-ID:20261210T140000", "DTSTART:20261211T100000")
    off = event("UID:1", "RECURRENCE-ID:20261217T140000", "DTSTART:20261217T140000", "STATUS:CANCELLED")
    assert starts(series, moved, off) == ["2026-12-03T14:00:00+01:00", "2026-12-11T10:00:00+01:00"]


def test_a_series_without_end_is_written_out_for_a_year_and_fifty_times_at_most() -> None:
    assert len(starts(event("DTSTART:20200101T100000", "RRULE:FREQ=DAILY"))) == MAX_OCCURRENCES
    monthly = starts(event("DTSTART:20200115T100000", "RRULE:FREQ=MONTHLY"))
    assert (len(monthly), monthly[0][:7], monthly[-1][:7]) == (12, "2026-12", "2027-11")


@settings(deadline=None)  # the other one takes its time
@given(
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 4),
    days=st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), unique=True, max_size=3),
    ordinal=st.sampled_from([0, 1, 2, 5, -1, -2]),
    month_days=st.lists(st.sampled_from([1, 15, 29, 31, -1]), unique=True, max_size=2),
    months=st.lists(st.integers(1, 12), unique=True, max_size=3),
    position=st.sampled_from(["", "", ";BYSETPOS=-1", ";BYSETPOS=1,2"]),
    end=st.sampled_from(["", ";COUNT=7", ";UNTIL=20270630"]),
    start=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    week_start=st.sampled_from(["MO", "SU"]),
)
def test_a_series_is_what_others_make_of_it(
    frequency: str, interval: int, days: list[str], ordinal: int, month_days: list[int], months: list[int],
    position: str, end: str, start: date, week_start: str,
) -> None:  # fmt: skip
    text = f"FREQ={frequency};INTERVAL={interval};WKST={week_start}{end}"
    if days:
        named = f"{ordinal or ''}" if frequency == "MONTHLY" else ""
        text += ";BYDAY=" + ",".join(named + day for day in days)
    if month_days and frequency != "WEEKLY":
        text += ";BYMONTHDAY=" + ",".join(map(str, month_days))
    if months:
        text += ";BYMONTH=" + ",".join(map(str, months))
    text += position if days or month_days else ""
    rule = parse_rule(text)
    if rule is None:
        assert frequency != "MONTHLY"
        assert position or (-1 in month_days) or (frequency == "YEARLY" and not months)
        return
    last = date(2027, 12, 31)
    theirs = rrulestr(text, dtstart=datetime(start.year, start.month, start.day))
    expected = [one.date() for one in theirs.between(datetime(2000, 1, 1), datetime(2027, 12, 31), inc=True)]
    assert list(list_days(rule, start, last=last)) == expected


@given(st.text(max_size=80))
def test_any_rule_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"FREQ=MONTHLY;{text}", f"FREQ=WEEKLY;BYDAY={text}"):
        rule = parse_rule(candidate)
        if rule is not None:
            list(list_days(rule, date(2026, 1, 1), last=date(2026, 12, 31)))


def test_what_the_calendar_says_goes_into_proposals_whose_page_does_not_say_it(
    site: Site, crawls: Crawls, clock: HandClock
) -> None:
    site.validators = True
    site.page(
        "/", listing("/rencontre", "/guide", head='<link rel="alternate" type="text/calendar" href="/agenda.ics">')
    )
    site.page("/rencontre", resource("Rencontre"))
    site.page("/guide", resource("Guide"))
    weekly = event("DTSTART:20261203T140000", "RRULE:FREQ=WEEKLY;COUNT=2", url=site.origin + "/rencontre")
    site.text("/agenda.ics", f"BEGIN:VCALENDAR\r\n{weekly}END:VCALENDAR\r\n", "text/calendar")
    found = {one["url"].removeprefix(site.origin): one for one in crawls()["proposals"]}
    assert "occurrences" not in found["/guide"]["resource"]
    when = found["/rencontre"]["resource"]["occurrences"]
    assert [one["start"][:10] for one in when] == ["2026-12-03", "2026-12-10"]
    assert found["/rencontre"]["evidence"]["occurrences"].startswith("2026-12-03T14:00")
    clock.advance(days=1)
    site.page("/rencontre", resource("Rencontre", text="Bienvenue."))
    report = crawls()  # the calendar answers 304: what it said before still holds
    assert [asked.status for asked in site.asked if asked.path == "/agenda.ics"] == [200, 304]
    assert report["proposals"][0]["resource"]["occurrences"] == when
