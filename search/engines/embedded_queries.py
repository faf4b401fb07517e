"""From a plan, or what is being typed, to the embedded engine's clauses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from search.analysis import normalise
from search.engines.columns import Columns
from search.engines.embedded_clauses import BestOf, Clause, Flat, Holds, Ordered, SomeOf, These, best, nothing
from search.engines.postings import Bools, place_of
from search.misconceptions import NO_LIFT, Lift
from search.plan import Plan
from search.relevance import CONCEPT_WEIGHTS
from search.semantics import NOTHING_NEAR, Near
from search.text_queries import TextQueries, TextQuery

#: What a thing is called: the fields of suggestions, and their weights.
_NAMES = {"title": 1.0, "organisations": 0.5}


def beginning(columns: Columns, typed: Sequence[str]) -> Clause:
    """Entries in whose title or organisations every word occurs, the last one perhaps unfinished; titles first."""
    *whole, last = typed
    postings = [[columns.posting("word", normalise(word))] for word in whole]
    postings.append([columns.beginning(last), columns.posting("word", normalise(last))])
    words = [
        SomeOf([Holds(posting, place_of(name)[1], worth) for posting in ways for name, worth in _NAMES.items()], 1)
        for ways in postings
    ]
    return SomeOf(words, len(words))


def means(columns: Columns, concept: str) -> Clause:
    """Entries that mean a concept."""
    posting = columns.posting("concept", concept)
    return SomeOf([Holds(posting, place_of(field)[1], 1.0) for field in CONCEPT_WEIGHTS], 1)


def text_query(
    plan: Plan,
    columns: Columns,
    lang: str,
    within: Bools | None,
    near: Near = NOTHING_NEAR,
    lifted: Lift = NO_LIFT,
    *,
    enough: int,
) -> TextQuery[Clause]:
    """What a plan finds within the filters (None: there are none), and its worth."""
    view = _View(columns, within)
    text_queries = TextQueries[Clause](plan, _Clauses(columns), view, lang, near, lifted)
    text = text_queries.best_way(enough)
    return replace(text, ordered=text_queries.with_subjects(text, view.first_hits))


def inside(columns: Columns, within: Bools | None) -> Callable[[Sequence[str]], Collection[str]] | None:
    """Tells which of some ids are within the filters; None where there are none."""
    if within is None:
        return None

    def ask(ids: Sequence[str]) -> Collection[str]:
        slots = ((id_, columns.slot_of(id_)) for id_ in ids)
        return [id_ for id_, slot in slots if slot is not None and within[slot]]

    return ask


class _Clauses:
    """`text_queries.Clauses` on arrays."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def term(self, field: str, value: str, score: float) -> Clause:
        group, bit = place_of(field)
        return Holds(self._columns.posting(group, value), bit, score)

    def near(self, field: str, form: str, score: float, *, distance: int, prefix: bool) -> Clause:
        """Unfinished or mistyped; one that is both asks for too much."""
        columns = self._columns
        posting = columns.beginning(form) if prefix else columns.resembling(form, distance)
        return Holds(posting, place_of(field)[1], score)

    def ids(self, ids: Collection[str]) -> Clause:
        found = np.zeros(self._columns.size, dtype=np.bool_)
        found[[slot for id_ in ids if (slot := self._columns.slot_of(id_)) is not None]] = True
        return These(found)

    def in_fields(self, weights: Mapping[str, float], value: str, worth: float) -> list[Clause]:
        """A clause for a field without the value would only cost time."""
        return [
            self.term(field, value, weight * worth)
            for field, weight in weights.items()
            if self._columns.frequency(field, value)
        ]

    def best_of(self, queries: Sequence[Clause]) -> Clause:
        return BestOf(queries) if queries else self.nothing()

    def some_of(self, queries: Sequence[Clause], count: int) -> Clause:
        return SomeOf(queries, count) if queries else self.nothing()

    def all_of(self, queries: Sequence[Clause]) -> Clause:
        return self.some_of(queries, len(queries))

    def ordered(self, found: Clause, extras: Iterable[Clause]) -> Clause:
        return Ordered(found, extras)

    def flat(self, query: Clause, score: float) -> Clause:
        return Flat(query, score)

    def nothing(self) -> Clause:
        return nothing(self._columns)


class _View:
    """`text_queries.View` of a state, seen through filters."""

    def __init__(self, columns: Columns, within: Bools | None) -> None:
        self._columns, self.filtered = columns, within is not None
        self._within = columns.alive if within is None else within
        self.documents = max(columns.documents, 1)

    def frequency(self, field: str, value: str) -> int:
        return self._columns.frequency(field, value)

    def is_written(self, form: str) -> bool:
        return self._columns.is_written("word", form)

    def is_met(self, query: Clause) -> bool:
        return bool((query.hits & self._within).any())

    def count(self, query: Clause) -> int:
        return int(np.count_nonzero(query.hits & self._within))

    def first_hits(self, query: Clause, limit: int) -> list[tuple[float, Sequence[str]]]:
        """Score and themes of the first hits within the filters."""
        found = best(query, np.flatnonzero(query.hits & self._within), limit)
        return [(worth, self._columns.values_of("theme", slot)) for worth, slot in found]
