"""From a plan and filters to the embedded engine's query objects.

No text goes through the engine's query parser: a few thousand brackets crash it, and `field:` reaches any
field. Fuzzy and prefix matches score flat there, so exact ones are kept above them by the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tantivy import Occur
from tantivy import Query as T

from search.analysis import normalise
from search.engines.embedded_fields import read_card, schema
from search.misconceptions import NO_LIFT, Lift
from search.plan import Plan
from search.relevance import CONCEPT_WEIGHTS, FIELD_WEIGHTS, TIE_BREAKER
from search.semantics import NOTHING_NEAR, Near
from search.text_queries import TextQueries, TextQuery

#: What a thing is called: the fields of suggestions, and their weights.
_NAMES = {"title": 1.0, "organisations": 0.5}


def match_all() -> Any:
    """Every document, with one score."""
    return T.const_score_query(T.all_query(), 1.0)


def filter_query(filters: Mapping[str, Sequence[str]]) -> list[Any]:
    """One query a facet, matching any of its values, adding nothing to the score."""
    return [_any_value(facet, values) for facet, values in filters.items() if values]


def all_of(queries: Iterable[Any], *, but_not: Iterable[Any] = ()) -> Any:
    """Documents that match every query and none of `but_not`."""
    clauses = [(Occur.Must, query) for query in queries]
    return T.boolean_query([*clauses, *((Occur.MustNot, query) for query in but_not)])


def beginning(typed: Sequence[str]) -> Any:
    """Entries in whose title or organisations every word occurs, the last one perhaps unfinished; titles first."""
    *whole, last = typed
    clauses = [_any_of([_const(field, normalise(word), weight) for field, weight in _NAMES.items()]) for word in whole]
    unfinished = [
        T.const_score_query(T.fuzzy_term_query(schema(), field, last, distance=0, prefix=True), weight)
        for field, weight in _NAMES.items()
    ]
    unfinished += [_const(field, normalise(last), weight) for field, weight in _NAMES.items()]
    return all_of([*clauses, _any_of(unfinished)])


def means(concept: str) -> Any:
    """Entries that mean a concept."""
    return _any_of([_const(field, concept, 1.0) for field in CONCEPT_WEIGHTS])


def text_query(
    plan: Plan,
    searcher: Any,
    lang: str,
    within: Sequence[Any] = (),
    near: Near = NOTHING_NEAR,
    lifted: Lift = NO_LIFT,
    *,
    enough: int,
) -> TextQuery[Any]:
    """What a plan finds within the filters, and its scores."""
    view = _View(searcher, within)
    text_queries = TextQueries[Any](plan, _Clauses(searcher), view, lang, near, lifted)
    text = text_queries.best_way(enough)
    return replace(text, ordered=text_queries.with_subjects(text, view.first_hits))


def inside(searcher: Any, within: Sequence[Any]) -> Callable[[Sequence[str]], Collection[str]] | None:
    """Tells which of some ids are within the filters; None where there are none."""
    if not within:
        return None

    def ask(ids: Sequence[str]) -> Collection[str]:
        wanted = all_of([T.const_score_query(T.term_set_query(schema(), "id", list(ids)), 0.0), *within])
        found = searcher.search(wanted, limit=len(ids), count=False).hits
        return [searcher.doc(address).get_first("id") for _score, address in found]

    return ask


class _Clauses:
    """`text_queries.Clauses` as tantivy's queries."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher

    def term(self, field: str, value: str, score: float) -> Any:
        return _const(field, value, score)

    def near(self, field: str, form: str, score: float, *, distance: int, prefix: bool) -> Any:
        """Nothing where no document has such a word: each search would build the automaton anew, of a megabyte or so."""
        query = T.const_score_query(T.fuzzy_term_query(schema(), field, form, distance=distance, prefix=prefix), score)
        return query if self._searcher.search(query, limit=1, count=False).hits else T.empty_query()

    def ids(self, ids: Collection[str]) -> Any:
        return _any_value("id", ids)

    def in_fields(self, weights: Mapping[str, float], value: str, worth: float) -> list[Any]:
        """A clause for a field without the value would only cost time."""
        return [
            _const(field, value, weight * worth)
            for field, weight in weights.items()
            if self._searcher.doc_freq(field, value)
        ]

    def best_of(self, queries: Sequence[Any]) -> Any:
        return T.disjunction_max_query(list(queries), TIE_BREAKER)

    def some_of(self, queries: Sequence[Any], count: int) -> Any:
        return T.boolean_query([(Occur.Should, query) for query in queries], minimum_number_should_match=count)

    def all_of(self, queries: Sequence[Any]) -> Any:
        return all_of(queries)

    def ordered(self, found: Any, extras: Iterable[Any]) -> Any:
        return T.boolean_query([(Occur.Must, found), *((Occur.Should, query) for query in extras)])

    def flat(self, query: Any, score: float) -> Any:
        return T.const_score_query(query, score)

    def nothing(self) -> Any:
        return T.empty_query()


class _View:
    """`text_queries.View` of a searcher."""

    def __init__(self, searcher: Any, within: Sequence[Any]) -> None:
        self._searcher, self._within = searcher, within
        self.documents, self.filtered = max(searcher.num_docs, 1), bool(within)

    def frequency(self, field: str, value: str) -> int:
        return int(self._searcher.doc_freq(field, value))

    def is_written(self, form: str) -> bool:
        return any(self._searcher.doc_freq(field, form) for field in FIELD_WEIGHTS)

    def is_met(self, query: Any) -> bool:
        return self.count(query) > 0

    def count(self, query: Any) -> int:
        return int(self._searcher.search(all_of([query, *self._within]), limit=1).count)

    def first_hits(self, query: Any, limit: int) -> list[tuple[float, Sequence[str]]]:
        """Score and themes of the first hits within the filters."""
        hits = self._searcher.search(all_of([query, *self._within]), limit=limit).hits
        return [(score, read_card(self._searcher.doc(address))["themes"]) for score, address in hits]


def _any_value(field: str, values: Collection[str]) -> Any:
    """The engine's own query for a set of terms builds an automaton of a megabyte: 2 ms a search for each filter."""
    terms = [T.term_query(schema(), field, value, "basic") for value in dict.fromkeys(values)]
    return T.const_score_query(terms[0] if len(terms) == 1 else _any_of(terms), 0.0)


def _any_of(queries: Sequence[Any]) -> Any:
    return T.boolean_query([(Occur.Should, query) for query in queries])


def _const(field: str, value: str, score: float) -> Any:
    return T.const_score_query(T.term_query(schema(), field, value, "basic"), score)
