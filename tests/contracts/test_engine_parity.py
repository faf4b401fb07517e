"""Whatever the engine, a search finds the same: hits, order, totals and counts are those of the embedded engine.

Only the order of equally good hits is each engine's own. The judged queries are used for their words only.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from search.engine import FACETS, Query, SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.evaluation import Judgement, load_judgements
from search.misconceptions import said_in
from tests.contracts.samples import documents, ids

JUDGEMENTS = load_judgements(Path(__file__).parents[2] / "fixtures" / "relevance" / "heldout.jsonl")


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    engine = EmbeddedEngine(tmp_path_factory.mktemp("reference"))
    engine.rebuild(documents())
    return engine


@pytest.mark.parametrize("judgement", JUDGEMENTS, ids=lambda judgement: judgement.query[:40])
def test_the_same_is_found(engine: SearchEngine, reference: SearchEngine, judgement: Judgement) -> None:
    filters = {facet: tuple(values) for facet, values in judgement.filters.items()}
    for page in (1, 2, 3):
        query = Query(text=judgement.query, filters=filters, lang=judgement.lang, sort="title", page=page, per_page=100)
        found, wanted = engine.search(query), reference.search(query)
        assert ids(found) == ids(wanted)
        assert (found.total, found.local) == (wanted.total, wanted.local)
        assert [dict(found.facets[facet]) for facet in FACETS] == [dict(wanted.facets[facet]) for facet in FACETS]
        assert [hit.highlight for hit in found.hits] == [hit.highlight for hit in wanted.hits]


@pytest.mark.parametrize("judgement", JUDGEMENTS, ids=lambda judgement: judgement.query[:40])
def test_the_best_hits_are_the_same_in_the_same_order(
    engine: SearchEngine, reference: SearchEngine, judgement: Judgement
) -> None:
    filters = {facet: tuple(values) for facet, values in judgement.filters.items()}
    said = tuple(misconception.id for misconception in said_in(judgement.query))
    query = Query(text=judgement.query, filters=filters, lang=judgement.lang, misconceptions=said, per_page=10)
    assert ids(engine.search(query)) == ids(reference.search(query))


@pytest.mark.parametrize(
    "typed", ["pal", "soins pal", "mel", "vroegtijdige zorg", "brusa", "de", "xqz", "a", "?", "deuil "]
)
@pytest.mark.parametrize("basins", [(), ("sud",)])
def test_the_same_is_suggested(
    engine: SearchEngine, reference: SearchEngine, typed: str, basins: tuple[str, ...]
) -> None:
    for lang in ("fr", "nl"):
        assert sorted(engine.suggest(typed, basins=basins, lang=lang), key=str) == sorted(
            reference.suggest(typed, basins=basins, lang=lang), key=str
        )
