"""Typos."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import Vocabulary, allowed_distance, within_distance

WORDS = Vocabulary({"vaccination", "vaccin", "grippe", "deuil", "aidant", "aidants", "prix"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("vacination", "vaccination"), ("gripe", "grippe"), ("griippe", "grippe"), ("duiel", None), ("deiul", "deuil"),
     ("deuil", None), ("prx", None), ("vaxination", "vaccination")],
)  # fmt: skip
def test_a_typo_finds_the_nearest_word(typed: str, meant: str | None) -> None:
    assert WORDS.nearest(typed) == meant


@given(st.text(max_size=12), st.text(max_size=12), st.integers(0, 3))
def test_distance_is_the_same_both_ways(one: str, other: str, limit: int) -> None:
    assert within_distance(one, other, limit) == within_distance(other, one, limit)


@given(st.text(min_size=1, max_size=12), st.data())
def test_one_edit_is_within_distance_one(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.characters())
    edits = [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
    assert all(within_distance(word, edit, 1) for edit in edits)


def test_words_that_no_one_uses_forgive_no_edit() -> None:
    assert allowed_distance("a" * 40) == 2
    assert allowed_distance("a" * 41) == allowed_distance("a" * 512) == 0
