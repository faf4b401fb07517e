"""Reads iCalendar files: the pages that they name, and when what is on them takes place.

Recurrences are written out for the next twelve months, at most fifty times for one page; what is past, cancelled or
left out of a series is not among them. Times without a zone, or with one that nobody knows, are Brussels time.
Source: RFC 5545.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.inventory import Item
from crawler.recurrence import list_days, parse_rule
from crawler.urls import canonical_url

AHEAD = timedelta(days=366)
MAX_OCCURRENCES = 50  #: of one page
MAX_EVENTS = 2_000  #: of one file
_BRUSSELS = ZoneInfo("Europe/Brussels")
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'([A-Za-z-]+)((?:;[^:;="]+=(?:"[^"]*"|[^:;"]*))*):(.*)')
_TIME = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass
class _Event:
    """The lines of one VEVENT: name → [(parameters, value)]."""

    lines: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The first value of that name; "" where there is none."""
        return self.lines[name][0][1].strip() if name in self.lines else ""

    def times(self, name: str) -> list[datetime]:
        """All times of that name that can be read, the days at midnight."""
        found = (_time(part, told) for told, value in self.lines.get(name, ()) for part in value.split(","))
        return [one for one in found if one is not None]

    @property
    def is_whole_day(self) -> bool:
        """Whether it starts on a day, at no time of it."""
        return "T" not in self.text("DTSTART")


def read_calendar(body: bytes, *, base: str) -> list[Item]:
    """The addresses of the events, with their time of change. Never raises: what makes no sense is skipped."""
    items = []
    for event in _events(body):
        if (url := canonical_url(event.text("URL"), base) if event.text("URL") else None) is not None:
            items.append(Item(url, event.text("LAST-MODIFIED") or None))
    return items


def read_occurrences(body: bytes, *, base: str, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """url → when it takes place, in the outside shape of `occurrences`, the soonest first. Never raises."""
    events = list(_events(body))
    moved: dict[str, set[datetime]] = {}  #: by UID: times of a series that an event of their own stands for
    for event in events:
        moved.setdefault(event.text("UID"), set()).update(event.times("RECURRENCE-ID"))
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for event in events:
        url = canonical_url(event.text("URL"), base) if event.text("URL") else None
        if url is None or event.text("STATUS").upper() == "CANCELLED":
            continue
        instead = set() if "RECURRENCE-ID" in event.lines else moved.get(event.text("UID"), set())
        for occurrence in _occurrences(event, now, instead):
            found.setdefault(url, {}).setdefault(occurrence["start"], occurrence)
    return {
        url: [known[start] for start in sorted(known, key=_instant)[:MAX_OCCURRENCES]] for url, known in found.items()
    }


def _occurrences(event: _Event, now: datetime, left_out: set[datetime]) -> Iterator[dict[str, Any]]:
    start = next(iter(event.times("DTSTART")), None)
    if start is None or not 1990 <= start.year <= 2100:
        return
    length = _length(event, start)
    without = left_out | set(event.times("EXDATE"))
    starts = [*_starts(event, start, (now + AHEAD).date()), *event.times("RDATE")]
    place = re.sub(r"\\n", ", ", event.text("LOCATION"), flags=re.IGNORECASE).replace("\\,", ",").replace("\\;", ";")
    for one in starts:
        over = one + length + (timedelta(days=1) if event.is_whole_day else timedelta())
        if one in without or over < now or one > now + AHEAD:
            continue
        occurrence = {"start": one.isoformat()}
        if length:
            occurrence["end"] = (one + length).isoformat()
        yield occurrence | ({"place": place.strip()[:200]} if place.strip() else {})


def _starts(event: _Event, start: datetime, last: date) -> Iterator[datetime]:
    rule = parse_rule(event.text("RRULE")) if "RRULE" in event.lines else None
    if rule is None:  # a rule that is not understood: the first time is sure
        yield start
        return
    for day in list_days(rule, start.date(), last=last):
        yield datetime.combine(day, start.timetz())


def _length(event: _Event, start: datetime) -> timedelta:
    """How long it lasts; nothing where that is not said. Whole days: from the first to the last one."""
    end = next(iter(event.times("DTEND")), None)
    length = timedelta()
    if end is not None:
        length = end - start
    elif match := _DURATION.fullmatch(event.text("DURATION")):
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if event.is_whole_day:
        length -= timedelta(days=1)  # the end is the day after
    return length if timedelta() < length < timedelta(days=100) else timedelta()


def _time(text: str, parameters: str) -> datetime | None:
    """A DATE or DATE-TIME as Brussels time; None for anything else."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    try:
        day = datetime.strptime(match[1], "%Y%m%d").date()  # noqa: DTZ007 - a day
        at = datetime.strptime(match[2], "%H%M%S").time() if match[2] else time()  # noqa: DTZ007 - with a zone below
        zone = UTC if match[3] else _zone(parameters)
        return datetime.combine(day, at, zone).astimezone(_BRUSSELS)
    except (ValueError, OverflowError):
        return None


def _zone(parameters: str) -> ZoneInfo:
    named = re.search(r'TZID="?([A-Za-z0-9_+/-]{1,60})"?', parameters)
    try:
        return ZoneInfo(named[1]) if named else _BRUSSELS
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _BRUSSELS


def _instant(start: str) -> datetime:
    return datetime.fromisoformat(start)


def _events(body: bytes) -> Iterator[_Event]:
    """The events of a file, without the alarms inside them."""
    event: _Event | None = None
    inside: list[str] = []
    number = 0
    for line in _FOLD.sub("", body.decode("utf-8", "replace")).splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name, parameters, value = match[1].upper(), match[2], match[3]
        part = value.strip().upper()
        if name == "BEGIN":
            inside = ["VEVENT"] if part == "VEVENT" else [*inside[-10:], part]
            if part == "VEVENT":
                event, number = _Event(), number + 1
                if number > MAX_EVENTS:
                    return
        elif name == "END":
            if part == "VEVENT" and event is not None:
                yield event
                event = None
            inside = inside[:-1]
        elif event is not None and inside == ["VEVENT"]:
            event.lines.setdefault(name, []).append((parameters, value))
