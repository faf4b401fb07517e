"""Changes on their way to the indexes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest

from directory import catalogue, outbox
from directory.database import Database
from directory.models import OutboxRow
from tests.directory.samples import ALICE, at_once, resource

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def add(database: Database, *ids: str) -> None:
    with database.write() as session:
        for id_ in ids:
            catalogue.create_resource(session, resource(id_), ALICE)


def register(database: Database, name: str, now: datetime = NOW) -> None:
    with database.write() as session:
        outbox.register_index(session, name, now=now)


def pending(database: Database, name: str) -> list[str]:
    with database.read() as session:
        return [change.resource_id for change in outbox.pending_changes(session, name)]


def acknowledge_all(database: Database, name: str) -> None:
    with database.read() as session:
        sequences = [change.sequence for change in outbox.pending_changes(session, name)]
    with database.write() as session:
        outbox.acknowledge(session, name, sequences)


def waiting(database: Database) -> int:
    with database.read() as session:
        return outbox.backlog(session)[0]


def test_a_change_waits_for_an_index_until_that_index_confirms_it(database: Database) -> None:
    register(database, "here")
    add(database, "a-a", "b-b")
    assert pending(database, "here") == ["a-a", "b-b"]
    acknowledge_all(database, "here")
    assert pending(database, "here") == []


def test_a_row_is_deleted_when_every_live_index_has_confirmed_it(database: Database) -> None:
    register(database, "here")
    register(database, "there")
    add(database, "a-a")
    acknowledge_all(database, "here")
    assert (waiting(database), pending(database, "there")) == (1, ["a-a"])
    acknowledge_all(database, "there")
    assert waiting(database) == 0


def test_no_row_waits_for_an_index_that_is_forgotten(database: Database) -> None:
    for name in ("here", "there"):
        register(database, name)
    add(database, "a-a", "b-b")
    acknowledge_all(database, "here")
    for _ in range(2):
        with database.write() as session:
            outbox.forget_index(session, "there")
    assert waiting(database) == 0
    with database.read() as session:
        assert outbox.is_registered(session, "here")
        assert not outbox.is_registered(session, "there")


def test_confirming_twice_or_what_is_gone_changes_nothing(database: Database) -> None:
    register(database, "here")
    add(database, "a-a", "b-b")
    for _ in range(2):
        with database.write() as session:
            outbox.acknowledge(session, "here", [1, 1, 999])
    assert pending(database, "here") == ["b-b"]


def test_a_number_is_never_given_twice(database: Database) -> None:
    register(database, "here")
    add(database, "a-a")
    acknowledge_all(database, "here")
    add(database, "b-b")
    assert pending(database, "here") == ["b-b"]


def test_more_changes_than_a_statement_takes_are_confirmed_at_once(database: Database) -> None:
    register(database, "here")
    with database.write() as session:
        session.add_all(OutboxRow(resource_id="une-ressource", at=NOW) for _ in range(1200))
    acknowledge_all(database, "here")
    assert waiting(database) == 0


def test_the_oldest_changes_come_first_and_as_many_as_asked(database: Database) -> None:
    add(database, "a-a", "b-b", "c-c")
    with database.read() as session:
        assert [change.resource_id for change in outbox.pending_changes(session, "here", limit=2)] == ["a-a", "b-b"]


def test_an_index_unseen_for_seven_days_is_forgotten_and_holds_nothing_back(database: Database) -> None:
    register(database, "here")
    register(database, "away")
    add(database, "a-a")
    acknowledge_all(database, "here")
    register(database, "here", NOW + timedelta(days=6, hours=23))
    assert waiting(database) == 1
    register(database, "here", NOW + timedelta(days=7, hours=1))
    assert waiting(database) == 0
    with database.read() as session:
        assert (outbox.is_registered(session, "here"), outbox.is_registered(session, "away")) == (True, False)


def test_a_forgotten_index_has_no_say_any_more(database: Database) -> None:
    register(database, "here")
    add(database, "a-a")
    with database.write() as session:
        outbox.acknowledge(session, "forgotten", [1])
    assert pending(database, "here") == ["a-a"]


def test_an_index_that_comes_back_late_is_not_dropped_by_its_own_return(database: Database) -> None:
    register(database, "here")
    register(database, "here", NOW + timedelta(days=30))
    with database.read() as session:
        assert outbox.is_registered(session, "here")


def test_the_backlog_says_since_when_the_oldest_waits(database: Database) -> None:
    with database.read() as session:
        assert outbox.backlog(session) == (0, None)
    with database.write() as session:
        catalogue.create_resource(session, resource(), catalogue.Change("alice", "a test", NOW))
    with database.read() as session:
        assert outbox.backlog(session) == (1, NOW)


def test_an_index_that_starts_twice_at_once_is_registered_once(database: Database) -> None:
    assert at_once(*[lambda: register(database, "here")] * 4) == [None] * 4
    with database.read() as session:
        assert outbox.is_registered(session, "here")


@pytest.mark.parametrize("round_", range(3))
def test_two_indexes_that_confirm_at_once_leave_no_row_behind(database: Database, round_: int) -> None:
    names = ["here", "there", "yonder"]
    for name in names:
        register(database, name)
    add(database, *[f"numero-{n}" for n in range(20)])
    assert at_once(*[lambda n=name: acknowledge_all(database, n) for name in names]) == [None] * 3
    assert waiting(database) == 0


def test_an_index_that_confirms_twice_at_once_is_no_error(database: Database) -> None:
    register(database, "here")
    register(database, "there")
    add(database, *[f"numero-{n}" for n in range(20)])
    assert at_once(*[lambda: acknowledge_all(database, "here")] * 4) == [None] * 4
    assert (pending(database, "here"), waiting(database)) == ([], 20)


@pytest.mark.postgresql
def test_a_change_that_commits_late_under_a_low_number_is_not_overlooked(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    database.migrate()
    register(database, "here")
    with database.write() as slow:
        catalogue.create_resource(slow, resource("lente"), ALICE)
        slow.flush()
        add(database, "rapide")
        assert pending(database, "here") == ["rapide"]
        acknowledge_all(database, "here")
    assert pending(database, "here") == ["lente"]
    database.close()


@pytest.mark.postgresql
def test_an_index_that_confirms_while_another_does_waits_and_deletes_for_both(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    database.migrate()
    register(database, "here")
    register(database, "there")
    add(database, "a-a")
    with ThreadPoolExecutor(1) as thread:
        with database.write() as session:
            outbox.acknowledge(session, "here", [1])
            second = thread.submit(acknowledge_all, database, "there")
            wait([second], timeout=0.5)  # long enough to finish, were it not for the lock
        second.result(timeout=15)
    assert waiting(database) == 0
    database.close()
