"""Recognises addresses that never end: calendars, sort orders, relative links that nest in themselves.

Pure but for its counters. A site's honest long lists must pass: a budget holds only where the address itself is of
the kind that endless generators make, and it grows with the resources that were found there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from crawler.urls import parse

MAX_SEGMENTS = 15
MAX_PARAMETERS = 4
MAX_EQUAL_SEGMENTS = 2
MAX_DEPTH = 200  #: links away from a start; long lists are walked page by page, max_pages ends them first
BUDGET = 200  #: addresses of one endless-looking pattern
BUDGET_PER_RESOURCE = 10
FRUITLESS = 30  #: pages in a row of one pattern that said nothing new
_MONTHS_BACK, _MONTHS_AHEAD = 3, 18
EMPTY_MONTHS = 3  #: in a row: the walk of a calendar in that direction ends there
#: Parameters that show the same again, in another order or form, or that do something.
_REPEATING = re.compile(
    r"(replytocom|share|print|orderby|order|sort|sort_?by|sort_?dir|dir|view|display|format|add-to-cart|action|do"
    r"|like_comment|_wpnonce|nonce|eventdisplay|tribe-bar-date|outlook-ical|ical)",
    re.ASCII | re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/_.]?(?P<month>1[0-2]|0?[1-9])(?:[-/_.]?(?:0?[1-9]|[12]\d|3[01]))?(?!\d)"
)
_YEAR_AND_MONTH = re.compile(
    r"(?:^|&)(?:\w*(?:year|annee|jaar|yr)\w*)=(?P<year>\d{4})(?:&.*)?$", re.ASCII | re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_VALUE = re.compile(r"=[^&]*")


class Traps:
    """Counts per pattern, for one source and one run. The counters are lost with the process; they only bound it."""

    def __init__(self) -> None:
        self._admitted: Counter[str] = Counter()
        self._resources: Counter[str] = Counter()
        self._fruitless: Counter[str] = Counter()
        self._empty_months: dict[str, dict[int, bool]] = {}  #: pattern → month → whether it led nowhere

    def admits(self, href: str, *, now: datetime) -> bool:
        """Whether a newly found address is worth queueing."""
        if is_endless(href, now=now):
            return False
        pattern = pattern_of(href)
        if self._fruitless[pattern] >= FRUITLESS or self._is_behind_empty_months(href, pattern, now):
            return False
        if _is_suspect(href):
            if self._admitted[pattern] >= BUDGET + BUDGET_PER_RESOURCE * self._resources[pattern]:
                return False
            self._admitted[pattern] += 1
        return True

    def visited(self, href: str, *, said_something_new: bool, is_resource: bool) -> None:
        """Learn from a page that was read."""
        pattern = pattern_of(href)
        self._resources[pattern] += is_resource
        self._fruitless[pattern] = 0 if said_something_new else self._fruitless[pattern] + 1

    def followed(self, href: str, links: Iterable[str], *, is_resource: bool) -> None:
        """Learn where a page led. links: those that were not known before."""
        if (month := _calendar_month(href)) is not None:
            leads_on = is_resource or any(_calendar_month(link) is None for link in links)
            self._empty_months.setdefault(pattern_of(href), {})[month] = not leads_on

    def _is_behind_empty_months(self, href: str, pattern: str, now: datetime) -> bool:
        """Whether the months on one side of this one were empty."""
        month, today = _calendar_month(href), 12 * now.year + now.month
        if month is None or abs(month - today) < EMPTY_MONTHS:
            return False
        empty = self._empty_months.get(pattern, {})
        return any(
            all(empty.get(month + step * away, False) for away in range(1, EMPTY_MONTHS + 1)) for step in (1, -1)
        )


def is_endless(href: str, *, now: datetime) -> bool:
    """Whether the address alone tells that it is one of endlessly many."""
    address = parse(href)
    segments = [segment for segment in address.path.split("/") if segment]
    parameters = address.query.split("&") if address.query else []
    if len(segments) > MAX_SEGMENTS or len(parameters) > MAX_PARAMETERS:
        return True
    if segments and max(Counter(segments).values()) > MAX_EQUAL_SEGMENTS:
        return True
    if any(_REPEATING.fullmatch(parameter.partition("=")[0]) for parameter in parameters):
        return True
    return any(not _is_near(year, month, now) for year, month in _calendar_dates(address.path, address.query))


def pattern_of(href: str) -> str:
    """The address with its numbers and parameter values left out: what a generator's addresses share."""
    address = parse(href)
    return f"{address.origin}{_DIGITS.sub('#', address.path)}?{_VALUE.sub('', address.query)}"


def _is_suspect(href: str) -> bool:
    address = parse(href)
    return bool(address.query) or bool(list(_calendar_dates(address.path, "")))


def _calendar_dates(path: str, query: str) -> list[tuple[int, int]]:
    """Dates where calendars put them: at the end of the path, or in a parameter; an article's are in the middle."""
    found = []
    end = "/".join(path.rstrip("/").split("/")[-3:])
    if match := re.search(rf"(?:^|/)(?:{_DATE.pattern})$", end):
        found.append((int(match["year"]), int(match["month"])))
    for match in _DATE.finditer(query):
        found.append((int(match["year"]), int(match["month"])))
    if match := _YEAR_AND_MONTH.search(query):
        found.append((int(match["year"]), 12 if int(match["year"]) < 2000 else 6))
    return found


def _calendar_month(href: str) -> int | None:
    """The month that a page of a calendar shows, counted from year 0; None for other pages."""
    address = parse(href)
    dates = _calendar_dates(address.path, address.query)
    return 12 * dates[0][0] + dates[0][1] if len(dates) == 1 else None


def _is_near(year: int, month: int, now: datetime) -> bool:
    months = (year - now.year) * 12 + month - now.month
    return -_MONTHS_BACK <= months <= _MONTHS_AHEAD
