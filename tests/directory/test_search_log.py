"""Searches without result: counted, and nothing kept about who searched."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from directory.database import Database
from directory.models import SearchGapSighting
from directory.search_log import DAYS_UNTIL_KEPT, FORGET_AFTER, Gap, list_gap_texts, list_gaps, record_gap

DAY = date(2026, 11, 2)
KEY = b"a secret of this installation"


def record(database: Database, text: str, *, day: date = DAY, basin: str = "nord", theme: str = "grief") -> None:
    with database.write() as session:
        record_gap(session, text, basins=[basin] if basin else [], themes=[theme] if theme else [], day=day, key=KEY)


def kept(database: Database) -> list[tuple[str, int]]:
    with database.read() as session:
        return [(item.text, item.days) for item in list_gap_texts(session)]


def test_searches_are_counted_per_basin_theme_and_day(database: Database) -> None:
    for text in ("deuil animal", "deuil animal", "rouw dier"):
        record(database, text)
    record(database, "plombier", basin="", theme="")
    record(database, "deuil animal", day=DAY - timedelta(days=40))
    with database.read() as session:
        assert list_gaps(session, since=DAY) == [Gap("nord", "grief", 3), Gap("", "", 1)]


def test_a_text_is_kept_only_once_it_was_seen_on_five_different_days(database: Database) -> None:
    for number in range(DAYS_UNTIL_KEPT - 1):
        for _again in range(3):
            record(database, "Deuil animal", day=DAY + timedelta(days=number))
    assert kept(database) == []
    record(database, "deuil  ANIMAL", day=DAY + timedelta(days=30))
    assert kept(database) == [("deuil animal", 5)]
    record(database, "deuil animal", day=DAY + timedelta(days=31))
    assert kept(database) == [("deuil animal", 6)]


def test_until_then_the_text_cannot_be_read_anywhere(database: Database) -> None:
    record(database, "deuil animal")
    with database.read() as session:
        [text_hash] = session.scalars(sa.select(SearchGapSighting.text_hash))
    assert len(text_hash) == 64
    assert "deuil" not in text_hash


def test_days_long_past_are_forgotten(database: Database) -> None:
    for number in range(DAYS_UNTIL_KEPT - 1):
        record(database, "deuil animal", day=DAY + timedelta(days=number))
    record(database, "deuil animal", day=DAY + FORGET_AFTER + timedelta(days=30))
    assert kept(database) == []


@pytest.mark.parametrize(
    "text",
    ["marie.dupont@example.org", "85.07.30-033.28", "0470 12 34 56", "", "???",
     "mon mari ne se lève plus depuis que sa mère est morte en mars"],
)  # fmt: skip
def test_what_may_speak_of_a_person_is_never_kept(database: Database, text: str) -> None:
    for number in range(DAYS_UNTIL_KEPT + 1):
        record(database, text, day=DAY + timedelta(days=number))
    assert kept(database) == []
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SearchGapSighting)) == 0
