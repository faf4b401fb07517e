"""The gate: what people look for is found, as well as it was when last recorded (`fixtures/relevance/baseline.json`)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from search.baseline import Fts5Baseline
from search.documents import Document, to_document
from search.engines.embedded import EmbeddedEngine
from search.evaluation import Judgement, Ranking, evaluate, load_judgements, ndcg_at, rank_with
from search.misconceptions import said_in
from tests.search.corruptions import corrupt

FIXTURES = Path(__file__).parents[2] / "fixtures" / "relevance"
RECORDED = json.loads((FIXTURES / "baseline.json").read_text(encoding="utf-8"))
MOST_DROP = 0.02
CORRUPTIONS = 500
LEAST_KEPT = 0.93


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    lines = files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    resources = [{k: v for k, v in json.loads(line).items() if v is not None} for line in lines]
    return [to_document(resource, added=datetime(2026, 11, 1, tzinfo=UTC)) for resource in resources]


@pytest.fixture(scope="module")
def rank(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Callable[[Judgement], Ranking]:
    engine = EmbeddedEngine(tmp_path_factory.mktemp("index"))
    engine.rebuild(documents)
    return rank_with(engine)


@pytest.fixture(scope="module")
def reports(rank: Callable[[Judgement], Ranking]) -> dict[str, dict[str, Any]]:
    return {name: evaluate(load_judgements(FIXTURES / f"{name}.jsonl"), rank) for name in RECORDED}


@pytest.fixture(scope="module")
def report(reports: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return reports["judgements"]


@pytest.mark.parametrize("name", RECORDED)
@pytest.mark.parametrize("measure", ["ndcg_at_10", "recall_at_10"])
def test_the_search_is_no_worse_than_recorded(reports: dict[str, dict[str, Any]], name: str, measure: str) -> None:
    assert reports[name][measure] >= RECORDED[name]["words"][measure] - MOST_DROP


def test_a_kind_of_query_does_not_pay_for_the_others(report: dict[str, Any]) -> None:
    lost = {
        kind: (report["by_kind"][kind], before)
        for kind, before in RECORDED["judgements"]["words"]["by_kind"].items()
        if report["by_kind"][kind] < before - 3 * MOST_DROP
    }
    assert lost == {}


@pytest.mark.parametrize("name", RECORDED)
def test_nothing_relevant_means_few_hits(reports: dict[str, dict[str, Any]], name: str) -> None:
    """As often as recorded: words alone cannot tell every dog from the one in an organisation's name."""
    right, recorded = (report["nothing_ok"].partition("/") for report in (reports[name], RECORDED[name]["words"]))
    assert right[2] == recorded[2]
    assert int(right[0]) >= int(recorded[0])
    assert RECORDED[name]["vectors"]["nothing_ok"] == f"{right[2]}/{right[2]}"


def test_naming_a_subject_or_a_need_shows_no_misconception() -> None:
    judged = [one for name in RECORDED for one in load_judgements(FIXTURES / f"{name}.jsonl") if one.kind != "myth"]
    assert [one.query for one in judged if said_in(one.query)] == []


def test_it_is_better_than_sqlite_full_text_search(report: dict[str, Any], documents: list[Document]) -> None:
    baseline = evaluate(load_judgements(FIXTURES / "judgements.jsonl"), Fts5Baseline(documents).rank)
    assert report["ndcg_at_10"] >= baseline["ndcg_at_10"] + 0.15


def test_slips_of_the_pen_cost_little(rank: Callable[[Judgement], Ranking]) -> None:
    rng = random.Random(2026)
    judged = [judgement for judgement in load_judgements(FIXTURES / "judgements.jsonl") if judgement.relevant]
    clean = {judgement.query: ndcg_at(rank(judgement).ids, judgement.relevant) for judgement in judged}
    before, after = [], []
    while len(after) < CORRUPTIONS:
        judgement = rng.choice(judged)
        typed = corrupt(judgement.query, rng)
        if typed == judgement.query:
            continue
        before.append(clean[judgement.query])
        after.append(ndcg_at(rank(replace(judgement, query=typed)).ids, judgement.relevant))
    assert fmean(after) >= LEAST_KEPT * fmean(before)
