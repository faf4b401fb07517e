"""Clauses as Meilisearch can be asked for them: a filter that decides what is found, and a score reckoned here.

Meilisearch's own ranking rules compare documents word by word through its own tokenizer; they cannot weigh a synonym, a
field and a typo against one another. The scores of `search.text_queries` are constants, so a document's fields say
what it is worth, here as in the embedded engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.engine import FACETS
from search.engines import meili_filters as filters
from search.engines.meili_documents import TELLING_FIELDS, document_id
from search.engines.meili_settings import MAX_VALUE, field_attribute, union_attribute
from search.relevance import TIE_BREAKER
from search.spelling import within_distance

#: A found document: field of `relevance`, facet or "id" → its values.
Entry = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Clause:
    """condition: the filter of what is found. telling: likewise, in title, keywords and organisations only.

    score: of a document, None for one that is not found.
    """

    condition: str
    telling: str
    score: Callable[[Entry], float | None]


class MeiliClauses:
    """`text_queries.Clauses`. typos: the words of the index that a form may have meant, within so many edits."""

    def __init__(self, typos: Callable[[str, int], Sequence[str]]) -> None:
        self._typos = typos

    def term(self, field: str, value: str, score: float) -> Clause:
        """See Clauses."""
        cut = value[:MAX_VALUE]
        found: Callable[[Entry], float | None] = lambda entry: score if cut in entry.get(field, ()) else None  # noqa: E731
        if field == "id":
            condition = filters.is_in("id", [document_id(value)])
            return Clause(condition, condition, lambda entry: score if value in entry["id"] else None)
        if field in FACETS:
            condition = filters.is_in(field, [value])
            return Clause(condition, condition, found)
        condition = filters.is_in(union_attribute(field), [value])
        return Clause(condition, _telling(field, lambda attribute: filters.is_in(attribute, [value])), found)

    def near(self, field: str, form: str, score: float, *, distance: int, prefix: bool) -> Clause:
        """See Clauses."""
        if prefix:
            start = form[:MAX_VALUE]
            return Clause(
                filters.starts_with(union_attribute(field), form),
                _telling(field, lambda attribute: filters.starts_with(attribute, form)),
                lambda entry: score if any(word.startswith(start) for word in entry.get(field, ())) else None,
            )
        meant = frozenset(word for word in self._typos(form, distance) if within_distance(form, word, distance))
        return Clause(
            filters.is_in(union_attribute(field), sorted(meant)),
            _telling(field, lambda attribute: filters.is_in(attribute, sorted(meant))),
            lambda entry: score if not meant.isdisjoint(entry.get(field, ())) else None,
        )

    def ids(self, ids: Collection[str]) -> Clause:
        """See Clauses."""
        wanted = frozenset(ids)
        condition = filters.is_in("id", map(document_id, sorted(wanted)))
        return Clause(condition, condition, lambda entry: None if wanted.isdisjoint(entry["id"]) else 0.0)

    def in_fields(self, weights: Mapping[str, float], value: str, worth: float) -> list[Clause]:
        """See Clauses."""
        return [self.term(field, value, weight * worth) for field, weight in weights.items()]

    def best_of(self, queries: Sequence[Clause]) -> Clause:
        """See Clauses."""

        def score(entry: Entry) -> float | None:
            scores = _scores(queries, entry)
            if not scores:
                return None
            best = max(scores)
            return best + TIE_BREAKER * (sum(scores) - best)

        return Clause(*_any_of(queries), score)

    def some_of(self, queries: Sequence[Clause], count: int) -> Clause:
        """See Clauses."""

        def score(entry: Entry) -> float | None:
            scores = _scores(queries, entry)
            return sum(scores) if len(scores) >= count else None

        return Clause(
            filters.at_least(count, [query.condition for query in queries]),
            filters.at_least(count, [query.telling for query in queries]),
            score,
        )

    def all_of(self, queries: Sequence[Clause]) -> Clause:
        """See Clauses."""
        return self.some_of(queries, len(queries))

    def ordered(self, found: Clause, extras: Iterable[Clause]) -> Clause:
        """See Clauses."""
        adding = list(extras)

        def score(entry: Entry) -> float | None:
            base = found.score(entry)
            return None if base is None else base + sum(_scores(adding, entry))

        return Clause(found.condition, found.telling, score)

    def flat(self, query: Clause, score: float) -> Clause:
        """See Clauses."""
        return Clause(query.condition, query.telling, lambda entry: None if query.score(entry) is None else score)

    def nothing(self) -> Clause:
        """See Clauses."""
        return Clause(filters.NEVER, filters.NEVER, lambda _entry: None)


def _scores(queries: Iterable[Clause], entry: Entry) -> list[float]:
    return [score for query in queries if (score := query.score(entry)) is not None]


def _any_of(queries: Sequence[Clause]) -> tuple[str, str]:
    return filters.any_of(query.condition for query in queries), filters.any_of(query.telling for query in queries)


def _telling(field: str, condition: Callable[[str], str]) -> str:
    return condition(field_attribute(field)) if field in TELLING_FIELDS else filters.NEVER
