"""Keeps an index in step with the catalogue: drains the outbox, rebuilds when it must.

One process at a time writes an index: the one that holds the indexer's lock, a file lock that the system
releases when its holder dies, however it dies.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from directory import catalogue, outbox
from directory.database import Database
from directory.errors import CatalogueUnavailable
from directory.outbox import PendingChange
from search.documents import Document, to_document
from search.engine import SearchEngine
from search.errors import EngineUnavailable, IndexerBusy

log = logging.getLogger(__name__)

BATCH = 500  #: outbox rows a round
POLL_S = 0.2  #: between two looks at the outbox
RETRY_S = 2.0  #: after a failure
_STILL_THERE_EVERY = timedelta(hours=1)


class Indexer:
    """Brings one engine's index up to date with one database."""

    def __init__(self, database: Database, engine: SearchEngine, data_dir: Path) -> None:
        self._database, self._engine = database, engine
        self._lock_path = data_dir / "indexer.lock"
        self._seen_at: datetime | None = None

    def sync(self) -> int:
        """Bring the index up to date now; how many changes it took. Raises IndexerBusy, EngineUnavailable."""
        with self._lock():
            return self._catch_up()

    def rebuild(self) -> int:
        """Fill a fresh index from the whole catalogue and switch to it; how many documents. Raises IndexerBusy."""
        with self._lock():
            return self._rebuild()

    def pending(self) -> int | None:
        """How many changes the index lacks; None where it has to be rebuilt."""
        name = self._engine.name
        with self._database.read() as session:
            return len(outbox.pending_changes(session, name)) if outbox.is_registered(session, name) else None

    def run(self, stop: threading.Event) -> None:
        """Compete for the lock and, once it is held, follow the outbox until `stop` is set. Outlives failures."""
        while not stop.is_set():
            try:
                with self._lock():
                    self._follow(stop)
            except IndexerBusy:
                stop.wait(POLL_S)
            except (CatalogueUnavailable, EngineUnavailable, OSError) as error:
                log.warning("indexer_waits", extra={"reason": str(error)})
                stop.wait(RETRY_S)
            except Exception:  # a bug must not leave the site without its indexer for ever
                log.exception("indexer_failed")
                stop.wait(RETRY_S)

    def _follow(self, stop: threading.Event) -> None:
        while not stop.is_set():
            if not self._catch_up():
                stop.wait(POLL_S)

    def _catch_up(self) -> int:
        """Take every pending change; rebuild an index that is missing, broken, or was away too long."""
        if not self._is_usable():
            return self._rebuild()
        taken = 0
        while changes := self._pending_batch():
            self._apply(changes)
            taken += len(changes)
        return taken

    def _pending_batch(self) -> list[PendingChange]:
        with self._database.read() as session:
            return outbox.pending_changes(session, self._engine.name, limit=BATCH)

    def _apply(self, changes: Sequence[PendingChange]) -> None:
        """Show the index the present state of each changed resource, then acknowledge."""
        ids = list(dict.fromkeys(change.resource_id for change in changes))
        with self._database.read() as session:
            resources = catalogue.get_resources(session, ids)
            added = catalogue.added_at(session, resources)
        documents = [to_document(resource, added=added[id_]) for id_, resource in resources.items()]
        self._engine.update(documents, [id_ for id_ in ids if id_ not in resources])
        with self._database.write() as session:
            outbox.acknowledge(session, self._engine.name, [change.sequence for change in changes])

    def _rebuild(self) -> int:
        name = self._engine.name
        with self._database.write() as session:
            outbox.register_index(session, name, now=datetime.now(UTC))
            before = [change.sequence for change in outbox.pending_changes(session, name)]
        self._engine.rebuild(self._documents())
        with self._database.write() as session:
            outbox.acknowledge(session, name, before)
        return self._engine.status().documents

    def _documents(self) -> Iterator[Document]:
        """Every public resource, in one consistent view of the catalogue."""
        with self._database.read() as session:
            resources = catalogue.list_resources(session)
            while batch := list(islice(resources, BATCH)):
                added = catalogue.added_at(session, [resource["id"] for resource in batch])
                yield from (to_document(resource, added=added[resource["id"]]) for resource in batch)

    def _is_usable(self) -> bool:
        """Whether the index is there, readable and followed by the outbox; says so in the register."""
        now = datetime.now(UTC)
        if self._seen_at and now - self._seen_at < _STILL_THERE_EVERY:
            return True
        try:
            self._engine.status()
        except EngineUnavailable as error:
            log.info("index_rebuild", extra={"reason": str(error)})
            return False
        with self._database.write() as session:
            if not outbox.is_registered(session, self._engine.name):
                return False
            outbox.register_index(session, self._engine.name, now=now)
        self._seen_at = now
        return True

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self._lock_path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise IndexerBusy("Another process is keeping the search index up to date.") from error
        try:
            yield
        finally:
            os.close(descriptor)
            self._seen_at = None
