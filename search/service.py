"""One search, whatever the engine: place names, limits, misconceptions; pages, API and commands all call this."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from directory.geography import Place, find_place, place_names
from directory.misconceptions import Misconception
from directory.taxonomy import LANGUAGES, REGION, taxonomy
from directory.text import clean
from search.analysis import raw_words
from search.engine import SORTS, Hits, Query, SearchEngine
from search.errors import InvalidQuery
from search.misconceptions import said_in, says_something
from search.plan import make_plan
from search.semantics import Semantics

MAX_QUERY_LENGTH = 512  #: characters; the rest is cut, and the answer says so
MAX_PER_PAGE = 100

#: The values each filter may have: the one list for pages, API, widget and commands.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "basin": tuple(taxonomy().basins),
    "theme": tuple(taxonomy().themes),
    "type": tuple(taxonomy().types),
    "language": LANGUAGES,
    "audience": tuple(taxonomy().audiences),
    "cost": tuple(taxonomy().cost_kinds),
}


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """What a reader asks, already checked for shape (`web.params`). `place`: a commune or postal code."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    local_only: bool = False
    place: str | None = None
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    lang: str = "fr"


@dataclass(frozen=True, kw_only=True)
class SearchAnswer:
    """What is shown. `query` is what was searched; `cut`: the text was too long; `place`: recognised in it."""

    query: Query
    hits: Hits
    place: Place | None
    cut: bool
    misconceptions: tuple[Misconception, ...]
    suggestion: str | None
    degraded: bool
    processing_ms: int


def search(engine: SearchEngine, request: SearchRequest, semantics: Semantics | None = None) -> SearchAnswer:
    """Answer one request; `semantics` recognises misconceptions in other words. Raises InvalidQuery (naming the parameter), EngineUnavailable."""
    started = time.perf_counter()
    text, cut = prepare_text(request.text)
    asked_place = _asked_place(request.place)
    query = Query(
        text=text,
        filters={facet: values for facet, values in request.filters.items() if values},
        local_only=request.local_only,
        sort=request.sort,
        page=request.page,
        per_page=request.per_page,
        lang=request.lang,
    )
    check(query)
    place = asked_place or _named_place(query)
    if place and (asked_place or not query.values("basin")):
        query = _within(query, place)
    likeness = semantics.statements(text) if semantics and says_something(text) else None
    said = said_in(text, likeness) if query.sort == "relevance" else ()
    query = replace(query, misconceptions=tuple(misconception.id for misconception in said))
    hits = engine.search(query)
    return SearchAnswer(
        query=query,
        hits=hits,
        place=place,
        cut=cut,
        misconceptions=said,
        suggestion=_suggestion(text, hits),
        degraded=hits.degraded,
        processing_ms=round((time.perf_counter() - started) * 1000),
    )


def check(query: Query) -> None:
    """Raises InvalidQuery for a value that does not exist or a combination that makes no sense."""
    for facet, values in query.filters.items():
        if facet not in ALLOWED:
            raise InvalidQuery(facet, f"There is no such filter; there are: {', '.join(ALLOWED)}.")
        for value in values:
            if value not in ALLOWED[facet]:
                raise InvalidQuery(facet, f"{value[:80]!r} does not exist; allowed: {', '.join(ALLOWED[facet])}.")
    if query.sort not in SORTS:
        raise InvalidQuery("sort", f"{query.sort[:80]!r} does not exist; allowed: {', '.join(SORTS)}.")
    if query.lang not in LANGUAGES:
        raise InvalidQuery("lang", f"{query.lang[:80]!r} does not exist; allowed: {', '.join(LANGUAGES)}.")
    if query.page < 1:
        raise InvalidQuery("page", "pages count from 1.")
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise InvalidQuery("per_page", f"must lie between 1 and {MAX_PER_PAGE}.")
    if query.local_only and REGION in query.values("basin"):
        raise InvalidQuery("scope", "scope=local leaves regional entries out, so it cannot go with basin=region.")


def prepare_text(text: str) -> tuple[str, bool]:
    """The text to search for, and whether it was cut. Control characters are dropped, spaces joined."""
    cleaned = clean(text[: 4 * MAX_QUERY_LENGTH])
    return cleaned[:MAX_QUERY_LENGTH].rstrip(), len(cleaned) > MAX_QUERY_LENGTH or len(text) > 4 * MAX_QUERY_LENGTH


def _suggestion(text: str, hits: Hits) -> str | None:
    """The text with its mistyped words put right; None where the results have the words as they were typed."""
    suggested = make_plan(text).suggestion
    if suggested is None:
        return None
    put_right = {word.folded for word in raw_words(text)} - {word.folded for word in raw_words(suggested)}
    shown = {word.folded for hit in hits.hits for told in _told(hit.card) for word in raw_words(told)}
    return None if put_right <= shown else suggested


def _told(card: Mapping[str, Any]) -> list[str]:
    names = [organisation["name"] for organisation in card["organisations"]]
    return [*card["title"].values(), *card["summary"].values(), *names]


def _asked_place(name: str | None) -> Place | None:
    if not name or not name.strip():
        return None
    if place := find_place(name):
        return place
    raise InvalidQuery(
        "place", f"{name[:80]!r} is no commune or postal code of Brussels; known: {', '.join(place_names())}."
    )


def _named_place(query: Query) -> Place | None:
    """The commune or postal code that the reader typed among other words."""
    return next(iter(make_plan(query.text).places), None)


def _within(query: Query, place: Place) -> Query:
    basins = tuple(dict.fromkeys((*query.values("basin"), *place.basins)))
    return replace(query, filters={**query.filters, "basin": basins})
