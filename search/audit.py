"""Compares an index with the catalogue, document by document: what no acknowledgement can show.

An index can lose what it confirmed (a restored snapshot, a damaged disk, a hand at work on it). The indexer does
this every night and shows the index the present state of whatever differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from directory import outbox
from directory.database import Database
from search.documents import content_hash, public_documents
from search.engine import DerivedIndex

NIGHT = time(3, 30, tzinfo=ZoneInfo("Europe/Brussels"))  #: when few read and nobody curates
_NAMED = 20  #: ids that a log line names at most


@dataclass(frozen=True)
class AuditReport:
    """How an index differed from the catalogue. Changes that still wait in the outbox are no difference.

    missing: public but not in the index. stale: there, with another content. orphaned: in the index only.
    """

    index: str
    documents: int  #: in the index
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()

    @property
    def differing(self) -> tuple[str, ...]:
        """The ids of all that differs."""
        return (*self.missing, *self.stale, *self.orphaned)

    def facts(self) -> dict[str, Any]:
        """For a log line: the counts, and the first ids."""
        return {
            "index": self.index,
            "documents": self.documents,
            "missing": len(self.missing),
            "stale": len(self.stale),
            "orphaned": len(self.orphaned),
            "ids": list(self.differing[:_NAMED]),
        }


def compare(database: Database, engine: DerivedIndex) -> AuditReport:
    """Compare now. Nobody else may write the index meanwhile. Raises EngineUnavailable, CatalogueUnavailable."""
    held = dict(engine.fingerprints())
    wanted = {document.id: content_hash(document) for document in public_documents(database)}
    with database.read() as session:
        waiting = {change.resource_id for change in outbox.pending_changes(session, engine.name)}
    return AuditReport(
        index=engine.name,
        documents=len(held),
        missing=tuple(sorted(wanted.keys() - held.keys() - waiting)),
        stale=tuple(sorted(id_ for id_ in wanted.keys() & held.keys() - waiting if wanted[id_] != held[id_])),
        orphaned=tuple(sorted(held.keys() - wanted.keys() - waiting)),
    )


def next_night(now: datetime) -> datetime:
    """The first `NIGHT` after `now` (aware)."""
    local = now.astimezone(NIGHT.tzinfo)
    tonight = datetime.combine(local.date(), NIGHT)
    return tonight if tonight > local else datetime.combine(local.date() + timedelta(days=1), NIGHT)
