"""The proposals that would make a resource, kept in memory for matching, one index a database.

A duplicate of an original is no original itself. Only what changed is read again: what a proposal holds is taken
apart once, not once for each page that is compared with it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.near_duplicates import MAX_DISTANCE, distance
from crawler.records_alike import RecordIndex
from directory.models import Proposal
from directory.per_database import PerDatabase

_BATCH = 500
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


class OriginalIndex:
    """Follows the table by what its rows say of themselves."""

    def __init__(self) -> None:
        self._marks: dict[str, tuple[Any, ...]] = {}
        self._originals: dict[str, Original] = {}
        self._pending = RecordIndex()  #: by the proposal's id
        self._lock = threading.Lock()

    def follow(self, session: Session) -> OriginalIndex:
        """Bring it up to date with what the session sees."""
        present = {row[0]: tuple(row) for row in session.connection().execute(_MARKS)}
        with self._lock:
            for gone in self._marks.keys() - present.keys():
                self._drop(gone)
            changed = [one for one, mark in present.items() if self._marks.get(one) != mark]
            for proposal in _read(session, changed):
                self._put(proposal)
            self._marks = present
        return self

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

    def _put(self, proposal: Proposal) -> None:
        resource, is_pending = proposal.resource, proposal.status == "pending"
        decided = proposal.decision if proposal.status == "accepted" and proposal.decision else None
        self._originals[proposal.id] = Original(
            url=proposal.url,
            resource_id=decided or str(resource.get("id")),
            near=near_of(proposal.content_hash),
            is_pending=is_pending,
            apart={name: resource.get(name) for name in ("occurrences", "basins")},
        )
        if is_pending:
            self._pending.put({**resource, "id": proposal.id})
        else:
            self._pending.drop(proposal.id)

    def _drop(self, proposal_id: str) -> None:
        self._originals.pop(proposal_id, None)
        self._pending.drop(proposal_id)


def _read(session: Session, ids: list[str]) -> Iterator[Proposal]:
    for start in range(0, len(ids), _BATCH):
        query = sa.select(Proposal).where(Proposal.id.in_(ids[start : start + _BATCH]))
        yield from session.scalars(query.execution_options(populate_existing=True))


def near_of(content_hash: str) -> int | None:
    """The simhash at the end of a content hash; None where the text was too short for one."""
    _, _, tail = content_hash.partition(".")
    try:
        return int(tail, 16) if tail else None
    except ValueError:
        return None


_INDEXES = PerDatabase(OriginalIndex)


def original_index(session: Session) -> OriginalIndex:
    """The index of the session's database, up to date."""
    return _INDEXES.of(session).follow(session)
