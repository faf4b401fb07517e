"""Changes on their way to the search indexes.

Every live index is registered by name and acknowledges rows by itself; a row is deleted when all have it. A row
is pending for an index while that index has not acknowledged it, whatever its number: on PostgreSQL a lower
number can commit later. An index unseen for `FORGET_AFTER` is dropped from the register, so that it cannot hold
the rows for ever; when it returns it is not registered, and must be rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.models import Acknowledgement, LiveIndex, OutboxRow

FORGET_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PendingChange:
    """An outbox row: look at this resource again. It says nothing about what changed."""

    sequence: int
    resource_id: str


def register_index(session: Session, name: str, *, now: datetime) -> None:
    """Make an index live; its rebuild reads the catalogue after this. Repeating it only says "still there"."""
    session.execute(sa.delete(LiveIndex).where(LiveIndex.seen_at < now - FORGET_AFTER, LiveIndex.name != name))
    _delete_confirmed(session)  # those that only a forgotten index kept
    seen = sa.update(LiveIndex).where(LiveIndex.name == name).values(seen_at=now).returning(LiveIndex.name)
    if session.scalar(seen) is None:
        try:
            with session.begin_nested():
                session.execute(sa.insert(LiveIndex).values(name=name, seen_at=now))
        except IntegrityError:  # another process registered it at the same moment
            session.execute(seen)


def forget_index(session: Session, name: str) -> None:
    """Take an index out of the register: no row waits for it any more. An unknown name changes nothing."""
    session.execute(sa.delete(LiveIndex).where(LiveIndex.name == name))
    _delete_confirmed(session)


def is_registered(session: Session, name: str) -> bool:
    """False for an index that was never built, or was away so long that rows were deleted without it."""
    return session.scalar(sa.select(LiveIndex.name).where(LiveIndex.name == name)) is not None


def pending_changes(session: Session, name: str, *, limit: int | None = None) -> list[PendingChange]:
    """Changes that this index has not confirmed, oldest first."""
    confirmed = sa.exists().where(Acknowledgement.sequence == OutboxRow.sequence, Acknowledgement.index_name == name)
    query = sa.select(OutboxRow.sequence, OutboxRow.resource_id).where(~confirmed).order_by(OutboxRow.sequence)
    return [PendingChange(*row) for row in session.execute(query.limit(limit))]


def acknowledge(session: Session, name: str, sequences: Iterable[int]) -> None:
    """This index has confirmed these rows. Repeating it changes nothing; an index that is not live has no say.

    The rows are locked: of two indexes that confirm at once, the second sees what the first confirmed, or neither
    would delete the row.
    """
    live = sa.select(LiveIndex.name).where(LiveIndex.name == name).with_for_update(read=True, key_share=True)
    if session.scalar(live) is None:
        return
    for chunk in _chunks(sorted(set(sequences))):
        rows = sa.select(OutboxRow.sequence).where(OutboxRow.sequence.in_(chunk)).order_by(OutboxRow.sequence)
        there = set(session.scalars(rows.with_for_update()))
        done = sa.select(Acknowledgement.sequence).where(
            Acknowledgement.index_name == name, Acknowledgement.sequence.in_(chunk)
        )
        if new := there - set(session.scalars(done)):
            confirmed = [{"index_name": name, "sequence": sequence} for sequence in sorted(new)]
            session.execute(sa.insert(Acknowledgement), confirmed)
    _delete_confirmed(session)


def backlog(session: Session) -> tuple[int, datetime | None]:
    """How many rows wait for at least one index, and since when the oldest does."""
    count, oldest = session.execute(sa.select(sa.func.count(), sa.func.min(OutboxRow.at))).one()
    return count, oldest


def _delete_confirmed(session: Session) -> None:
    """Delete every row that all live indexes have confirmed."""
    live = session.scalar(sa.select(sa.func.count()).select_from(LiveIndex))
    confirmed = session.scalars(
        sa.select(Acknowledgement.sequence).group_by(Acknowledgement.sequence).having(sa.func.count() >= live)
    )
    for chunk in _chunks(list(confirmed)):
        session.execute(sa.delete(OutboxRow).where(OutboxRow.sequence.in_(chunk)))


def _chunks(values: list[int], size: int = 500) -> Iterable[list[int]]:
    return (values[start : start + size] for start in range(0, len(values), size))
