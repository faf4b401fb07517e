"""Dates and hours of events in French, Dutch and English text: single days, ranges, lists and recurrences.

A year that is not written is inferred from the weekday, from another date of the same list, or from the years
the page speaks of; else the date is left out: no date is better than a wrong one. Phone numbers, postal codes, prices and durations
are no dates: a day counts only with its month.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise

from crawler.date_words import Token, tokenise

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
    """The dates of a text in reading order. recurs: it also speaks of "every Tuesday" or the like."""

    events: Sequence[EventDate]
    recurs: bool


@dataclass(slots=True)
class _Day:
    """A date as far as it is written."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    to_next: bool = False  #: the next one is the end of a range that starts here
    resolved: date | None = None
    by: str = "stated"


@dataclass(slots=True)
class _Group:
    """Dates that were written together, with their hours."""

    days: list[_Day]
    hours: tuple[time, time | None] | None
    start: int
    end: int
    led: bool = False


@dataclass(slots=True)
class _Recurrence:
    """ "Every first Tuesday of the month": ordinals is empty for every week."""

    weekdays: list[int]
    ordinals: list[int]
    hours: tuple[time, time | None] | None
    start: int
    end: int
    step: int = 1


def find_event_dates(text: str, *, near: date | None = None, years: Sequence[int] = ()) -> Dates:
    """Every date in the text. `near`: a day close to the events (when the page was written or fetched), for the
    weekday's year. `years`: the years that the page speaks of, for a date without year; one only, or two in a row
    (a school year).
    """
    tokens = tokenise(text)
    groups, recurrences = _read(tokens)
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
    return Dates(_without_doubles(events), bool(recurrences))


def _read(tokens: Sequence[Token]) -> tuple[list[_Group], list[_Recurrence]]:
    groups: list[_Group] = []
    recurrences: list[_Recurrence] = []
    position = free = 0  # tokens before `free` belong to a group already
    while position < len(tokens):
        if found := _read_recurrence(tokens, position):
            recurrence, position = found
            recurrences.append(recurrence)
            free = position
        elif read := _read_days(tokens, position):
            days, after = read
            group = _Group(days, None, tokens[position].start, tokens[after - 1].end)
            if hours := _hours_after(tokens, after):
                group.hours, after = hours
                group.end = tokens[after - 1].end
            elif before := _hours_before(tokens, position, free):
                group.hours, first = before
                group.start = tokens[first].start
            groups.append(group)
            position = free = after
        else:
            position += 1
    return groups, recurrences


def _read_days(tokens: Sequence[Token], position: int) -> tuple[list[_Day], int] | None:
    """Dates joined by commas, "and" or "to", and the token after the last; None where no date starts here."""
    if tokens[position].kind not in {"iso", "numeric", "short", "day", "month", "weekday"}:
        return None
    days: list[_Day] = []
    joints: list[str] = []
    after = position
    current = position
    while read := _read_day(tokens, current):
        day, current = read
        days.append(day)
        after = current
        joint = _joint(tokens, current)
        if joint is None:
            break
        kind, current = joint
        joints.append(kind)
    days = _keep_real(days, joints, led=position > 0 and tokens[position - 1].kind in {"article", "weekday", "from"})
    return (days, after) if days else None


def _joint(tokens: Sequence[Token], position: int) -> tuple[str, int] | None:
    """How the next date is joined: "and", "," or "to"; articles around it are passed over."""
    kind, steps = "", 0
    while position < len(tokens) and steps < 4:
        token = tokens[position]
        if token.kind in {"and", "to"}:
            if kind == "to" and token.kind == "to":
                return None
            kind = "to" if token.kind == "to" else kind or ("," if token.value in {",", ";", "/", "+"} else "and")
            if token.kind == "and" and token.value not in {",", ";", "/"}:
                kind = "and" if kind != "to" else kind
        elif token.kind not in {"article", "from"} or not kind:
            break
        position += 1
        steps += 1
    return (kind, position) if kind and position < len(tokens) else None


def _read_day(tokens: Sequence[Token], position: int) -> tuple[_Day, int] | None:
    """One date as far as it is written: weekday, day, month, year in the order of any of the three languages."""
    weekday = None
    if position < len(tokens) and tokens[position].kind == "weekday":
        weekday = tokens[position].value[0]
        position += 1
        while position < len(tokens) and (tokens[position].kind == "article" or tokens[position].value in {",", "."}):
            position += 1
    if position >= len(tokens):
        return None
    token = tokens[position]
    if token.kind in {"iso", "numeric", "short"}:
        day, month, year = token.value
        return _Day(day, month, year, weekday), position + 1
    if token.kind == "day":
        day, position = token.value, position + 1
        if position < len(tokens) and tokens[position].value in {".", "de"}:
            following = tokens[position + 1] if position + 1 < len(tokens) else None
            position += 1 if following is not None and following.kind == "month" else 0
        if position < len(tokens) and tokens[position].kind == "month":
            year, after = _read_year(tokens, position + 1)
            return _Day(day, tokens[position].value, year, weekday), after
        return _Day(day, None, None, weekday), position
    if token.kind == "month" and position + 1 < len(tokens) and tokens[position + 1].kind == "day":
        # English only: "March 12, 2026"; in the other two a figure after the month is something else
        year, after = _read_year(tokens, position + 2)
        if year is not None or weekday is not None:
            return _Day(tokens[position + 1].value, token.value, year, weekday), after
    return None


def _read_year(tokens: Sequence[Token], position: int) -> tuple[int | None, int]:
    for ahead in (position, position + 1):
        if ahead < len(tokens) and tokens[ahead].kind == "year":
            return tokens[ahead].value, ahead + 1
        if ahead < len(tokens) and tokens[ahead].value not in {",", ".", "de"}:
            break
    return None, position


def _keep_real(days: list[_Day], joints: Sequence[str], *, led: bool) -> list[_Day]:
    """Only what is a date: a figure without month takes the month after it, else it is no date.

    A figure before a comma ("room 3, 10 March") belongs to the list only where an article or an "and" says so.
    """
    month = year = None
    kept: list[_Day] = []
    for index in range(len(days) - 1, -1, -1):
        day = days[index]
        joint = joints[index] if index < len(days) - 1 else ""
        day.to_next = joint == "to"
        if day.month is None:
            if month is None:
                continue
            weak = joint == "," and not led and day.weekday is None and "and" not in joints and len(days) < 3
            if weak:
                break
            day.month, day.year = month, day.year or year
            if joint == "to" and kept and day.day > kept[-1].day:
                day.month = 12 if month == 1 else month - 1
                day.year = year - 1 if month == 1 and year is not None else day.year
        elif day.year is None and year is not None and kept:
            following = kept[-1]
            later = (day.month, day.day) <= (following.month or 0, following.day)
            day.year = year if later else year - 1
        month, year = day.month, day.year
        kept.append(day)
    kept.reverse()
    for before, day in pairwise(kept):
        if day.year is None and before.year is not None and day.month is not None and before.month is not None:
            day.year = before.year + (1 if (day.month, day.day) < (before.month, before.day) else 0)
    if kept:
        kept[-1].to_next = False
    return kept


def _hours_after(tokens: Sequence[Token], position: int) -> tuple[tuple[time, time | None], int] | None:
    """Hours right after a date ("…, de 14h à 16h", "om 13u30"), and the token after them."""
    steps = 0
    while position < len(tokens) and steps < 6:
        token = tokens[position]
        if token.kind == "time":
            return _read_hours(tokens, position)
        if token.kind not in {"at", "from", "fill", "article", "to", "line"} and token.value not in {",", ";", "/"}:
            return None
        position += 1
        steps += 1
    return None


def _hours_before(tokens: Sequence[Token], position: int, free: int) -> tuple[tuple[time, time | None], int] | None:
    """Hours right before a date ("de 14h à 16h le 12 mars"), and their first token."""
    end = position - 1
    while end >= free and (tokens[end].kind in {"article", "fill"} or tokens[end].value in {","}):
        end -= 1
    if end < free or tokens[end].kind != "time":
        return None
    first = end
    if end - 2 >= free and tokens[end - 1].kind in {"to", "and", "at"} and tokens[end - 2].kind == "time":
        first = end - 2
    hours = _read_hours(tokens, first)
    return (hours[0], first) if hours else None


def _read_hours(tokens: Sequence[Token], position: int) -> tuple[tuple[time, time | None], int] | None:
    """A time, or the span from the first to the last of several ("9h-12h et 13h-16h")."""
    begins = tokens[position].value
    ends = None
    position += 1
    while position + 1 < len(tokens):
        joint = tokens[position]
        ahead = position + 1
        if joint.kind == "and" and ahead + 1 < len(tokens) and tokens[ahead].kind in {"from", "at"}:
            ahead += 1
        if joint.kind not in {"to", "and", "at", "from"} or tokens[ahead].kind != "time":
            break
        if joint.kind == "and" and ends is None and joint.value not in {"et", "en", "and"}:
            break
        if tokens[ahead].value <= (ends or begins):
            break
        ends = tokens[ahead].value
        position = ahead + 1
    if begins[0] < 6 and ends is None:  # "3 h" is a duration
        return None
    return (time(*begins), time(*ends) if ends else None), position


def _read_recurrence(tokens: Sequence[Token], position: int) -> tuple[_Recurrence, int] | None:
    """ "Tous les mardis", "elke eerste dinsdag van de maand", "les mardis et jeudis", with their hours."""
    first = position
    marked = False
    step = 1
    if tokens[position].kind in {"every", "article"}:
        marked = tokens[position].kind == "every"
        position += 1
        if position < len(tokens) and str(tokens[position].value).lower() in {"deux", "twee", "other", "2"}:
            step, position = 2, position + 1
    ordinals: list[int] = []
    while position < len(tokens) and (
        tokens[position].kind == "ordinal" or (ordinals and tokens[position].kind == "and")
    ):
        if tokens[position].kind == "ordinal":
            ordinals.append(tokens[position].value)
        position += 1
    weekdays: list[int] = []
    plural = False
    while position < len(tokens):
        token = tokens[position]
        if token.kind == "weekday":
            weekdays.append(token.value[0])
            plural |= token.value[1]
        elif not (weekdays and (token.kind == "and" or token.kind == "article") and _weekday_ahead(tokens, position)):
            break
        position += 1
    if not weekdays:
        return None
    monthly = position < len(tokens) and tokens[position].kind == "of_month"
    if monthly:
        position += 1
    if not (marked or plural or (ordinals and monthly)) or (
        position < len(tokens) and tokens[position].kind == "day" and not monthly
    ):
        return None
    if ordinals and not (monthly or marked):
        return None
    hours = _hours_after(tokens, position)
    end = hours[1] if hours else position
    return _Recurrence(
        weekdays, ordinals, hours[0] if hours else None, tokens[first].start, tokens[end - 1].end, step
    ), end


def _weekday_ahead(tokens: Sequence[Token], position: int) -> bool:
    return any(token.kind == "weekday" for token in tokens[position + 1 : position + 3])


def _bounds(recurrence: _Recurrence, group: _Group, text: str) -> bool:
    """Whether a group is the span of a recurrence: a range near it, in the same sentence."""
    if not (len(group.days) == 2 and group.days[0].to_next):
        return False
    between = (
        text[recurrence.end : group.start] if group.start >= recurrence.end else text[group.end : recurrence.start]
    )
    return len(between) <= _MAX_GAP * 2 and ". " not in between and between.count("\n") <= 1


def _expand(recurrence: _Recurrence, group: _Group, near: date | None, years: Sequence[int]) -> list[EventDate]:
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


def _lend_years(groups: Sequence[_Group]) -> None:
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


def _resolve(group: _Group, near: date | None, years: Sequence[int]) -> list[EventDate]:
    """The group's events; what cannot be a date, or has no year that can be told, is left out."""
    for day in group.days:
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


def _resolve_day(day: _Day, near: date | None, years: Sequence[int]) -> None:
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
