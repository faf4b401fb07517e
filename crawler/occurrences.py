"""When something takes place: of the dates a page holds, those that are its own.

Left out: when it was published or changed, deadlines, laws, since when something exists, and what is told of the
past. What a page says in structured data or behind a label ("Quand :") wins over running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crawler import json_ld
from crawler.basins import venues
from crawler.dated_lines import dated_lines, dates_of
from crawler.document import Document
from crawler.event_dates import EventDate, find_event_dates
from crawler.fields import Labelled
from crawler.findings import Fact, Line, cut_quote
from crawler.head import parse_instant
from crawler.own_dates import Candidate, ownness, told_of_another
from crawler.repetition import leads_beside
from crawler.resource_types import spaced
from crawler.shared_hours import with_hours, with_hours_nearby

BRUSSELS = ZoneInfo("Europe/Brussels")
MAX_OCCURRENCES = 60


@dataclass(frozen=True, kw_only=True)
class When:
    """The occurrences in their outside shape, and whether it returns regularly (None: not said)."""

    occurrences: Fact[list[dict[str, Any]]] | None
    recurring: Fact[bool] | None

    @property
    def places(self) -> list[str]:
        """Where it takes place, as the occurrences say."""
        return [one["place"] for one in self.occurrences.value if "place" in one] if self.occurrences else []


def find_when(document: Document, title: str, fields: Sequence[Labelled], *, is_report: bool) -> When:
    """When it takes place. `is_report`: the page tells of something past (minutes, "retour sur…")."""
    recurring = _recurring(document.lines)
    structured = _structured(document)
    if structured is not None:
        return When(occurrences=_with_ends(structured, document), recurring=recurring)
    near = document.head.published or document.fetched_on
    years = _years(document, title)
    place = next((field.value[:200] for field in fields if field.name == "place" and len(field.value) <= 200), None)
    spots = [line.text for line in venues(document.lines) if len(line.text) <= 150]
    place = place or (spots[0] if len(set(spots)) == 1 else None)  # of several, each is some dates' only
    labelled = _labelled(fields, near, years)
    candidates = labelled or _in_text(document, title, near, years, is_report=is_report)
    if not candidates:
        return When(occurrences=None, recurring=recurring)
    candidates = with_hours(candidates, fields, document.lines)
    line = candidates[0].line
    confidence = min(
        0.95, (0.9 if labelled else 0.6 + 0.08 * candidates[0].score) - 0.1 * (candidates[0].event.year != "stated")
    )
    values = [_outside(one.event, place) for one in candidates[:MAX_OCCURRENCES]]
    quote = cut_quote(line.text, candidates[0].event.start if not labelled else 0)
    return When(
        occurrences=Fact(value=values, quote=quote, place=line.place, confidence=round(max(0.3, confidence), 2)),
        recurring=recurring,
    )


def _structured(document: Document) -> Fact[list[dict[str, Any]]] | None:
    """The occurrences of schema.org events that are about this page, cancelled ones left out."""
    values: list[dict[str, Any]] = []
    events = document.head.items_of("Event", "CourseInstance")
    if len({json_ld.text(item.get("name")) for item in events}) > 3:
        return None  # a list of other pages' events
    for item in events:
        if "Cancelled" in str(item.get("eventStatus")) or not (start := _instant(json_ld.text(item.get("startDate")))):
            continue
        occurrence: dict[str, Any] = {"start": start}
        end = _instant(json_ld.text(item.get("endDate")))
        if end and end > start and end[:10] >= start[:10]:
            occurrence["end"] = end
        for location in json_ld.objects(item.get("location"))[:1]:
            if name := ", ".join(part for part in (json_ld.text(location.get("name")), address_text(location)) if part):
                occurrence["place"] = name[:200]
        if occurrence not in values:
            values.append(occurrence)
    if not values:
        return None
    return Fact(
        value=values[:MAX_OCCURRENCES],
        quote=", ".join(value["start"] for value in values[:4]),
        place="script[type='application/ld+json']",
        confidence=0.97,
    )


def _with_ends(structured: Fact[list[dict[str, Any]]], document: Document) -> Fact[list[dict[str, Any]]]:
    """Structured occurrences, with the hours and ends that only the text says."""
    spans: dict[str, dict[str, Any]] = {}
    for line in document.lines[:200]:
        if any(character.isdigit() for character in line.text):
            for event in find_event_dates(line.text, near=document.head.published or document.fetched_on).events:
                if event.begins is not None and event.last is None:
                    spans.setdefault(event.first.isoformat(), _outside(event, None))
    values = []
    for value in structured.value:
        told = spans.get(value["start"][:10])
        if told and "end" not in value and (told["start"] == value["start"] or "T00:00" in value["start"]):
            value = {**told, **{key: one for key, one in value.items() if key == "place"}}
        values.append(value)
    return replace(structured, value=values)


def address_text(location: json_ld.Item) -> str:
    """The address of a schema.org place in one line; "" where it has none."""
    address = location.get("address")
    if not isinstance(address, Mapping):
        return json_ld.text(address)
    street, code, town = (json_ld.text(address.get(key)) for key in ("streetAddress", "postalCode", "addressLocality"))
    return ", ".join(part for part in (street, f"{code} {town}".strip()) if part)


def _instant(value: str) -> str | None:
    parsed = parse_instant(value)
    if parsed is None:
        return None
    day, moment = parsed
    if not 2000 <= day.year <= 2100:
        return None
    if moment is None:
        return _local(day, None)
    return (moment.astimezone(BRUSSELS) if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)).isoformat()


def _labelled(fields: Sequence[Labelled], near: date, years: Sequence[int]) -> list[Candidate]:
    found: list[Candidate] = []
    for field in fields:
        if field.name in {"date", "time"}:
            dates = find_event_dates(field.value, near=near, years=years).events
            found += [
                Candidate(with_hours_nearby(field.value, event, dates), field.line, 3.0)
                for event in dates
                if not told_of_another(field.value, event)
            ]
    return _unique(found)


def _in_text(document: Document, title: str, near: date, years: Sequence[int], *, is_report: bool) -> list[Candidate]:
    found: list[Candidate] = []
    published = document.head.published
    beside = False
    lines = dated_lines(document.lines[:400])
    for index, line in enumerate(lines):
        if line.level:
            beside = leads_beside(line.text)
        if (
            beside
            or not any(character.isdigit() for character in line.text)
            or (line.link_share > 0.8 and len(line.text) > 80)
        ):
            continue
        events = [event for event in dates_of(lines, index, near, years) if event.start < len(line.text)]
        for event in events:
            event = with_hours_nearby(line.text, event, events)
            if published == event.first and event.begins is None and index < 6:
                continue  # the line under the title
            listed = sum((one.start, one.end) == (event.start, event.end) for one in events) > 1
            score = ownness(lines, index, event, title, is_report=is_report, today=document.fetched_on, listed=listed)
            if score > 0:
                found.append(Candidate(event, line, score))
    if not found:
        return []
    best = max(one.score for one in found)
    return _unique([one for one in found if one.score >= max(1.0, best - 1.6)])


def _years(document: Document, title: str) -> list[int]:
    """The years a page speaks of: in its title, else in its headings; a school year gives two."""
    for text in (title, " ".join(line.text for line in document.lines if line.level)):
        years = sorted(
            {int(year) for year in re.findall(r"(?<![\d./-])(20[0-4]\d)(?!\d|[./]\d)", text)}
            | {int(second) for second in re.findall(r"20\d\d\s?[-/–]\s?(20\d\d)(?!\d)", text)}
            | {2000 + int(short) for short in re.findall(r"20\d\d\s?[-/–]\s?(\d\d)(?!\d)", text)}
        )
        if years:
            return years if len(years) <= 2 else []
    return []


def _unique(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Each date once, the one with hours; in the order of time."""
    best: dict[tuple[date, date | None], Candidate] = {}
    for one in candidates:
        key = (one.event.first, one.event.last)
        known = best.get(key)
        if known is None or (known.event.begins is None and one.event.begins is not None):
            best[key] = one
    spans = [one.event for one in best.values() if one.event.last is not None]
    kept = [
        one
        for one in best.values()
        if one.event.last is not None
        or one.event.begins is not None
        or not any(span.first <= one.event.first <= (span.last or span.first) for span in spans)
    ]
    return sorted(kept, key=lambda one: (one.event.first, one.event.begins or time()))


def _outside(event: EventDate, place: str | None) -> dict[str, Any]:
    occurrence = {"start": _local(event.first, event.begins)}
    if event.last is not None:
        occurrence["end"] = _local(event.last, event.ends)
    elif event.ends is not None and event.begins is not None:
        last = event.first if event.ends > event.begins else event.first + timedelta(days=1)
        occurrence["end"] = _local(last, event.ends)
    if place:
        occurrence["place"] = place
    return occurrence


def _local(day: date, at: time | None) -> str:
    return datetime.combine(day, at or time(), BRUSSELS).isoformat()


def _recurring(lines: Sequence[Line]) -> Fact[bool] | None:
    for line in _recurring_lines(lines):
        return Fact(value=True, quote=cut_quote(line.text), place=line.place, confidence=0.75)
    return None


_REGULARLY = re.compile(
    r"(?<![a-z])(?:(?:un|une|deux|1|2) (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|matinee|soiree|apres-midi|midi)s? (?:par mois|sur deux|par semaine)|(?:een|1) (?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|namiddag|voormiddag|avond) per (?:maand|week)|one (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|evening|afternoon) (?:a|per|each|every) (?:month|week)|once a (?:month|week)|(?:une|deux|1|2|trois|3|quatre|4|cinq|5) (?:fois|x) par (?:mois|semaine|an|trimestre)|tous les (?:mois|15 jours|quinze jours)|chaque (?:mois|semaine|trimestre|annee)|mensuel\w*|hebdomadaire\w*|bimensuel\w*|trimestriel\w*|elke (?:maand|week)|iedere (?:maand|week)|maandelijks\w*|wekelijks\w*|driemaandelijks\w*|(?:een|twee|drie)(?:maal| keer) per (?:maand|week|jaar)|every (?:month|week)|monthly|weekly)(?![a-z])"
)


def _recurring_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines that say it returns; opening hours ("tous les jours") do not."""
    for line in lines[:120]:
        if line.link_share > 0.8 or len(line.text) > 2000:
            continue
        folded = spaced(line.text)
        if (
            _REGULARLY.search(folded)
            and not re.search(
                r"newsletter|nieuwsbrief|(?:au moins|minstens|ten minste|at least) (?:une|een|1|once)", folded
            )
        ) or (
            re.search(
                r"tous les|toutes les|chaque|elke|iedere|every|each|\bles (?:lun|mar|mer|jeu|ven|sam|dim)\w+s\b|du mois|van de maand|of the month",
                folded,
            )
            and find_event_dates(line.text).recurs
        ):
            yield line
