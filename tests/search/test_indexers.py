"""Several indexes at once: each follows the catalogue by itself, and none holds up another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from directory import catalogue, outbox
from directory.database import Database
from directory.errors import CatalogueUnavailable
from search.errors import EngineAway, EngineUnavailable, IndexerBusy
from search.indexer import Indexer, Indexers
from search.locks import database_lock, file_lock
from tests.search.samples import ALICE, Interruptible, add, entry, eventually


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path) -> Interruptible:
    return Interruptible(tmp_path / "one")


@pytest.fixture
def other(tmp_path: Path) -> Interruptible:
    return Interruptible(tmp_path / "other")


@pytest.fixture
def indexers(database: Database, one: Interruptible, other: Interruptible, tmp_path: Path, clock: Clock) -> Indexers:
    return Indexers(
        [
            Indexer(database, one, tmp_path, clock=clock),
            Indexer(database, other, tmp_path, lock_name="other.lock", clock=clock),
        ]
    )


def held(engine: Interruptible) -> list[str]:
    return sorted(id_ for id_, _hash in engine.fingerprints())


def backlog(database: Database) -> int:
    with database.read() as session:
        return outbox.backlog(session)[0]


def test_every_index_takes_every_change(
    database: Database, indexers: Indexers, one: Interruptible, other: Interruptible
) -> None:
    indexers.sync()
    add(database, entry("fiche-a"), entry("fiche-b"))
    assert indexers.pending() == 2
    assert indexers.sync() == 4
    assert held(one) == held(other) == ["fiche-a", "fiche-b"]
    assert (indexers.pending(), backlog(database)) == (0, 0)


def test_one_that_is_away_holds_its_changes_and_nobody_else_s(
    database: Database, indexers: Indexers, one: Interruptible, other: Interruptible
) -> None:
    indexers.sync()
    other.failure = EngineAway("It is resting.")
    add(database, entry("fiche-a"))
    with pytest.raises(EngineAway):
        indexers.sync()
    assert held(one) == ["fiche-a"]
    assert indexers.pending_by_index() == {one.name: 0, other.name: 1}
    with database.write() as session:
        catalogue.archive_resource(session, "fiche-a", 1, ALICE)
    add(database, entry("fiche-b"))
    with pytest.raises(EngineAway):
        indexers.sync()
    other.failure = None
    indexers.sync()
    assert held(one) == held(other) == ["fiche-b"]
    assert backlog(database) == 0


def test_one_that_never_answered_is_not_registered_and_holds_nothing(
    database: Database, indexers: Indexers, other: Interruptible
) -> None:
    other.failure = EngineAway("It is resting.")
    for _ in range(2):
        with pytest.raises(EngineAway):
            indexers.sync()
    add(database, entry("fiche-a"))
    with pytest.raises(EngineAway):
        indexers.sync()
    assert backlog(database) == 0
    assert indexers.pending() is None
    other.failure = None
    indexers.sync()
    assert held(other) == ["fiche-a"]


def test_a_rebuild_that_broke_off_is_done_again(
    database: Database, indexers: Indexers, one: Interruptible, other: Interruptible, clock: Clock
) -> None:
    """It was away for long, its changes are deleted: half a rebuild must not make it count as up to date."""
    add(database, entry("fiche-a"), entry("fiche-b"))
    indexers.sync()
    other.failure = EngineAway("It is resting.")
    clock.now += timedelta(days=8)
    add(database, entry("fiche-c"))
    with pytest.raises(EngineAway):
        indexers.sync()
    assert (backlog(database), indexers.pending()) == (0, None)
    other.failure, other.break_off_after = None, 1
    for _ in range(2):
        with pytest.raises(EngineUnavailable, match="broke off"):
            indexers.sync()
        assert indexers.pending() is None
    add(database, entry("fiche-d"))
    other.break_off_after = None
    indexers.sync()
    assert held(other) == held(one) == ["fiche-a", "fiche-b", "fiche-c", "fiche-d"]
    assert (backlog(database), indexers.pending()) == (0, 0)


def test_a_rebuild_does_all_and_reports_the_first_failure(
    database: Database, indexers: Indexers, one: Interruptible, other: Interruptible
) -> None:
    add(database, entry("fiche-a"))
    assert indexers.rebuild() == 1
    one.failure = EngineAway("It is resting.")
    add(database, entry("fiche-b"))
    with pytest.raises(EngineAway):
        indexers.rebuild()
    assert held(other) == ["fiche-a", "fiche-b"]


def test_all_are_followed_at_once_and_an_outage_is_one_line(
    database: Database,
    indexers: Indexers,
    one: Interruptible,
    other: Interruptible,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.indexer.RETRY_S", 0.01)
    stop = threading.Event()
    other.failure = EngineAway("It is resting.")
    follower = threading.Thread(target=indexers.run, args=(stop,))
    with caplog.at_level(logging.WARNING, logger="search.indexer"):
        follower.start()
        try:
            add(database, entry("fiche-a"))
            assert eventually(lambda: indexers.pending_by_index()[one.name] == 0)
            stop.wait(0.2)
            other.failure = None
            assert eventually(lambda: indexers.pending() == 0)
            assert held(one) == held(other) == ["fiche-a"]
        finally:
            stop.set()
            follower.join()
    assert [record.message for record in caplog.records] == ["indexer_waits"]


def test_a_file_lock_is_for_one(tmp_path: Path) -> None:
    with file_lock(tmp_path / "a.lock") as lock, file_lock(tmp_path / "b.lock"):
        lock.check()
        with pytest.raises(IndexerBusy), file_lock(tmp_path / "a.lock"):
            pass
    with file_lock(tmp_path / "a.lock"):
        pass


@pytest.mark.postgresql
def test_machines_that_share_a_database_take_turns(postgresql_url: str, tmp_path: Path) -> None:
    here, there = Database(postgresql_url), Database(postgresql_url)
    here.migrate()
    indexers = [
        Indexer(database, Interruptible(tmp_path / "shared"), tmp_path / name, shared=True)
        for database, name in ((here, "here"), (there, "there"))
    ]
    add(here, entry("fiche-a"))
    with database_lock(there, Interruptible(tmp_path / "shared").name) as lock:
        lock.check()
        with pytest.raises(IndexerBusy, match="Another machine"):
            indexers[0].sync()
        with database_lock(here, "another-index"):
            pass
    indexers[0].sync()
    indexers[1].sync()
    assert held(Interruptible(tmp_path / "shared")) == ["fiche-a"]
    here.close()
    there.close()


@pytest.mark.postgresql
def test_a_lock_that_was_lost_with_its_connection_is_noticed(postgresql_url: str) -> None:
    here, there = Database(postgresql_url), Database(postgresql_url)
    others = sa.text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
    lost = database_lock(here, "shared")
    lock = lost.__enter__()
    lock.check()
    with there.writer.begin() as connection:
        connection.execute(others)
    with pytest.raises(CatalogueUnavailable):
        lock.check()
    with pytest.raises(CatalogueUnavailable):
        lost.__exit__(None, None, None)
    with database_lock(there, "shared") as lock:
        lock.check()
    here.close()
    there.close()
