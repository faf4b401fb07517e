"""Dates and hours of events in French, Dutch and English text: single days, ranges, lists and recurrences.

A year that is not written is inferred from the weekday, from another date of the same list, or from the years
the page speaks of; else the date is left out: no date is better than a wrong one. Phone numbers, postal codes, prices and durations
are no dates: a day counts only with its month.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import pairwise

from crawler.date_groups import Day, Group, read_groups
from crawler.date_words import tokenise
from crawler.recurrences import Recurrence

FIRST_YEAR = 2000  #: older dates are history, not events
MAX_EXPANDED = 60  #: dates that one recurrence is written out to
_MAX_GAP = 40  #: characters between two dates of which one lends its year to the other


@dataclass(frozen=True, slots=True)
class EventDate:
    """One day, or the days from `first` to `last`. Times are local; None where none is said.

    year: how it is known. text[start:end] is where it stands.
    """

    first: date
    last: date | None
    begins: time | None
    ends: time | None
    year: str  #: stated, weekday, context
    start: int
    end: int
    weekday_agrees: bool = True  #: False where the written weekday is not that day's


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a text in reading order. recurs: it also speaks of "every Tuesday" or the like; weekly: the hours
    that it gives for weekdays.
    """

    events: Sequence[EventDate]
    recurs: bool
    weekly: Mapping[int, tuple[time, time | None]] = field(default_factory=dict)


def find_event_dates(text: str, *, near: date | None = None, years: Sequence[int] = ()) -> Dates:
    """Every date in the text. `near`: a day close to the events (when the page was written or fetched), for the
    weekday's year. `years`: the years that the page speaks of, for a date without year; one only, or two in a row
    (a school year).
    """
    tokens = tokenise(text)
    groups, recurrences = read_groups(tokens)
    _lend_years(groups)
    events: list[EventDate] = []
    used: set[int] = set()
    for recurrence in recurrences:
        for position, group in enumerate(groups):
            if (
                position not in used
                and _bounds(recurrence, group, text)
                and (expanded := _expand(recurrence, group, near, years))
            ):
                used.add(position)
                events += expanded
    for position, group in enumerate(groups):
        if position not in used:
            events += _resolve(group, near, years)
    events.sort(key=lambda event: (event.start, event.first))
    weekly = {day: one.hours for one in recurrences if one.hours for day in one.weekdays}
    return Dates(_without_doubles(events), any(not one.plain for one in recurrences), weekly)


def _bounds(recurrence: Recurrence, group: Group, text: str) -> bool:
    """Whether a group is the span of a recurrence: a range near it, in the same sentence."""
    if recurrence.vague or recurrence.plain or not (len(group.days) == 2 and group.days[0].to_next):
        return False
    between = (
        text[recurrence.end : group.start] if group.start >= recurrence.end else text[group.end : recurrence.start]
    )
    return len(between) <= _MAX_GAP * 2 and ". " not in between and between.count("\n") <= 1


def _expand(recurrence: Recurrence, group: Group, near: date | None, years: Sequence[int]) -> list[EventDate]:
    spans = _resolve(group, near, years)
    if not spans or spans[0].last is None:
        return []
    span = spans[0]
    days: list[date] = []
    current, index = span.first, 0
    while current <= (span.last or span.first) and len(days) < MAX_EXPANDED:
        if current.weekday() in recurrence.weekdays and _is_ordinal(current, recurrence.ordinals):
            if index % recurrence.step == 0:
                days.append(current)
            index += 1
        current += timedelta(days=1)
    begins, ends = recurrence.hours or group.hours or (None, None)
    start, end = min(recurrence.start, group.start), max(recurrence.end, group.end)
    return [EventDate(day, None, begins, ends, span.year, start, end) for day in days]


def _is_ordinal(day: date, ordinals: Sequence[int]) -> bool:
    if not ordinals:
        return True
    last = calendar.monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 + 1 in ordinals or (-1 in ordinals and day.day + 7 > last)


def _lend_years(groups: Sequence[Group]) -> None:
    """A list over several lines often says its year once: the group before or after lends it."""
    for before, after in zip(reversed(groups[:-1]), reversed(groups[1:]), strict=False):
        last, first = before.days[-1], after.days[0]
        if (
            last.year is None
            and first.year is not None
            and after.start - before.end <= _MAX_GAP
            and last.month
            and first.month
        ):
            year = first.year - (1 if (last.month, last.day) > (first.month, first.day) else 0)
            for day in before.days:
                day.year, day.by = day.year or year, "context"
    for before, after in pairwise(groups):
        last, first = before.days[-1], after.days[0]
        if (
            first.year is None
            and last.year is not None
            and after.start - before.end <= _MAX_GAP
            and last.month
            and first.month
        ):
            year = last.year + (1 if (first.month, first.day) < (last.month, last.day) else 0)
            for day in after.days:
                day.year, day.by = day.year or year, "context"


def _resolve(group: Group, near: date | None, years: Sequence[int]) -> list[EventDate]:
    """The group's events; what cannot be a date, or has no year that can be told, is left out."""
    for day in group.days:
        if day.year is not None or day.weekday is not None:
            _resolve_day(day, near, years)
    known = next((day for day in group.days if day.resolved), None)
    for day in group.days:  # the weekday of one tells the year of all
        if day.resolved is None and known is not None and known.resolved is not None and day.month:
            shift = (
                1
                if (day.month, day.day) < (known.resolved.month, known.resolved.day)
                and group.days.index(day) > group.days.index(known)
                else 0
            )
            day.resolved, day.by = _date(known.resolved.year + shift, day.month, day.day), known.by
    for day in group.days:
        if day.resolved is None:
            _resolve_day(day, near, years)
    begins, ends = group.hours or (None, None)
    events: list[EventDate] = []
    index = 0
    while index < len(group.days):
        day = group.days[index]
        last = group.days[index + 1] if day.to_next and index + 1 < len(group.days) else None
        index += 2 if last is not None else 1
        if day.resolved is None or (last is not None and last.resolved is None):
            continue
        end = last.resolved if last is not None else None
        if end is not None and (end < day.resolved or (end - day.resolved).days > 730):
            continue
        agrees = all(
            one.weekday is None or one.resolved is None or one.resolved.weekday() == one.weekday
            for one in (day, last)
            if one
        )
        events.append(
            EventDate(
                day.resolved, end if end != day.resolved else None, begins, ends, day.by, group.start, group.end, agrees
            )
        )
    return events


def _resolve_day(day: Day, near: date | None, years: Sequence[int]) -> None:
    if day.month is None:
        return
    if day.year is not None:
        day.resolved = _date(day.year, day.month, day.day)
        return
    if day.weekday is not None and near is not None:
        fitting = [
            found
            for year in range(near.year - 1, near.year + 2)
            if (found := _date(year, day.month, day.day)) and found.weekday() == day.weekday
        ]
        if years and (stated := [found for found in fitting if found.year in years]):
            fitting = stated
        if fitting:
            day.resolved, day.by = min(fitting, key=lambda found: abs((found - near).days)), "weekday"
            return
    if len(years) == 1:
        day.resolved, day.by = _date(years[0], day.month, day.day), "context"
    elif len(years) == 2 and max(years) - min(years) == 1:  # a school year
        day.resolved, day.by = _date(min(years) if day.month >= 8 else max(years), day.month, day.day), "context"


def _date(year: int, month: int, day: int) -> date | None:
    if year < FIRST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _without_doubles(events: Sequence[EventDate]) -> list[EventDate]:
    """Each day once; the one with hours wins."""
    best: dict[tuple[date, date | None], EventDate] = {}
    for event in events:
        key = (event.first, event.last)
        known = best.get(key)
        if known is None:
            best[key] = event
        elif known.begins is None and event.begins is not None:
            best[key] = replace(event, start=known.start)
        elif known.begins != event.begins and event.begins is not None:
            best[(event.first, event.last or event.first)] = event  # twice on one day, at other hours
    return list(best.values())
