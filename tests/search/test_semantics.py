"""What nearness in meaning gives a query, whatever the vectors are."""

from __future__ import annotations

from collections.abc import Sequence

from search.semantics import (
    FEW_COSINE,
    LONE_COSINE,
    MARGIN_FROM,
    MARGIN_SURELY,
    MARGIN_WORDS,
    MAX_BESIDE,
    MAX_LONE,
    MAX_NEAR,
    NOTHING_NEAR,
    Nearness,
    weigh,
    with_subjects,
)


def nearness(
    cosines: dict[str, float], mean: float = 0.5, deviation: float = 0.02, margin: float | None = None
) -> Nearness:
    return Nearness(cosines, mean=mean, deviation=deviation, cosines=cosines, margin=margin)


def test_the_nearest_count_most_and_the_far_not_at_all() -> None:
    near = weigh(nearness({"far": 0.5, "nearer": 0.9, "near": 0.8}, mean=0.7, deviation=0.05))
    scores = dict(near.scores)
    assert scores["nearer"] > scores["near"] > 0
    assert "far" not in scores
    assert weigh(None) == NOTHING_NEAR
    assert weigh(nearness({"one": 0.9}, deviation=0.0)) == NOTHING_NEAR


def test_where_words_find_nothing_a_few_are_shown_from_a_lower_floor() -> None:
    between = (FEW_COSINE + LONE_COSINE) / 2
    near = weigh(nearness({f"entry{number}": between for number in range(10)}))
    assert len(near.lone_hits) == MAX_LONE
    assert weigh(nearness({f"entry{number}": FEW_COSINE - 0.001 for number in range(10)})).lone_hits == frozenset()
    sure = weigh(nearness({f"entry{number}": LONE_COSINE for number in range(10)}))
    assert len(sure.lone_hits) == 10


def test_the_nearest_are_chosen_within_the_filters() -> None:
    cosines = {f"entry{number:03}": 0.95 - number / 10_000 for number in range(600)}
    asked: list[Sequence[str]] = []

    def inside(ids: Sequence[str]) -> list[str]:
        asked.append(ids)
        return [id_ for id_ in ids if id_ >= "entry500"]

    found = [id_ for id_, _score in weigh(nearness(cosines, mean=0.5), inside).scores]
    assert found == [f"entry{number:03}" for number in range(500, 500 + MAX_NEAR)]
    assert sum(map(len, asked)) == len(cosines)
    assert len(weigh(nearness(cosines, mean=0.5)).scores) == MAX_NEAR


def test_the_margin_says_whether_anything_is_a_hit_by_meaning() -> None:
    cosines = {f"entry{number:03}": 0.95 - number / 10_000 for number in range(100)}
    far = weigh(nearness(cosines, margin=MARGIN_FROM - 0.001))
    assert (far.hits, far.lone_hits) == (frozenset(), frozenset())
    assert far.scores  # the order still knows
    unsure, sure = (weigh(nearness(cosines, margin=margin)) for margin in (MARGIN_FROM, MARGIN_SURELY))
    assert (len(unsure.hits), len(unsure.lone_hits)) == (MAX_BESIDE, MAX_LONE)
    assert len(sure.lone_hits) == MAX_NEAR


def test_the_margin_says_whether_words_must_answer_nearly_all() -> None:
    cosines = {"one": 0.9}
    assert weigh(nearness(cosines)).elsewhere is None
    assert weigh(nearness(cosines, margin=MARGIN_WORDS - 0.001)).elsewhere is True
    assert weigh(nearness(cosines, margin=MARGIN_WORDS)).elsewhere is False


def test_the_model_is_told_the_subjects_that_other_words_mean() -> None:
    assert with_subjects("perdre quelqu'un", "fr") == "perdre quelqu'un. deuil"
    assert with_subjects("perdre quelqu'un", "nl") == "perdre quelqu'un. rouw"
    assert with_subjects("deuil", "fr") == "deuil"  # it says so itself
    assert with_subjects("météo", "fr") == "météo"
