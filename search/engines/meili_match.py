"""From a plan to the documents that Meilisearch is to count as hits: typos resolved, needs relaxed.

The same law as the embedded engine's: every need is asked for; with fewer than `ENOUGH_HITS` hits one need less, down
to `REQUIRED_SHARE` of them. A typo counts only where nobody writes the word so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from search.engines import meili_filters as filters
from search.engines import meili_settings as settings
from search.engines.meili_client import Deadline, MeiliClient
from search.engines.meili_ranking import Rarity
from search.plan import Plan
from search.relevance import ENOUGH_HITS, REQUIRED_SHARE
from search.spelling import allowed_distance, within_distance

_FEW_NEEDS = 6  #: up to here every level is counted at once; beyond, halving finds the level with fewer questions


@dataclass(frozen=True)
class Match:
    """The condition of a hit, what puts one among the first to be ranked, and what ranking needs to know."""

    condition: str
    telling: str
    plan: Plan
    typos: dict[str, tuple[str, ...]]
    rarity: Rarity


class Matcher:
    """Finds out what one plan means on one index, within the filters of one query."""

    def __init__(self, client: MeiliClient, uid: str, plan: Plan, within: str, deadline: Deadline) -> None:
        self._client, self._uid, self._deadline = client, uid, deadline
        self._plan, self._within = plan, within
        self._forms = list(dict.fromkeys(form for need in plan.needs for form in need.forms))
        self._concepts = list(dict.fromkeys(concept for need in plan.needs for concept in need.concepts))

    def match(self) -> Match:
        """Raises EngineUnavailable."""
        rarity, counts = self._look_up(self._levels({}))
        unknown = [form for form in self._forms if not rarity.carrying[form] and filters.may_be_mistyped(form)]
        typos = {form: meant for form in unknown if (meant := self._meant(form))}
        if typos:
            counts = self._counts(self._levels(typos))
        telling = filters.all_of(filters.need_condition(need, typos, telling=True) for need in self._plan.required)
        return Match(self._choose(typos, counts), telling, self._plan, typos, rarity)

    def _look_up(self, levels: Sequence[str]) -> tuple[Rarity, list[int]]:
        """How rare each form and concept is, and how many hits each level has; one call."""
        conditions = [
            filters.ALWAYS,
            *(filters.is_in(settings.words_attribute(), [form]) for form in self._forms),
            *(filters.is_in(settings.concepts_attribute(), [concept]) for concept in self._concepts),
        ]
        counts = self._counts([*conditions, *(filters.all_of([level, self._within]) for level in levels)], within=False)
        carrying = dict(zip([*self._forms, *self._concepts], counts[1 : len(conditions)], strict=True))
        return Rarity(counts[0], carrying), counts[len(conditions) :]

    def _levels(self, typos: dict[str, tuple[str, ...]]) -> list[str]:
        """Conditions from strict to loose that are worth counting at once; none where there is nothing to choose."""
        required = self._conditions(typos)
        if not 1 < len(required) <= _FEW_NEEDS:
            return []
        return [filters.at_least(count, required) for count in range(len(required), self._least() - 1, -1)]

    def _choose(self, typos: dict[str, tuple[str, ...]], counts: Sequence[int]) -> str:
        """The strictest level with enough hits; the loosest where none has."""
        required = self._conditions(typos)
        if not required:
            return filters.any_of(filters.need_condition(need, typos) for need in self._plan.needs)
        if len(required) == 1:
            return required[0]
        if len(required) <= _FEW_NEEDS:
            levels = self._levels(typos)
            return next(
                (level for level, count in zip(levels, counts, strict=True) if count >= ENOUGH_HITS), levels[-1]
            )
        return self._halve(required)

    def _halve(self, required: Sequence[str]) -> str:
        """As `_choose` for many needs: those that nothing meets are left out, then the level is found by halving."""
        met = [condition for condition, count in zip(required, self._counts(required), strict=True) if count]
        low, high = self._least(), len(met)
        while low < high:  # the highest level with enough hits lies in low…high, or low is taken
            middle = (low + high + 1) // 2
            if self._counts([filters.at_least(middle, met)])[0] >= ENOUGH_HITS:
                low = middle
            else:
                high = middle - 1
        return filters.at_least(low, met)

    def _least(self) -> int:
        return max(1, math.ceil(len(self._plan.required) * REQUIRED_SHARE))

    def _conditions(self, typos: dict[str, tuple[str, ...]]) -> list[str]:
        return [filters.need_condition(need, typos) for need in self._plan.required]

    def _meant(self, form: str) -> tuple[str, ...]:
        """The words of the index that a form may have meant. The server forgives more than we do: ours decides."""
        limit = allowed_distance(form)
        values = self._client.facet_values(self._uid, settings.words_attribute(), form, self._deadline)
        return tuple(value for value in values if within_distance(form, value, limit))

    def _counts(self, conditions: Sequence[str], *, within: bool = True) -> list[int]:
        """How many documents each condition holds for."""
        if within:
            conditions = [filters.all_of([condition, self._within]) for condition in conditions]
        if not conditions:
            return []
        queries = [count_query(self._uid, condition) for condition in conditions]
        return [total(answer) for answer in self._client.multi_search(queries, self._deadline)]


def count_query(uid: str, condition: str, facets: Sequence[str] = ()) -> dict[str, Any]:
    """Asks how many documents a condition holds for, and the counts of facets among them."""
    return page_query(uid, condition, page=1, size=1, retrieve=["id"], facets=facets)


def page_query(
    uid: str,
    condition: str,
    *,
    page: int,
    size: int,
    retrieve: Sequence[str],
    sort: Sequence[str] = (),
    facets: Sequence[str] = (),
) -> dict[str, Any]:
    """A page with an exact total: `page` and `hitsPerPage` give one, `limit` and `offset` only an estimate."""
    query: dict[str, Any] = {
        "indexUid": uid,
        "q": "",
        "page": page,
        "hitsPerPage": size,
        "attributesToRetrieve": list(retrieve),
    }
    return _with(query, condition, sort, facets)


def slice_query(
    uid: str, condition: str, *, offset: int, limit: int, retrieve: Sequence[str], sort: Sequence[str]
) -> dict[str, Any]:
    """Hits from any place on; says nothing exact about how many there are."""
    query = {"indexUid": uid, "q": "", "offset": offset, "limit": limit, "attributesToRetrieve": list(retrieve)}
    return _with(query, condition, sort, ())


def total(answer: dict[str, Any]) -> int:
    """The exact total of an answer to `page_query`."""
    return int(answer["totalHits"])


def _with(query: dict[str, Any], condition: str, sort: Sequence[str], facets: Sequence[str]) -> dict[str, Any]:
    if condition != filters.ALWAYS:
        query["filter"] = condition
    if sort:
        query["sort"] = list(sort)
    if facets:
        query["facets"] = list(facets)
    return query
