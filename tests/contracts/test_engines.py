"""What every engine promises (`search.engine.SearchEngine`), on the shipped catalogue and on hostile input.

Longer than 300 lines: one suite, which every engine passes whole.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.taxonomy import REGION, load_data, taxonomy
from search.documents import Document, to_document
from search.engine import FACETS, SORTS, Hits, Query, SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.service import ALLOWED

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
ENGINES: list[Callable[[Path], SearchEngine]] = [EmbeddedEngine]
HOSTILE = [
    "(" * 3000,
    '"',
    "title:x",
    "basin:nord OR *",
    "a AND",
    "\x00",
    "🙂" * 50,
    "l'aide: soins?",
    "[0 TO 9]",
    "\ud800",
]


def shipped_resources() -> list[dict[str, Any]]:
    import json
    from importlib.resources import files

    text = files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) | {"version": 1} for line in text.splitlines()]


def documents() -> list[Document]:
    return [
        to_document({k: v for k, v in resource.items() if v is not None}, added=EPOCH + timedelta(minutes=number))
        for number, resource in enumerate(shipped_resources())
    ]


def resource(id_: str, **changes: Any) -> Document:
    values = {
        "id": id_, "type": "tool", "title": {"fr": f"Titre {id_}"}, "summary": {"fr": "Un résumé."},
        "organisations": [{"name": "Une asbl"}], "links": [], "languages": ["fr"], "themes": ["grief"],
        "basins": ["nord"], "audiences": ["professionals"], "cost": {"kind": "free"},
    }  # fmt: skip
    return to_document(values | changes, added=EPOCH)


@pytest.fixture(scope="module", params=ENGINES, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> Callable[[Path], SearchEngine]:
    return request.param


@pytest.fixture(scope="module")
def engine(make: Callable[[Path], SearchEngine], tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """Holds the shipped catalogue; read only."""
    built = make(tmp_path_factory.mktemp("engine"))
    built.rebuild(documents())
    return built


@pytest.fixture
def own_engine(make: Callable[[Path], SearchEngine], tmp_path: Path) -> SearchEngine:
    """Empty, to write into."""
    built = make(tmp_path)
    built.rebuild([])
    return built


def ids(hits: Hits) -> list[str]:
    return [hit.id for hit in hits.hits]


def all_ids(engine: SearchEngine, **query: Any) -> list[str]:
    found: list[str] = []
    for page in itertools.count(1):
        hits = engine.search(Query(**query, page=page, per_page=37))
        found += ids(hits)
        if not hits.hits:
            return found
    raise AssertionError


def test_an_empty_query_finds_everything_by_title(engine: SearchEngine) -> None:
    found = all_ids(engine)
    assert sorted(found) == sorted(document.id for document in documents())


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["", "soins", "santé mentale formation"])
@pytest.mark.parametrize("basins", [(), ("nord",), ("sud", "sud-est")])
def test_pages_hold_every_hit_once(engine: SearchEngine, text: str, sort: str, basins: tuple[str, ...]) -> None:
    query = {"text": text, "sort": sort, "filters": {"basin": basins} if basins else {}}
    found = all_ids(engine, **query)
    assert len(found) == len(set(found)) == engine.search(Query(**query)).total


@pytest.mark.parametrize("facet", FACETS)
def test_each_filter_lets_through_exactly_the_documents_that_carry_it(engine: SearchEngine, facet: str) -> None:
    for value in ALLOWED[facet]:
        wanted = {
            document.id
            for document in documents()
            if value in document.facets[facet] or (facet == "basin" and REGION in document.facets["basin"])
        }
        assert set(all_ids(engine, filters={facet: (value,)})) == wanted


def test_filters_of_two_facets_are_all_needed_and_values_of_one_are_alternatives(engine: SearchEngine) -> None:
    for type_, themes in itertools.product(("service", "training"), [("grief", "housing"), ("mental_health",)]):
        wanted = {
            document.id
            for document in documents()
            if type_ in document.facets["type"] and set(themes) & set(document.facets["theme"])
        }
        assert set(all_ids(engine, filters={"type": (type_,), "theme": themes})) == wanted


@pytest.mark.parametrize("text", ["", "santé"])
def test_facet_counts_ignore_their_own_selection_only(engine: SearchEngine, text: str) -> None:
    chosen = {"theme": ("mental_health",), "type": ("training", "service"), "basin": ("nord",)}
    facets = engine.search(Query(text=text, filters=chosen)).facets
    for facet in FACETS:
        others = {name: values for name, values in chosen.items() if name != facet}
        for value, count in facets[facet].items():
            with_value = all_ids(engine, text=text, filters={**others, facet: (value,)})
            carrying = [d.id for d in documents() if d.id in set(with_value) and value in d.facets[facet]]
            assert count == len(carrying), (facet, value)


def test_a_count_of_zero_is_there_only_while_it_is_selected(engine: SearchEngine) -> None:
    facets = engine.search(Query(filters={"type": ("pharmacy",), "theme": ("grief",)})).facets
    assert facets["type"]["pharmacy"] == 0
    assert all(
        count
        for facet, counts in facets.items()
        for value, count in counts.items()
        if value not in {"pharmacy", "grief"}
    )
    assert "pharmacy" not in engine.search(Query()).facets["type"]


@pytest.mark.parametrize("text", ["", "santé mentale", "vaccin"])
@pytest.mark.parametrize("basin", [basin for basin in taxonomy().basins if basin != REGION])
def test_a_basin_gives_its_own_entries_first_then_the_regional_ones(
    engine: SearchEngine, text: str, basin: str
) -> None:
    basins = {document.id: document.facets["basin"] for document in documents()}
    hits = engine.search(Query(text=text, filters={"basin": (basin,)}))
    found = all_ids(engine, text=text, filters={"basin": (basin,)})
    local = [id_ for id_ in found if basin in basins[id_]]
    assert found[: len(local)] == local
    assert all(REGION in basins[id_] for id_ in found[len(local) :])
    assert hits.local == len(local)
    assert hits.total == hits.facets["basin"].get(basin, 0) + hits.facets["basin"].get(REGION, 0)
    only = engine.search(Query(text=text, filters={"basin": (basin,)}, local_only=True))
    assert only.total == only.local


def test_region_alone_gives_regional_entries_only(engine: SearchEngine) -> None:
    hits = engine.search(Query(filters={"basin": (REGION,)}))
    assert hits.total == sum(REGION in document.facets["basin"] for document in documents())


@pytest.mark.parametrize(
    ("text", "lang", "first"),
    [
        ("pspa", "fr", "pspa-pallium"),
        ("PSPA", "nl", "pspa-pallium"),
        ("a vrai dire", "fr", "a-vrai-dire"),
        ("A VRAI DIRE", "fr", "a-vrai-dire"),
        ("l'ecoute aux seniors", "fr", "ecoute-seniors"),
        ("l’écoute aux séniors", "fr", "ecoute-seniors"),
        ("palliagui", "fr", "palliaguide"),
        ("paliaguide", "fr", "palliaguide"),
        ("cafés mortels", "fr", "cafe-mortel-doulas"),
    ],
)
def test_spelling_habits_do_not_matter(engine: SearchEngine, text: str, lang: str, first: str) -> None:
    assert ids(engine.search(Query(text=text, lang=lang)))[0] == first


def test_a_dutch_word_finds_what_is_told_in_french_only(engine: SearchEngine) -> None:
    french = {d.id for d in documents() if "nl" not in d.title and "grief" in d.facets["theme"]}
    assert french & set(ids(engine.search(Query(text="rouw", lang="nl", per_page=20))))


def test_near_concepts_do_not_replace_one_another(own_engine: SearchEngine) -> None:
    own_engine.update([resource("une-intervision", title={"fr": "Intervision"}),
                       resource("une-supervision", title={"fr": "Supervision"})])  # fmt: skip
    assert ids(own_engine.search(Query(text="intervision"))) == ["une-intervision"]


@pytest.mark.parametrize(
    "text", ["pspa", "rouw", "vacination", "sante mental", "l’écoute", "<script>", "soins & santé"]
)
def test_highlights_keep_the_text_and_escape_it(engine: SearchEngine, text: str) -> None:
    for hit in engine.search(Query(text=text)).hits:
        for name, marked in hit.highlight.items():
            plain = unescape(re.sub(r"</?mark>", "", marked))
            assert plain in hit.card[name].values()
            assert not re.search(r"<(?!/?mark>)", marked)


@pytest.mark.parametrize(
    ("text", "title", "marked"),
    [
        ("sante", "Santé mentale", "<mark>Santé</mark> mentale"),
        ("vacination", "La vaccination", "La <mark>vaccination</mark>"),
        ("palli", "Soins palliatifs", "Soins <mark>palliatifs</mark>"),
        ("rouw", "Groupe de deuil", "Groupe de <mark>deuil</mark>"),
        ("ecoute", "L’écoute <b>", "L’<mark>écoute</mark> &lt;b&gt;"),
    ],
)
def test_highlights_survive_accents_prefixes_typos_and_synonyms(
    own_engine: SearchEngine, text: str, title: str, marked: str
) -> None:
    own_engine.update([resource("marquee", title={"fr": title}), resource("autre")])
    assert own_engine.search(Query(text=text)).hits[0].highlight["title"] == marked


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_answered(engine: SearchEngine, text: str) -> None:
    hits = engine.search(Query(text=text, filters={"basin": ("nord",)}))
    assert {"nord", REGION} >= {basin for hit in hits.hits for basin in hit.card["basins"]}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_a_person_types_is_a_valid_query(engine: SearchEngine, text: str) -> None:
    hits = engine.search(Query(text=text, filters={"basin": ("sud",)}))
    assert hits.total >= len(hits.hits)
    assert all(set(hit.card["basins"]) & {"sud", REGION} for hit in hits.hits)


def test_nonsense_finds_nothing(engine: SearchEngine) -> None:
    assert engine.search(Query(text="xqzvkw")).total == 0


def test_a_page_past_the_end_is_empty_and_keeps_the_total(engine: SearchEngine) -> None:
    hits = engine.search(Query(text="deuil", page=99, filters={"basin": ("nord",)}))
    assert hits.hits == ()
    assert hits.total == engine.search(Query(text="deuil", filters={"basin": ("nord",)})).total


def test_an_update_is_found_at_once_and_replaces(own_engine: SearchEngine) -> None:
    own_engine.update([resource("changeant", title={"fr": "Ancien mot"})])
    own_engine.update([resource("changeant", title={"fr": "Nouveau terme"})])
    assert own_engine.search(Query(text="ancien mot")).total == 0
    assert ids(own_engine.search(Query(text="nouveau terme"))) == ["changeant"]
    assert own_engine.status().documents == 1


def test_a_deleted_document_is_gone_and_unknown_ids_are_ignored(own_engine: SearchEngine) -> None:
    own_engine.update([resource("ephemere"), resource("durable")])
    own_engine.update([], ["ephemere", "jamais-vu"])
    assert ids(own_engine.search(Query())) == ["durable"]


def test_a_rebuild_leaves_exactly_what_it_is_given(own_engine: SearchEngine) -> None:
    own_engine.update([resource("ancienne")])
    own_engine.rebuild([resource("nouvelle")])
    assert ids(own_engine.search(Query())) == ["nouvelle"]


def test_a_failed_rebuild_leaves_the_old_index(own_engine: SearchEngine) -> None:
    own_engine.update([resource("ancienne")])

    def broken() -> Iterator[Document]:
        yield resource("nouvelle")
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError):
        own_engine.rebuild(broken())
    assert ids(own_engine.search(Query())) == ["ancienne"]


def test_a_reader_never_sees_a_half_filled_index(own_engine: SearchEngine) -> None:
    many = [resource(f"fiche-{number}") for number in range(300)]
    own_engine.rebuild(many)
    seen: set[int] = set()
    stop = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                seen.add(own_engine.search(Query()).total)
        except BaseException as error:
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        own_engine.rebuild(many)
    stop.set()
    reader.join()
    assert not failures
    assert seen == {300}


def test_sorting_by_date_gives_the_newest_first_and_the_unchecked_last(own_engine: SearchEngine) -> None:
    own_engine.update([
        resource("jamais-verifie"),
        resource("verifie-tot", verified_on="2025-01-31"),
        resource("verifie-tard", verified_on="2026-02-01"),
    ])  # fmt: skip
    assert ids(own_engine.search(Query(sort="verified_on"))) == ["verifie-tard", "verifie-tot", "jamais-verifie"]


def test_titles_sort_without_accents_or_case(own_engine: SearchEngine) -> None:
    own_engine.update([resource("un", title={"fr": "écoute"}), resource("deux", title={"fr": "Zèbre"}),
                       resource("trois", title={"nl": "Echt"})])  # fmt: skip
    assert ids(own_engine.search(Query(sort="title", lang="fr"))) == ["trois", "un", "deux"]


def test_suggestions_complete_titles_within_the_basin(engine: SearchEngine) -> None:
    titles = [suggestion.text for suggestion in engine.suggest("melting", basins=("sud",))]
    assert any("Melting" in title for title in titles)
    assert not any("Melting" in suggestion.text for suggestion in engine.suggest("melting", basins=("nord",)))


def test_the_thesaurus_is_the_one_the_finder_uses() -> None:
    assert {concept["id"] for concept in load_data("thesaurus.json")} >= {"grief", "vaccination"}
