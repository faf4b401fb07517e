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


def test_the_parts_of_a_compound_mean_what_they_mean_apart() -> None:
    [need] = make_plan("borstkankeropsporing").needs
    assert need.concepts == ()
    assert need.inner == ("breast_cancer", "screening")
    assert make_plan("mantelzorg").needs[0].inner == ()


def test_in_a_sentence_a_word_of_no_subject_counts_less() -> None:
    weights = {need.forms: need.weight for need in make_plan("mijn buurman drinkt elke avond en heeft depressie").needs}
    assert weights[("buurman",)] < weights[("depressi",)] == 1.0
    assert all(need.weight == 1.0 for need in make_plan("petit vélo jaune").needs)


def test_people_count_less_beside_what_they_need_but_not_alone() -> None:
    weights = {need.concepts: need.weight for need in make_plan("ma mère fait une dépression").needs if need.concepts}
    assert weights[("parents",)] < weights[("depression",)] == 1.0
    assert [need.weight for need in make_plan("parents").needs] == [1.0]


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [("pizza livraison", True), ("rijbewijs", True), ("deuil", False), ("soins palliatifs", False)],
)
def test_words_of_other_subjects_are_known(text: str, elsewhere: bool) -> None:
    assert make_plan(text).elsewhere is elsewhere
