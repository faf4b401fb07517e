"""From a plan to what is a hit and what it is worth: the one reading of a text for every engine.

An engine lends its clauses (`Clauses`: how it says "this word in that field") and its eyes (`View`: how often a word
occurs, how much a query finds); which clauses make a query is decided here, so that engines cannot differ in it.

Longer than 300 lines: one reading of a text; its parts are understood together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from search.misconceptions import MISINFORMATION, NO_LIFT, Lift
from search.plan import Need, Plan
from search.relevance import (
    BASIN_FACTOR,
    CONCEPT_WEIGHTS,
    DEALING_LIFT,
    ELSEWHERE_COVERAGE,
    FEEDBACK_FACTOR,
    FEEDBACK_HITS,
    FEEDBACK_MOST,
    FIELD_WEIGHTS,
    KIN_WEIGHTS,
    LANGUAGE_FACTOR,
    MIN_COVERAGE,
    PARTIAL_FACTOR,
    PREFIX_FACTOR,
    THEME_COVERAGE,
    THEME_FACTOR,
    TOOL_LIFT,
    TYPO_FACTOR,
)
from search.semantics import BLEND, NOTHING_NEAR, Near
from search.spelling import allowed_distance

MIN_PREFIX = 2  #: letters; below that an unfinished word would match nearly everything
Q = TypeVar("Q")
Q_contra = TypeVar("Q_contra", contravariant=True)


class Clauses(Protocol[Q]):
    """What queries are made of. Scores are constants: an engine's own formula plays no part."""

    def term(self, field: str, value: str, score: float) -> Q:
        """Documents with the value in a field of `relevance`, a facet, or the id."""

    def near(self, field: str, form: str, score: float, *, distance: int, prefix: bool) -> Q:
        """Documents with a word within so many edits in a text field, or one that begins so."""

    def ids(self, ids: Collection[str]) -> Q:
        """These documents, for no score."""

    def in_fields(self, weights: Mapping[str, float], value: str, worth: float) -> list[Q]:
        """The value in each of the fields, for its weight × worth; fields without it anywhere may be left out."""

    def best_of(self, queries: Sequence[Q]) -> Q:
        """Any of them; the best score, and `TIE_BREAKER` of the others."""

    def some_of(self, queries: Sequence[Q], count: int) -> Q:
        """At least so many of them; the sum of the scores."""

    def all_of(self, queries: Sequence[Q]) -> Q:
        """All of them; the sum of the scores."""

    def ordered(self, found: Q, extras: Iterable[Q]) -> Q:
        """What is found, the extras adding to the score only."""

    def flat(self, query: Q, score: float) -> Q:
        """What the query finds, all for one score."""

    def nothing(self) -> Q:
        """No document."""


@dataclass(frozen=True)
class TextQuery(Generic[Q]):
    """`found` matches the hits, cheaply; `ordered` matches the same and scores them. `count`: hits by words, within
    the filters.
    """

    found: Q
    ordered: Q
    count: int = 0


class View(Protocol[Q_contra]):
    """One state of an index, seen through the filters of a search."""

    documents: int  #: in the whole index, at least 1
    filtered: bool  #: whether there are filters

    def frequency(self, field: str, value: str) -> int:
        """How many documents of the whole index have the value in the field."""

    def is_written(self, form: str) -> bool:
        """Whether any text field of the whole index holds the form."""

    def is_met(self, query: Q_contra) -> bool:
        """Whether the query finds anything within the filters."""

    def count(self, query: Q_contra) -> int:
        """How many documents it finds within the filters."""


class TextQueries(Generic[Q]):
    """The queries of one plan on one state of an index, from strict to loose.

    A need that nothing within the filters meets is not insisted on.
    """

    def __init__(
        self,
        plan: Plan,
        clauses: Clauses[Q],
        view: View[Q],
        lang: str,
        near: Near = NOTHING_NEAR,
        lifted: Lift = NO_LIFT,
    ) -> None:
        self._c, self._view = clauses, view
        plan = replace(plan, needs=tuple(dict.fromkeys(map(self._as_written, plan.needs))))
        self._worth = {need: self._rarity(need) * need.weight for need in plan.needs}
        strong = [need for need in plan.required if not need.weak]
        certain = [need for need in strong if self._is_met(need)]
        self._elsewhere = plan.elsewhere if near.elsewhere is None else near.elsewhere
        if not self._cover(certain, strong):
            certain = []
        self.best = self._worth_of(plan.required) or self._worth_of(plan.needs)
        self._least = max(1, len(certain)) if near.elsewhere else 1
        self._required = [self._need(need) for need in certain]
        self._extras = [self._need(need) for need in plan.needs if need not in certain]
        self._inner = [] if near.elsewhere else [query for need in strong for query in self._parts_of(need)]
        if not certain and strong and not near.elsewhere:
            # every word may be mistyped or unfinished: then one entry must hold them all
            self._required, self._least = [self._need(need) for need in strong], len(strong)
        elif not strong:
            self._required, self._extras, self._least = self._extras, [], 1
        themed = [need for need in strong if need.themes]
        self._themes = set[str]()
        if not self._elsewhere and not certain and self._worth_of(themed) >= THEME_COVERAGE * self._worth_of(strong):
            self._themes = {theme for need in themed for theme in need.themes}
        self._extras += [query for need in plan.needs for query in self._context_of(need)]
        self._extras.append(clauses.term("language", lang, LANGUAGE_FACTOR * self.best))
        self._extras += [clauses.term("id", id_, BLEND * self.best * score) for id_, score in dict(near.scores).items()]
        near_hits = near.hits if certain else near.lone_hits
        self._beside = [clauses.ids(sorted(near_hits))] if near_hits else []
        self._beside += self._lifted(lifted)

    def best_way(self, enough: int) -> TextQuery[Q]:
        """The strictest query that finds `enough` by its words; the loosest where none does. Near ones come beside."""
        found, extras, count = self._strictest(enough)
        if self._beside:
            found = self._c.some_of([found, *self._beside], 1)
        return TextQuery(found, self._c.ordered(found, [*extras, *self._extras]), count)

    def with_subjects(
        self, text: TextQuery[Q], first_hits: Callable[[Q, int], Sequence[tuple[float, Iterable[str]]]]
    ) -> Q:
        """`text.ordered`, nearer where a hit shares the themes of the first ones: what the query is about, said by its
        answers.

        first_hits: (score, themes) of so many hits of a query within the filters, best first.
        """
        if text.count > FEEDBACK_MOST:
            return text.ordered
        first = first_hits(text.ordered, FEEDBACK_HITS)
        share: dict[str, float] = {}
        for score, themes in first:
            for theme in themes:
                share[theme] = share.get(theme, 0.0) + score
        total = sum(score for score, _themes in first) or 1.0
        subjects = [
            self._c.term(
                "theme",
                theme,
                FEEDBACK_FACTOR * self.best * self._rarity_of(self._view.frequency("theme", theme)) * score / total,
            )
            for theme, score in sorted(share.items())
        ]
        return self._c.ordered(text.ordered, subjects)

    def _as_written(self, need: Need) -> Need:
        """A need without its correction where entries have the word as it was typed: then it is no mistake."""
        if need.corrected and any(self._view.frequency(field, need.forms[0]) for field in FIELD_WEIGHTS):
            return replace(need, corrected=None, concepts=(), themes=())
        return need

    def _cover(self, met: Sequence[Need], asked: Sequence[Need]) -> bool:
        """Whether what can be met is about what is asked: a subject of ours, or enough of the words."""
        covered = self._worth_of(met) / (self._worth_of(asked) or 1.0)
        if self._elsewhere:
            return covered >= ELSEWHERE_COVERAGE
        return any(need.themes for need in met) or covered >= MIN_COVERAGE

    def _worth_of(self, needs: Iterable[Need]) -> float:
        return sum(self._worth[need] for need in needs)

    def _strictest(self, enough: int) -> tuple[Q, Sequence[Q], int]:
        way: tuple[Q, Sequence[Q]] = (self._c.nothing(), ())
        count = 0
        for way in self._ways():
            count = self._view.count(way[0])
            if count >= enough:
                break
        return (*way, count)

    def _ways(self) -> Iterator[tuple[Q, Sequence[Q]]]:
        """From strict, every need met, to loose: fewer needs, down to one, then parts of them.

        Each with what only adds to its score.
        """
        for count in range(len(self._required), self._least - 1, -1):
            yield self._c.some_of(self._required, count), self._inner
        if self._inner:
            parts = [*self._required, *self._inner] if self._least == 1 else self._inner
            yield self._c.some_of(parts, 1), ()
        if self._themes:
            themes = [self._c.term("theme", theme, 0.0) for theme in sorted(self._themes)]
            yield self._c.some_of(themes, 1), self._required

    def _is_met(self, need: Need) -> bool:
        """Whether an entry within the filters has the need's very words, relatives or concepts."""
        if not self._view.filtered:
            known = any(self._view.frequency(field, concept) for concept in need.concepts for field in CONCEPT_WEIGHTS)
            if known:
                return True
        return self._view.is_met(self._need(need, approximately=False))

    def _parts_of(self, need: Need) -> Iterator[Q]:
        """What a term of several words is made of, by itself: its words, and the concepts inside it."""
        worth = self._worth[need]
        if len(need.forms) > 1:
            for form, root in zip(need.forms, need.kin, strict=True):
                yield self._word(form, root, PARTIAL_FACTOR * worth)
        for concept in need.inner:
            yield self._concept(concept, PARTIAL_FACTOR * worth)

    def _rarity(self, need: Need) -> float:
        """0 to 1: how much meeting this need tells; the inverse document frequency of what meets it."""
        frequency = self._view.frequency
        known = [frequency(field, concept) for concept in need.concepts for field in CONCEPT_WEIGHTS]
        if len(need.forms) == 1:
            known += [frequency(field, need.forms[0]) for field in FIELD_WEIGHTS]
            known += [frequency(field, need.kin[0]) for field in KIN_WEIGHTS]
        elif not known or not max(known):
            known += [min(max(frequency(field, form) for field in FIELD_WEIGHTS) for form in need.forms)]
        return self._rarity_of(max(known))

    def _rarity_of(self, frequency: int) -> float:
        documents = self._view.documents
        return math.log(1 + documents / (frequency + 0.5)) / math.log(1 + documents / 0.5)

    def _need(self, need: Need, *, approximately: bool = True) -> Q:
        """What meets the need; `approximately` with mistyped and unfinished words too."""
        worth = self._worth[need]
        together = [
            self._word(
                form, root, worth / len(need.forms), near=approximately, prefix=need.prefix and form == need.forms[-1]
            )
            for form, root in zip(need.forms, need.kin, strict=True)
        ]
        words = together[0] if len(together) == 1 else self._c.all_of(together)
        ways = [words, *(self._concept(concept, worth) for concept in need.concepts)]
        if need.corrected:
            ways.append(self._word(need.corrected, need.kin[0], TYPO_FACTOR * worth))
        if need.parts:
            parts = [
                self._best_of(self._c.in_fields(KIN_WEIGHTS, part, worth / len(need.parts))) for part in need.parts
            ]
            ways.append(self._c.all_of(parts))
            if need.inner:
                share = worth / len(need.inner)
                ways.append(self._c.all_of([self._concept(concept, share) for concept in need.inner]))
        return self._best_of(ways)

    def _word(self, form: str, root: str, worth: float, *, near: bool = False, prefix: bool = False) -> Q:
        ways = [*self._c.in_fields(FIELD_WEIGHTS, form, worth), *self._c.in_fields(KIN_WEIGHTS, root, worth)]
        if near and not self._view.is_written(form):
            if prefix and len(form) >= MIN_PREFIX:
                ways += self._near(form, worth * PREFIX_FACTOR, distance=0, prefix=True)
            if limit := allowed_distance(form):
                ways += self._near(form, worth * TYPO_FACTOR, distance=limit, prefix=False)
        return self._best_of(ways)

    def _near(self, form: str, worth: float, *, distance: int, prefix: bool) -> list[Q]:
        """Mistyped or unfinished words."""
        return [
            self._c.near(field, form, worth * weight, distance=distance, prefix=prefix)
            for field, weight in FIELD_WEIGHTS.items()
        ]

    def _concept(self, concept: str, worth: float) -> Q:
        return self._best_of(self._c.in_fields(CONCEPT_WEIGHTS, concept, worth))

    def _best_of(self, ways: Sequence[Q]) -> Q:
        if not ways:
            return self._c.nothing()
        return ways[0] if len(ways) == 1 else self._c.best_of(ways)

    def _lifted(self, lifted: Lift) -> Iterator[Q]:
        """What deals with the misconceptions that are said: hits whatever their words."""
        for tool in lifted.tools:
            yield self._c.term("id", tool, TOOL_LIFT * self.best)
        for theme, concepts in lifted.dealing:
            means = [self._c.term(field, concept, 1.0) for concept in concepts for field in CONCEPT_WEIGHTS]
            deals = self._c.some_of([self._c.term("theme", MISINFORMATION, 1.0), *means], 1)
            yield self._c.flat(self._c.all_of([self._c.term("theme", theme, 1.0), deals]), DEALING_LIFT * self.best)

    def _context_of(self, need: Need) -> Iterator[Q]:
        """What brings a hit nearer without making one: its theme, its basin."""
        for basin in need.basins:
            yield self._c.term("basin", basin, BASIN_FACTOR)
        for theme in need.themes:
            yield self._c.term("theme", theme, THEME_FACTOR * self._worth[need] / len(need.themes))
