"""The filters of the search page: each facet with its values, their counts and which are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from directory.taxonomy import taxonomy
from search.engine import FACETS
from web.labels import value_label

SHOWN_AT_ONCE = 7  #: values of a facet shown before "more"; chosen ones always are
_BY_COUNT = {"theme", "type", "audience"}  #: the others keep the order of their list


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet; `count` 0 only while it is chosen."""

    id: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter. `first` values are shown at once, `rest` on demand."""

    id: str
    label: str
    first: tuple[Value, ...]
    rest: tuple[Value, ...]

    @property
    def chosen(self) -> int:
        """How many values are chosen."""
        return sum(value.chosen for value in (*self.first, *self.rest))


def make_facets(
    counts: Mapping[str, Mapping[str, int]], chosen: Mapping[str, tuple[str, ...]], lang: str
) -> list[Facet]:
    """All facets that have values, in their fixed order."""
    facets = [_make_facet(facet, counts.get(facet, {}), chosen.get(facet, ()), lang) for facet in FACETS]
    return [facet for facet in facets if facet.first]


def facet_label(facet: str) -> str:
    """The filter's name."""
    names: dict[str, str] = {
        "basin": _("Basin"),
        "theme": _("Theme"),
        "type": _("Type"),
        "language": _("Language"),
        "audience": _("For whom"),
        "cost": _("Price"),
    }
    return names[facet]


def _make_facet(facet: str, counts: Mapping[str, int], chosen: tuple[str, ...], lang: str) -> Facet:
    known = {value: counts.get(value, 0) for value in (*counts, *chosen)}
    values = [Value(id_, value_label(facet, id_, lang), count, id_ in chosen) for id_, count in known.items()]
    if facet in _BY_COUNT:
        values.sort(key=lambda value: (-value.count, value.label))
    else:
        order = _list_order(facet)
        values.sort(key=lambda value: (order.index(value.id) if value.id in order else len(order), value.label))
    first = [value for place, value in enumerate(values) if place < SHOWN_AT_ONCE or value.chosen]
    rest = [value for value in values if value not in first]
    if len(rest) == 1:
        first, rest = values, []
    return Facet(facet, facet_label(facet), tuple(first), tuple(rest))


def _list_order(facet: str) -> list[str]:
    lists = taxonomy()
    return list({"basin": lists.basins, "cost": lists.cost_kinds}.get(facet, ("fr", "nl", "en")))
