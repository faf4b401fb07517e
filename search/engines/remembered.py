"""Answers that an engine gave on one view of its index, so that the same question costs nothing twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """So many answers; the one not asked for longest goes first. Safe from any thread.

    An answer holds on to its view: while it is remembered, no other view can have the same identity.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[Any, T]] = OrderedDict()

    def recall(self, view: Any, question: Hashable, answer: Callable[[], T]) -> T:
        """What was answered on this very view; else `answer()`, which is then remembered."""
        key = (id(view), question)
        with self._lock:
            if (known := self._answers.get(key)) and known[0] is view:
                self._answers.move_to_end(key)
                return known[1]
        given = answer()
        with self._lock:
            self._answers[key] = view, given
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return given
