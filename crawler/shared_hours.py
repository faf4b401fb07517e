"""Hours that stand apart from their days: behind a label, in a programme, in the next sentence, once for a whole list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time

from crawler.event_dates import EventDate, find_event_dates
from crawler.fields import Labelled
from crawler.findings import Line
from crawler.own_dates import Candidate
from crawler.programmes import programme_hours
from crawler.resource_types import spaced

_BESIDE_HOURS = re.compile(
    r"(?<![a-z])(?:accueil|onthaal|permanence|tel(?:ephone)?(?![a-z])|ouvert\w*|open|secretariat|lunch|repas|inscri\w+|inschrij\w+)[^.,;]*$"
)


_SENTENCE = re.compile(r"[.;?!]\s|\n")


def with_hours_nearby(text: str, event: EventDate, events: Sequence[EventDate]) -> EventDate:
    """A day with the only span of hours that its text gives behind it, where no other day stands ("Le 4 février. Accueil
    dès 12h15, réunion de 13h à 15h30")."""
    if event.begins is not None or event.last is not None:
        return event
    if later := next((other for other in events if other.start > event.start and other.begins is not None), None):
        between = text[event.end : later.start]  # "le 14 (Jette) et le 21 janvier (Evere), de 9h à 12h"
        return event if _SENTENCE.search(between) else replace(event, begins=later.begins, ends=later.ends)
    if any(other.first != event.first for other in events):
        return event
    found: list[EventDate] = []
    for part in re.split(r"[.;?!]\s|\n|,\s", text[event.end : event.end + 200]):
        if match := re.search(r"\d{1,2}\s?[:.hu]", part):
            hours = find_event_dates(f"1/1/2024 {part[match.start() :]}").events
            beside = _BESIDE_HOURS.search(spaced(part[: match.start()]))
            found += [one for one in hours[:1] if one.begins and one.ends and not beside and len(hours) == 1]
    return replace(event, begins=found[0].begins, ends=found[0].ends) if len(found) == 1 else event


def with_hours(candidates: list[Candidate], fields: Sequence[Labelled], lines: Sequence[Line]) -> list[Candidate]:
    """Hours that stand behind their own label, or in a programme, go to dates without."""
    begun = {one.event.begins for one in candidates if one.event.begins}
    if any(one.event.ends for one in candidates):
        return candidates
    if len({one.event.first for one in candidates}) == 1 and (hours := programme_hours(lines)) and begun <= {hours[0]}:
        return [replace(one, event=replace(one.event, begins=hours[0], ends=hours[1])) for one in candidates]
    if begun:
        return candidates
    weekly = {
        day: hours
        for line in lines[:80]
        if "h" in line.text or "u" in line.text
        for day, hours in _weekly(line.text).items()
    }
    if weekly and all(one.event.first.weekday() in weekly and one.event.last is None for one in candidates):
        told = [(one, weekly[one.event.first.weekday()]) for one in candidates]
        return [replace(one, event=replace(one.event, begins=hours[0], ends=hours[1])) for one, hours in told]
    for field in fields:
        if field.name not in {"time", "begins"}:
            continue
        value = field.value
        if field.name == "begins" and (end := next((one.value for one in fields if one.name == "ends"), None)):
            value = f"{value} - {end}"
        marked = find_event_dates(f"1/1/2024 {value}").events
        if marked and marked[0].begins is not None:
            begins, ends = marked[0].begins, marked[0].ends
            return [replace(one, event=replace(one.event, begins=begins, ends=ends)) for one in candidates]
    once = _hours_once(candidates, lines)
    return (
        [replace(one, event=replace(one.event, begins=once[0], ends=once[1])) for one in candidates]
        if once
        else candidates
    )


_NEAR = 4  #: lines around dates in which hours may stand that hold for all of them
_ALWAYS = re.compile(
    r"(?<![a-z])(?:telkens|steeds|altijd|toujours|a chaque fois|chaque (?:fois|seance|rencontre|date|atelier)|each time|always|every session)(?![a-z])"
)


def _hours_once(candidates: Sequence[Candidate], lines: Sequence[Line]) -> tuple[time, time | None] | None:
    """The hours that are given once for several days, near them ("Chaque séance a lieu de 9h30 à 12h30")."""
    places = [
        index
        for index, line in enumerate(lines)
        if any(line.node is not None and line.node is one.line.node for one in candidates)
    ]
    if not places:
        return None
    found: set[tuple[time, time | None]] = set()
    for line in lines[max(0, places[0] - 2) : places[-1] + 1 + _NEAR]:
        text = line.text
        match = _CLOCK.search(text)
        if (
            match is None
            or len(text) > 200
            or _OPENING.search(spaced(text))
            or _BESIDE_HOURS.search(spaced(text[: match.start()]))
        ):
            continue
        hours = find_event_dates(f"1/1/2024 {text[match.start() :]}").events
        if len(hours) != 1 or hours[0].begins is None or not (hours[0].ends or _ALWAYS.search(spaced(text))):
            continue
        found.add((hours[0].begins, hours[0].ends))
    return found.pop() if len(found) == 1 else None


_CLOCK = re.compile(
    r"(?<![\d.,/])\d{1,2}\s?(?:[:.]\d\d|[hu](?![^\W\d_])|uur|heures?|[ap]m)|(?<![\d.,/])\d{1,2}\s?[-–]\s?\d{1,2}\s?(?:h|u|uur)(?![^\W\d_])",
    re.IGNORECASE,
)


def _weekly(text: str) -> Mapping[int, tuple[time, time | None]]:
    return find_event_dates(text).weekly if _WEEKDAY.search(text) and not _OPENING.search(spaced(text)) else {}


_OPENING = re.compile(
    r"(?<![a-z])(?:permanences?|ouvert\w*|horaires? d|telephon\w*|secretariat|accueil|openingsuren|open|bereikbaar|joignable)(?![a-z])"
)
_WEEKDAY = re.compile(r"(?i:di|dag|day|middag|avond|ochtend)(?:s|en)?(?!\w)")
