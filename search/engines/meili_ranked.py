"""The hits of a text in the order of their scores, tier after tier, the same order on every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from search.analysis import normalise
from search.engines import meili_filters as filters
from search.engines.meili_clauses import Clause, Entry, MeiliClauses
from search.engines.meili_documents import CARD, FIELDS, read_card
from search.engines.meili_match import page_query, slice_query, total
from search.text_queries import TextQueries, TextQuery

#: So many hits of a tier are ranked by score. Where there are more, those that match in title, keywords or
#: organisation come first; the rest follows by id, after the ranked ones.
RANKED = 300
RANKING_FIELDS = ["id", CARD, FIELDS, "theme", "basin", "language"]
#: What a thing is called: the fields of suggestions, and their weights.
_NAMES = {"title": 1.0, "organisations": 0.5}
_BY_ID = ["id:asc"]

_ENTRY = "_entry"  #: under which a hit keeps what `_entry` made of it

Ask = Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]  #: several searches in one call


@dataclass
class Tier:
    """One tier: its filter, how many hits it has, and those of them that are ranked."""

    condition: str
    hits: int
    candidates: list[dict[str, Any]]


def candidates_query(uid: str, condition: str) -> dict[str, Any]:
    """Asks for a tier's total and, where they are not too many, all its hits."""
    return page_query(uid, condition, page=1, size=RANKED, retrieve=RANKING_FIELDS, sort=_BY_ID)


def ranked_page(
    ask: Ask,
    uid: str,
    tiers: Sequence[Tier],
    reading: TextQueries[Clause],
    text: TextQuery[Clause],
    *,
    skip: int,
    size: int,
) -> list[dict[str, Any]]:
    """A page over all tiers."""
    large = [tier for tier in tiers if tier.hits > RANKED]
    telling_hits = dict(zip(map(id, large), _choose_candidates(ask, uid, large, text.found.telling), strict=True))

    def first_hits(query: Clause, limit: int) -> list[tuple[float, list[str]]]:
        best = _by_score(query, [hit for tier in tiers for hit in tier.candidates])[:limit]
        return [(score, hit["theme"]) for score, hit in best]

    query = reading.with_subjects(text, first_hits)
    page: list[dict[str, Any]] = []
    for tier in tiers:
        missing = size - len(page)
        if missing and skip < tier.hits:
            taken = [hit for _score, hit in _by_score(query, tier.candidates)][skip : skip + missing]
            page += taken
            position, missing = skip + len(taken), missing - len(taken)
            if missing and position < tier.hits:
                page += _beyond(ask, uid, tier, text.found.telling, telling_hits[id(tier)], position, missing)
        skip = max(0, skip - tier.hits)
    return page


def best_first(query: Clause, hits: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The hits in the order of their scores, equal ones by id."""
    return [hit for _score, hit in _by_score(query, hits)]


def beginning(typed: Sequence[str]) -> Clause:
    """Entries in whose title or organisations every word occurs, the last one perhaps unfinished; titles first.

    Its `telling` condition is the one to ask for.
    """
    clauses = MeiliClauses(lambda _form, _distance: ())
    *whole, last = typed
    parts = [
        clauses.some_of([clauses.term(field, normalise(word), weight) for field, weight in _NAMES.items()], 1)
        for word in whole
    ]
    ways = [clauses.near(field, last, weight, distance=0, prefix=True) for field, weight in _NAMES.items()]
    ways += [clauses.term(field, normalise(last), weight) for field, weight in _NAMES.items()]
    return clauses.all_of([*parts, clauses.some_of(ways, 1)])


def _by_score(query: Clause, hits: Sequence[dict[str, Any]]) -> list[tuple[float, dict[str, Any]]]:
    scored = [(query.score(_entry(hit)) or 0.0, hit) for hit in hits]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]["id"]))


def _choose_candidates(ask: Ask, uid: str, large: Sequence[Tier], telling: str) -> list[int]:
    """For tiers with too many hits: the first of their order, telling ones by id, then others by id.

    How many telling ones each has. The first `RANKED` are then ordered by score, so that no page holds a hit twice and
    none is missing.
    """
    if not large:
        return []
    answers = ask(
        [
            page_query(uid, condition, page=1, size=RANKED, retrieve=RANKING_FIELDS, sort=_BY_ID)
            for tier in large
            for condition in _parts(tier, telling)
        ]
    )
    for tier, first, rest in zip(large, answers[::2], answers[1::2], strict=True):
        tier.candidates = [*first["hits"], *rest["hits"]][:RANKED]
    return [total(first) for first in answers[::2]]


def _beyond(
    ask: Ask, uid: str, tier: Tier, telling: str, telling_hits: int, position: int, size: int
) -> list[dict[str, Any]]:
    """A slice of the order of `_choose_candidates`."""
    offsets = (position, max(0, position - telling_hits))
    first, rest = ask(
        [
            slice_query(uid, condition, offset=offset, limit=size, retrieve=RANKING_FIELDS, sort=_BY_ID)
            for condition, offset in zip(_parts(tier, telling), offsets, strict=True)
        ]
    )
    return [*first["hits"], *rest["hits"]][:size]


def _parts(tier: Tier, telling: str) -> tuple[str, str]:
    return filters.all_of([tier.condition, telling]), filters.all_of([tier.condition, filters.none_of(telling)])


def _entry(hit: dict[str, Any]) -> Entry:
    """The hit as clauses look at it; made once, for it is looked at twice."""
    if _ENTRY not in hit:
        hit[_ENTRY] = _read_entry(hit)
    entry: Entry = hit[_ENTRY]
    return entry


def _read_entry(hit: dict[str, Any]) -> Entry:
    fields = {name: frozenset(text.split()) for name, text in hit[FIELDS].items()}
    facets = {name: frozenset(hit[name]) for name in ("theme", "basin", "language")}
    return {**fields, **facets, "id": frozenset([read_card(hit)["id"]])}
