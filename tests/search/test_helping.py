"""Helping the searcher: misconceptions, did you mean, suggestions, what else to do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.misconceptions import misconceptions
from search.alternatives import alternatives, similar
from search.documents import to_document
from search.engine import Query
from search.engines.embedded import EmbeddedEngine
from search.misconceptions import MAX_SHOWN, lift, said_in
from search.plan import make_plan
from search.service import SearchAnswer, SearchRequest, search
from search.suggestions import arrange, concepts_beginning


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    lines = files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    resources = [{k: v for k, v in json.loads(line).items() if v is not None} for line in lines]
    engine = EmbeddedEngine(tmp_path_factory.mktemp("index"))
    engine.rebuild(to_document(resource, added=datetime(2026, 11, 1, tzinfo=UTC)) for resource in resources)
    return engine


def ask(engine: EmbeddedEngine, text: str, **filters: tuple[str, ...]) -> SearchAnswer:
    return search(engine, SearchRequest(text=text, filters=filters))


@pytest.mark.parametrize("known", misconceptions().values(), ids=lambda known: known.id)
def test_a_misconception_is_recognised_in_its_own_words(known: object) -> None:
    for statement in known.statement.values():  # type: ignore[attr-defined]
        assert known.id in {found.id for found in said_in(statement)}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["vaccin", "grippe", "soins palliatifs", "deuil", "santé mentale", "aidant proche", "suicide", "bébé", "vaccin grippe", "",
             "liste des services deuil", "palliatieve zorg Brussel", "parler de la fin de vie",
             "pharmacies qui vaccinent contre la grippe", "comment parler du suicide", "vragen over euthanasie"],
)  # fmt: skip
def test_naming_a_subject_is_not_saying_something_of_it(text: str) -> None:
    assert said_in(text) == ()


def test_what_means_the_same_is_the_same_misconception_without_its_subject() -> None:
    text, known = "si je lui en parle il va le faire", "asking_about_suicide_gives_the_idea"
    assert said_in(text) == ()
    assert [found.id for found in said_in(text, {known: 0.8})] == [known]
    assert said_in(text, {known: 0.7}) == ()
    assert said_in("parler à quelqu'un", {known: 0.8}) == ()


def test_the_tools_that_a_misconception_names_are_lifted(engine: EmbeddedEngine) -> None:
    answer = ask(engine, "le vaccin donne la grippe")
    assert [found.id for found in answer.misconceptions] == ["flu_vaccine_gives_flu"]
    first = [hit.id for hit in answer.hits.hits[:8]]
    assert set(answer.misconceptions[0].tools) <= set(first)


def test_lifted_tools_still_pass_the_filters(engine: EmbeddedEngine) -> None:
    answer = ask(engine, "le vaccin donne la grippe", type=("helpline",))
    assert all(hit.card["type"] == "helpline" for hit in answer.hits.hits)


@given(st.text())
def test_whatever_is_said_at_most_two_misconceptions_are_shown(text: str) -> None:
    assert len(said_in(text)) <= MAX_SHOWN


def test_an_unknown_misconception_lifts_nothing() -> None:
    assert lift(["no_such"]).tools == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("vacination", "vaccination"), ("soins paliatifs", "soins palliatifs"), ("depresion", "dépression"),
     ("mantelzogr", "mantelzorg"), ("vaccination", None), ("melting papot", None)],
)  # fmt: skip
def test_a_mistyped_word_is_put_right_in_a_suggestion(engine: EmbeddedEngine, typed: str, meant: str | None) -> None:
    assert ask(engine, typed).suggestion == meant


def test_a_name_that_entries_have_is_not_put_right(engine: EmbeddedEngine) -> None:
    assert make_plan("twogether").suggestion is not None
    assert ask(engine, "twogether").suggestion is None


def test_a_mistyped_place_is_a_place() -> None:
    assert [place.basins for place in make_plan("aidant proche anderlect").places] == [("centre-ouest",)]


@pytest.mark.parametrize(("text", "basin"), [("deuil bassin Sud-Est", "sud-est"), ("rouw zorgzone Zuid", "sud")])
def test_a_basin_named_in_full_brings_its_entries_nearer(text: str, basin: str) -> None:
    assert [need.basins for need in make_plan(text).needs if need.basins] == [(basin,)]


def test_suggestions_go_on_as_the_text_begins(engine: EmbeddedEngine) -> None:
    found = engine.suggest("soins pa", lang="fr")
    assert found[0].text == "soins palliatifs"
    assert {item.kind for item in found} == {"concept", "resource", "organisation"}
    for item in found:
        if item.kind != "concept":
            assert " soins pa" in f" {item.text.lower()}"


def test_suggestions_stay_within_the_basin(engine: EmbeddedEngine) -> None:
    for item in engine.suggest("an", basins=["nord"], limit=20):
        if item.kind == "resource":
            [card] = [hit.card for hit in ask(engine, item.text).hits.hits if hit.id == item.id] or [None]
            assert card is None or {"nord", "region"} & set(card["basins"])


@pytest.mark.parametrize("text", ["", "a", " ", "''", "\x00", "🙂"])
def test_too_little_text_suggests_nothing(engine: EmbeddedEngine, text: str) -> None:
    assert engine.suggest(text) == []


def test_a_concept_is_suggested_in_the_readers_language() -> None:
    assert concepts_beginning("rouw", "fr")[0].text == "deuil"
    assert concepts_beginning("deui", "nl")[0].text == "rouw"


@given(st.text(), st.integers(1, 20))
def test_no_more_is_suggested_than_asked(text: str, limit: int) -> None:
    cards = [{"id": "a", "title": {"fr": text}, "organisations": [{"name": text}]}] if text else []
    assert len(arrange(text, cards, concepts_beginning(text, "fr"), "fr", limit)) <= limit


def test_after_nothing_found_there_is_something_to_do(engine: EmbeddedEngine) -> None:
    query = Query(
        text="deuil", filters={"basin": ("nord",), "type": ("pharmacy",), "theme": ("food",)}, local_only=True
    )
    assert engine.search(query).total == 0
    for offered in alternatives(engine, query):
        assert engine.search(replace(offered.query, per_page=1)).total == offered.total > 0


def test_similar_resources_share_a_theme_and_leave_out_the_one_itself(engine: EmbeddedEngine) -> None:
    card = next(hit.card for hit in ask(engine, "café mortel").hits.hits)
    found = similar(engine, card)
    assert found
    assert all(hit.id != card["id"] and set(hit.card["themes"]) & set(card["themes"]) for hit in found)
