"""Answers that an engine gave on one view of its index, so that the same question costs nothing twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """So many answers, all of the view asked last; the one not asked for longest goes first. Safe from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._view: Any = None
        self._answers: OrderedDict[Hashable, T] = OrderedDict()

    def recall(self, view: Any, question: Hashable, answer: Callable[[], T]) -> T:
        """What was answered on this very view; else `answer()`, which is then remembered."""
        with self._lock:
            if self._view is not view:  # what an older one answered would hold on to it
                self._view = view
                self._answers.clear()
            elif question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]
        given = answer()
        with self._lock:
            if self._view is view:
                self._answers[question] = given
                if len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return given
