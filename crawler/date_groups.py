"""Dates as they are written together: lists and ranges with their hours, and recurrences; from tokens.

What is not written stays None; `event_dates` fills it in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from crawler.date_words import Token


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


@dataclass(slots=True)
class Recurrence:
    """ "Every first Tuesday of the month": ordinals is empty for every week."""

    weekdays: list[int]
    ordinals: list[int]
    hours: tuple[time, time | None] | None
    start: int
    end: int
    step: int = 1
    vague: bool = False  #: its days cannot be told ("one Thursday a month")
    plain: bool = False  #: one weekday with hours ("le samedi de 9h à 13h"): when, not that it returns


def read_groups(tokens: Sequence[Token]) -> tuple[list[Group], list[Recurrence]]:
    """The groups of dates and the recurrences in a text, in reading order."""
    groups: list[Group] = []
    recurrences: list[Recurrence] = []
    position = free = 0  # tokens before `free` belong to a group already
    while position < len(tokens):
        if found := _read_recurrence(tokens, position):
            recurrence, position = found
            recurrences.append(recurrence)
            free = position
        elif read := _read_days(tokens, position):
            days, after = read
            group = Group(days, None, tokens[position].start, tokens[after - 1].end)
            if hours := _hours_after(tokens, after):
                group.hours, after = hours
                group.end = tokens[after - 1].end
            elif later := _hours_behind_words(tokens, after):
                group.hours = later
            elif before := _hours_before(tokens, position, free):
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


def _hours_after(tokens: Sequence[Token], position: int) -> tuple[tuple[time, time | None], int] | None:
    """Hours right after a date ("…, de 14h à 16h", "om 13u30"), and the token after them."""
    steps = 0
    while position < len(tokens) and steps < 6:
        token = tokens[position]
        if token.kind == "time":
            return _read_hours(tokens, position)
        passed = token.kind in {"at", "from", "fill", "article", "to", "line"} or token.value in {",", ";", "/"}
        if not passed and str(token.value).lower() not in _EACH_TIME:
            return None
        position += 1
        steps += 1
    return None


_EACH_TIME = frozenset(("telkens", "steeds", "chaque", "à chaque", "fois", "each", "time"))
_NOT_BEGINNING = frozenset(
    [
        "accueil",
        "portes",
        "ouverture",
        "fermeture",
        "onthaal",
        "deuren",
        "doors",
        "inscription",
        "inscriptions",
        "tél",
        "tel",
        "téléphone",
        "appeler",
        "bellen",
        "lunch",
        "repas",
        "départ",
    ]
)
_MAX_WORDS = 24  #: between a day and its hours, where it takes place stands


def _hours_behind_words(tokens: Sequence[Token], position: int) -> tuple[time, time | None] | None:
    """Hours of the same sentence behind other words ("le 14 janvier à la Maison médicale, de 9h à 12h"), led by
    "from" with an end, or by "at" where the sentence has no other time. Days between belong to other dates.
    """
    found: tuple[time, time | None] | None = None
    ends = False
    ahead = position
    while ahead < min(position + _MAX_WORDS, len(tokens)):
        token, led = tokens[ahead], tokens[ahead - 1].kind
        if token.kind in {"line", "day", "month", "weekday", "numeric", "iso", "short", "year", "every"} or (
            token.value in {".", ";"} or str(token.value).lower() in _NOT_BEGINNING
        ):
            break
        if token.kind != "time":
            ends |= str(token.value).lower() in _ENDING
            ahead += 1
            continue
        read = _read_hours(tokens, ahead)
        if read is None or led not in {"from", "at"}:
            return None
        if found is not None and found[1] is None and ends and read[0][1] is None and read[0][0] > found[0]:
            return found[0], read[0][0]  # "débute à 9h et se termine à 16h"
        if found is not None or (led == "from" and read[0][1] is None):
            return None
        found, ahead = read
    return found


_ENDING = frozenset(["termine", "terminera", "finit", "fin", "jusque", "einde", "eindigt", "ends", "end", "finishes"])


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


def _read_recurrence(tokens: Sequence[Token], position: int) -> tuple[Recurrence, int] | None:
    """ "Tous les mardis", "elke eerste dinsdag van de maand", "les mardis et jeudis", with their hours."""
    first = position
    marked = vague = False
    step = 1
    if _is_excepted(tokens, position):
        return None
    if tokens[position].kind in {"every", "now_and_then", "article"}:
        marked = tokens[position].kind != "article"
        vague = tokens[position].kind == "now_and_then"
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
    if position < len(tokens) and tokens[position].kind == "day" and not monthly:
        return None
    hours = _hours_after(tokens, position)
    plain = not (marked or plural or (ordinals and monthly))
    if (plain and (hours is None or hours[0][1] is None or ordinals or first == position)) or (
        ordinals and not (monthly or marked)
    ):
        return None
    end = hours[1] if hours else position
    return Recurrence(
        weekdays, ordinals, hours[0] if hours else None, tokens[first].start, tokens[end - 1].end, step, vague, plain
    ), end


def _is_excepted(tokens: Sequence[Token], position: int) -> bool:
    """Whether days are named because nothing happens then ("fermé le dimanche et les lundis")."""
    before = position - 1
    while before >= 0 and tokens[before].kind in {"article", "and", "weekday"}:
        before -= 1
    return before >= 0 and str(tokens[before].value).lower() in _EXCEPTED


_EXCEPTED = frozenset(["fermé", "fermée", "fermés", "gesloten", "closed", "sauf", "except", "behalve"])


def _weekday_ahead(tokens: Sequence[Token], position: int) -> bool:
    return any(token.kind == "weekday" for token in tokens[position + 1 : position + 3])
