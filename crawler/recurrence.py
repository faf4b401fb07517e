"""When something that comes back comes back: the recurrence rules of calendars, the parts that are in use. Pure.

FREQ (daily to yearly) with INTERVAL, COUNT, UNTIL, BYDAY (with ordinals, "2TU"), BYMONTHDAY, BYMONTH, BYSETPOS and
WKST. A rule with other parts is not guessed at. Source: RFC 5545 §3.3.10.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_PARTS = frozenset(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"])
_MAX_YEARS = 30  #: from the first time on; older calendars are not walked


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule taken apart. by_day: (which of the month, 0 for each; weekday from Monday, 0 to 6)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()
    week_start: int = 0


def parse_rule(text: str) -> Rule | None:
    """The rule that an RRULE line holds; None for one that cannot be read, or has parts that are not known here."""
    parts = dict(part.upper().split("=", 1) for part in text.strip().strip(";").split(";") if "=" in part)
    if not parts.keys() <= _PARTS or parts.get("FREQ") not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        return None
    days = [_BYDAY.fullmatch(one) for one in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    try:
        rule = Rule(
            frequency=parts["FREQ"],
            interval=int(parts.get("INTERVAL", "1")),
            count=int(parts["COUNT"]) if "COUNT" in parts else None,
            until=datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date() if "UNTIL" in parts else None,  # noqa: DTZ007
            by_day=tuple((int(day[1] or 0), _WEEKDAYS.index(day[2])) for day in days if day is not None),
            by_month_day=_numbers(parts.get("BYMONTHDAY")),
            by_month=_numbers(parts.get("BYMONTH")),
            by_position=_numbers(parts.get("BYSETPOS")),
            week_start=_WEEKDAYS.index(parts.get("WKST", "MO")),
        )
    except ValueError:
        return None
    is_readable = rule.interval >= 1 and None not in days and (rule.count is None or rule.count >= 1)
    return rule if is_readable and not _is_rare(rule) else None


def _is_rare(rule: Rule) -> bool:
    """Combinations that calendars hardly write, and that are left alone."""
    if rule.frequency == "YEARLY":
        return (bool(rule.by_day) and not rule.by_month) or (bool(rule.by_position) and len(rule.by_month) != 1)
    if rule.frequency == "MONTHLY":
        return False
    return (
        bool(rule.by_position) or any(number for number, _ in rule.by_day) or any(day < 0 for day in rule.by_month_day)
    )


def list_days(rule: Rule, start: date, *, last: date) -> Iterator[date]:
    """The days of a series that starts on `start`, that one included, up to `last`."""
    end = min(last, rule.until or last, date(min(start.year + _MAX_YEARS, 9998), 12, 31))
    left = rule.count
    for day in _days(rule, start, end):
        if day > end or left == 0:
            return
        if day >= start:
            left = left - 1 if left is not None else None
            yield day


def _days(rule: Rule, start: date, end: date) -> Iterator[date]:
    """The days that the rule names, in order, some before `start` perhaps."""
    if rule.frequency in {"DAILY", "WEEKLY"}:
        weekdays = {day for _, day in rule.by_day} or (
            {start.weekday()} if rule.frequency == "WEEKLY" else set(range(7))
        )
        first_week = start - timedelta(days=(start.weekday() - rule.week_start) % 7)
        for number in range((end - start).days + 1):
            day = start + timedelta(days=number)
            periods = number if rule.frequency == "DAILY" else (day - first_week).days // 7
            is_named = not rule.by_month_day or day.day in rule.by_month_day
            if periods % rule.interval == 0 and day.weekday() in weekdays and is_named and _in_month(rule, day.month):
                yield day
        return
    step = rule.interval if rule.frequency == "MONTHLY" else 1
    for months in range(12 * start.year + start.month - 1, 12 * end.year + end.month, step):
        year, month = months // 12, months % 12 + 1
        if rule.frequency == "YEARLY":
            is_named = bool(rule.by_month or rule.by_month_day) or month == start.month
            if (year - start.year) % rule.interval or not is_named:
                continue
        if _in_month(rule, month):
            yield from _of_month(rule, year, month, start)


def _of_month(rule: Rule, year: int, month: int, start: date) -> list[date]:
    """The days of one month that the rule names."""
    length = calendar.monthrange(year, month)[1]
    found = set(range(1, length + 1))
    if rule.by_month_day:
        found &= {day if day > 0 else length + 1 + day for day in rule.by_month_day}
    if rule.by_day:
        first = date(year, month, 1).weekday()
        wanted: set[int] = set()
        for ordinal, weekday in rule.by_day:
            days = list(range(1 + (weekday - first) % 7, length + 1, 7))
            wanted |= set(days) if ordinal == 0 else set(_at(days, ordinal))
        found &= wanted
    if not rule.by_month_day and not rule.by_day:
        found &= {start.day}
    days = sorted(found)
    if rule.by_position:
        days = sorted({day for position in rule.by_position for day in _at(days, position)})
    return [date(year, month, day) for day in days]


def _at(days: list[int], position: int) -> list[int]:
    """The n-th of them, from the end where negative; none where there are fewer."""
    index = position - 1 if position > 0 else len(days) + position
    return [days[index]] if position and 0 <= index < len(days) else []


def _in_month(rule: Rule, month: int) -> bool:
    return not rule.by_month or month in rule.by_month


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(",")) if text else ()
