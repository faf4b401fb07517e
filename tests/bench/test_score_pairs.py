"""The scorer of matchers, and the pairs it reads."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench import score_pairs
from bench.score_pairs import load_pairs, main, score
from directory.schemas import ResourceSchema

Json = dict[str, Any]


def pair(label: str, a: str = "A", b: str = "B") -> Json:
    return {"id": f"{a}{b}", "a": {"title": {"fr": a}}, "b": {"title": {"fr": b}}, "label": label, "why": ""}


def test_there_are_two_hundred_pairs_of_all_labels() -> None:
    pairs = load_pairs()
    assert len(pairs) == len({p["id"] for p in pairs}) == 200
    labels = Counter(p["label"] for p in pairs)
    assert set(labels) == {"same", "translation", "different"}
    assert min(labels.values()) >= 20


def test_both_sides_are_resources_in_the_outside_shape() -> None:
    unread = {"id": "a-crawl-has-none", "themes": ["wellbeing"], "basins": ["region"]}  # what a crawl may leave out
    wrong = [
        (p["id"], errors)
        for p in load_pairs()
        for side in (p["a"], p["b"])
        if (errors := ResourceSchema().validate({**unread, **side}))
    ]
    assert wrong == []


def test_the_label_translation_means_a_language_that_the_other_side_lacks() -> None:
    for p in load_pairs():
        if p["label"] == "translation":
            assert not set(p["b"]["languages"]) <= set(p["a"]["languages"]), p["id"]


def test_a_perfect_matcher_scores_one() -> None:
    pairs = load_pairs()
    answers = iter([p["label"] for p in pairs])
    result = score(lambda _a, _b: next(answers), pairs)
    assert (result["precision"], result["recall"], result["f1"], result["label_accuracy"]) == (1, 1, 1, 1)
    assert result["failures"] == []


def test_precision_and_recall_are_of_duplicates_of_either_kind() -> None:
    pairs = [pair("same"), pair("translation"), pair("same"), pair("different"), pair("different")]
    answers = iter(["translation", "translation", "different", "same", "different"])
    result = score(lambda _a, _b: next(answers), pairs)
    assert result["precision"] == pytest.approx(2 / 3)
    assert result["recall"] == pytest.approx(2 / 3)
    assert result["label_accuracy"] == pytest.approx(2 / 5)
    assert [failure["answer"] for failure in result["failures"]] == ["translation", "different", "same"]


def test_a_matcher_that_finds_nothing_has_no_precision() -> None:
    result = score(lambda _a, _b: "different", [pair("same"), pair("different")])
    assert (result["precision"], result["recall"]) == (None, 0)


def test_an_answer_that_is_no_label_is_named() -> None:
    with pytest.raises(ValueError, match="AB: 'perhaps' is none of"):
        score(lambda _a, _b: "perhaps", [pair("same")])


def never(_a: Json, _b: Json) -> str:
    return "different"


def test_the_command_fails_below_the_figures_of_the_issue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"{__name__}:never"]) == 0
    assert main([f"{__name__}:never", "--check", "--json"]) == 1
    assert '"recall": 0.0' in capsys.readouterr().out


def test_an_unknown_id_is_an_error(tmp_path: Path) -> None:
    lines = tmp_path / "pairs.jsonl"
    lines.write_text('{"id": "p1", "a": "no-such-entry", "b": "tele-accueil", "label": "same", "why": ""}\n', "utf-8")
    with pytest.raises(KeyError, match="no-such-entry"):
        load_pairs(lines, score_pairs.CATALOGUE)
