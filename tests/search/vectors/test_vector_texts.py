"""What the sentence model gets to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.vectors.texts import PASSAGE_WORDS, QUERY_LENGTH, QUERY_WORDS, passage_text, passages, query_text
from tests.search.vectors.samples import document


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  perte \t d’un\nproche ", "perte d’un proche"),
        ("deuil\0 grippe", "deuil grippe"),  # a C string ends at NUL
        ("deuil \ud800", "deuil"),  # half a character
        ("BIM", "BIM"),  # capitals tell an abbreviation from a word
        ("e\u0301cole", "école"),
        ("", ""),
    ],
)
def test_a_query_is_read_as_meant(typed: str, read: str) -> None:
    assert query_text(typed) == read


def test_no_character_is_left_that_the_model_makes_18_of() -> None:
    assert "\ufdfa" not in query_text("\ufdfa" * 100) + passage_text("\ufdfa" * 100)


def test_long_texts_are_cut() -> None:
    assert query_text("mot " * 1000).count("mot") == QUERY_WORDS
    assert len(query_text("m" * 10_000)) == QUERY_LENGTH
    assert passage_text("mot " * 1000).count("mot") == PASSAGE_WORDS


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    read = query_text(text)
    assert "\0" not in read.encode().decode()
    assert query_text(read) == read


def test_a_resource_has_one_text_a_language_it_is_described_in() -> None:
    both = document("deuil", title={"nl": "Rouw"}, summary={"fr": "Accompagner"}, themes=["grief"], keywords=["mort"])
    assert passages(both) == {
        "fr": "Rouw. Accompagner. mort. Deuil. deuil, rouw, grief",
        "nl": "Rouw. mort. Rouw. deuil, rouw, grief",
    }


def test_a_resource_without_words_has_no_text() -> None:
    assert passages(document("vide", title={}, summary={})) == {}
