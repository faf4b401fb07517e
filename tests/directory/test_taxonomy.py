"""The value lists, and the other data files that point to them."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import pytest

from directory.errors import DataFileError
from directory.misconceptions import Misconception, misconceptions
from directory.schemas import load_resource
from directory.taxonomy import LANGUAGES, Term, TermList, label, pick_language, taxonomy

LINES = files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
ENTRIES = [json.loads(line) for line in LINES]
LISTS = {name: terms for name, terms in vars(taxonomy()).items() if isinstance(terms, TermList)}


@pytest.mark.parametrize("name", LISTS)
def test_every_term_is_called_something_in_three_languages(name: str) -> None:
    assert LISTS[name]
    for term in LISTS[name].values():
        assert all(term.label.get(language, "").strip() for language in LANGUAGES), term.id


def test_every_type_belongs_to_a_group() -> None:
    assert {term.group for term in taxonomy().types.values()} <= set(taxonomy().type_groups)


def test_the_basins_are_five_and_the_region() -> None:
    assert list(taxonomy().basins) == ["nord", "nord-est", "centre-ouest", "sud", "sud-est", "region"]


def test_a_list_that_names_a_term_twice_is_refused() -> None:
    with pytest.raises(DataFileError, match="themes names a term twice"):
        TermList("themes", [Term("grief", {}), Term("grief", {})])


def test_a_text_falls_back_to_a_language_that_has_it() -> None:
    assert label({"fr": "Deuil", "nl": "Rouw"}, "nl") == "Rouw"
    assert label({"fr": "Deuil", "en": "Grief"}, "nl") == "Deuil"
    assert label({"fr": "", "en": "Grief"}, "fr") == "Grief"
    assert (label({}, "fr"), pick_language({}, "fr")) == ("", None)


@pytest.mark.parametrize("misconception", misconceptions().values(), ids=lambda item: item.id)
def test_a_misconception_points_to_what_exists_and_says_where_its_answer_is_from(misconception: Misconception) -> None:
    assert misconception.theme in taxonomy().themes
    assert set(misconception.tools) <= {entry["id"] for entry in ENTRIES}
    for texts in (misconception.statement, misconception.answer):
        assert {"fr", "nl"} <= {language for language, text in texts.items() if text.strip()}
    assert all(source.strip() for source in misconception.sources)
    assert misconception.sources


def test_the_shipped_catalogue_is_224_entries_sorted_by_id() -> None:
    ids = [entry["id"] for entry in ENTRIES]
    assert len(ids) == 224
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_shipped_entry_can_be_used_as_it_stands(entry: dict[str, Any]) -> None:
    values = load_resource(entry)
    assert values["status"] == "published"
    source = values["source"]
    assert source.get("url") or source.get("citation") or values["links"], "where do we know it from?"


def test_the_shipped_catalogue_names_organisations_only() -> None:
    personal = re.compile(r"\b[\w-]+\.[\w-]+@|@(gmail|hotmail|outlook|skynet|yahoo|telenet)\b", re.IGNORECASE)
    assert not [line for line in LINES if personal.search(line)]
    mobile = re.compile(r"\+324[5-9]\d{7}")
    assert not [line for line in LINES if mobile.search(line)]
