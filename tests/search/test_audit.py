"""The nightly comparison of an index with the catalogue."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import catalogue
from directory.database import Database
from search.audit import compare, next_night
from search.documents import content_hash
from search.errors import EngineAway
from search.indexer import Indexer
from tests.contracts.samples import resource
from tests.search.samples import ALICE, Interruptible, add, entry, eventually

IDS = [f"fiche-{letter}" for letter in "abcdef"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    database.migrate()
    add(database, *(entry(id_) for id_ in IDS))
    yield database
    database.close()


@pytest.fixture
def engine(tmp_path: Path) -> Interruptible:
    return Interruptible(tmp_path / "index")


@pytest.fixture
def indexer(database: Database, engine: Interruptible, tmp_path: Path) -> Indexer:
    made = Indexer(database, engine, tmp_path)
    made.sync()
    return made


def test_an_index_in_step_differs_in_nothing(indexer: Indexer, engine: Interruptible) -> None:
    report = indexer.audit()
    assert (report.index, report.documents, report.differing) == (engine.name, len(IDS), ())
    assert engine.updates == []


def test_what_was_lost_changed_or_added_is_found_and_mended(
    database: Database, indexer: Indexer, engine: Interruptible
) -> None:
    wanted = dict(engine.fingerprints())
    engine.update([resource("fiche-b", title={"fr": "Autre"}), resource("inconnue")], ["fiche-a"])
    report = indexer.audit()
    assert report.missing == ("fiche-a",)
    assert report.stale == ("fiche-b",)
    assert report.orphaned == ("inconnue",)
    assert dict(engine.fingerprints()) == wanted
    assert indexer.audit().differing == ()


def test_an_archived_entry_that_stayed_is_an_orphan(
    database: Database, indexer: Indexer, engine: Interruptible
) -> None:
    held = dict(engine.fingerprints())
    with database.write() as session:
        catalogue.archive_resource(session, "fiche-c", 1, ALICE)
    indexer.sync()
    engine.update([resource("fiche-c")])
    assert indexer.audit().orphaned == ("fiche-c",)
    assert dict(engine.fingerprints()).keys() == held.keys() - {"fiche-c"}


def test_changes_that_wait_are_no_difference(database: Database, indexer: Indexer, engine: Interruptible) -> None:
    add(database, entry("fiche-a", "Un autre titre"), entry("fiche-g"))
    assert compare(database, engine).differing == ()
    indexer.audit()
    assert compare(database, engine).documents == len(IDS) + 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lost=st.sets(st.sampled_from(IDS)),
    spoilt=st.sets(st.sampled_from(IDS)),
    strange=st.sets(st.sampled_from(["intruse-a", "intruse-b"])),
)
def test_every_drift_is_found(
    indexer: Indexer, engine: Interruptible, lost: set[str], spoilt: set[str], strange: set[str]
) -> None:
    engine.update([*(resource(id_, title={"fr": "Abîmée"}) for id_ in spoilt - lost), *map(resource, strange)], lost)
    report = indexer.audit()
    assert set(report.missing) == lost
    assert set(report.stale) == spoilt - lost
    assert set(report.orphaned) == strange
    assert indexer.audit().differing == ()


def test_it_is_done_every_night_by_whoever_follows(
    database: Database, engine: Interruptible, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [datetime(2026, 11, 25, 12, tzinfo=UTC)]
    indexer = Indexer(database, engine, tmp_path, clock=lambda: now[0])
    indexer.sync()
    engine.update([], ["fiche-a"])

    def audits() -> int:
        return sum(record.message == "index_audited" for record in caplog.records)

    stop = threading.Event()
    follower = threading.Thread(target=indexer.run, args=(stop,))
    with caplog.at_level(logging.INFO, logger="search.indexer"):
        follower.start()
        try:
            stop.wait(0.5)
            assert "fiche-a" not in dict(engine.fingerprints())
            now[0] += timedelta(days=1)
            assert eventually(lambda: audits() == 1 and "fiche-a" in dict(engine.fingerprints()))
            stop.wait(0.5)  # the next one is due in a day, not at once
            assert audits() == 1
            now[0] += timedelta(days=1)
            assert eventually(lambda: audits() == 2)
        finally:
            stop.set()
            follower.join()
    lines = [record for record in caplog.records if record.message == "index_audited"]
    assert [(line.levelname, line.__dict__["missing"]) for line in lines] == [("WARNING", 1), ("INFO", 0)]


def test_one_that_fails_is_tried_again(database: Database, engine: Interruptible, tmp_path: Path) -> None:
    now = [datetime(2026, 11, 25, 12, tzinfo=UTC)]
    indexer = Indexer(database, engine, tmp_path, clock=lambda: now[0])
    indexer.sync()
    engine.update([], ["fiche-a"])
    engine.failure = EngineAway("It is resting.")
    with pytest.raises(EngineAway):
        indexer.audit()
    engine.failure = None
    assert indexer.audit().missing == ("fiche-a",)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-11-25T12:00+00:00", "2026-11-26T02:30+00:00"),
        ("2026-11-25T02:29+00:00", "2026-11-25T02:30+00:00"),
        ("2026-11-25T02:30+00:00", "2026-11-26T02:30+00:00"),
        ("2026-07-01T23:30+00:00", "2026-07-02T01:30+00:00"),
        ("2026-03-28T12:00+00:00", "2026-03-29T01:30+00:00"),
        ("2026-10-24T12:00+00:00", "2026-10-25T02:30+00:00"),
    ],
)
def test_the_night_is_brussels_night(now: str, night: str) -> None:
    assert next_night(datetime.fromisoformat(now)) == datetime.fromisoformat(night)


def test_a_content_hash_tells_documents_apart_and_is_the_same_for_the_same() -> None:
    base = resource("une-fiche")
    variants = [
        base,
        resource("autre-fiche"),
        resource("une-fiche", title={"fr": "Autre"}),
        resource("une-fiche", description={"fr": "Longue"}),
        resource("une-fiche", keywords=["mot"]),
        resource("une-fiche", verified_on="2026-01-01"),
        resource("une-fiche", added=datetime(2025, 1, 1, tzinfo=UTC)),
    ]
    assert len({content_hash(variant) for variant in variants}) == len(variants)
    assert content_hash(base) == content_hash(resource("une-fiche"))
