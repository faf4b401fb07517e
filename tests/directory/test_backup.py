"""Backup and restore: whole, consistent, while Senne is running, on either database and from one to the other.

Longer than 300 lines: each way in which a backup can be damaged or cut off has its test.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from directory import accounts, audit, backup, catalogue, history, outbox, redirects, upload_shelf
from directory.backup import DERIVED, TRANSIENT, read_manifest, write_backup
from directory.catalogue import Change
from directory.curation_tables import AccountSession, LoginAttempt, UploadedFile
from directory.database import Database
from directory.errors import BackupRefused, CatalogueUnavailable, ResourceMoved
from directory.imports import export_lines
from directory.models import OutboxRow, Revision
from directory.restore import restore_backup
from directory.tables import METADATA
from tests.directory.samples import ALICE, FULL, one_kind_of_database, resource

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def make(database: Database, path: Path) -> dict[str, Any]:
    return write_backup(database, path, now=NOW)


def give_back(database: Database, path: Path) -> dict[str, Any]:
    return restore_backup(database, path, author="alice", now=NOW)


def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table that a backup holds."""
    with database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in METADATA.sorted_tables
            if table.name not in DERIVED | TRANSIENT
        }


def without_restores(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """A restore says so in the audit log: that line apart, nothing may differ."""
    return rows | {"audit_entry": [row for row in rows["audit_entry"] if "catalogue.restored" not in row]}


def export(database: Database) -> list[str]:
    with database.read() as session:
        return list(export_lines(session))


def fill(database: Database) -> None:
    """A catalogue with a past: an edit, a merge, an archived entry."""
    with database.write() as session:
        catalogue.create_resource(session, FULL, ALICE)
        catalogue.create_resource(session, resource("a-a"), ALICE)
        catalogue.create_resource(session, resource("b-b"), ALICE)
        catalogue.create_resource(session, resource("c-c"), ALICE)
        kept = catalogue.revise_resource(session, resource("b-b", "Changé", version=1), ALICE)
        history.merge_resources(session, "a-a", kept, ALICE, retired_version=1)
        catalogue.archive_resource(session, "c-c", 1, ALICE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.senne"


@pytest.fixture
def other(tmp_path: Path) -> Any:
    database = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'other.sqlite3'}")
    yield database
    database.close()


def test_what_is_given_back_is_what_was_there_with_its_whole_history(database: Database, file: Path) -> None:
    fill(database)
    before = everything(database)
    make(database, file)
    with database.write() as session:
        catalogue.create_resource(session, resource("trop-tard"), ALICE)
        catalogue.archive_resource(session, "b-b", 2, ALICE)
    give_back(database, file)
    assert without_restores(everything(database)) == without_restores(before)
    assert database.check() is None
    with database.read() as session:
        assert [entry.action for entry in audit.list_entries(session, subject=file.name)] == ["catalogue.restored"]
        with pytest.raises(ResourceMoved):
            catalogue.get_resource(session, "a-a")


def test_nobody_is_logged_in_where_a_backup_was_restored(
    database: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        row = accounts.add_account(
            session,
            email="alice@asbl.example",
            name="Alice",
            role="curator",
            basins=["nord"],
            language="fr",
            by="tests",
        )
        old = accounts.start_session(session, row.id, now=NOW)
        session.add(LoginAttempt(key="somebody", at=NOW))
        upload_shelf.keep(session, row.email, "a.csv", b"id\n", now=NOW)
    monkeypatch.setattr(backup, "TRANSIENT", frozenset())  # as backups were made before
    make(database, file)
    monkeypatch.undo()
    assert "account_session" in read_manifest(file)["tables"]
    lean = file.with_name("lean.senne")
    make(database, lean)
    for taken in (file, lean):
        with database.write() as session:
            recent = accounts.start_session(session, row.id, now=NOW)
            assert accounts.find_session(session, recent, now=NOW)
        give_back(database, taken)
        with database.read() as session:
            assert accounts.find_account(session, "alice@asbl.example")
            assert [accounts.find_session(session, token, now=NOW) for token in (old, recent)] == [None, None]
            for table in (AccountSession, LoginAttempt, UploadedFile):
                assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_a_backup_crosses_from_one_kind_of_database_to_the_other(
    database: Database, other: Database, file: Path
) -> None:
    fill(database)
    make(database, file)
    give_back(other, file)
    assert without_restores(everything(other)) == without_restores(everything(database))
    back = file.with_name("back.senne")
    make(other, back)
    give_back(database, back)
    assert export(database) == export(other)


def test_a_restored_catalogue_goes_on_where_it_was(database: Database, file: Path) -> None:
    fill(database)
    make(database, file)
    give_back(database, file)
    with database.write() as session:
        catalogue.create_resource(session, resource("nouvelle"), ALICE)
        assert catalogue.revise_resource(session, resource("b-b", "Encore", version=2), ALICE)["version"] == 3
    with database.write() as session, pytest.raises(sa.exc.DBAPIError, match="only grows"):
        session.execute(sa.delete(Revision))


def test_running_indexes_look_again_at_all_that_was_and_is(database: Database, file: Path) -> None:
    fill(database)
    make(database, file)
    with database.write() as session:
        catalogue.create_resource(session, resource("trop-tard"), ALICE)
        outbox.register_index(session, "an-index", now=NOW)
        seen = [change.sequence for change in outbox.pending_changes(session, "an-index")]
    give_back(database, file)
    with database.write() as session:
        outbox.acknowledge(session, "an-index", seen)  # an indexer that was at work when the restore came
        pending = outbox.pending_changes(session, "an-index")
    assert {change.resource_id for change in pending} >= {"atelier-deuil", "b-b", "c-c", "trop-tard"}
    assert min(change.sequence for change in pending) > max(seen)
    with database.write() as session:
        catalogue.create_resource(session, resource("nouvelle"), ALICE)
        newest = session.scalar(sa.select(sa.func.max(OutboxRow.sequence)))
    assert newest is not None
    assert newest > max(change.sequence for change in pending)


def test_readers_and_writers_go_on_while_a_backup_is_made_and_given_back(database: Database, file: Path) -> None:
    fill(database)
    stop = threading.Event()
    failures: list[Exception] = []
    written: list[str] = []

    def work(task: Callable[[int], None]) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                task(number)
            except Exception as error:
                failures.append(error)
                return

    def read(_number: int) -> None:
        with database.read() as session:
            kept = catalogue.get_resource(session, "b-b")
            assert len(catalogue.list_revisions(session, "b-b")) == kept["version"], (
                "half of one state, half of another"
            )

    def write(number: int) -> None:
        with database.write() as session:
            catalogue.create_resource(session, resource(f"entree-{number}"), ALICE)
        written.append(f"entree-{number}")

    threads = [threading.Thread(target=work, args=(task,)) for task in (read, read, write)]
    for thread in threads:
        thread.start()
    try:
        while len(written) < 5 and not failures:
            stop.wait(0.01)
        make(database, file)
        give_back(database, file)
        known = len(written)
        while len(written) < known + 5 and not failures:
            stop.wait(0.01)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    with database.read() as session:
        assert redirects.list_redirects(session) == {"a-a": "b-b"}


@one_kind_of_database
def test_a_backup_is_consistent_whatever_is_written_meanwhile(database: Database, file: Path, other: Database) -> None:
    fill(database)

    def write_between(table: str, _rows: int) -> None:
        with database.write() as session:
            catalogue.create_resource(session, resource(f"pendant-{table.replace('_', '-')}"), ALICE)

    expected = everything(database)
    write_backup(database, file, now=NOW, progress=write_between)
    give_back(other, file)
    assert without_restores(everything(other)) == expected
    assert len(export(database)) > len(export(other))


@one_kind_of_database
def test_a_damaged_or_foreign_file_is_refused_and_nothing_changes(database: Database, file: Path) -> None:
    fill(database)
    make(database, file)
    good = file.read_bytes()
    before = everything(database)
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        members = {name: archive.read(name) for name in archive.namelist()}

    def rewritten(**changes: bytes) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in {**members, **{f"{key}.jsonl": value for key, value in changes.items()}}.items():
                archive.writestr(name, content)

    def manifest_says(**changes: Any) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in {**members, "manifest.json": json.dumps({**manifest, **changes}).encode()}.items():
                archive.writestr(name, content)

    middle = len(good) // 2
    breakages: list[Callable[[], Any]] = [
        lambda: file.write_bytes(b""),
        lambda: file.write_bytes(b"not a backup"),
        lambda: file.write_bytes(good[:middle]),
        lambda: file.write_bytes(good[:middle] + bytes(200) + good[middle + 200 :]),
        lambda: rewritten(revision=members["revision.jsonl"].splitlines(keepends=True)[0]),
        lambda: rewritten(revision=members["revision.jsonl"].replace(b"alice", b"malice", 1)),
        lambda: rewritten(resource=b"{}\n"),
        lambda: manifest_says(migration="9999"),
        lambda: manifest_says(format="another"),
        lambda: manifest_says(tables={**manifest["tables"], "nowhere": {"rows": 0, "sha256": ""}}),
    ]
    for breakage in breakages:
        breakage()
        with pytest.raises(BackupRefused, match="Nothing was changed"):
            give_back(database, file)
        assert everything(database) == before
    assert [path.name for path in file.parent.iterdir() if "restored" in path.name] == []


@pytest.mark.postgresql
def test_a_refused_restore_leaves_no_schema_behind(postgresql_url: str, file: Path) -> None:
    database = Database(postgresql_url)
    database.migrate()
    fill(database)
    make(database, file)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["revision.jsonl"] += members["revision.jsonl"]
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BackupRefused):
        give_back(database, file)
    with database.read() as session:
        assert list(session.scalars(sa.text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'senne_%'"))) == []
    assert len(export(database)) == 3
    database.close()


@one_kind_of_database
def test_only_the_owner_may_read_a_backup_and_a_failed_one_leaves_the_last(database: Database, file: Path) -> None:
    fill(database)
    make(database, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    good = file.read_bytes()

    def fail(_table: str, _rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_backup(database, file, now=NOW, progress=fail)
    assert file.read_bytes() == good
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(f".{file.name}")] == []


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_there_is_no_backup_of_a_database_that_is_not_there(empty_url: str, file: Path) -> None:
    database = Database(empty_url)
    with pytest.raises(CatalogueUnavailable):
        make(database, file)
    database.close()


@one_kind_of_database
def test_a_damaged_database_is_not_written_over(database: Database, file: Path, other: Database) -> None:
    fill(database)
    make(database, file)
    broken = Path(str(other.url.database))
    broken.parent.mkdir()
    broken.write_bytes(b"no database at all" * 1000)
    with pytest.raises(BackupRefused, match="Move it away"):
        give_back(other, file)
    broken.unlink()
    give_back(other, file)
    assert export(other) == export(database)


def test_a_database_of_a_newer_version_is_left_alone(database: Database, file: Path) -> None:
    fill(database)
    make(database, file)
    with database.writer.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BackupRefused, match="newer version"):
        give_back(database, file)
    assert len(export(database)) == 3


def test_a_backup_of_an_older_version_is_brought_to_this_one(database: Database, file: Path) -> None:
    fill(database)
    make(database, file)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    manifest["migration"] = "0001"
    for table in ("redirect", "audit_entry", "column_mapping"):
        del members[f"{table}.jsonl"], manifest["tables"][table]
    for table in set(manifest["tables"]) - first_tables():
        del members[f"{table}.jsonl"], manifest["tables"][table]
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    expected = export(database)
    give_back(database, file)
    assert export(database) == expected
    assert database.check() is None


def first_tables() -> set[str]:
    """The tables of the first migration: what later ones added is not in an old backup."""
    import re

    from directory.migrations.versions import __path__ as folder

    text = Path(next(iter(folder)), "0001_the_first_tables.py").read_text(encoding="utf-8")
    return set(re.findall(r'op\.create_table\(\s*"(\w+)"', text))


def test_a_backup_knows_every_table_whoever_asks_for_it(migrated_file: Path) -> None:
    """In a process that imported nothing else, too: a table that nobody imported would be left out in silence."""
    asked = "from directory import backup; print(*backup.METADATA.tables)"
    known = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    engine = sa.create_engine(f"sqlite:///{migrated_file}")
    assert set(known) == set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()


def test_every_kind_of_column_can_be_carried() -> None:
    carried = (sa.Text, sa.String, sa.Integer, sa.Float, sa.Boolean, sa.DateTime, sa.Date, sa.JSON, sa.LargeBinary)
    for table in METADATA.sorted_tables:
        for column in table.columns:
            kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
            assert isinstance(kind, carried), f"{table.name}.{column.name}: teach directory.backup {kind!r}"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (sa.DateTime(timezone=True), NOW),
        (sa.Date(), date(2026, 11, 25)),
        (sa.LargeBinary(), b"\x00\xff"),
        (sa.JSON(), {"a": [1, None, "é"]}),
        (sa.Text(), None),
        (sa.Float(), 0.1),
    ],
)
def test_values_come_back_as_they_were(kind: Any, value: Any) -> None:
    assert backup._load(kind, json.loads(json.dumps(backup._dump(value)))) == value


def test_a_manifest_says_what_is_inside(database: Database, file: Path) -> None:
    fill(database)
    manifest = make(database, file)
    assert read_manifest(file) == manifest
    assert manifest["tables"]["resource"]["rows"] == 3
    assert manifest["made_at"] == NOW.isoformat()
    assert (DERIVED | TRANSIENT).isdisjoint(manifest["tables"])
    assert isinstance(ALICE, Change)


KILLED_AT_THE_END = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from directory import restore
from directory.database import Database
swap = restore._swap
def swap_and_die(*arguments):
    swap(*arguments)
    os.kill(os.getpid(), 9)
if sys.argv[3] == "end":
    restore._swap = swap_and_die
def die(table, rows):
    if table == sys.argv[3]:
        os.kill(os.getpid(), 9)
restore.restore_backup(Database(sys.argv[1]), Path(sys.argv[2]), author="x", now=datetime.now(UTC), progress=die)
"""


@pytest.mark.parametrize("when", ["resource", "revision", "end"])
def test_a_restore_that_is_killed_changes_nothing_and_can_be_repeated(
    database: Database, database_url: str, file: Path, when: str
) -> None:
    fill(database)
    make(database, file)
    with database.write() as session:
        catalogue.create_resource(session, resource("apres"), ALICE)
    before = everything(database)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT_THE_END, database_url, str(file), when],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    assert killed.returncode == -9
    assert everything(database) == before
    give_back(database, file)
    assert len(export(database)) == 3
