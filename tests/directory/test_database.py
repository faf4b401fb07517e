"""The database: opened, migrated, shared, away."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from directory import catalogue
from directory.database import Database
from directory.errors import CatalogueUnavailable, SettingError
from directory.models import Resource
from tests.directory.samples import ALICE, at_once, resource

MIGRATE = (
    "import sys; from directory.database import Database; d = Database(sys.argv[1]); d.migrate(); print(d.check())"
)
EDIT = """
import sys
from directory import catalogue
from directory.database import Database
from tests.directory.samples import ALICE
database = Database(sys.argv[1])
for _ in range(25):
    with database.write() as session:
        document = catalogue.get_resource(session, "une-ressource", for_update=True)
        document["keywords"] = [str(int(document["keywords"][0]) + 1)]
        catalogue.revise_resource(session, document, ALICE)
"""

HASTEN = """
import os, signal, sys
from directory import catalogue
from directory.database import Database
from tests.directory.samples import ALICE, resource
database = Database(sys.argv[1])
with database.write(durable=False) as session:
    catalogue.create_resource(session, resource(), ALICE)
with database.write(durable=False) as session:
    catalogue.create_resource(session, resource(id="une-autre"), ALICE)
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def run_together(script: str, url: str, *, processes: int) -> list[tuple[int, str, str]]:
    """(exit code, output, errors) of the same script in several processes at once."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        for _ in range(processes)
    ]
    spoken = [process.communicate(timeout=60) for process in started]
    return [(process.returncode, *said) for process, said in zip(started, spoken, strict=True)]


def test_migrating_makes_a_catalogue_that_can_be_served_and_can_be_repeated(empty_url: str) -> None:
    database = Database(empty_url)
    assert "senne init" in str(database.check())
    database.migrate()
    database.migrate()
    assert database.check() is None
    database.close()


def test_processes_that_migrate_at_once_all_end_with_the_same_tables(empty_url: str) -> None:
    results = run_together(MIGRATE, empty_url, processes=3)
    assert [(code, output) for code, output, _errors in results] == [(0, "None\n")] * 3, results


def test_threads_that_migrate_at_once_all_end_with_the_same_tables(empty_url: str) -> None:
    databases = [Database(empty_url) for _ in range(6)]
    assert at_once(*[database.migrate for database in databases]) == [None] * 6
    assert databases[0].check() is None
    for database in databases:
        database.close()


def test_processes_that_write_at_once_lose_nothing(database: Database) -> None:
    with database.write() as session:
        catalogue.create_resource(session, resource(keywords=["0"]), ALICE)
    results = run_together(EDIT, database.url.render_as_string(hide_password=False), processes=3)
    assert [code for code, *_ in results] == [0, 0, 0], results
    with database.read() as session:
        assert catalogue.get_resource(session, "une-ressource")["keywords"] == ["75"]


def test_nothing_can_be_written_through_a_reading_session(database: Database) -> None:
    with database.read() as session, pytest.raises((DBAPIError, CatalogueUnavailable)):
        session.execute(sa.delete(Resource))


def test_a_reader_sees_one_state_from_beginning_to_end(database: Database) -> None:
    with database.read() as session:
        assert catalogue.count_resources(session) == 0
        with database.write() as writing:
            catalogue.create_resource(writing, resource(), ALICE)
        assert catalogue.count_resources(session) == 0
    with database.read() as session:
        assert catalogue.count_resources(session) == 1


def test_a_catalogue_without_tables_is_unavailable_rather_than_broken(empty_url: str) -> None:
    database = Database(empty_url)
    with pytest.raises(CatalogueUnavailable), database.read() as session:
        catalogue.count_resources(session)
    with pytest.raises(CatalogueUnavailable), database.write() as session:
        catalogue.create_resource(session, resource(), ALICE)
    database.close()


def test_a_slip_in_our_own_sql_stays_a_bug(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(sa.text("SELEKT 1"))
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(sa.text("INSERT INTO live_index (name) VALUES (NULL)"))


def test_a_catalogue_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer version" in str(database.check())
    with pytest.raises(CatalogueUnavailable, match="newer version"):
        database.migrate()


def test_a_sqlite_writer_that_waits_too_long_is_told_that_the_catalogue_is_busy(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.database.BUSY_TIMEOUT_S", 0.1)
    path = shutil.copy(migrated_file, tmp_path / "catalogue.sqlite3")
    database, other = Database(f"sqlite:///{path}"), Database(f"sqlite:///{path}")
    with other.write() as session:
        catalogue.create_resource(session, resource("premiere"), ALICE)
        with pytest.raises(CatalogueUnavailable, match="locked"), database.write() as second:
            catalogue.create_resource(second, resource("seconde"), ALICE)
        with pytest.raises(CatalogueUnavailable, match="busy"), other.write():
            pass
        with database.read() as session:
            assert catalogue.count_resources(session) == 0, "readers do not wait for writers"
    with database.write() as session:
        catalogue.create_resource(session, resource("seconde"), ALICE)
    database.close()
    other.close()


@pytest.mark.postgresql
def test_a_postgresql_writer_that_waits_too_long_is_told_so(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.database.BUSY_TIMEOUT_S", 0.1)
    database = Database(postgresql_url)
    database.migrate()
    with database.write() as session:
        catalogue.create_resource(session, resource(), ALICE)
    with database.write() as session:
        catalogue.get_resource(session, "une-ressource", for_update=True)
        with pytest.raises(CatalogueUnavailable, match="lock"), database.write() as second:
            catalogue.get_resource(second, "une-ressource", for_update=True)
    database.close()


def test_a_server_that_is_away_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = Database(f"postgresql://senne@127.0.0.1:{port}/senne")
    with pytest.raises(CatalogueUnavailable), database.read() as session:
        catalogue.count_resources(session)
    with pytest.raises(CatalogueUnavailable):
        database.migrate()
    assert "does not answer" in str(database.check())
    database.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    path.write_text("this is a letter to my aunt, not a database" * 100)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(CatalogueUnavailable), database.read() as session:
        catalogue.count_resources(session)
    assert database.check() is not None
    database.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    database = Database(f"sqlite:///{tmp_path}/file/below/catalogue.sqlite3")
    with pytest.raises(CatalogueUnavailable, match="file/below"):
        database.migrate()
    database.close()


def test_a_kill_undoes_no_transaction_that_was_over_not_even_a_hasty_one(database: Database) -> None:
    ((code, _, _),) = run_together(HASTEN, database.url.render_as_string(hide_password=False), processes=1)
    assert code == -signal.SIGKILL
    with database.read() as session:
        assert catalogue.count_resources(session) == 1


def test_only_hasty_transactions_leave_it_to_the_next_one_to_wait_for_the_disk(
    tmp_path: Path, migrated_file: Path
) -> None:
    database = Database(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'catalogue.sqlite3')}")
    found = {}
    for durable in (True, False):
        with database.write(durable=durable) as session:
            found[durable] = session.scalar(sa.text("PRAGMA synchronous"))
    assert found == {True: 2, False: 1}
    database.close()


def test_a_sqlite_catalogue_is_safe_against_power_loss_and_dangling_rows(tmp_path: Path, migrated_file: Path) -> None:
    path = shutil.copy(migrated_file, tmp_path / "catalogue.sqlite3")
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        pragmas = {
            name: session.scalar(sa.text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


@pytest.mark.parametrize(
    "url", ["nonsense", "", "sqlite://", "sqlite:///:memory:", "mysql://host/senne", "postgresql://host:port/senne"]
)
def test_an_address_that_is_of_no_use_names_its_setting(url: str) -> None:
    with pytest.raises(SettingError, match="SENNE_DATABASE_URL"):
        Database(url)
