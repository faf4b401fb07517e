"""What the forms of words make equal, and what they must keep apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("soin", "soins"), ("Hôpital", "hôpitaux"), ("l’écoute", "ecoute"), ("L'ÉCOUTE", "écoute"),
        ("cœur", "COEUR"), ("jeu", "jeux"), ("professionnel·les", "professionnels"), ("tools", "tool"),
        ("qu’une", "une"), ("coördinatie", "coordinatie"),
    ],
)  # fmt: skip
def test_spelling_and_number_do_not_matter(one: str, other: str) -> None:
    assert [word.folded for word in analysis.forms(one)] == [word.folded for word in analysis.forms(other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gezondheid", "zon"),
        ("gezin", "zin"),
        ("répit", "repas"),
        ("stress", "stre"),
        ("ouders", "ouderen"),
        ("107", "1077"),
    ],
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert analysis.forms(one)[0].folded != analysis.forms(other)[0].folded


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    for word in analysis.forms(text):
        assert analysis.normalise(word.folded) == word.folded


def test_a_query_takes_the_longest_concept_and_a_document_all() -> None:
    asked = {found.concept for found in analysis.concepts_asked("soins palliatifs")}
    told = {found.concept for found in analysis.concepts_told("groupe de deuil")}
    assert asked == {"palliative_care"}
    assert "grief" in told


def test_an_abbreviation_that_is_also_a_word_counts_in_capitals_only() -> None:
    assert analysis.concepts_asked("PV") != []
    assert analysis.concepts_asked("pv") == []
