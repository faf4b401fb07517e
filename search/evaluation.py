"""How well the search answers judged queries: nDCG@10, MRR@10 and recall@10.

Gain 2^grade - 1, discount log2(rank + 1), the ideal from all graded entries; recall is graded entries in the
first ten over min(10, graded). A kind is the mean of its queries. Queries that nothing answers are kept out of
the means: right is at most their `max_hits`. Source of the measure: Järvelin & Kekäläinen, ACM TOIS 20(4), 2002.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from directory.errors import DataFileError
from search.engine import Query, SearchEngine
from search.errors import InvalidQuery
from search.semantics import Semantics
from search.service import SearchRequest, check, search

DEPTH = 10
NOTHING = "nothing"  #: the kind of query that nothing in the catalogue answers
_FAILING = 0.5  #: nDCG below which a query is listed


@dataclass(frozen=True)
class Judgement:
    """One judged query: `relevant` is {resource id: grade 1 or 2}, empty where nothing answers it."""

    query: str
    relevant: Mapping[str, int]
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lang: str = "fr"
    kind: str = "all"
    max_hits: int = 3


@dataclass(frozen=True)
class Ranking:
    """What an engine answered: the first ids, and how many hits there are."""

    ids: Sequence[str]
    total: int


def load_judgements(path: Path) -> list[Judgement]:
    """Judgements from JSON Lines. Raises DataFileError naming the line, OSError."""
    judgements = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            names = Judgement.__dataclass_fields__
            judgement = Judgement(**{key: value for key, value in item.items() if key in names})
            filters = {facet: tuple(values) for facet, values in judgement.filters.items()}
            check(Query(text=judgement.query, filters=filters, lang=judgement.lang))
        except (ValueError, TypeError, AttributeError) as error:
            raise DataFileError(str(path), f"line {number} is no judgement ({error}).") from error
        except InvalidQuery as error:
            raise DataFileError(str(path), f"line {number} cannot be searched for: {error}") from error
        judgements.append(judgement)
    return judgements


def rank_with(engine: SearchEngine, semantics: Semantics | None = None) -> Callable[[Judgement], Ranking]:
    """How `evaluate` asks an engine: the whole search as a reader gets it, place names and misconceptions included."""

    def rank(judgement: Judgement) -> Ranking:
        filters = {facet: tuple(values) for facet, values in judgement.filters.items()}
        request = SearchRequest(text=judgement.query, filters=filters, per_page=DEPTH, lang=judgement.lang)
        hits = search(engine, request, semantics).hits
        return Ranking([hit.id for hit in hits.hits], hits.total)

    return rank


def evaluate(judgements: Iterable[Judgement], rank: Callable[[Judgement], Ranking]) -> dict[str, Any]:
    """The report of `senne evaluate`: means, kinds and failing queries. Figures are rounded to 4 places."""
    ndcg: dict[str, list[float]] = {}
    reciprocal, recalls, failing = [], [], []
    nothing_ok = nothing = 0
    for judgement in judgements:
        ranking = rank(judgement)
        if judgement.kind == NOTHING or not judgement.relevant:
            nothing += 1
            nothing_ok += ranking.total <= judgement.max_hits
            continue
        first = list(ranking.ids[:DEPTH])
        score = ndcg_at(first, judgement.relevant)
        ndcg.setdefault(judgement.kind, []).append(score)
        reciprocal.append(next((1 / n for n, id_ in enumerate(first, start=1) if id_ in judgement.relevant), 0.0))
        recalls.append(recall_at(first, judgement.relevant))
        if score < _FAILING:
            wanted = sorted(judgement.relevant, key=lambda id_: -judgement.relevant[id_])
            failing.append({"query": judgement.query, "ndcg": round(score, 4), "got": first, "wanted": wanted})
    scores = [score for kind in ndcg.values() for score in kind]
    return {
        "queries": len(scores) + nothing,
        "ndcg_at_10": _mean(scores),
        "mrr_at_10": _mean(reciprocal),
        "recall_at_10": _mean(recalls),
        "nothing_ok": f"{nothing_ok}/{nothing}",
        "by_kind": {kind: _mean(ndcg[kind]) for kind in sorted(ndcg)},
        "failing": sorted(failing, key=lambda query: (query["ndcg"], query["query"])),
    }


def ndcg_at(ids: Sequence[str], relevant: Mapping[str, int], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of the first `depth` ids, 0 to 1."""
    gained = sum(_gain(relevant.get(id_, 0), rank) for rank, id_ in enumerate(ids[:depth], start=1))
    best = sorted(relevant.values(), reverse=True)[:depth]
    return gained / sum(_gain(grade, rank) for rank, grade in enumerate(best, start=1))


def recall_at(ids: Sequence[str], relevant: Mapping[str, int], depth: int = DEPTH) -> float:
    """Share of the graded ids among the first `depth`, 0 to 1."""
    return len(relevant.keys() & set(ids[:depth])) / min(depth, len(relevant))


def _gain(grade: int, rank: int) -> float:
    return float(2**grade - 1) / math.log2(rank + 1)


def _mean(values: Sequence[float]) -> float:
    return round(fmean(values), 4) if values else 0.0


def differences(report: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, float]:
    """Figure → how much it rose since an earlier report, for those that changed; kinds as "by_kind.…"."""
    now, then = _figures(report), _figures(before)
    changes = {name: round(now[name] - then[name], 4) for name in now if name in then}
    return {name: change for name, change in changes.items() if change}


def _figures(report: Mapping[str, Any]) -> dict[str, float]:
    figures = {name: report[name] for name in ("ndcg_at_10", "mrr_at_10", "recall_at_10") if name in report}
    return {**figures, **{f"by_kind.{kind}": value for kind, value in report.get("by_kind", {}).items()}}
