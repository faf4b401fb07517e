"""The embedded engine's filters: of facets, of the two basin tiers, and the facet counts within them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.taxonomy import REGION, taxonomy
from search.engine import FACETS, Query
from search.engines import embedded_queries as queries

_FACET_SIZE = 1000  #: more values than any facet has
_LOCAL_BASINS = tuple(basin for basin in taxonomy().basins if basin != REGION)


def facet_filters(query: Query, without: str | None = None) -> list[Any]:
    """The filters of every facet but basin, which makes the tiers."""
    return queries.filter_query({facet: query.values(facet) for facet in FACETS if facet not in {"basin", without}})


def tiers(query: Query) -> list[list[Any]]:
    """The basin filter as tiers, one after the other in the answer: local, then regional."""
    basins = query.values("basin")
    local = [basin for basin in basins if basin != REGION]
    if query.local_only:
        return [queries.filter_query({"basin": local or _LOCAL_BASINS})]
    if not basins:
        return [[]]
    region = queries.filter_query({"basin": [REGION]})
    return [queries.filter_query({"basin": local}), region] if local else [region]


def tier_union(query: Query) -> list[Any]:
    """The basin filter as one filter."""
    basins = query.values("basin")
    if query.local_only:
        return queries.filter_query({"basin": [b for b in basins if b != REGION] or _LOCAL_BASINS})
    return queries.filter_query({"basin": [*basins, REGION]}) if basins else []


def count_facets(searcher: Any, text: Any, query: Query) -> Mapping[str, Mapping[str, int]]:
    """Counts of every facet, each without its own selection; those without one share a pass."""
    tier = tier_union(query)
    chosen = [facet for facet in FACETS if query.values(facet)]
    free = [facet for facet in FACETS if facet not in chosen]
    counts = _count(searcher, [text, *facet_filters(query), *tier], free)
    for facet in chosen:
        own_tier = _local_filter(query) if facet == "basin" else tier
        counts |= _count(searcher, [text, *facet_filters(query, without=facet), *own_tier], [facet])
        counts[facet] = {**dict.fromkeys(query.values(facet), 0), **counts[facet]}
    return {facet: counts[facet] for facet in FACETS}


def _local_filter(query: Query) -> list[Any]:
    """What remains of the basin filter without its selection."""
    return queries.filter_query({"basin": _LOCAL_BASINS}) if query.local_only else []


def _count(searcher: Any, parts: list[Any], facets: list[str]) -> dict[str, dict[str, int]]:
    if not facets:
        return {}
    wanted = {facet: {"terms": {"field": facet, "size": _FACET_SIZE}} for facet in facets}
    found = searcher.aggregate(queries.all_of(parts), wanted)
    return {facet: {bucket["key"]: bucket["doc_count"] for bucket in found[facet]["buckets"]} for facet in facets}
