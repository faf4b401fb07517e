"""Whatever the engine, a search finds the same: hits, totals and counts are those of the embedded engine.

The order of equally good hits is each engine's own (docs/decisions/0002-two-engines.md). The judged queries are used
for their words only.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from search.engine import FACETS, Query, SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.evaluation import Judgement, load_judgements
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


@pytest.mark.parametrize("judgement", JUDGEMENTS[::4], ids=lambda judgement: judgement.query[:40])
def test_the_best_hits_are_mostly_the_same(engine: SearchEngine, reference: SearchEngine, judgement: Judgement) -> None:
    query = Query(text=judgement.query, lang=judgement.lang, per_page=10)
    found, wanted = ids(engine.search(query)), ids(reference.search(query))
    assert len(set(found) & set(wanted)) >= len(wanted) / 2
