"""The embedded engine's filters: of facets, of the two basin tiers, and the facet counts within them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from directory.taxonomy import REGION, taxonomy
from search.engine import FACETS, Query
from search.engines.columns import Columns, pack
from search.engines.postings import Bools

_LOCAL_BASINS = tuple(basin for basin in taxonomy().basins if basin != REGION)


class Filters:
    """The filters of one query on one state of an index. What None stands for lets everything pass."""

    def __init__(self, columns: Columns, query: Query) -> None:
        self._columns, self._query = columns, query
        self._facets = {
            facet: self._any_value(facet, query.values(facet))
            for facet in FACETS
            if facet != "basin" and query.values(facet)
        }
        self._basins = self._tier_union()
        self.within = self._all([*self._facets.values(), *self._basins])  #: every filter

    def tiers(self) -> list[Bools | None]:
        """The basin filter as tiers, one after the other in the answer: local, then regional."""
        basins = self._query.values("basin")
        local = [basin for basin in basins if basin != REGION]
        if self._query.local_only or not basins:
            return [None]
        region = self._any_value("basin", [REGION])
        return [self._any_value("basin", local), region] if local else [region]

    def count(self, found: Bools) -> Mapping[str, Mapping[str, int]]:
        """Counts of every facet among the hits of a text, each without its own selection."""
        chosen = [facet for facet in FACETS if self._query.values(facet)]
        everywhere = pack(self._and(found, self.within))
        counts: dict[str, Mapping[str, int]] = {}
        for facet in FACETS:
            if facet not in chosen:
                counts[facet] = self._columns.count_facet(facet, everywhere)
                continue
            others = [bits for name, bits in self._facets.items() if name != facet]
            others += self._local_only() if facet == "basin" else self._basins
            counted = self._columns.count_facet(facet, pack(self._and(found, self._all(others))))
            counts[facet] = {**dict.fromkeys(self._query.values(facet), 0), **counted}
        return counts

    def _tier_union(self) -> list[Bools]:
        """The basin filter as one filter."""
        basins = self._query.values("basin")
        if self._query.local_only:
            return [self._any_value("basin", [b for b in basins if b != REGION] or _LOCAL_BASINS)]
        return [self._any_value("basin", [*basins, REGION])] if basins else []

    def _local_only(self) -> list[Bools]:
        """What remains of the basin filter without its selection."""
        return [self._any_value("basin", _LOCAL_BASINS)] if self._query.local_only else []

    def _any_value(self, facet: str, values: Iterable[str]) -> Bools:
        return self._columns.any_value(facet, tuple(sorted(set(values))))

    def _all(self, filters: Sequence[Bools]) -> Bools | None:
        return np.logical_and.reduce([self._columns.alive, *filters]) if filters else None

    def _and(self, found: Bools, filters: Bools | None) -> Bools:
        return found & (self._columns.alive if filters is None else filters)
