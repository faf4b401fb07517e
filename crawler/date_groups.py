"""Dates as they are written together: lists and ranges with their hours; from tokens.

What is not written stays None; `event_dates` fills it in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from crawler.date_hours import hours_after, hours_before, hours_behind_words
from crawler.date_words import Token
from crawler.recurrences import Recurrence, read_recurrence


@dataclass(slots=True)
class Day:
    """A date as far as it is written."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    to_next: bool = False  #: the next one is the end of a range that starts here
    resolved: date | None = None
    by: str = "stated"


@dataclass(slots=True)
class Group:
    """Dates that were written together, with their hours."""

    days: list[Day]
    hours: tuple[time, time | None] | None
    start: int
    end: int
    led: bool = False


def read_groups(tokens: Sequence[Token]) -> tuple[list[Group], list[Recurrence]]:
    """The groups of dates and the recurrences in a text, in reading order."""
    groups: list[Group] = []
    recurrences: list[Recurrence] = []
    position = free = 0  # tokens before `free` belong to a group already
    while position < len(tokens):
        if found := read_recurrence(tokens, position):
            recurrence, position = found
            recurrences.append(recurrence)
            free = position
        elif read := _read_days(tokens, position):
            days, after = read
            group = Group(days, None, tokens[position].start, tokens[after - 1].end)
            if hours := hours_after(tokens, after):
                group.hours, after = hours
                group.end = tokens[after - 1].end
            elif later := hours_behind_words(tokens, after):
                group.hours = later
            elif before := hours_before(tokens, position, free):
                group.hours, first = before
                group.start = tokens[first].start
            groups.append(group)
            position = free = after
        else:
            position += 1
    return groups, recurrences


def _read_days(tokens: Sequence[Token], position: int) -> tuple[list[Day], int] | None:
    """Dates joined by commas, "and" or "to", and the token after the last; None where no date starts here."""
    if tokens[position].kind not in {"iso", "numeric", "short", "day", "month", "weekday"}:
        return None
    days: list[Day] = []
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


def _read_day(tokens: Sequence[Token], position: int) -> tuple[Day, int] | None:
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
        return Day(day, month, year, weekday), position + 1
    if token.kind == "day":
        day, position = token.value, position + 1
        if position < len(tokens) and tokens[position].value in {".", "de", "of"}:
            following = tokens[position + 1] if position + 1 < len(tokens) else None
            position += 1 if following is not None and following.kind == "month" else 0
        if position < len(tokens) and tokens[position].kind == "month":
            year, after = _read_year(tokens, position + 1)
            return Day(day, tokens[position].value, year, weekday), after
        year, after = _read_year(tokens, position)
        return Day(day, None, year, weekday), after
    if token.kind == "month" and position + 1 < len(tokens) and tokens[position + 1].kind == "day":
        # English only: "March 12, 2026"; in the other two a figure after the month is something else
        year, after = _read_year(tokens, position + 2)
        if year is not None or weekday is not None or _goes_on(tokens, position + 2):
            return Day(tokens[position + 1].value, token.value, year, weekday), after
    return None


def _goes_on(tokens: Sequence[Token], position: int) -> bool:
    """Whether a further day and the year follow ("January 14 and 21, 2027"), with or without their month."""
    kinds = [token.kind for token in tokens[position : position + 5] if token.value not in {",", "."}]
    return re.match(r"(?:to|and) (?:month )?day year", " ".join(kinds)) is not None


def _read_year(tokens: Sequence[Token], position: int) -> tuple[int | None, int]:
    for ahead in (position, position + 1):
        if ahead < len(tokens) and tokens[ahead].kind == "year":
            return tokens[ahead].value, ahead + 1
        if ahead < len(tokens) and tokens[ahead].value not in {",", ".", "de"}:
            break
    return None, position


def _keep_real(days: list[Day], joints: Sequence[str], *, led: bool) -> list[Day]:
    """Only what is a date: a figure without month takes the month after it, else it is no date.

    A figure before a comma ("room 3, 10 March") belongs to the list only where an article or an "and" says so.
    """
    for before, day in pairwise(days):
        if day.month is None and day.year is not None and before.month is not None and before.year is None:
            day.month, before.year = before.month, day.year  # "January 14 and 21, 2027"
    month = year = None
    kept: list[Day] = []
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
    for first, second in pairwise(kept):  # "3/03/2027 - 10/03/2027 - 17/03/2027" is a list
        if first.to_next and second.to_next:
            for day in kept:
                day.to_next = False
            break
    return kept
