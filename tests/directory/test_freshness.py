"""When an entry is due for another look, and when readers are told that it is late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import catalogue
from directory.catalogue import Change
from directory.database import Database
from directory.errors import VersionConflict
from directory.freshness import (
    GRACE,
    PERIOD_MONTHS,
    add_months,
    judge,
    list_due,
    verified_by,
    verify_resource,
)
from directory.taxonomy import taxonomy
from tests.directory.samples import ALICE, resource

TODAY = date(2026, 11, 25)
BOB = Change("bob", "checked by phone", datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


def test_every_type_has_a_period() -> None:
    assert set(PERIOD_MONTHS) == set(taxonomy().types)


@pytest.mark.parametrize(
    ("type_", "verified", "due"),
    [
        ("helpline", "2026-05-25", "2026-11-25"),
        ("service", "2025-11-25", "2026-11-25"),
        ("guide", "2024-11-25", "2026-11-25"),
        ("helpline", "2025-08-31", "2026-02-28"),
        ("service", "2024-02-29", "2025-02-28"),
        ("guide", "2023-12-31", "2025-12-31"),
    ],
)
def test_an_entry_is_due_a_period_after_it_was_verified(type_: str, verified: str, due: str) -> None:
    entry, first = resource(type=type_, verified_on=verified), date.fromisoformat(due)
    assert judge(entry, today=first - timedelta(days=1)).state == "current"
    assert judge(entry, today=first).state == "due"
    assert judge(entry, today=first).due_on == first
    assert judge(entry, today=first + GRACE - timedelta(days=1)).state == "due"
    assert judge(entry, today=first + GRACE).state == "overdue"


def test_an_event_is_over_the_day_after_its_last_date() -> None:
    dates = [
        {"start": "2026-11-20T09:00:00+01:00", "end": "2026-11-25T23:30:00+01:00"},
        {"start": "2026-10-01T09:00:00+02:00"},
    ]
    event = resource(type="event", verified_on="2020-01-01", occurrences=dates)
    assert judge(event, today=TODAY).state == "current"
    assert judge(event, today=TODAY + timedelta(days=1)).state == "overdue"


def test_an_event_without_dates_goes_by_its_verification() -> None:
    assert judge(resource(type="event", verified_on="2026-11-01"), today=TODAY).state == "current"


def test_what_was_never_verified_is_due_at_once_and_overdue_a_period_later() -> None:
    entry = resource(type="helpline")
    assert judge(entry, today=TODAY).state == "due"
    assert judge(entry, today=TODAY, added_on=TODAY).state == "due"
    assert judge(entry, today=add_months(TODAY, 6), added_on=TODAY).state == "overdue"


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-300, 300))
def test_adding_months_lands_in_the_wanted_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(st.sampled_from(sorted(PERIOD_MONTHS)), st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 1500))
def test_an_entry_only_ages(type_: str, verified: date, days: int) -> None:
    order = ["current", "due", "overdue"]
    entry = resource(type=type_, verified_on=verified.isoformat())
    now = verified + timedelta(days=days)
    states = [judge(entry, today=now + timedelta(days=n)).state for n in (0, 1, 31)]
    assert states == sorted(states, key=order.index)


def put(database: Database, *documents: dict[str, Any], change: Change = ALICE) -> None:
    with database.write() as session:
        for document in documents:
            catalogue.create_resource(session, document, change)


def test_the_work_list_holds_what_waits_the_longest_first(database: Database) -> None:
    put(
        database,
        resource("a-recent", type="service", verified_on="2026-11-01"),
        resource("b-due", type="service", verified_on="2025-11-20"),
        resource("c-late", type="helpline", verified_on="2026-01-01"),
        resource("d-never", type="guide"),
        resource("e-draft", type="helpline", verified_on="2020-01-01", status="draft"),
        resource("f-past", type="event", occurrences=[{"start": "2026-11-01T10:00:00"}]),
        resource("g-future", type="event", occurrences=[{"start": "2027-11-01T10:00:00"}], verified_on="2020-01-01"),
        resource("h-sud", type="service", verified_on="2020-01-01", basins=["sud"]),
        change=Change("alice", "a test", datetime(2026, 11, 24, 12, 0, tzinfo=UTC)),
    )
    with database.read() as session:
        items = list_due(session, today=TODAY, basin="nord")
        assert [(item.resource["id"], item.freshness.state) for item in items] == [
            ("c-late", "overdue"),
            ("f-past", "overdue"),
            ("b-due", "due"),
            ("d-never", "due"),
        ]
        assert [item.resource["id"] for item in list_due(session, today=TODAY, limit=1)] == ["h-sud"]
        assert list_due(session, today=TODAY, theme="vaccination") == []


@given(st.sampled_from(sorted(PERIOD_MONTHS)), st.integers(150, 800))
def test_the_query_of_the_work_list_lets_no_due_entry_slip(type_: str, days: int) -> None:
    """The net in SQL is wider than the rule: its own condition, in Python."""
    verified = TODAY - timedelta(days=days)
    if judge(resource(type=type_, verified_on=verified.isoformat()), today=TODAY).state != "current":
        assert verified <= add_months(TODAY, -PERIOD_MONTHS[type_]) + timedelta(days=4)


def test_who_verified_is_who_set_the_day(database: Database) -> None:
    put(database, resource("a-a"), resource("b-b", verified_on="2026-01-01"), resource("c-c"))
    with database.write() as session:
        verified = verify_resource(session, "a-a", 1, BOB, on=TODAY)
        assert verified["verified_on"] == "2026-11-25"
        catalogue.revise_resource(session, {**verified, "title": {"fr": "Autre"}}, ALICE)
        assert verified_by(session, ["a-a", "b-b", "c-c"]) == {"a-a": "bob", "b-b": "alice"}
        catalogue.revise_resource(session, resource("b-b", version=1), BOB)
        assert verified_by(session, ["b-b"]) == {}


def test_verifying_what_someone_changed_meanwhile_is_a_conflict(database: Database) -> None:
    put(database, resource("a-a"))
    with database.write() as session:
        catalogue.revise_resource(session, resource("a-a", "Autre", version=1), ALICE)
        with pytest.raises(VersionConflict):
            verify_resource(session, "a-a", 1, BOB, on=TODAY)
