"""The catalogue as `records_alike` compares it, kept in memory, one index a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.records_alike import RecordIndex
from directory.catalogue import get_resources
from directory.followed_rows import FollowedRows
from directory.models import Resource
from directory.per_database import PerDatabase

_BATCH = 500


class CatalogueIndex(FollowedRows[Mapping[str, Any]]):
    """A RecordIndex that follows the catalogue by the versions of its resources; archived ones are not in it."""

    def __init__(self) -> None:
        super().__init__()
        self.records = RecordIndex()

    def _read_marks(self, session: Session) -> dict[str, int]:
        query = sa.select(Resource.id, Resource.version).where(Resource.status != "archived")
        marks: dict[str, int] = {}
        for rows in session.connection().execute(query).partitions(_BATCH):  # asked with every word that somebody
            marks.update((row[0], row[1]) for row in rows)  # types: all rows at once wake the garbage collector
        return marks

    def _read(self, session: Session, ids: Sequence[str]) -> Iterable[Mapping[str, Any]]:
        return get_resources(session, list(ids), public=False).values()

    def _put(self, row: Mapping[str, Any]) -> None:
        self.records.put(row)

    def _drop(self, row_id: str) -> None:
        self.records.drop(row_id)


_HELD = PerDatabase(CatalogueIndex)


def catalogue_index(session: Session) -> RecordIndex:
    """The index of the session's database. The first call reads the whole catalogue (some seconds for 20,000 entries)."""
    return _HELD.of(session).follow(session).records
