"""Words, whatever the spelling habits."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from directory.text import clean, fold, words

anything = st.text(st.characters())  # every code point, half characters too
written = st.text(st.sampled_from("aeéêœL'’·•.s ()-\u0301\u00ad_1²ǅſßĳ\ud800\x00"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élève", "eleve"),
        ("E\u0301le\u0300ve", "eleve"),
        ("cœur", "coeur"),
        ("CŒUR", "coeur"),
        ("Præ", "prae"),
        ("ĳs", "ijs"),
        ("Ĳsland", "ijsland"),
        ("STRAẞE", "strasse"),
        ("ＡＢＣ", "abc"),
        ("façade", "facade"),
        ("coördinatie", "coordinatie"),
        ("ﬁn", "fin"),
    ],
)
def test_spelling_habits_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'écoute des pros", ["ecoute", "des", "pros"]),
        ("L’écoute", ["ecoute"]),
        ("jusqu'à demain", ["a", "demain"]),
        ("l'e\u0301coute", ["ecoute"]),
        ("D'ICI", ["ici"]),
        ("foto's", ["foto"]),
        ("vitamine d'", ["vitamine", "d"]),
        ("aide-soignant", ["aide", "soignant"]),
        ("a_b", ["a", "b"]),
        ("1030 Schaerbeek", ["1030", "schaerbeek"]),
        ("😀 soutien 😀", ["soutien"]),
        ("", []),
    ],
)
def test_words_are_what_carries_meaning(text: str, expected: list[str]) -> None:
    assert [word.folded for word in words(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("professionnel·les", "professionnel"),
        ("professionnel·le·s", "professionnel"),
        ("professionnel•le•s", "professionnel"),
        ("tous·tes", "tous"),
        ("acteur·rice·s", "acteur"),
        ("chercheur·euse·s", "chercheur"),
        ("directeur·trice", "directeur"),
        ("infirmier·ère·s", "infirmier"),
        ("bénévole·s", "benevole"),
        ("endeuillé·es", "endeuille"),
        ("ÉTUDIANT·E·S", "etudiant"),
        ("ceux·celles", "ceux"),
        ("un‧e", "un"),
    ],
)
def test_inclusive_endings_after_a_middle_dot_belong_to_their_word(text: str, expected: str) -> None:
    [word] = words(text)
    assert (word.folded, text[word.start : word.end]) == (expected, text)
    assert [found.folded for found in words(f"les {text}, ici")] == ["les", expected, "ici"]


def test_a_middle_dot_between_two_words_leaves_them_two() -> None:
    assert [word.folded for word in words("Bruxelles·Schaerbeek")] == ["bruxelles", "schaerbeek"]


def test_every_character_folds_to_what_folds_to_itself() -> None:
    for code in range(sys.maxunicode + 1):
        once = fold(chr(code))
        assert fold(once) == once, hex(code)


@given(anything | written)
@example("\ud800")
@example("e\u0301" * 40)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(anything | written)
def test_words_stand_where_they_say_one_after_the_other(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.folded
        assert fold(text[word.start : word.end]).startswith(word.folded)
        end = word.end


@given(anything | written)
@example("À·A")
@example("né(e)s, acteur·ère·s")
def test_accents_written_apart_make_the_same_words(text: str) -> None:
    apart, composed = unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text)
    if all(ord(c) < 0x2000 for c in text):
        assert [word.folded for word in words(apart)] == [word.folded for word in words(composed)]


@given(anything | written)
def test_clean_text_has_no_control_character_and_cleaning_it_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not any(unicodedata.category(c)[0] == "C" for c in cleaned)
    cleaned.encode()
    assert "  " not in cleaned


@pytest.mark.parametrize("pattern", ["a·", "l'", "a·s ", "e\u0301", "\u0301", "_", "é", "a·b·"])
def test_a_long_text_takes_no_more_steps_a_character_than_a_short_one(pattern: str) -> None:
    def steps(repeats: int) -> int:
        taken = 0

        def count(*_: object) -> None:
            nonlocal taken
            taken += 1

        sys.setprofile(count)
        try:
            words(pattern * repeats)
        finally:
            sys.setprofile(None)
        return taken

    assert steps(4000) <= 5 * steps(1000) + 100
