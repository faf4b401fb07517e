"""Rows that are kept in memory as they are compared; only those that changed since are read again."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, Self, TypeVar

from sqlalchemy.orm import Session

Row = TypeVar("Row")
_BATCH = 500  #: rows that are read at once


class FollowedRows(ABC, Generic[Row]):
    """Follows a table by what its rows say of themselves. Safe from several threads."""

    def __init__(self) -> None:
        self._marks: Mapping[str, Hashable] = {}
        self._lock = threading.RLock()

    def follow(self, session: Session) -> Self:
        """Bring it up to date with what the session sees. The first call reads the whole table.

        A session that is one consistent view (`Database.read`) is looked at once.
        """
        if session.info.get(self):
            return self
        present = self._read_marks(session)
        with self._lock:
            for gone in self._marks.keys() - present.keys():
                self._drop(gone)
            changed = [one for one, mark in present.items() if self._marks.get(one) != mark]
            for start in range(0, len(changed), _BATCH):
                for row in self._read(session, changed[start : start + _BATCH]):
                    self._put(row)
            self._marks = present
        session.info[self] = session.info.get("is_snapshot", False)
        return self

    @abstractmethod
    def _read_marks(self, session: Session) -> Mapping[str, Hashable]:
        """id → what tells that the row is another than it was."""

    @abstractmethod
    def _read(self, session: Session, ids: Sequence[str]) -> Iterable[Row]:
        """The rows with these ids, as they stand."""

    @abstractmethod
    def _put(self, row: Row) -> None:
        """Take a row in, or in place of what it was."""

    @abstractmethod
    def _drop(self, row_id: str) -> None:
        """Forget a row."""
