"""The proposals that would make a resource, kept in memory for matching, one index a database.

A duplicate of an original is no original itself. Only what changed is read again: what a proposal holds is taken
apart once, not once for each page that is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.near_duplicates import MAX_DISTANCE, distance
from crawler.records_alike import RecordIndex
from directory.followed_rows import FollowedRows
from directory.models import Proposal
from directory.per_database import PerDatabase

#: What tells that a proposal is another than it was. Times are compared as the database keeps them.
_MARKS = sa.select(
    Proposal.id,
    Proposal.url,
    Proposal.content_hash,
    Proposal.status,
    Proposal.decision,
    sa.type_coerce(Proposal.created_at, sa.types.NullType()).label("created_at"),
).where(Proposal.kind == "new", Proposal.status != "rejected")


@dataclass(frozen=True)
class Original:
    """resource_id: the id that its resource has, or will have. near: the simhash of the text that was read."""

    url: str
    resource_id: str
    near: int | None
    is_pending: bool
    apart: Mapping[str, Any]  #: the fields of its resource by which equal texts are two


class OriginalIndex(FollowedRows[Proposal]):
    """The proposals of kind "new" that were not rejected."""

    def __init__(self) -> None:
        super().__init__()
        self._originals: dict[str, Original] = {}
        self._pending = RecordIndex()  #: by the proposal's id

    def find(self, resource: Mapping[str, Any], *, not_at: str | None) -> list[tuple[str, float]]:
        """(resource id, score) of those that wait and are alike, but for what was read at `not_at`."""
        with self._lock:
            found = [(self._originals[one], score) for one, score in self._pending.find(resource)]
        return [(original.resource_id, score) for original, score in found if original.url != not_at]

    def near(self, own: int, *, not_at: str) -> list[tuple[int, Original]]:
        """(bits apart, original) of those whose text was nearly the same, accepted ones included."""
        with self._lock:
            originals = [one for one in self._originals.values() if one.near is not None and one.url != not_at]
        return [
            (apart, one)
            for one in originals
            if one.near is not None and (apart := distance(own, one.near)) <= MAX_DISTANCE
        ]

    def ids(self, *, not_at: str) -> set[str]:
        """The ids that those that wait will give to resources."""
        with self._lock:
            return {one.resource_id for one in self._originals.values() if one.is_pending and one.url != not_at}

    def _read_marks(self, session: Session) -> dict[str, tuple[Any, ...]]:
        return {row[0]: tuple(row) for row in session.connection().execute(_MARKS)}

    def _read(self, session: Session, ids: Sequence[str]) -> Iterable[Proposal]:
        query = sa.select(Proposal).where(Proposal.id.in_(ids))
        return session.scalars(query.execution_options(populate_existing=True))

    def _put(self, row: Proposal) -> None:
        resource, is_pending = row.resource, row.status == "pending"
        decided = row.decision if row.status == "accepted" and row.decision else None
        self._originals[row.id] = Original(
            url=row.url,
            resource_id=decided or str(resource.get("id")),
            near=near_of(row.content_hash),
            is_pending=is_pending,
            apart={name: resource.get(name) for name in ("occurrences", "basins")},
        )
        if is_pending:
            self._pending.put({**resource, "id": row.id})
        else:
            self._pending.drop(row.id)

    def _drop(self, row_id: str) -> None:
        self._originals.pop(row_id, None)
        self._pending.drop(row_id)


def near_of(content_hash: str) -> int | None:
    """The simhash at the end of a content hash; None where the text was too short for one."""
    _, _, tail = content_hash.partition(".")
    try:
        return int(tail, 16) if tail else None
    except ValueError:
        return None


_HELD = PerDatabase(OriginalIndex)


def original_index(session: Session) -> OriginalIndex:
    """The index of the session's database, up to date."""
    return _HELD.of(session).follow(session)
