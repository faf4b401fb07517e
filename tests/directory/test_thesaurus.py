"""Concepts: the laws of the file, and the finder."""

from __future__ import annotations

from typing import Any

import pytest

from directory.errors import DataFileError
from directory.taxonomy import load_data, taxonomy
from directory.thesaurus import FILE, ConceptFinder, load_concepts, thesaurus, with_terms


def concept(id_: str, *terms: str, abbreviations: tuple[tuple[str, bool], ...] = (), near: tuple[str, ...] = ()) -> Any:
    return {
        "id": id_,
        "themes": None,
        "terms": {"fr": list(terms)},
        "abbreviations": [{"form": f, "language": None, "case_sensitive": c} for f, c in abbreviations],
        "near": list(near),
    }


def found(finder: ConceptFinder, text: str) -> list[tuple[str, int, int]]:
    return [(item.concept, item.first, item.last) for item in finder.find(text)]


@pytest.mark.parametrize("second", ["deuil", "DEUIL", "le deuil périnatal", "Deuil  périnatal"])
def test_a_term_of_two_concepts_is_refused_and_both_are_named(second: str) -> None:
    first = ["deuil", "le deuil périnatal", "deuil périnatal"]
    with pytest.raises(DataFileError, match=r"thesaurus\.json.*'one' and 'two'"):
        load_concepts([concept("one", *first), concept("two", second)])


def test_an_abbreviation_that_may_be_written_small_counts_as_a_term() -> None:
    with pytest.raises(DataFileError, match="'one' and 'two'"):
        load_concepts([concept("one", "pspa"), concept("two", "plan", abbreviations=(("PSPA", False),))])
    load_concepts([concept("one", "as"), concept("two", "assistant social", abbreviations=(("AS", True),))])


def test_a_near_concept_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DataFileError, match="'one' is near 'nowhere'"):
        load_concepts([concept("one", "deuil", near=("nowhere",))])


def test_a_term_that_holds_no_word_is_refused() -> None:
    with pytest.raises(DataFileError, match="without a letter"):
        load_concepts([concept("one", "—")])


def test_a_long_term_hides_the_short_ones_inside_it() -> None:
    finder = ConceptFinder(load_concepts([concept("care", "soins"), concept("palliative", "soins palliatifs")]))
    assert found(finder, "les SOINS palliatifs et les soins") == [("palliative", 1, 3), ("care", 5, 6)]
    assert {item.concept for item in finder.find_all("soins palliatifs")} == {"care", "palliative"}


def test_a_case_sensitive_abbreviation_counts_only_as_it_is_written() -> None:
    finder = ConceptFinder(load_concepts([concept("social", "assistant social", abbreviations=(("AS", True),))]))
    assert found(finder, "un AS à Jette") == [("social", 1, 2)]
    assert found(finder, "tu as raison, As") == []


def test_the_callers_linguistics_apply_to_terms_and_text_alike() -> None:
    finder = ConceptFinder(load_concepts([concept("carer", "aidants proches")]), lambda word: word.rstrip("s"))
    assert found(finder, "un aidant proche") == [("carer", 1, 3)]


def test_the_shipped_thesaurus_keeps_its_laws() -> None:
    concepts = thesaurus()
    assert len(concepts) == len(load_data(FILE)), "an id stands twice"
    themes = set(taxonomy().themes)
    for item in concepts.values():
        assert set(item.themes) <= themes, item.id
        assert item.id not in item.near
        assert set(item.terms) <= {"fr", "nl", "en"}
        assert item.label("nl")


@pytest.mark.parametrize(("one", "other"), [("intervision", "supervision"), ("palliative_care", "euthanasia")])
def test_near_concepts_are_kept_apart(one: str, other: str) -> None:
    concepts = thesaurus()
    assert other in concepts[one].near or one in concepts[other].near
    assert not {term for terms in concepts[one].terms.values() for term in terms} & {
        term for terms in concepts[other].terms.values() for term in terms
    }


def test_everyday_terms_belong_to_a_concept_and_name_their_source() -> None:
    items = [concept("one", "deuil")]
    with pytest.raises(DataFileError, match="'two' is no concept"):
        load_concepts(with_terms(items, [{"concept": "two", "terms": {}, "source": "a book"}]))
    with pytest.raises(DataFileError, match="name no source"):
        load_concepts(with_terms(items, [{"concept": "one", "terms": {"fr": ["chagrin"]}}]))
    added = {"concept": "one", "terms": {"fr": ["chagrin"], "nl": ["verdriet"]}, "source": "a book"}
    [told] = load_concepts(with_terms(items, [added])).values()
    assert told.terms == {"fr": ["deuil", "chagrin"], "nl": ["verdriet"]}
    assert items == [concept("one", "deuil")]


def test_an_everyday_term_of_another_concept_is_refused() -> None:
    items = [concept("one", "deuil"), concept("two", "chagrin")]
    added = {"concept": "one", "terms": {"fr": ["chagrin"]}, "source": "a book"}
    with pytest.raises(DataFileError, match="'one' and 'two'"):
        load_concepts(with_terms(items, [added]))


def families(folded: str) -> tuple[str, ...]:
    return () if folded in {"la", "contre", "de"} else (folded[:5],)


def test_a_concept_is_known_by_the_families_of_its_words_in_any_order() -> None:
    finder = ConceptFinder(load_concepts([concept("flu", "vaccin contre la grippe")]), families=families)
    assert found(finder, "la grippe, vacciner") == [("flu", 1, 3)]
    assert found(finder, "vaccinons contre la grippe") == [("flu", 0, 4)]


def test_a_family_that_two_concepts_share_decides_nothing() -> None:
    finder = ConceptFinder(
        load_concepts([concept("one", "intervision"), concept("two", "intervention")]), families=families
    )
    assert found(finder, "intervenir") == []


def test_a_term_of_two_words_may_be_written_as_one() -> None:
    finder = ConceptFinder(load_concepts([concept("wellbeing", "bien-être")]))
    assert found(finder, "bienêtre") == [("wellbeing", 0, 1)]
