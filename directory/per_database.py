"""What a process keeps in memory of a database: one thing for each, gone when the database's engine is."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

Kept = TypeVar("Kept")


class PerDatabase(Generic[Kept]):
    """One `Kept` a database, made when it is first asked for. Safe from several threads."""

    def __init__(self, make: Callable[[], Kept]) -> None:
        self._make = make
        self._kept: weakref.WeakKeyDictionary[sa.Engine, Kept] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, session: Session) -> Kept:
        """That of the session's database."""
        bind = session.get_bind()
        engine = bind if isinstance(bind, sa.Engine) else bind.engine
        with self._lock:
            found = self._kept.get(engine)
            if found is None:
                found = self._kept[engine] = self._make()
            return found
