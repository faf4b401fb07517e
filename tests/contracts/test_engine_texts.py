"""What words find: spelling, typos, prefixes, concepts, needs; and whatever else a person may type."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.taxonomy import REGION, load_data
from search.engine import Query, SearchEngine
from tests.contracts.samples import documents, ids, resource

HOSTILE = [
    "(" * 3000,
    '"',
    "'",
    "\\",
    "id IN []",
    "deuil' OR id EXISTS OR words = '",
    "title:x",
    "basin:nord OR *",
    "a AND",
    "NOT IN TO EXISTS STARTS WITH",
    "\x00",
    "🙂" * 50,
    "l'aide: soins?",
    "[0 TO 9]",
    "\ud800",
    "é" * 400,
    "x" * 5000,
    "soins " * 600,
    "½ ⑴ ﬁn ŉ ㏂",
]


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


@pytest.mark.parametrize(
    "text",
    [
        "kangouru",
        "kangouoru",
        "kanguurou",
        "xangourou",
        "angourou",
        "kangourous",
        "KANGOUROU",
        "kangour",
        "l’kangourou",
    ],
)
def test_one_slip_of_the_finger_is_forgiven_wherever_it_is(own_engine: SearchEngine, text: str) -> None:
    own_engine.update([resource("un", title={"fr": "Le kangourou"}), resource("deux", title={"fr": "La girafe"})])
    assert ids(own_engine.search(Query(text=text))) == ["un"]


def test_short_words_and_numbers_are_taken_as_they_are(own_engine: SearchEngine) -> None:
    own_engine.update([resource("un", title={"fr": "Appeler le 1733"}), resource("deux", title={"fr": "Zone nuit"})])
    assert ids(own_engine.search(Query(text="1733"))) == ["un"]
    assert ids(own_engine.search(Query(text="1743"))) == []
    assert ids(own_engine.search(Query(text="nult"))) == []


def test_a_word_that_exists_is_not_taken_for_a_typo(own_engine: SearchEngine) -> None:
    own_engine.update([resource("un", title={"fr": "Cartable rouge"}), resource("deux", title={"fr": "Portable rouge"}),
                       resource("trois", title={"fr": "Tartable rouge"})])  # fmt: skip
    assert ids(own_engine.search(Query(text="cartable"))) == ["un"]


def test_only_the_last_word_may_be_unfinished(own_engine: SearchEngine) -> None:
    own_engine.update([resource("un", title={"fr": "Girafe jaune"}), resource("deux", title={"fr": "Zèbre noir"})])
    assert ids(own_engine.search(Query(text="gir"))) == ["un"]
    assert ids(own_engine.search(Query(text="gir "))) == []
    assert ids(own_engine.search(Query(text="girafe ja"))) == ["un"]


def test_the_eleventh_word_counts_as_the_first(own_engine: SearchEngine) -> None:
    words = "alpha bravo charlie delta foxtrot hotel juliette lima novembre oscar quebec romeo"
    own_engine.update([
        resource("tous", title={"fr": words}),
        resource("presque", title={"fr": words.rpartition(" ")[0]}),
        *(resource(f"rien-{number}") for number in range(12)),
    ])  # fmt: skip
    hits = own_engine.search(Query(text=words))
    assert ids(hits) == ["tous", "presque"]
    assert ids(own_engine.search(Query(text=words + " "))) == ["tous", "presque"]


def test_with_few_hits_one_need_less_is_asked_for(own_engine: SearchEngine) -> None:
    own_engine.update([
        resource("deux", title={"fr": "Girafe jaune"}),
        resource("un", title={"fr": "Girafe verte"}),
        resource("rien", title={"fr": "Zèbre noir"}),
    ])  # fmt: skip
    assert ids(own_engine.search(Query(text="girafe jaune "))) == ["deux", "un"]


def test_with_enough_hits_every_need_is_asked_for(own_engine: SearchEngine) -> None:
    own_engine.rebuild([
        *(resource(f"deux-{number:02}", title={"fr": "Girafe jaune"}) for number in range(10)),
        *(resource(f"un-{number:02}", title={"fr": "Girafe verte"}) for number in range(10)),
    ])  # fmt: skip
    hits = own_engine.search(Query(text="girafe jaune ", per_page=50))
    assert sorted(ids(hits)) == [f"deux-{number:02}" for number in range(10)]


def test_more_of_what_is_asked_for_comes_first_and_a_title_before_a_summary(own_engine: SearchEngine) -> None:
    own_engine.update([
        resource("resume", summary={"fr": "Une girafe et un zèbre."}),
        resource("titre", title={"fr": "La girafe et le zèbre"}),
        resource("moitie", title={"fr": "La girafe"}),
    ])  # fmt: skip
    assert ids(own_engine.search(Query(text="girafe zèbre ")))[0] == "titre"


def test_a_dutch_word_finds_what_is_told_in_french_only(engine: SearchEngine) -> None:
    french = {d.id for d in documents() if "nl" not in d.title and "grief" in d.facets["theme"]}
    assert french & set(ids(engine.search(Query(text="rouw", lang="nl", per_page=20))))


def test_near_concepts_do_not_replace_one_another(own_engine: SearchEngine) -> None:
    own_engine.update([resource("une-intervision", title={"fr": "Intervision"}),
                       resource("une-supervision", title={"fr": "Supervision"})])  # fmt: skip
    assert ids(own_engine.search(Query(text="intervision"))) == ["une-intervision"]


def test_nonsense_finds_nothing(engine: SearchEngine) -> None:
    assert engine.search(Query(text="xqzvkw")).total == 0
    assert engine.search(Query(text="xqzvkw jvwqzk zzkqxj")).total == 0


@pytest.mark.parametrize("text", ["?", "…", "()", "\x00", "🙂"])
def test_text_without_a_word_finds_nothing(engine: SearchEngine, text: str) -> None:
    assert engine.search(Query(text=text)).total == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_answered(engine: SearchEngine, text: str) -> None:
    hits = engine.search(Query(text=text, filters={"basin": ("nord",)}))
    assert all({"nord", REGION} & set(hit.card["basins"]) for hit in hits.hits)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_a_person_types_is_a_valid_query(engine: SearchEngine, text: str) -> None:
    hits = engine.search(Query(text=text, filters={"basin": ("sud",)}))
    assert hits.total >= len(hits.hits)
    assert all(set(hit.card["basins"]) & {"sud", REGION} for hit in hits.hits)


def test_words_that_no_keyboard_types_can_be_held_and_found(own_engine: SearchEngine) -> None:
    words = ["ŉood", "⑴", "ﬁn", "x" * 600, "İstanbul", "ße"]
    own_engine.update([resource(f"mot-{number}", title={"fr": f"{word} fiche"}) for number, word in enumerate(words)])
    assert own_engine.status().documents == len(words)
    assert ids(own_engine.search(Query(text="istanbul"))) == ["mot-4"]
    assert ids(own_engine.search(Query(text="fin "))) == ["mot-2"]


def test_suggestions_complete_titles_within_the_basin(engine: SearchEngine) -> None:
    titles = [suggestion.text for suggestion in engine.suggest("melting", basins=("sud",))]
    assert any("Melting" in title for title in titles)
    assert not any("Melting" in suggestion.text for suggestion in engine.suggest("melting", basins=("nord",)))


def test_the_thesaurus_is_the_one_the_finder_uses() -> None:
    assert {concept["id"] for concept in load_data("thesaurus.json")} >= {"grief", "vaccination"}


TYPED = [
    "deuil",
    "soins palliatifs à domicile",
    "vacination grippe",
    "rouw",
    "zorg planning",
    "outil fin de vie",
    "aide",
]


def test_many_readers_at_once_get_the_answers_of_one(engine: SearchEngine) -> None:
    """Locks of one search must not wait for those of another: threads of a server share an engine."""
    questions = [
        Query(text=f"{'?' * number} {text}", filters=filters)
        for number in range(1, 6)
        for text in TYPED
        for filters in ({}, {"basin": ("nord",), "theme": ("end_of_life",)})
    ]
    with ThreadPoolExecutor(8) as readers:
        together = list(readers.map(engine.search, questions, timeout=120))
    assert together == [engine.search(question) for question in questions]
