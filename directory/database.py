"""Opens the database: a reading and a writing engine on one file or server, migrations, health.

SQLite: WAL, synchronous FULL (a committed change survives power loss), foreign keys, a busy time-out, and
write transactions that open with BEGIN IMMEDIATE (a deferred one fails at once with "database is locked" when
it turns from reading to writing). On PostgreSQL one pool serves both;
reading transactions are REPEATABLE READ and READ ONLY.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from directory.errors import CatalogueUnavailable, SettingError

BUSY_TIMEOUT_S = 15


class Database:
    """The catalogue's database. Safe to share between threads; make one per process."""

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", query_only=False)
            self.reader = _sqlite_engine(self.url, begin="BEGIN", query_only=True)
        else:
            self.writer = sa.create_engine(self.url, pool_pre_ping=True)
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._write = sessionmaker(self.writer, expire_on_commit=False)
        self._read = sessionmaker(self.reader, expire_on_commit=False)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One write transaction: all of the block, or nothing. Raises CatalogueUnavailable."""
        with _reachable(), self._write.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view; nothing can be written through it. Raises CatalogueUnavailable."""
        with _reachable(), self._read() as session:
            yield session

    def migrate(self) -> None:
        """Create the tables, or bring them to this version. Safe to repeat, and from several processes."""
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        with _reachable(), self.writer.begin() as connection:
            if not self.is_sqlite:  # SQLite's writer holds the one write lock already
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7366)"))
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check(self) -> str | None:
        """What keeps the catalogue from being served, in one sentence; None when nothing does."""
        try:
            if self.is_sqlite and self.url.database and not Path(self.url.database).exists():
                return "there is no database yet; run `senne init`."
            with self.reader.connect() as connection:
                present = MigrationContext.configure(connection).get_current_revision()
        except SQLAlchemyError as error:
            return f"the database does not answer ({type(error).__name__})."
        wanted = ScriptDirectory.from_config(_alembic_config()).get_current_head()
        if present != wanted:
            return f"the database is at migration {present or 'none'}, this version needs {wanted}; run `senne init`."
        return None

    def close(self) -> None:
        """Give back every connection."""
        self.writer.dispose()
        self.reader.dispose()


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
        parsed.get_dialect()
        return parsed
    except (SQLAlchemyError, ImportError) as error:
        raise SettingError(
            "SENNE_DATABASE_URL", "not a database address that Senne knows; use sqlite:///… or postgresql://…"
        ) from error


def _sqlite_engine(url: sa.URL, *, begin: str, query_only: bool) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event opens transactions, not the driver
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA trusted_schema=OFF")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def open_transaction(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", "directory:migrations")
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise CatalogueUnavailable(f"The catalogue's database does not answer: {error.orig}") from error
