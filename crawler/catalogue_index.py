"""The catalogue as `records_alike` compares it, kept in memory, one index a database; only what changed is read again."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.records_alike import RecordIndex
from directory.catalogue import get_resources
from directory.models import Resource
from directory.per_database import PerDatabase

_BATCH = 500


class CatalogueIndex:
    """A RecordIndex that follows the catalogue by the versions of its resources."""

    def __init__(self) -> None:
        self._index = RecordIndex()
        self._versions: dict[str, int] = {}
        self._lock = threading.Lock()

    def follow(self, session: Session) -> RecordIndex:
        """The index, brought up to date: archived resources are not in it."""
        query = sa.select(Resource.id, Resource.version).where(Resource.status != "archived")
        present = {row.id: row.version for row in session.execute(query)}
        with self._lock:
            for gone in self._versions.keys() - present.keys():
                self._index.drop(gone)
            for resource in _read(
                session, [one for one, version in present.items() if self._versions.get(one) != version]
            ):
                self._index.put(resource)
            self._versions = present
        return self._index


def _read(session: Session, ids: list[str]) -> Iterator[Mapping[str, Any]]:
    for start in range(0, len(ids), _BATCH):
        yield from get_resources(session, ids[start : start + _BATCH], public=False).values()


_INDEXES = PerDatabase(CatalogueIndex)


def catalogue_index(session: Session) -> RecordIndex:
    """The index of the session's database. The first call reads the whole catalogue (some seconds for 20,000 entries)."""
    return _INDEXES.of(session).follow(session)
