"""Many word patterns at once find what each of them finds alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import resource_types, theme_words
from crawler.resource_types import spaced
from crawler.word_patterns import WordPatterns

SITES = Path(__file__).resolve().parents[3] / "fixtures" / "sites"
ALTERNATIONS = {"themes": theme_words._WORDS, "types": resource_types._WORDS}


def alone(alternations: Mapping[str, str], text: str) -> dict[str, tuple[int, int]]:
    found = {}
    for name, words in alternations.items():
        if match := re.search(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])", text):
            found[name] = match.span()
    return found


@pytest.mark.parametrize("alternations", ALTERNATIONS.values(), ids=ALTERNATIONS)
def test_the_labelled_pages_give_the_same_matches_as_one_search_a_name(alternations: Mapping[str, str]) -> None:
    patterns = WordPatterns(alternations)
    seen = 0
    for file in sorted(SITES.rglob("*.html")):
        for line in file.read_text("utf-8", "replace").splitlines():
            text = spaced(line[:600])
            found = {name: match.span() for name, match in patterns.find(text).items()}
            assert list(found.items()) == list(alone(alternations, text).items())
            seen += len(found)
    assert seen > 200


@given(
    st.lists(
        st.sampled_from(["guides", "guide", "qui ", "et ", "3 cartes", "cartes", "allo ", "e-learning", "elearning",
                         "tijdlijn", "praatlijn", "jeux de cartes", "x", "-", " ", "pharmacie", "qui vaccinent", "2"]),
        max_size=12,
    )
)  # fmt: skip
def test_parts_of_words_and_what_stands_before_them_are_told_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = WordPatterns(resource_types._WORDS).find(text)
    assert {name: match.span() for name, match in found.items()} == alone(resource_types._WORDS, text)
