"""Pages and orders: every hit once, in one order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import SORTS, Query, SearchEngine
from tests.contracts.samples import EPOCH, all_ids, documents, ids, resource


def test_an_empty_query_finds_everything_by_title(engine: SearchEngine) -> None:
    found = all_ids(engine)
    assert sorted(found) == sorted(document.id for document in documents())
    assert found == all_ids(engine, sort="title")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["", "soins", "santé mentale formation"])
@pytest.mark.parametrize("basins", [(), ("nord",), ("sud", "sud-est")])
def test_pages_hold_every_hit_once(engine: SearchEngine, text: str, sort: str, basins: tuple[str, ...]) -> None:
    query: dict[str, Any] = {"text": text, "sort": sort, "filters": {"basin": basins} if basins else {}}
    found = all_ids(engine, **query)
    assert len(found) == len(set(found)) == engine.search(Query(**query)).total


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from(["", "soins", "rouw", "deuil formation", "vacination"]),
    sort=st.sampled_from(SORTS),
    basin=st.sampled_from([(), ("nord",), ("sud-est", "ouest")]),
    per_page=st.integers(min_value=20, max_value=100),
)
def test_the_size_of_pages_does_not_change_the_order(
    engine: SearchEngine, text: str, sort: str, basin: tuple[str, ...], per_page: int
) -> None:
    query: dict[str, Any] = {"text": text, "sort": sort, "filters": {"basin": basin} if basin else {}}
    assert all_ids(engine, per_page=per_page, **query) == all_ids(engine, per_page=100, **query)


@pytest.mark.parametrize("text", ["", "deuil"])
@pytest.mark.parametrize("page", [99, 10**6])
def test_a_page_past_the_end_is_empty_and_keeps_the_total(engine: SearchEngine, text: str, page: int) -> None:
    hits = engine.search(Query(text=text, page=page, filters={"basin": ("nord",)}))
    first = engine.search(Query(text=text, filters={"basin": ("nord",)}))
    assert hits.hits == ()
    assert (hits.total, hits.local, hits.facets) == (first.total, first.local, first.facets)


def test_more_hits_than_are_ranked_are_paged_without_doubles_or_gaps(own_engine: SearchEngine) -> None:
    many = [
        resource(
            f"fiche-{number:04}",
            title={"fr": "Un deuil" if number % 3 else "Titre"},
            summary={"fr": "Autour du deuil."},
            basins=["nord"] if number % 2 else ["region"],
        )
        for number in range(1, 1301)
    ]
    own_engine.rebuild(many)
    found = all_ids(own_engine, text="deuil", filters={"basin": ("nord",)}, per_page=90)
    assert len(found) == len(set(found)) == len(many)
    local = [id_ for id_ in found if int(id_[-4:]) % 2]
    assert found[: len(local)] == local
    first = own_engine.search(Query(text="deuil", filters={"basin": ("nord",)}))
    assert (first.total, first.local) == (1300, 650)
    assert first.facets["basin"] == {"nord": 650, "region": 650}
    assert all(hit.card["title"]["fr"] == "Un deuil" for hit in first.hits)


def test_sorting_by_date_gives_the_newest_first_and_the_unchecked_last(own_engine: SearchEngine) -> None:
    own_engine.update([
        resource("jamais-verifie"),
        resource("verifie-tot", verified_on="2025-01-31"),
        resource("verifie-tard", verified_on="2026-02-01"),
    ])  # fmt: skip
    assert ids(own_engine.search(Query(sort="verified_on"))) == ["verifie-tard", "verifie-tot", "jamais-verifie"]


def test_sorting_by_addition_gives_the_newest_first(own_engine: SearchEngine) -> None:
    own_engine.update([resource(f"jour-{day}", added=EPOCH + timedelta(days=day)) for day in (3, 1, 2)])
    assert ids(own_engine.search(Query(sort="added"))) == ["jour-3", "jour-2", "jour-1"]
    assert ids(own_engine.search(Query(text="titre", sort="added"))) == ["jour-3", "jour-2", "jour-1"]


def test_titles_sort_without_accents_or_case(own_engine: SearchEngine) -> None:
    own_engine.update([resource("un", title={"fr": "écoute"}), resource("deux", title={"fr": "Zèbre"}),
                       resource("trois", title={"nl": "Echt"})])  # fmt: skip
    assert ids(own_engine.search(Query(sort="title", lang="fr"))) == ["trois", "un", "deux"]


def test_a_shorter_title_comes_before_what_it_begins_and_equal_ones_are_ordered_by_id(own_engine: SearchEngine) -> None:
    own_engine.update([resource("b", title={"fr": "Écoute"}), resource("a", title={"fr": "ecoute"}),
                       resource("c", title={"fr": "Écoute active"}), resource("d", title={"fr": "Écoutes"})])  # fmt: skip
    assert ids(own_engine.search(Query(sort="title"))) == ["a", "b", "c", "d"]


def test_the_reader_s_language_decides_the_order_of_titles(own_engine: SearchEngine) -> None:
    own_engine.update([resource("un", title={"fr": "Zut", "nl": "Aap"}), resource("deux", title={"fr": "Avis"})])
    assert ids(own_engine.search(Query(sort="title", lang="fr"))) == ["deux", "un"]
    assert ids(own_engine.search(Query(sort="title", lang="nl"))) == ["un", "deux"]
