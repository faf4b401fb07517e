"""A question is asked once, answered once, and its answer goes through a revision or a proposal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from directory import audit, proposals
from directory.catalogue import create_resource, get_resource, list_revisions, revise_resource
from directory.curation_tables import Account
from directory.database import Database
from directory.errors import ReminderOver, ResourceNotFound, VersionConflict
from directory.freshness import list_due
from directory.history import merge_resources
from directory.reminders import (
    LIFE,
    Answer,
    Question,
    answer_reminder,
    curator_of,
    forget_reminder,
    get_question,
    open_reminder,
    plan_reminders,
)
from tests.directory.samples import ALICE, at_once, resource

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PAGE = "https://senne.example/fr/ressources/a-a"
MAIL = {"contact": {"email": "info@asbl.example"}}


def add(database: Database, id_: str = "a-a", **changes: Any) -> dict[str, Any]:
    with database.write() as session:
        return create_resource(session, resource(id_, verified_on="2024-01-01", **changes), ALICE)


def plan(
    database: Database, *, now: datetime = NOW, curator: str | None = None, limit: int | None = None
) -> list[Question]:
    with database.read() as session:
        due = list_due(session, today=now.date())
        return plan_reminders(session, due, now=now, find_curator=lambda _basins: curator, limit=limit)


def ask(database: Database, *, now: datetime = NOW, **options: Any) -> str:
    [question] = plan(database, now=now, **options)
    with database.write() as session:
        return open_reminder(session, question, now=now)


def answer(
    database: Database, id_: str, what: Answer, *, version: int = 1, message: str = "", now: datetime = NOW
) -> None:
    with database.write() as session:
        answer_reminder(session, id_, what, version=version, message=message, page=PAGE, now=now)


def test_the_organisation_is_asked_else_a_curator_else_nobody_is_known(database: Database) -> None:
    add(database, "a-a", **MAIL)
    add(database, "b-b", basins=["sud"])
    assert [(item.to, item.resource["id"]) for item in plan(database)] == [("info@asbl.example", "a-a"), ("", "b-b")]
    assert [item.to for item in plan(database, curator="bob@basin.example")] == [
        "info@asbl.example",
        "bob@basin.example",
    ]


def test_a_curator_of_the_basin_is_asked_before_an_admin_and_who_left_is_not() -> None:
    def person(email: str, role: str, *basins: str, enabled: bool = True) -> Account:
        return Account(email=email, role=role, basins=list(basins), enabled=enabled)

    people = [
        person("gone@x.example", "curator", "nord", enabled=False),
        person("admin@x.example", "admin"),
        person("contributor@x.example", "contributor"),
        person("nord@x.example", "curator", "nord", "sud"),
    ]
    assert curator_of(people, ["sud"]) == "nord@x.example"
    assert curator_of(people, ["region"]) == "admin@x.example"
    assert curator_of(people[:1] + people[2:3], ["nord"]) is None


def test_nobody_is_asked_twice_while_a_question_waits(database: Database) -> None:
    add(database)
    ask(database)
    assert plan(database, now=NOW + LIFE - timedelta(seconds=1)) == []
    assert len(plan(database, now=NOW + LIFE)) == 1


def test_a_limit_counts_entries_that_nobody_was_asked_about(database: Database) -> None:
    add(database, "a-a")
    ask(database)
    add(database, "b-b")
    assert [item.resource["id"] for item in plan(database, limit=1)] == ["b-b"]


def test_still_right_verifies_the_entry_through_a_revision_of_the_organisation(database: Database) -> None:
    add(database, summary={"fr": "Un texte", "nl": "Een tekst"}, **MAIL)
    answer(database, ask(database), "right")
    with database.read() as session:
        document = get_resource(session, "a-a")
        last = list_revisions(session, "a-a")[-1]
        log = audit.list_entries(session, subject="a-a")
        assert list_due(session, today=date(2026, 11, 25)) == []
    assert (document["verified_on"], document["version"]) == ("2026-11-25", 2)
    assert (last.author, set(last.changes)) == ("Une asbl", {"version", "verified_on"})
    assert [(entry.action, entry.detail) for entry in log] == [("reminder.answered", {"answer": "right"})]


def test_an_answer_of_a_curator_is_in_their_name(database: Database) -> None:
    add(database)
    answer(database, ask(database, curator="bob@basin.example"), "right")
    with database.read() as session:
        assert list_revisions(session, "a-a")[-1].author == "bob@basin.example"


@pytest.mark.parametrize(("what", "kind"), [("change", "update"), ("gone", "gone")])
def test_change_and_gone_are_proposed_and_change_nothing(database: Database, what: Answer, kind: str) -> None:
    before = add(database, **MAIL)
    answer(database, ask(database), what, message="Nouveau numéro.")
    with database.read() as session:
        [proposal] = proposals.list_proposals(session, status="pending")
        assert get_resource(session, "a-a") == before
    assert (proposal["kind"], proposal["source"], proposal["matches"]) == (kind, "reminder", ["a-a"])
    assert proposal["evidence"]["message"] == "Une asbl: Nouveau numéro."
    if what == "gone":
        with database.write() as session:
            assert proposals.accept(session, proposal["id"], ALICE)["status"] == "archived"


def test_a_link_is_answered_once(database: Database) -> None:
    add(database)
    id_ = ask(database)
    answer(database, id_, "right")
    for what in ("right", "gone"):
        with pytest.raises(ReminderOver) as error:
            answer(database, id_, what, version=2)  # type: ignore[arg-type]
        assert error.value.reason == "answered"
    with database.read() as session:
        assert proposals.list_proposals(session) == []


def test_of_two_answers_at_the_same_moment_one_counts(database: Database) -> None:
    add(database)
    id_ = ask(database)
    results = at_once(*[lambda: answer(database, id_, "gone")] * 4)
    assert sorted(type(result).__name__ for result in results) == ["NoneType"] + ["ReminderOver"] * 3


def test_a_link_ends_after_thirty_days_and_one_that_was_never_given_is_unknown(database: Database) -> None:
    add(database)
    id_ = ask(database)
    with pytest.raises(ReminderOver) as error:
        answer(database, id_, "right", now=NOW + LIFE)
    assert error.value.reason == "expired"
    with pytest.raises(ReminderOver) as error:
        answer(database, "made-up", "right")
    assert error.value.reason == "unknown"


def test_what_changed_since_it_was_seen_is_not_verified_and_can_be_answered_again(database: Database) -> None:
    document = add(database)
    id_ = ask(database)
    with database.write() as session:
        revise_resource(session, {**document, "title": {"fr": "Autre"}}, ALICE)
    with pytest.raises(VersionConflict):
        answer(database, id_, "right", version=1)
    answer(database, id_, "right", version=2)


def test_a_merged_entry_is_answered_for_the_one_it_became_and_an_archived_one_not_at_all(database: Database) -> None:
    add(database)
    id_ = ask(database)
    with database.write() as session:
        kept = create_resource(session, resource("b-b"), ALICE)
        merge_resources(session, "a-a", kept, ALICE, retired_version=1)
    with database.read() as session:
        assert get_question(session, id_, now=NOW)["id"] == "b-b"
    with database.write() as session:
        revise_resource(session, {**resource("b-b", status="archived"), "version": 1}, ALICE)
    with database.read() as session, pytest.raises(ResourceNotFound):
        get_question(session, id_, now=NOW)


def test_a_question_that_could_not_be_sent_may_be_asked_again(database: Database) -> None:
    add(database)
    id_ = ask(database)
    with database.write() as session:
        forget_reminder(session, id_)
    assert len(plan(database)) == 1
