"""The measure itself, against figures worked out by hand."""

import json
import math
from pathlib import Path

import pytest

from directory.errors import DataFileError
from search.evaluation import Judgement, Ranking, differences, evaluate, load_judgements, ndcg_at, recall_at


def test_the_ideal_order_scores_one_and_nothing_scores_zero() -> None:
    assert ndcg_at(["a", "b"], {"a": 2, "b": 1}) == 1
    assert ndcg_at(["x"], {"a": 2}) == 0


def test_gain_and_discount_are_those_of_the_definition() -> None:
    ideal = 3 + 1 / math.log2(3)
    assert ndcg_at(["b", "a"], {"a": 2, "b": 1}) == pytest.approx((1 + 3 / math.log2(3)) / ideal)


def test_recall_divides_by_what_ten_places_can_hold() -> None:
    graded = {str(number): 1 for number in range(12)}
    assert recall_at([str(number) for number in range(10)], graded) == 1


def test_nothing_queries_stay_out_of_the_means() -> None:
    judged = [Judgement("deuil", {"a": 2}, kind="topic"), Judgement("pizza", {}, kind="nothing", max_hits=3)]
    report = evaluate(judged, lambda judgement: Ranking(["a"], 1 if judgement.relevant else 4))
    assert (report["queries"], report["ndcg_at_10"], report["nothing_ok"]) == (2, 1.0, "0/1")
    assert report["by_kind"] == {"topic": 1.0}


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text(json.dumps({"query": "a", "relevant": {}}) + "\n{nope\n")
    with pytest.raises(DataFileError, match="line 2"):
        load_judgements(path)


def test_what_changed_since_an_earlier_report_is_named() -> None:
    before = {"ndcg_at_10": 0.8, "recall_at_10": 0.7, "by_kind": {"typo": 0.5, "gone": 1.0}}
    now = {"ndcg_at_10": 0.82, "recall_at_10": 0.7, "by_kind": {"typo": 0.4, "new": 1.0}}
    assert differences(now, before) == {"ndcg_at_10": 0.02, "by_kind.typo": -0.1}


@pytest.mark.parametrize(
    ("filters", "told"), [({"basins": ["nord"]}, "There is no such filter"), ({"basin": ["noord"]}, "does not exist")]
)
def test_a_filter_that_does_not_exist_is_refused_with_its_line(
    tmp_path: Path, filters: dict[str, list[str]], told: str
) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text(json.dumps({"query": "deuil", "relevant": {"a": 2}, "filters": filters}), encoding="utf-8")
    with pytest.raises(DataFileError, match=f"line 1 cannot be searched for: .*{told}"):
        load_judgements(path)
