"""Locks that let one process at a time write an index, released however their holder ends."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from directory.database import Database
from directory.errors import CatalogueUnavailable
from search.errors import IndexerBusy


class IndexerLock(Protocol):
    """A lock that is held."""

    def check(self) -> None:
        """Raises CatalogueUnavailable where the lock was lost without a word; costs next to nothing."""


class _FileLock:
    def check(self) -> None:
        """A file lock is lost only with its process."""


class _DatabaseLock:
    """Of a session, so it is gone when its connection is: before each piece of work the connection has to answer."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def check(self) -> None:
        try:
            self._connection.execute(sa.select(1))
        except SQLAlchemyError as error:
            raise CatalogueUnavailable("The connection that held the index's lock was lost.") from error


@contextmanager
def file_lock(path: Path) -> Iterator[IndexerLock]:
    """Among the processes of this machine. Raises IndexerBusy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexerBusy("Another process is keeping the search index up to date.") from error
        yield _FileLock()
    finally:
        os.close(descriptor)


@contextmanager
def database_lock(database: Database, name: str) -> Iterator[IndexerLock]:
    """Among the machines that share a PostgreSQL database. Raises IndexerBusy, CatalogueUnavailable."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    try:
        connection = database.writer.connect().execution_options(isolation_level="AUTOCOMMIT")
    except SQLAlchemyError as error:
        raise CatalogueUnavailable(
            "The catalogue's database cannot be used now, nor the index's lock in it."
        ) from error
    try:
        if not _ask(connection, sa.func.pg_try_advisory_lock(key)):
            raise IndexerBusy("Another machine is keeping the search index up to date.")
        try:
            yield _DatabaseLock(connection)
        finally:
            _ask(connection, sa.func.pg_advisory_unlock(key))
    finally:
        connection.invalidate()  # never back to the pool: a lock must not live on in a pooled session
        connection.close()


def _ask(connection: sa.Connection, call: sa.Function[bool]) -> bool:
    try:
        return bool(connection.scalar(sa.select(call)))
    except SQLAlchemyError as error:
        raise CatalogueUnavailable("The connection for the index's lock was lost.") from error
