"""What else a reader can do: after a search that found nothing, and beside a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from directory.taxonomy import pick_language
from directory.thesaurus import thesaurus
from search.engine import Hit, Query, SearchEngine
from search.plan import make_plan

MAX_CONCEPTS = 3
_TITLE_LENGTH = 400  #: characters of a title that are searched for


@dataclass(frozen=True)
class Alternative:
    """A search that does find something. kind: drop (the filter `facet`), regional (too), or concept (`text`).

    `query` is that search, `total` what it finds.
    """

    kind: str
    query: Query
    total: int
    facet: str | None = None
    text: str | None = None


def alternatives(engine: SearchEngine, query: Query) -> list[Alternative]:
    """Searches near one without result that have some, the nearest first; [] where nothing helps.

    First with the regional entries, then without one of the filters, then for a concept near what is asked.
    Raises EngineUnavailable.
    """
    found = []
    for candidate in _candidates(query):
        if total := engine.search(replace(candidate.query, per_page=1)).total:
            found.append(replace(candidate, total=total))
    return found


def similar(engine: SearchEngine, card: Mapping[str, Any], *, lang: str = "fr", limit: int = 4) -> list[Hit]:
    """Resources like one (its outside shape, or what a result shows of it): of a theme of its, nearest to its title.

    Raises EngineUnavailable.
    """
    language = pick_language(card["title"], lang)
    if not language:
        return []
    text = card["title"][language][:_TITLE_LENGTH]
    query = Query(text=text, filters={"theme": tuple(card["themes"])}, per_page=limit + 1, lang=lang)
    return [hit for hit in engine.search(query).hits if hit.id != card["id"]][:limit]


def _candidates(query: Query) -> Iterator[Alternative]:
    first_page = replace(query, page=1, misconceptions=())
    if query.local_only:
        yield Alternative("regional", replace(first_page, local_only=False), 0)
    for facet in query.filters:
        if query.values(facet):
            others = {name: values for name, values in query.filters.items() if name != facet}
            local_only = query.local_only and facet != "basin"
            yield Alternative("drop", replace(first_page, filters=others, local_only=local_only), 0, facet=facet)
    known = thesaurus()
    asked = [concept for need in make_plan(query.text).needs for concept in need.concepts]
    near = dict.fromkeys(near for concept in asked for near in known[concept].near if near not in asked)
    for concept in list(near)[:MAX_CONCEPTS]:
        label = known[concept].label(query.lang)
        yield Alternative("concept", replace(first_page, text=label), 0, text=label)
