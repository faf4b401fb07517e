"""From a plan and filters to the embedded engine's query objects.

No text goes through the engine's query parser: a few thousand brackets crash it, and `field:` reaches any
field. Fuzzy and prefix matches score flat there, so exact ones are kept above them by the weights.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tantivy import Occur
from tantivy import Query as T

from search.analysis import normalise
from search.engines.embedded_fields import read_card, schema
from search.misconceptions import MISINFORMATION, NO_LIFT, Lift
from search.plan import Need, Plan
from search.relevance import (
    BASIN_FACTOR,
    CONCEPT_WEIGHTS,
    DEALING_LIFT,
    FEEDBACK_FACTOR,
    FEEDBACK_HITS,
    FIELD_WEIGHTS,
    KIN_WEIGHTS,
    LANGUAGE_FACTOR,
    MIN_COVERAGE,
    PARTIAL_FACTOR,
    PREFIX_FACTOR,
    REQUIRED_SHARE,
    THEME_COVERAGE,
    THEME_FACTOR,
    TIE_BREAKER,
    TOOL_LIFT,
    TYPO_FACTOR,
)
from search.semantics import BLEND, NOTHING_NEAR, Near
from search.spelling import allowed_distance

#: What a thing is called: the fields of suggestions, and their weights.
_NAMES = {"title": 1.0, "organisations": 0.5}
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


class TextQueries:
    """The queries of one plan on one state of the index, from strict to loose.

    `within`: filters that every hit passes; a need that nothing there meets is not insisted on.
    """

    def __init__(
        self,
        plan: Plan,
        searcher: Any,
        lang: str,
        within: Sequence[Any] = (),
        near: Near = NOTHING_NEAR,
        lifted: Lift = NO_LIFT,
    ) -> None:
        self._searcher, self._within = searcher, within
        self._total = max(searcher.num_docs, 1)
        self._worth = {need: self._rarity(need) * need.weight for need in plan.needs}
        strong = [need for need in plan.required if not need.weak]
        certain = [need for need in strong if self._is_met(need)]
        if not self._cover(certain, strong):
            certain = []
        self.best = self._worth_of(plan.required) or self._worth_of(plan.needs)
        self._least = max(1, math.ceil(len(strong) * REQUIRED_SHARE))
        self._required = [self._need(need) for need in certain]
        self._extras = [self._need(need) for need in plan.needs if need not in certain]
        self._inner = [query for need in strong for query in self._parts_of(need)]
        if not certain and strong:  # every word may be mistyped or unfinished: then one entry must hold them all
            self._required, self._least = [self._need(need) for need in strong], len(strong)
        elif not strong:
            self._required, self._extras, self._least = self._extras, [], 1
        themed = [need for need in strong if need.themes]
        self._themes = set[str]()
        if not certain and self._worth_of(themed) >= THEME_COVERAGE * self._worth_of(strong):
            self._themes = {theme for need in themed for theme in need.themes}
        self._extras += [query for need in plan.needs for query in self._context_of(need)]
        self._extras.append(_const("language", lang, LANGUAGE_FACTOR * self.best))
        self._extras += [_const("id", id_, BLEND * self.best * score) for id_, score in near.scores.items()]
        near_hits = near.hits if certain else near.lone_hits
        self._beside = (
            [T.const_score_query(T.term_set_query(schema(), "id", sorted(near_hits)), 0.0)] if near_hits else []
        )
        self._beside += self._lifted(lifted)

    def _cover(self, met: Sequence[Need], asked: Sequence[Need]) -> bool:
        """Whether what can be met is about what is asked: a subject of ours, or enough of the words."""
        return any(need.themes for need in met) or self._worth_of(met) >= MIN_COVERAGE * self._worth_of(asked)

    def _worth_of(self, needs: Iterable[Need]) -> float:
        return sum(self._worth[need] for need in needs)

    def best_way(self, enough: int) -> Any:
        """The strictest query that finds `enough` by its words; the loosest where none does. Near ones come beside."""
        found, extras = self._strictest(enough)
        if self._beside:
            found = T.boolean_query([(Occur.Should, query) for query in (found, *self._beside)])
        found = _ordered(found, [*extras, *self._extras])
        return _ordered(found, self._subjects_of(found)) if FEEDBACK_FACTOR else found

    def _strictest(self, enough: int) -> tuple[Any, Sequence[Any]]:
        way: tuple[Any, Sequence[Any]] = (T.empty_query(), ())
        for way in self._ways():
            if self._searcher.search(all_of([way[0], *self._within]), limit=1).count >= enough:
                return way
        return way

    def _subjects_of(self, found: Any) -> Iterator[Any]:
        """The themes of the first hits, which the rest should share: what the query is about, said by its answers."""
        first = self._searcher.search(all_of([found, *self._within]), limit=FEEDBACK_HITS).hits
        share: Counter[str] = Counter()
        for score, address in first:
            for theme in read_card(self._searcher.doc(address))["themes"]:
                share[theme] += score
        total = sum(score for score, _address in first) or 1.0
        for theme, score in sorted(share.items()):
            rarity = self._rarity_of(self._searcher.doc_freq("theme", theme))
            yield _const("theme", theme, FEEDBACK_FACTOR * self.best * rarity * score / total)

    def _ways(self) -> Iterator[tuple[Any, Sequence[Any]]]:
        """From strict, every need met, to loose: fewer needs, down to `REQUIRED_SHARE` of them, then parts of them.

        Each with what only adds to its score.
        """
        for count in range(len(self._required), self._least - 1, -1):
            yield _some_of(self._required, count), self._inner
        if self._inner:
            yield _some_of([*self._required, *self._inner] if self._least == 1 else self._inner, 1), ()
        if self._themes:
            yield _any_of([_const("theme", theme, 0.0) for theme in sorted(self._themes)]), self._required

    def _is_met(self, need: Need) -> bool:
        """Whether an entry within the filters has the need's very words, relatives or concepts."""
        exact = self._need(need, approximately=False)
        if not self._within:
            known = any(
                self._searcher.doc_freq(field, concept) for concept in need.concepts for field in CONCEPT_WEIGHTS
            )
            if known:
                return True
        return bool(self._searcher.search(all_of([exact, *self._within]), limit=1).count)

    def _parts_of(self, need: Need) -> Iterator[Any]:
        """What a term of several words is made of, by itself: its words, and the concepts inside it."""
        worth = self._worth[need]
        if len(need.forms) > 1:
            for form, root in zip(need.forms, need.kin, strict=True):
                yield self._word(form, root, PARTIAL_FACTOR * worth)
        for concept in need.inner:
            yield self._concept(concept, PARTIAL_FACTOR * worth)

    def _rarity(self, need: Need) -> float:
        """0 to 1: how much meeting this need tells; the inverse document frequency of what meets it."""
        known = [self._searcher.doc_freq(field, concept) for concept in need.concepts for field in CONCEPT_WEIGHTS]
        if len(need.forms) == 1:
            known += [self._searcher.doc_freq(field, need.forms[0]) for field in FIELD_WEIGHTS]
            known += [self._searcher.doc_freq(field, need.kin[0]) for field in KIN_WEIGHTS]
        elif not known or not max(known):
            known += [min(max(self._searcher.doc_freq(field, form) for field in FIELD_WEIGHTS) for form in need.forms)]
        return self._rarity_of(max(known))

    def _rarity_of(self, frequency: int) -> float:
        return math.log(1 + self._total / (frequency + 0.5)) / math.log(1 + self._total / 0.5)

    def _need(self, need: Need, *, approximately: bool = True) -> Any:
        """What meets the need; `approximately` with mistyped and unfinished words too."""
        worth = self._worth[need]
        together = [
            self._word(
                form, root, worth / len(need.forms), near=approximately, prefix=need.prefix and form == need.forms[-1]
            )
            for form, root in zip(need.forms, need.kin, strict=True)
        ]
        words = together[0] if len(together) == 1 else T.boolean_query([(Occur.Must, word) for word in together])
        ways = [words, *(self._concept(concept, worth) for concept in need.concepts)]
        if need.corrected:
            ways.append(self._word(need.corrected, need.kin[0], TYPO_FACTOR * worth))
        if need.parts:
            ways.append(T.boolean_query([(Occur.Must, _kin(part, worth / len(need.parts))) for part in need.parts]))
        return ways[0] if len(ways) == 1 else T.disjunction_max_query(ways, TIE_BREAKER)

    def _word(self, form: str, root: str, worth: float, *, near: bool = False, prefix: bool = False) -> Any:
        ways = [_const(field, form, weight * worth) for field, weight in FIELD_WEIGHTS.items()]
        ways += [_const(field, root, weight * worth) for field, weight in KIN_WEIGHTS.items()]
        if near and not any(self._searcher.doc_freq(field, form) for field in FIELD_WEIGHTS):
            if prefix and len(form) >= _MIN_PREFIX:
                ways += _near(form, worth * PREFIX_FACTOR, distance=0, prefix=True)
            if limit := allowed_distance(form):
                ways += _near(form, worth * TYPO_FACTOR, distance=limit, prefix=False)
        return T.disjunction_max_query(ways, TIE_BREAKER)

    def _concept(self, concept: str, rarity: float) -> Any:
        ways = [_const(field, concept, weight * rarity) for field, weight in CONCEPT_WEIGHTS.items()]
        return T.disjunction_max_query(ways, TIE_BREAKER)

    def _lifted(self, lifted: Lift) -> Iterator[Any]:
        """What deals with the misconceptions that are said: hits whatever their words."""
        for tool in lifted.tools:
            yield _const("id", tool, TOOL_LIFT * self.best)
        for theme, concepts in lifted.dealing:
            means = [_const(field, concept, 1.0) for concept in concepts for field in CONCEPT_WEIGHTS]
            of_theme = _const("theme", theme, 1.0)
            dealing = all_of([of_theme, _any_of([_const("theme", MISINFORMATION, 1.0), *means])])
            yield T.const_score_query(dealing, DEALING_LIFT * self.best)

    def _context_of(self, need: Need) -> Iterator[Any]:
        """What brings a hit nearer without making one: its theme, its basin."""
        for basin in need.basins:
            yield _const("basin", basin, BASIN_FACTOR)
        for theme in need.themes:
            yield _const("theme", theme, THEME_FACTOR * self._worth[need] / len(need.themes))


def _ordered(found: Any, extras: Iterable[Any]) -> Any:
    """What is found, the extras adding to the score only."""
    return T.boolean_query([(Occur.Must, found), *((Occur.Should, query) for query in extras)])


def _any_of(queries: Sequence[Any]) -> Any:
    return T.boolean_query([(Occur.Should, query) for query in queries])


def _some_of(queries: Sequence[Any], count: int) -> Any:
    return T.boolean_query([(Occur.Should, query) for query in queries], minimum_number_should_match=count)


def _const(field: str, value: str, score: float) -> Any:
    return T.const_score_query(T.term_query(schema(), field, value, "basic"), score)


def _kin(root: str, worth: float) -> Any:
    return T.disjunction_max_query(
        [_const(field, root, weight * worth) for field, weight in KIN_WEIGHTS.items()], TIE_BREAKER
    )


def _near(form: str, worth: float, *, distance: int, prefix: bool) -> list[Any]:
    """Mistyped or unfinished words."""
    return [
        T.const_score_query(T.fuzzy_term_query(schema(), field, form, distance=distance, prefix=prefix), worth * weight)
        for field, weight in FIELD_WEIGHTS.items()
    ]
