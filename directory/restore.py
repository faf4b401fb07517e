"""Gives a backup back: built and checked beside what stands, then swapped in, in one transaction, while Senne is running.

Beside is a file (SQLite) or a schema (PostgreSQL), at the migration of the backup first, then brought to this version.
The swap replaces the rows, not the tables: a file or table put in another's place would leave running processes on the
old file, or (PostgreSQL) show an empty table to those whose view is older. Readers see what was until the swap is
done; writers wait for it.

The search indexes stay registered, and are told to look again at every resource that there was or now is.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from directory.backup import DERIVED, TRANSIENT, BackupReader, Progress
from directory.database import BUSY_TIMEOUT_S, Database, alembic_config
from directory.errors import BackupRefused, CatalogueUnavailable
from directory.models import AuditEntry
from directory.tables import METADATA

_LOCK_EVERY_S = 0.02
_PATIENCE_S = 10
_LOCKED = "55P03"  #: lock_not_available. Source: PostgreSQL, appendix A

Execute = Callable[[str], Any]


def restore_backup(
    database: Database, path: Path, *, author: str, now: datetime, progress: Progress | None = None
) -> dict[str, Any]:
    """Let the database say what the backup says, and that it was restored; gives the backup's manifest.

    The database may be empty, missing or in use. Raises BackupRefused, CatalogueUnavailable, OSError: then the
    catalogue is what it was.
    """
    backup = BackupReader(path, progress)
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if backup.revision not in known:
        raise BackupRefused(str(path), f"was made by another version of Senne (migration {backup.revision}).")
    now = now.astimezone(UTC)
    try:
        if database.is_sqlite:
            _restore_sqlite(database, backup, author, now)
        else:
            _restore_postgresql(database, backup, author, now)
    except CommandError as error:  # the database that stands is at a migration that alembic does not know
        raise BackupRefused(str(path), "the database was made by a newer version of Senne; start that.") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise BackupRefused(str(path), f"cannot be restored: {reason}.") from error
    return backup.manifest


def _fill(connection: sa.Connection, backup: BackupReader, author: str, now: datetime) -> None:
    """Tables as the backup had them, its rows, then this version's tables and a line in the log."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, backup.revision)
    backup.load(connection)
    command.upgrade(config, "head")
    if connection.dialect.name == "postgresql":
        _set_sequences(connection, "")
    detail = {"made_at": backup.manifest["made_at"], "migration": backup.revision}
    said = {"actor": author, "action": "catalogue.restored", "subject": backup.path.name, "detail": detail}
    connection.execute(sa.insert(AuditEntry).values(at=now, **said))


def _swap(execute: Execute, home: str, beside: str, at: str) -> None:
    """Inside a transaction in which no one else writes, and with the triggers away. `home`, `beside`: schemas."""
    execute(
        f"INSERT INTO {home}.outbox (resource_id, at)"  # noqa: S608 (names of ours)
        f" SELECT id, {at} FROM (SELECT id FROM {home}.resource UNION SELECT id FROM {beside}.resource) AS ids"
    )
    tables = [table for table in METADATA.sorted_tables if table.name not in DERIVED]
    for table in reversed(tables):  # children first
        execute(f'DELETE FROM {home}."{table.name}"')  # noqa: S608 (names of ours)
    for table in [table for table in tables if table.name not in TRANSIENT]:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        execute(f'INSERT INTO {home}."{table.name}" ({columns}) SELECT {columns} FROM {beside}."{table.name}"')  # noqa: S608


def _restore_sqlite(database: Database, backup: BackupReader, author: str, now: datetime) -> None:
    live = Path(str(database.url.database)).absolute()
    with _beside(live) as beside:
        engine = sa.create_engine(f"sqlite:///{beside}")
        try:
            with engine.begin() as connection:
                _fill(connection, backup, author, now)
            with engine.connect() as connection:
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone():
                    raise BackupRefused(str(backup.path), f"is damaged: a row of {broken[0]!r} belongs to nothing.")
        finally:
            engine.dispose()
        try:
            database.migrate()
        except CatalogueUnavailable as error:
            raise BackupRefused(
                str(backup.path), f"is fine, but the database {live} is not: {error} Move it away, then restore again."
            ) from error
        with closing(sqlite3.connect(live, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("ATTACH DATABASE ? AS beside", (str(beside),))
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("PRAGMA defer_foreign_keys=ON")
            triggers = connection.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _sql in triggers:
                connection.execute(f'DROP TRIGGER main."{name}"')
            _swap(connection.execute, "main", "beside", f"'{now.replace(tzinfo=None)!s:.26}'")
            for _name, sql in triggers:
                connection.execute(sql)
            connection.execute("COMMIT")


@contextmanager
def _beside(live: Path) -> Iterator[Path]:
    """A file beside another, gone afterwards with all that SQLite puts beside it."""
    live.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=live.parent, prefix=f".{live.name}.restored.")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for leftover in live.parent.glob(f"{Path(name).name}*"):
            leftover.unlink()


def _restore_postgresql(database: Database, backup: BackupReader, author: str, now: datetime) -> None:
    beside = f"senne_restore_{secrets.token_hex(4)}"
    with database.writer.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        home = quote(str(connection.scalar(sa.text("SELECT current_schema()"))))

        def execute(statement: str) -> None:
            connection.execute(sa.text(statement))

        execute(f"CREATE SCHEMA {beside}")
        execute(f"SET LOCAL search_path TO {beside}")
        _fill(connection, backup, author, now)
        execute(f"SET LOCAL search_path TO {home}")
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        tables = [f"{home}.{quote(table.name)}" for table in METADATA.sorted_tables]
        _lock_out_writers(connection, tables)
        for table in tables:
            execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        _swap(execute, home, beside, f"TIMESTAMPTZ '{now.isoformat()}'")
        for table in tables:
            execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        _set_sequences(connection, f"{home}.")
        execute(f"DROP SCHEMA {beside} CASCADE")


def _lock_out_writers(connection: sa.Connection, tables: list[str]) -> None:
    """All tables at once or not yet: to wait for one while holding others would deadlock with writers.

    Only when that fails for long is the queue joined, for as long as the lock time-out. Readers are not disturbed.
    """
    lock = f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE"
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        patient = time.monotonic() > deadline
        try:
            with connection.begin_nested():
                connection.execute(sa.text(lock if patient else f"{lock} NOWAIT"))
            return
        except DBAPIError as error:
            if patient or getattr(error.orig, "sqlstate", None) != _LOCKED:
                raise
            time.sleep(_LOCK_EVERY_S)


def _set_sequences(connection: sa.Connection, schema: str) -> None:
    """Let new rows be numbered after those that were filled in; no number is given twice."""
    for table in METADATA.sorted_tables:
        for column in table.primary_key.columns:
            name = {"table": f"{schema}{table.name}", "column": column.name}
            sequence = connection.scalar(sa.text("SELECT pg_get_serial_sequence(:table, :column)"), name)
            highest = connection.scalar(sa.select(sa.func.max(column))) if sequence else None
            if highest:
                forward = "SELECT setval(CAST(:sequence AS regclass), greatest(:highest, nextval(CAST(:sequence AS regclass)) - 1))"
                connection.execute(sa.text(forward), {"sequence": sequence, "highest": highest})
