"""Clauses that reckon with arrays: which slots are hits, and what they are worth.

A clause is asked for its hits once and for the worth of the hits of a search only, which are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engines.changes import Posting
from search.engines.columns import Columns
from search.engines.postings import GROUPS, Bools, Numbers
from search.relevance import TIE_BREAKER

Worths = NDArray[Any]

_MOST_BITS = max(map(len, GROUPS.values()))
_HAS_BIT = (np.arange(1 << _MOST_BITS)[:, None] >> np.arange(_MOST_BITS)) & 1  #: bits × place of a bit


class Clause:
    """Part of a query on one state of an index. No `cached_property`: its lock of 3.11 is one for all instances, and two
    searches that hold one class's and wait for another's would wait for ever.
    """

    _hits: Bools | None = None

    @property
    def hits(self) -> Bools:
        """Whether each slot matches."""
        if self._hits is None:
            self._hits = self._find()
        return self._hits

    def _find(self) -> Bools:
        raise NotImplementedError

    def worths(self, slots: Numbers) -> Worths:
        """Of these slots; 0 where they do not match."""
        raise NotImplementedError

    def matches(self, slots: Numbers) -> Bools:
        """Which of these slots match."""
        return self.hits[slots]


class Holds(Clause):
    """Slots that have a value in one field."""

    def __init__(self, posting: Posting, bit: int, worth: float) -> None:
        self.posting, self.bit, self.worth = posting, bit, worth

    def _find(self) -> Bools:
        return self.posting.hits(self.bit)

    def worths(self, slots: Numbers) -> Worths:
        worths: Worths = ((self.posting.at(slots) & self.bit) != 0) * np.float32(self.worth)
        return worths


class BestOf(Clause):
    """Any of several; the best worth, and `TIE_BREAKER` of the others. Fields of one value are looked up together."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._others = [clause for clause in clauses if not isinstance(clause, Holds)]
        self._fields: dict[int, tuple[Posting, dict[int, float]]] = {}
        for clause in clauses:
            if isinstance(clause, Holds):
                _posting, worths = self._fields.setdefault(id(clause.posting), (clause.posting, {}))
                if clause.bit in worths:
                    self._others.append(clause)
                else:
                    worths[clause.bit] = clause.worth

    def _find(self) -> Bools:
        found = [posting.hits(sum(worths)) for posting, worths in self._fields.values()]
        return _any([*found, *(clause.hits for clause in self._others)])

    def worths(self, slots: Numbers) -> Worths:
        best, total = np.zeros(len(slots), dtype=np.float32), np.zeros(len(slots), dtype=np.float32)
        for posting, worths in self._fields.values():
            each = np.zeros(_MOST_BITS, dtype=np.float32)
            for bit, of_bit in worths.items():
                each[bit.bit_length() - 1] = of_bit
            of_bits = _HAS_BIT * each
            fields = posting.at(slots)
            np.maximum(best, of_bits.max(axis=1).astype(np.float32)[fields], out=best)
            total += of_bits.sum(axis=1).astype(np.float32)[fields]
        for clause in self._others:
            worth = clause.worths(slots)
            np.maximum(best, worth, out=best)
            total += worth
        return best + np.float32(TIE_BREAKER) * (total - best)


class SomeOf(Clause):
    """At least so many of several; the sum of their worths."""

    def __init__(self, clauses: Sequence[Clause], count: int) -> None:
        self._clauses, self._count = clauses, count

    def _find(self) -> Bools:
        each = [clause.hits for clause in self._clauses]
        if self._count <= 1:
            return _any(each)
        if self._count >= len(each):
            return _all(each)
        found: Bools = np.add.reduce(each, dtype=np.uint16) >= self._count
        return found

    def worths(self, slots: Numbers) -> Worths:
        worths: Worths = _sum(self._clauses, slots) * self.matches(slots)
        return worths


class Ordered(Clause):
    """What one clause finds; the others add to its worth only."""

    def __init__(self, found: Clause, extras: Iterable[Clause]) -> None:
        self._found, self._extras = found, tuple(extras)

    def _find(self) -> Bools:
        return self._found.hits

    def worths(self, slots: Numbers) -> Worths:
        worths: Worths = (_sum(self._extras, slots) + self._found.worths(slots)) * self.matches(slots)
        return worths


class Flat(Clause):
    """What a clause finds, all for one worth."""

    def __init__(self, clause: Clause, worth: float) -> None:
        self._clause, self._worth = clause, worth

    def _find(self) -> Bools:
        return self._clause.hits

    def worths(self, slots: Numbers) -> Worths:
        return self.matches(slots) * np.float32(self._worth)


class These(Clause):
    """Given slots, for nothing."""

    def __init__(self, hits: Bools) -> None:
        self._hits = hits

    def worths(self, slots: Numbers) -> Worths:
        return np.zeros(len(slots), dtype=np.float32)


def everything(columns: Columns) -> Clause:
    """Every document."""
    return These(columns.alive)


def nothing(columns: Columns) -> Clause:
    """No document."""
    return These(np.zeros(columns.size, dtype=np.bool_))


def best(clause: Clause, slots: Numbers, count: int) -> list[tuple[float, int]]:
    """Worth and slot of the best `count` of these slots, best first; equals by slot."""
    worths = clause.worths(slots)
    if count < len(worths):
        least = np.partition(worths, len(worths) - count)[len(worths) - count]
        kept = np.flatnonzero(worths >= least)
        slots, worths = slots[kept], worths[kept]
    order = np.argsort(-worths, kind="stable")[:count]
    return list(zip(worths[order].tolist(), slots[order].tolist(), strict=True))


def first(rank: Numbers, slots: Numbers, count: int) -> list[int]:
    """The first `count` of these slots by rank."""
    ranks = rank[slots]
    if count < len(slots):
        kept = np.argpartition(ranks, count)[:count]
        slots, ranks = slots[kept], ranks[kept]
    found: list[int] = slots[np.argsort(ranks)].tolist()
    return found


def _any(each: Sequence[Bools]) -> Bools:
    return each[0] if len(each) == 1 else np.logical_or.reduce(each)


def _all(each: Sequence[Bools]) -> Bools:
    return each[0] if len(each) == 1 else np.logical_and.reduce(each)


def _sum(clauses: Iterable[Clause], slots: Numbers) -> Any:
    total = np.zeros(len(slots), dtype=np.float32)
    for clause in clauses:
        total += clause.worths(slots)
    return total
