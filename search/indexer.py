"""Keeps indexes in step with the catalogue: drains the outbox, rebuilds when it must, audits every night.

Each live index has its own name, acknowledgements and indexer. One process at a time writes an index: the one that
holds its lock, a file lock that the system releases when its holder dies, however it dies. An index that several
machines share (on a search server) is locked in their common database as well.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from directory import outbox
from directory.database import Database
from directory.errors import CatalogueUnavailable, DirectoryError
from directory.outbox import PendingChange
from search.audit import AuditReport, compare, next_night
from search.documents import present_documents, public_documents
from search.engine import DerivedIndex
from search.errors import EngineAway, EngineUnavailable, IndexDamaged, IndexerBusy
from search.locks import IndexerLock, database_lock, file_lock

log = logging.getLogger(__name__)

BATCH = 500  #: outbox rows a round
POLL_S = 0.2  #: between two looks at the outbox
RETRY_S = 2.0  #: after a failure
_QUIET_S = 60.0  #: a failure that repeats itself sooner is the same outage, and said once
_STILL_THERE_EVERY = timedelta(hours=1)
_T = TypeVar("_T")


class Indexer:
    """Brings one engine's index up to date with one database.

    shared: several machines write this index, so that the lock of this one does not do. lock_name: of the lock's
    file in `data_dir`; one for each index of a machine.
    """

    def __init__(
        self,
        database: Database,
        engine: DerivedIndex,
        data_dir: Path,
        *,
        lock_name: str = "indexer.lock",
        shared: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._engine, self._clock = database, engine, clock
        self._lock_path, self._shared = data_dir / lock_name, shared
        self._seen_at: datetime | None = None
        self._audit_due = next_night(clock())

    @property
    def name(self) -> str:
        """Of the index, as the outbox knows it."""
        return self._engine.name

    def sync(self) -> int:
        """Bring the index up to date now; how many changes it took. Raises IndexerBusy, EngineUnavailable."""
        with self._lock() as lock:
            return self._catch_up(lock)

    def rebuild(self) -> int:
        """Fill a fresh index from the whole catalogue and switch to it; how many documents. Raises IndexerBusy."""
        with self._lock():
            return self._rebuild()

    def audit(self) -> AuditReport:
        """Compare the index with the catalogue and mend what differs. Raises IndexerBusy, EngineUnavailable."""
        with self._lock() as lock:
            self._catch_up(lock)
            return self._audit()

    def pending(self) -> int | None:
        """How many changes the index lacks; None where it has to be rebuilt."""
        name = self._engine.name
        with self._database.read() as session:
            return len(outbox.pending_changes(session, name)) if outbox.is_registered(session, name) else None

    def run(self, stop: threading.Event) -> None:
        """Compete for the lock and, once it is held, follow the outbox until `stop` is set. Outlives failures."""
        said, failed_at = "", 0.0
        while not stop.is_set():
            try:
                with self._lock() as lock:
                    self._follow(lock, stop)
            except IndexerBusy:
                stop.wait(POLL_S)
            except (CatalogueUnavailable, EngineUnavailable, OSError) as error:
                if str(error) != said or time.monotonic() - failed_at > _QUIET_S:
                    log.warning("indexer_waits", extra={"index": self._lock_path.stem, "reason": str(error)})
                said, failed_at = str(error), time.monotonic()
                stop.wait(RETRY_S)
            except Exception:  # a bug must not leave the site without its indexer for ever
                log.exception("indexer_failed")
                stop.wait(RETRY_S)

    def _follow(self, lock: IndexerLock, stop: threading.Event) -> None:
        while not stop.is_set():
            taken = self._catch_up(lock)
            if self._clock() >= self._audit_due:
                self._audit()
            elif not taken:
                stop.wait(POLL_S)

    def _catch_up(self, lock: IndexerLock) -> int:
        """Take every pending change; rebuild an index that is missing, broken, or was away too long."""
        lock.check()
        if not self._is_usable():
            return self._rebuild()
        taken = 0
        while changes := self._pending_batch():
            lock.check()
            try:
                self._apply(changes)
            except IndexDamaged as error:
                log.warning("index_rebuild", extra={"reason": str(error)})
                return taken + self._rebuild()
            taken += len(changes)
        return taken

    def _pending_batch(self) -> list[PendingChange]:
        with self._database.read() as session:
            return outbox.pending_changes(session, self._engine.name, limit=BATCH)

    def _apply(self, changes: Sequence[PendingChange]) -> None:
        """Show the index the present state of each changed resource, then acknowledge."""
        self._show(list(dict.fromkeys(change.resource_id for change in changes)))
        with self._database.write() as session:
            outbox.acknowledge(session, self._engine.name, [change.sequence for change in changes])

    def _show(self, ids: Sequence[str]) -> None:
        documents = present_documents(self._database, ids)
        self._engine.update(documents.values(), [id_ for id_ in ids if id_ not in documents])

    def _rebuild(self) -> int:
        """Only a finished rebuild makes the index live; until then a name of its own keeps the changes for it.

        Or an index that was away too long would count as live after a rebuild that broke off, without the changes
        that were deleted meanwhile.
        """
        name, meanwhile = self._engine.name, f"{self._engine.name}~rebuild"
        with self._database.write() as session:
            outbox.register_index(session, meanwhile, now=self._clock())
            before = [change.sequence for change in outbox.pending_changes(session, name)]
        self._engine.rebuild(public_documents(self._database))
        with self._database.write() as session:
            outbox.register_index(session, name, now=self._clock())
            outbox.acknowledge(session, name, before)
            outbox.forget_index(session, meanwhile)
        return self._engine.status().documents

    def _audit(self) -> AuditReport:
        report = compare(self._database, self._engine)
        for start in range(0, len(report.differing), BATCH):
            self._show(report.differing[start : start + BATCH])
        (log.warning if report.differing else log.info)("index_audited", extra=report.facts())
        self._audit_due = next_night(self._clock())
        return report

    def _is_usable(self) -> bool:
        """Whether the index is there, readable and followed by the outbox; says so in the register.

        Raises EngineAway: an engine that does not answer says nothing about its index.
        """
        now = self._clock()
        if self._seen_at and now - self._seen_at < _STILL_THERE_EVERY:
            return True
        try:
            self._engine.status()
        except EngineAway:
            raise
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
    def _lock(self) -> Iterator[IndexerLock]:
        try:
            with file_lock(self._lock_path) as lock:
                if self._shared and not self._database.is_sqlite:
                    with database_lock(self._database, self._engine.name) as lock:
                        yield lock
                else:
                    yield lock
        finally:
            self._seen_at = None


class Indexers:
    """The indexers of every index that this process may write: works on all, one failing does not stop the others."""

    def __init__(self, indexers: Sequence[Indexer]) -> None:
        self._indexers = tuple(indexers)

    def sync(self) -> int:
        """Bring every index up to date; how many changes they took. Raises the first failure after all are done."""
        return sum(self._each(Indexer.sync))

    def rebuild(self) -> int:
        """Rebuild every index; how many documents each holds. Raises the first failure after all are done."""
        return max(self._each(Indexer.rebuild))

    def audit(self) -> list[AuditReport]:
        """Compare and mend every index. Raises the first failure after all are done."""
        return self._each(Indexer.audit)

    def pending(self) -> int | None:
        """The most changes that one of the indexes lacks; None where one has to be rebuilt."""
        counts = [indexer.pending() for indexer in self._indexers]
        known = [count for count in counts if count is not None]
        return max(known) if len(known) == len(counts) else None

    def pending_by_index(self) -> dict[str, int | None]:
        """The changes that each index lacks, by name."""
        return {indexer.name: indexer.pending() for indexer in self._indexers}

    def run(self, stop: threading.Event) -> None:
        """Follow the outbox for every index until `stop` is set."""
        threads = [threading.Thread(target=indexer.run, args=(stop,)) for indexer in self._indexers[1:]]
        for thread in threads:
            thread.start()
        self._indexers[0].run(stop)
        for thread in threads:
            thread.join()

    def _each(self, work: Callable[[Indexer], _T]) -> list[_T]:
        results, failures = [], []
        for indexer in self._indexers:
            try:
                results.append(work(indexer))
            except DirectoryError as error:
                failures.append(error)
        if failures:
            raise failures[0]
        return results
