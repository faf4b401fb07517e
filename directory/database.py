"""Opens the database: a reading and a writing engine on one file or server, migrations, health.

SQLite: WAL, synchronous FULL (a committed change survives power loss; `write` can do without), foreign keys, a busy time-out, and
write transactions that open with BEGIN IMMEDIATE (a deferred one fails at once with "database is locked" when
it turns from reading to writing); the threads of one process take turns, as SQLite's own waiting is not fair.
PostgreSQL: one pool serves both; reading transactions are REPEATABLE READ and READ ONLY, writing ones READ
COMMITTED with row locks, which they wait for no longer than the same time-out.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from directory.errors import CatalogueUnavailable, SettingError

BUSY_TIMEOUT_S = 15
CONNECT_TIMEOUT_S = 5
_MIGRATION_LOCK = 7366  #: a number of our own among PostgreSQL's advisory locks
_NOT_MIGRATED = {"42P01", "42703"}  #: undefined table, undefined column. Source: PostgreSQL, appendix A
_ADDRESSES = "not a database address that Senne knows; use sqlite:///… or postgresql://…"
_SQLITE_FAILURES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
}


class Database:
    """The catalogue's database. Safe to share between threads; make one per process."""

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", query_only=False)
            self.reader = _sqlite_engine(self.url, begin="BEGIN", query_only=True)
            self._hasty = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", query_only=False, synchronous="NORMAL")
        else:
            self.writer = self._hasty = _postgresql_engine(self.url)
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._turn = threading.Lock()
        self._write = {
            durable: sessionmaker(engine, expire_on_commit=False)
            for durable, engine in ((True, self.writer), (False, self._hasty))
        }
        self._read = sessionmaker(self.reader, expire_on_commit=False, info={"is_snapshot": True})

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """One write transaction: all of the block, or nothing. Raises CatalogueUnavailable.

        durable: False for work that is simply done again: on SQLite, a power cut (not a kill) may undo the last such
        transactions, whole and the newest first, up to the last durable one. They do not wait for the disk.
        """
        with _reachable(), self._my_turn(), self._write[durable].begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view (`session.info` says so); nothing can be written through it. Raises CatalogueUnavailable."""
        with _reachable(), self._read() as session:
            yield session

    def migrate(self) -> None:
        """Create the tables, or bring them to this version. Safe to repeat, and from several processes."""
        if self.is_sqlite:
            _make_folder(Path(str(self.url.database)).parent)
        config = alembic_config()
        with _reachable(), self._my_turn(), self.writer.begin() as connection:
            if not self.is_sqlite:  # SQLite's writer holds the one write lock already
                connection.execute(sa.text("SET LOCAL lock_timeout = 0"))  # a migration may take its time
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:  # alembic cannot locate the migration that the database is at
                raise CatalogueUnavailable(
                    "The database was made by a newer version of Senne; start that version, or give back an older backup."
                ) from error

    def check(self) -> str | None:
        """What keeps the catalogue from being served, in one sentence; None when nothing does."""
        try:
            if self.is_sqlite and not Path(str(self.url.database)).exists():
                return "there is no database yet; run `senne init`."
            with self.reader.connect() as connection:
                present = MigrationContext.configure(connection).get_current_revision()
        except SQLAlchemyError as error:
            return f"the database does not answer ({type(error).__name__})."
        scripts = ScriptDirectory.from_config(alembic_config())
        wanted = scripts.get_current_head()
        if present and present not in {script.revision for script in scripts.walk_revisions()}:
            return f"the database is at migration {present}, made by a newer version; start that version."
        if present != wanted:
            return f"the database is at migration {present or 'none'}, this version needs {wanted}; run `senne init`."
        return None

    def close(self) -> None:
        """Give back every connection."""
        for engine in (self.writer, self.reader, self._hasty):
            engine.dispose()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """On SQLite, wait for the other writers of this process."""
        if not self.is_sqlite:
            yield
        elif self._turn.acquire(timeout=BUSY_TIMEOUT_S):
            try:
                yield
            finally:
                self._turn.release()
        else:
            raise CatalogueUnavailable(f"The catalogue is busy: another change has taken over {BUSY_TIMEOUT_S} s.")


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
        parsed.get_dialect().import_dbapi()
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise SettingError("SENNE_DATABASE_URL", _ADDRESSES) from error
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise SettingError("SENNE_DATABASE_URL", _ADDRESSES)
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise SettingError(
            "SENNE_DATABASE_URL", "a SQLite database must be a file, such as sqlite:////var/senne/senne.sqlite3."
        )
    return parsed


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogueUnavailable(f"The database's folder {folder} cannot be made: {error.strerror}.") from error


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    timeout = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT_S}
    engine = sa.create_engine(url, pool_pre_ping=True, connect_args=timeout)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = '{BUSY_TIMEOUT_S}s'")
        cursor.close()
        connection.commit()

    return engine


def _sqlite_engine(url: sa.URL, *, begin: str, query_only: bool, synchronous: str = "FULL") -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event opens transactions, not the driver
        cursor = connection.cursor()
        _turn_to_wal(cursor)
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA trusted_schema=OFF")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def open_transaction(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _turn_to_wal(cursor: Any) -> None:
    """SQLite does not wait for others when a new file turns to WAL, whatever its time-out: so we do."""
    end = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", "directory:migrations")
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise CatalogueUnavailable("The catalogue is busy: every connection to its database is in use.") from error
    except DBAPIError as error:
        if is_unavailability(error):
            reason = str(error.orig).partition("\n")[0]
            raise CatalogueUnavailable(f"The catalogue's database cannot be used now: {reason}") from error
        raise


def is_unavailability(error: DBAPIError) -> bool:
    """Whether the database is away, busy, full, damaged or not migrated, rather than asked something wrong.

    PostgreSQL's OperationalError is just that (SQLSTATE classes 08, 40, 53, 55, 57, 58); SQLite's is also a slip in
    our SQL, so its result code decides.
    """
    if not isinstance(error.orig, sqlite3.Error):
        return isinstance(error, OperationalError) or getattr(error.orig, "sqlstate", None) in _NOT_MIGRATED
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # without the extension
    return code in _SQLITE_FAILURES or str(error.orig).startswith(("no such table", "no such column"))
