"""The lines of a page as their dates are read: what layouts tear apart is put together again.

A day over its month in elements of their own, the month as a heading over its days, the hours on the line below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from crawler.date_words import ANY_MONTH, ANY_WEEKDAY
from crawler.event_dates import EventDate, find_event_dates
from crawler.findings import Line

_DAY = re.compile(rf"(?:(?:{ANY_WEEKDAY})\.?,?\s)?\d{{1,2}}(?:er)?", re.IGNORECASE)
_MONTH = re.compile(rf"(?:{ANY_MONTH})\.?(?:\s20\d\d)?", re.IGNORECASE)
_YEAR = re.compile(r"20\d\d")
_DAY_FIRST = re.compile(
    rf"(\W{{0,3}}(?:(?:{ANY_WEEKDAY})\.?\s)\d{{1,2}}(?:er)?)(?=\s*(?:[:,(|–-]|de |à |om |van |at |from |$))",
    re.IGNORECASE,
)
_HOURS_LINE = re.compile(r"^\W{0,3}(?:de |van |from |à |om |at )?\d{1,2}\s?(?:[:.hu]|uur|-|–)", re.IGNORECASE)
_HOUR = re.compile(r"\d{1,2}\s?(?:[:.hu]|uur)\s?(?:\d\d)?(?:\s?uur)?", re.IGNORECASE)


def dated_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines, with torn days put together and days under the heading of their month completed."""
    found: list[Line] = []
    month = ""
    index = 0
    while index < len(lines):
        line = lines[index]
        text = line.text.strip()
        taken = 1
        if _DAY.fullmatch(text) and index + 1 < len(lines) and _MONTH.fullmatch(lines[index + 1].text.strip()):
            text, taken = f"{text} {lines[index + 1].text.strip()}", 2
            if index + 2 < len(lines) and _YEAR.fullmatch(lines[index + 2].text.strip()):
                text, taken = f"{text} {lines[index + 2].text.strip()}", 3
        elif _MONTH.fullmatch(text):
            month = text
        elif line.level:
            month = ""
        elif month and (day := _DAY_FIRST.match(text)):
            text = f"{day.group(1)} {month}{text[day.end() :]}"
        found.append(line if text == line.text else replace(line, text=text))
        index += taken
    return found


def dates_of(lines: Sequence[Line], index: int, near: date, years: Sequence[int]) -> Sequence[EventDate]:
    """The dates of a line; the line below belongs to it where it holds the hours only, unless they are a whole list's."""
    text = lines[index].text
    below = lines[index + 1 : index + 3]
    in_list = index > 0 and lines[index].tag == lines[index - 1].tag == "li" and bool(below) and below[0].tag != "li"
    if below and not in_list and len(below[0].text) < 60 and _HOURS_LINE.match(below[0].text):
        hours = below[0].text
        if len(below) > 1 and _HOUR.fullmatch(hours.strip()) and _HOUR.fullmatch(below[1].text.strip()):
            hours = f"{hours} - {below[1].text}"  # cells of their own for begin and end
        text = f"{text}\n{hours}"
    return find_event_dates(text, near=near, years=years).events
