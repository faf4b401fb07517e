"""From a plan and filters to the embedded engine's query objects.

No text goes through the engine's query parser: a few thousand brackets crash it, and `field:` reaches any
field. Fuzzy and prefix matches score flat there, so exact ones are kept above them by the weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tantivy import Occur
from tantivy import Query as T

from search.engines.embedded_fields import schema
from search.plan import Need, Plan
from search.relevance import (
    CONCEPT_WEIGHTS,
    FIELD_WEIGHTS,
    PREFIX_SCORE,
    REQUIRED_SHARE,
    SYNONYM_FACTOR,
    TIE_BREAKER,
    TYPO_SCORE,
)
from search.spelling import allowed_distance

_MIN_PREFIX = 2  #: letters; below that an unfinished word would match nearly everything


def match_all() -> Any:
    """Every document, with one score."""
    return T.const_score_query(T.all_query(), 1.0)


def filter_query(filters: Mapping[str, Sequence[str]]) -> list[Any]:
    """One query a facet, matching any of its values, adding nothing to the score."""
    return [
        T.const_score_query(T.term_set_query(schema(), facet, list(values)), 0.0)
        for facet, values in filters.items()
        if values
    ]


def all_of(queries: Iterable[Any], *, but_not: Iterable[Any] = ()) -> Any:
    """Documents that match every query and none of `but_not`."""
    clauses = [(Occur.Must, query) for query in queries]
    return T.boolean_query([*clauses, *((Occur.MustNot, query) for query in but_not)])


class TextQueries:
    """The queries of one plan on one state of the index, from strict to loose."""

    def __init__(self, plan: Plan, searcher: Any) -> None:
        self._searcher = searcher
        self._required = [self._need(need) for need in plan.required]
        self._optional = [self._need(need) for need in plan.needs if need.optional]

    def ways(self) -> Iterator[Any]:
        """From strict, every need met, to loose: ever fewer needs, down to `REQUIRED_SHARE` of them."""
        most, least = len(self._required), max(1, math.ceil(len(self._required) * REQUIRED_SHARE))
        for count in range(max(most, 1), least - 1, -1):
            yield self._at_least(count)

    def _at_least(self, count: int) -> Any:
        clauses = [(Occur.Should, query) for query in (*self._required, *self._optional)]
        if not self._required:
            return T.boolean_query(clauses, minimum_number_should_match=1)
        required = T.boolean_query(
            [(Occur.Should, query) for query in self._required], minimum_number_should_match=count
        )
        return T.boolean_query([(Occur.Must, required), *((Occur.Should, query) for query in self._optional)])

    def _need(self, need: Need) -> Any:
        together = [self._word(form, prefix=need.prefix and form is need.forms[-1]) for form in need.forms]
        words = together[0] if len(together) == 1 else T.boolean_query([(Occur.Must, word) for word in together])
        if not need.concepts:
            return words
        return T.disjunction_max_query([words, *map(_concept, need.concepts)], TIE_BREAKER)

    def _word(self, form: str, *, prefix: bool) -> Any:
        ways = [
            T.boost_query(T.term_query(schema(), field, form, "freq"), weight)
            for field, weight in FIELD_WEIGHTS.items()
        ]
        if prefix and len(form) >= _MIN_PREFIX:
            ways += _flat(form, PREFIX_SCORE, distance=0, prefix=True)
        limit = allowed_distance(form)
        if limit and not any(self._searcher.doc_freq(field, form) for field in FIELD_WEIGHTS):
            ways += _flat(form, TYPO_SCORE, distance=limit, prefix=False)
        return T.disjunction_max_query(ways, TIE_BREAKER)


def _concept(concept: str) -> Any:
    ways = [
        T.boost_query(T.term_query(schema(), field, concept, "freq"), weight * SYNONYM_FACTOR)
        for field, weight in CONCEPT_WEIGHTS.items()
    ]
    return T.disjunction_max_query(ways, TIE_BREAKER)


def _flat(form: str, score: float, *, distance: int, prefix: bool) -> list[Any]:
    """Near or unfinished matches, worth `score` in an average field and more in a title."""
    return [
        T.const_score_query(
            T.fuzzy_term_query(schema(), field, form, distance=distance, prefix=prefix), score * weight / 4.0
        )
        for field, weight in FIELD_WEIGHTS.items()
    ]
