"""Dates in French, Dutch and English: a table of phrases, and laws that hold for any text."""

from __future__ import annotations

import itertools
import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.date_words import tokenise
from crawler.event_dates import EventDate, find_event_dates

PHRASES = Path(__file__).parents[3] / "fixtures" / "dates" / "phrases.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in PHRASES.read_text(encoding="utf-8").splitlines()]


def _shown(event: EventDate) -> dict[str, str]:
    """An event as the table writes it."""
    values = {"first": event.first, "last": event.last}
    hours = {"begins": event.begins, "ends": event.ends}
    return {name: value.isoformat() for name, value in values.items() if value} | {
        name: value.strftime("%H:%M") for name, value in hours.items() if value
    }


def test_the_table_is_large_enough() -> None:
    assert len({row["text"] + row.get("near", "") + str(row.get("years")) for row in ROWS}) == len(ROWS) >= 120


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}: {row['text']}" for number, row in enumerate(ROWS, 1)])
def test_a_phrase_gives_its_dates(row: dict[str, Any]) -> None:
    near = date.fromisoformat(row["near"]) if "near" in row else None
    found = find_event_dates(row["text"], near=near, years=row.get("years", ()))
    assert [_shown(event) for event in found.events] == row["events"]
    assert found.recurs is row.get("recurs", False)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_in_order_and_within_its_bounds(text: str) -> None:
    for event in find_event_dates(text, near=date(2026, 1, 1)).events:
        assert 0 <= event.start < event.end <= len(text)
        assert event.last is None or event.last > event.first


DATE_WORDS = st.sampled_from(
    [
        "le",
        "les",
        "du",
        "au",
        "de",
        "à",
        "3",
        "12",
        "31",
        "mars",
        "mai",
        "févr.",
        "2026",
        "mardi",
        "lundi",
        "14h",
        "16h30",
        "et",
        ",",
        "–",
        "tous",
        "chaque",
        "op",
        "van",
        "tot",
        "en",
        "t/m",
        "maart",
        "dinsdag",
        "om",
        "13u",
        "every",
        "12/03/2026",
        "to",
    ]
)


@settings(deadline=None)
@given(st.lists(DATE_WORDS, max_size=25))
def test_any_run_of_date_words_gives_dates_that_exist(spoken: list[str]) -> None:
    found = find_event_dates(" ".join(spoken), near=date(2026, 1, 1), years=[2026])
    assert all(1990 <= event.first.year <= 2061 for event in found.events)
    assert len(found.events) <= 60 * max(1, len(spoken))


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.times(time(7), time(21)))
def test_a_full_french_date_is_found_wherever_it_stands(day: date, at: time) -> None:
    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
    ordinal = "1er" if day.day == 1 else str(day.day)
    text = f"Rencontre : {ordinal} {months[day.month - 1]} {day.year} à {at.hour}h{at.minute:02d}, 1070 Anderlecht, tél. 02 512 03 04."
    assert [(event.first, event.begins) for event in find_event_dates(text).events] == [(day, time(at.hour, at.minute))]


@settings(deadline=None)
@given(st.from_regex(r"(0|\+32 ?)(2|4\d\d)[ /.]\d{2,3}[ .]\d{2}[ .]\d{2}", fullmatch=True))
def test_a_phone_number_is_never_a_date(number: str) -> None:
    for text in (f"Tél. {number}", f"Tél. {number} – 1070 Anderlecht", f"Contact : {number}, mars 2026"):
        assert find_event_dates(text, near=date(2026, 1, 1), years=[2026]).events == []


@settings(deadline=None)
@given(st.text(max_size=200))
def test_tokens_stand_in_order_without_overlap(text: str) -> None:
    tokens = tokenise(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(tokens))
