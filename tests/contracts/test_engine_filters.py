"""Filters, facet counts and basins: what every engine promises, held against a plain reading of the documents."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.taxonomy import REGION, taxonomy
from search.documents import Document
from search.engine import FACETS, Query, SearchEngine
from search.index_fields import sort_fields
from search.service import ALLOWED
from tests.contracts.samples import all_ids, documents, ids, resource

BASINS = [basin for basin in taxonomy().basins if basin != REGION]


def carries(document: Document, facet: str, values: tuple[str, ...]) -> bool:
    return bool(set(values) & set(document.facets[facet]))


def lets_through(document: Document, query: Query, *, without: str | None = None) -> bool:
    """The plain meaning of a query's filters."""
    for facet in FACETS:
        if facet == "basin" or facet == without or not query.values(facet):
            continue
        if not carries(document, facet, query.values(facet)):
            return False
    basins = () if without == "basin" else query.values("basin")
    if query.local_only:
        return carries(document, "basin", basins or tuple(BASINS))
    return not basins or carries(document, "basin", (*basins, REGION))


def is_local(document: Document, query: Query) -> bool:
    wanted = tuple(basin for basin in query.values("basin") if basin != REGION)
    return carries(document, "basin", wanted)


def expected_order(found: list[Document], query: Query) -> list[str]:
    """By title, local ones first where a basin is asked for."""
    key = f"title_{query.lang}" if query.sort in {"relevance", "title"} else query.sort
    tiered = any(basin != REGION for basin in query.values("basin"))
    return [d.id for d in sorted(found, key=lambda d: (tiered and not is_local(d, query), sort_fields(d)[key]))]


def some_of(facet: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(ALLOWED[facet]), max_size=3, unique=True).map(tuple)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    filters = {
        facet: draw(some_of(facet)) for facet in draw(st.lists(st.sampled_from(FACETS), max_size=3, unique=True))
    }
    local_only = REGION not in filters.get("basin", ()) and draw(st.booleans())
    return Query(
        filters=filters,
        local_only=local_only,
        sort=draw(st.sampled_from(["relevance", "title", "verified_on", "added"])),
        lang=draw(st.sampled_from(["fr", "nl", "en"])),
        per_page=100,
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries())
def test_any_combination_of_filters_gives_what_a_plain_reading_gives(engine: SearchEngine, query: Query) -> None:
    found = [document for document in documents() if lets_through(document, query)]
    hits = engine.search(query)
    assert hits.total == len(found)
    assert ids(hits) == expected_order(found, query)[:100]
    for facet in FACETS:
        others = [document for document in documents() if lets_through(document, query, without=facet)]
        counts = Counter(value for document in others for value in document.facets[facet])
        assert dict(hits.facets[facet]) == {**dict.fromkeys(query.values(facet), 0), **counts}, facet


@pytest.mark.parametrize("facet", FACETS)
def test_each_filter_lets_through_exactly_the_documents_that_carry_it(engine: SearchEngine, facet: str) -> None:
    for value in ALLOWED[facet]:
        wanted = {
            document.id
            for document in documents()
            if value in document.facets[facet] or (facet == "basin" and REGION in document.facets["basin"])
        }
        assert set(all_ids(engine, filters={facet: (value,)})) == wanted


def test_filters_of_two_facets_are_all_needed_and_values_of_one_are_alternatives(engine: SearchEngine) -> None:
    for type_, themes in itertools.product(("service", "training"), [("grief", "housing"), ("mental_health",)]):
        wanted = {
            document.id
            for document in documents()
            if type_ in document.facets["type"] and set(themes) & set(document.facets["theme"])
        }
        assert set(all_ids(engine, filters={"type": (type_,), "theme": themes})) == wanted


@pytest.mark.parametrize("text", ["", "santé"])
def test_facet_counts_ignore_their_own_selection_only(engine: SearchEngine, text: str) -> None:
    chosen = {"theme": ("mental_health",), "type": ("training", "service"), "basin": ("nord",)}
    facets = engine.search(Query(text=text, filters=chosen)).facets
    by_id = {document.id: document for document in documents()}
    for facet in FACETS:
        others = {name: values for name, values in chosen.items() if name != facet}
        for value, count in facets[facet].items():
            with_value = all_ids(engine, text=text, filters={**others, facet: (value,)})
            carrying = [id_ for id_ in with_value if value in by_id[id_].facets[facet]]
            assert count == len(carrying), (facet, value)


def test_a_count_of_zero_is_there_only_while_it_is_selected(engine: SearchEngine) -> None:
    facets = engine.search(Query(filters={"type": ("pharmacy",), "theme": ("grief",)})).facets
    assert facets["type"]["pharmacy"] == 0
    assert all(
        count
        for facet, counts in facets.items()
        for value, count in counts.items()
        if value not in {"pharmacy", "grief"}
    )
    assert "pharmacy" not in engine.search(Query()).facets["type"]


@pytest.mark.parametrize("text", ["xqzvkw", "?!"])
def test_every_facet_is_there_where_nothing_is_found(engine: SearchEngine, text: str) -> None:
    hits = engine.search(Query(text=text, filters={"theme": ("grief",), "basin": ("nord",)}))
    assert hits.total == 0
    assert {facet: dict(counts) for facet, counts in hits.facets.items()} == {
        **{facet: {} for facet in FACETS},
        "theme": {"grief": 0},
        "basin": {"nord": 0},
    }


@pytest.mark.parametrize("text", ["", "santé mentale", "vaccin"])
@pytest.mark.parametrize("basin", BASINS)
def test_a_basin_gives_its_own_entries_first_then_the_regional_ones(
    engine: SearchEngine, text: str, basin: str
) -> None:
    basins = {document.id: document.facets["basin"] for document in documents()}
    hits = engine.search(Query(text=text, filters={"basin": (basin,)}))
    found = all_ids(engine, text=text, filters={"basin": (basin,)})
    local = [id_ for id_ in found if basin in basins[id_]]
    assert found[: len(local)] == local
    assert all(REGION in basins[id_] for id_ in found[len(local) :])
    assert hits.local == len(local)
    assert hits.total == hits.facets["basin"].get(basin, 0) + hits.facets["basin"].get(REGION, 0)
    only = engine.search(Query(text=text, filters={"basin": (basin,)}, local_only=True))
    assert only.total == only.local


def test_region_alone_gives_regional_entries_only(engine: SearchEngine) -> None:
    hits = engine.search(Query(filters={"basin": (REGION,)}))
    assert hits.total == sum(REGION in document.facets["basin"] for document in documents())


def test_region_beside_a_basin_changes_nothing(engine: SearchEngine) -> None:
    with_region = all_ids(engine, filters={"basin": ("sud", REGION)})
    assert with_region == all_ids(engine, filters={"basin": ("sud",)})


def test_an_entry_of_two_basins_is_found_once_by_both(own_engine: SearchEngine) -> None:
    own_engine.update([resource("double", basins=["nord", "sud"]), resource("simple", basins=["sud"])])
    assert all_ids(own_engine, filters={"basin": ("nord", "sud")}) == ["double", "simple"]
    assert own_engine.search(Query()).facets["basin"] == {"nord": 1, "sud": 2}
