"""Filter expressions of Meilisearch, built from values and never from what a reader typed as such.

The grammar is the server's (filter-parser, 1.50). Values are quoted; one that could end its quotes, or that the
server would unescape, matches nothing instead. Depth stays far below the parser's limit of 200.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from directory.taxonomy import REGION, taxonomy
from search.engine import FACETS, Query
from search.engines import meili_settings as settings

ALWAYS = ""  #: no condition
NEVER = "id IN []"  #: matches no document
_UNQUOTABLE = re.compile(r"[\x00-\x1f'\"\\\ud800-\udfff]")
_LOCAL_BASINS = tuple(basin for basin in taxonomy().basins if basin != REGION)


def is_in(attribute: str, values: Iterable[str]) -> str:
    """Documents that carry any of the values."""
    quoted = [quote for value in values if (quote := _quote(value))]
    return f"{attribute} IN [{', '.join(quoted)}]" if quoted else NEVER


def starts_with(attribute: str, prefix: str) -> str:
    """Documents with a value that starts so."""
    quote = _quote(prefix)
    return f"{attribute} STARTS WITH {quote}" if quote else NEVER


def all_of(conditions: Iterable[str]) -> str:
    """Every condition holds."""
    parts = [condition for condition in conditions if condition != ALWAYS]
    if NEVER in parts:
        return NEVER
    return " AND ".join(parts) if len(parts) < 2 else " AND ".join(f"({part})" for part in parts)


def any_of(conditions: Iterable[str]) -> str:
    """At least one condition holds."""
    parts = list(dict.fromkeys(condition for condition in conditions if condition != NEVER))
    if ALWAYS in parts:
        return ALWAYS
    if not parts:
        return NEVER
    return parts[0] if len(parts) == 1 else " OR ".join(f"({part})" for part in parts)


def none_of(condition: str) -> str:
    """The condition does not hold."""
    return {ALWAYS: NEVER, NEVER: ALWAYS}.get(condition, f"NOT ({condition})")


def at_least(count: int, conditions: Sequence[str]) -> str:
    """At least `count` of the conditions hold. Halving keeps it short: 16 conditions need some thousand, not 2^16."""
    if count <= 0:
        return ALWAYS
    if count > len(conditions):
        return NEVER
    if count == 1:
        return any_of(conditions)
    if count == len(conditions):
        return all_of(conditions)
    middle = len(conditions) // 2
    left, right = conditions[:middle], conditions[middle:]
    return any_of(
        all_of([at_least(taken, left), at_least(count - taken, right)])
        for taken in range(max(0, count - len(right)), min(count, len(left)) + 1)
    )


def can_be_said(value: str) -> bool:
    """Whether a filter can hold the value."""
    return _quote(value) is not None


def facet_filters(query: Query, *, without: str | None = None) -> str:
    """The filters of every facet but basin, which makes the tiers."""
    chosen = [facet for facet in FACETS if facet not in {"basin", without} and query.values(facet)]
    return all_of(is_in(facet, query.values(facet)) for facet in chosen)


def tiers(query: Query) -> list[str]:
    """The basin filter as tiers, one after the other in the answer: local, then regional."""
    basins = query.values("basin")
    local = [basin for basin in basins if basin != REGION]
    if query.local_only:
        return [is_in("basin", local or _LOCAL_BASINS)]
    if not basins:
        return [ALWAYS]
    region = is_in("basin", [REGION])
    if not local:
        return [region]
    return [is_in("basin", local), all_of([region, none_of(is_in("basin", local))])]


def tier_union(query: Query) -> str:
    """The basin filter as one filter."""
    basins = query.values("basin")
    if query.local_only:
        return is_in("basin", [basin for basin in basins if basin != REGION] or _LOCAL_BASINS)
    return is_in("basin", [*basins, REGION]) if basins else ALWAYS


def basin_filter_without_selection(query: Query) -> str:
    """What remains of the basin filter when its own counts are made."""
    return is_in("basin", _LOCAL_BASINS) if query.local_only else ALWAYS


def _quote(value: str) -> str | None:
    """The value in quotes, cut as in the index; None where it cannot be said."""
    value = value[: settings.MAX_VALUE]
    return None if not value.strip() or _UNQUOTABLE.search(value) else f"'{value}'"
