"""What a reader's words ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.plan import MAX_NEEDS, make_plan


def concepts(text: str) -> set[str]:
    return {concept for need in make_plan(text).needs for concept in need.concepts}


def test_stop_words_are_dropped_beside_real_needs() -> None:
    assert [need.forms for need in make_plan("l’écoute des pros").needs] == [("ecout",), ("pro",)]


def test_stop_words_alone_are_searched_for() -> None:
    assert [need.forms for need in make_plan("de la").needs] == [("de",), ("la",)]


def test_a_term_of_several_words_is_one_need() -> None:
    (need,) = make_plan("soins palliatifs").needs
    assert need.forms == ("soin", "palliatif")
    assert need.concepts == ("palliative_care",)


def test_a_mistyped_synonym_still_means_its_concept() -> None:
    assert "vaccination" in concepts("vacination")


def test_only_the_last_word_may_be_unfinished() -> None:
    first, last = make_plan("groupe pall").needs
    assert not first.prefix
    assert last.prefix


@pytest.mark.parametrize(
    ("text", "basins"), [("deuil Jette", ("nord",)), ("logement 1060", ("sud",)), ("aide Ukkel", ("sud",))]
)
def test_a_place_in_the_text_is_recognised_and_is_no_condition(text: str, basins: tuple[str, ...]) -> None:
    plan = make_plan(text)
    assert [place.basins for place in plan.places] == [basins]
    assert [need.optional for need in plan.needs] == [False, True]


@pytest.mark.parametrize("text", ["1000 premiers jours", "quartier nord", "aide au Nord"])
def test_what_only_looks_like_a_place_is_none(text: str) -> None:
    assert make_plan(text).places == ()


@given(st.text())
def test_any_text_has_a_plan_of_bounded_size(text: str) -> None:
    assert len(make_plan(text).needs) <= MAX_NEEDS
