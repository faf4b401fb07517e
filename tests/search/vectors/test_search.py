"""Search by meaning as engines use it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.errors import EmbedderAbsent, EmbedderUnavailable
from search.vectors import search as module
from search.vectors.filler import VectorFiller
from search.vectors.index import VectorIndex
from search.vectors.queries import MAX_WAITING, QueryVectors
from search.vectors.search import VectorSearch
from search.vectors.store import VectorStore
from search.vectors.texts import passages
from search.vectors.wiring import open_vectors
from tests.search.vectors.samples import BagEmbedder, document

OpenStore = Callable[..., VectorStore]
DOCUMENTS = [
    document("deuil", "Perte d'un proche"),
    document("grippe", "Vaccin contre la grippe", summary={"nl": "Griepprik"}),
    document("logement", "Trouver un logement"),
]


def eventually(condition: Callable[[], bool], ceiling_s: float = 15) -> bool:
    end = time.monotonic() + ceiling_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def filled(open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path) -> VectorStore:
    VectorIndex(open_store()).rebuild(DOCUMENTS)
    VectorFiller(embedder, open_store(), tmp_path / "vectors.lock").fill()
    return open_store()


@pytest.fixture
def search(filled: VectorStore, embedder: BagEmbedder) -> VectorSearch:
    return VectorSearch(embedder, filled)


def nearest(search: VectorSearch, text: str) -> str:
    scores = search.scores(text)
    assert scores is not None
    return next(iter(scores.top(1)))


def test_a_resource_is_found_through_any_of_its_languages(search: VectorSearch) -> None:
    assert nearest(search, "la perte d'un proche") == "deuil"
    assert nearest(search, "vaccin grippe") == nearest(search, "griepprik") == "grippe"


def test_changes_are_seen_without_a_restart(
    search: VectorSearch, open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path
) -> None:
    assert nearest(search, "trouver un emploi") == "logement"
    index, filler = VectorIndex(open_store()), VectorFiller(embedder, open_store(), tmp_path / "vectors.lock")
    index.update([document("emploi", "Trouver un emploi")], ["deuil"])
    filler.fill()
    assert nearest(search, "trouver un emploi") == "emploi"
    assert "deuil" not in (search.scores("perte") or ())


def test_another_file_is_seen_without_a_restart(
    search: VectorSearch, open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path
) -> None:
    assert search.scores("perte")
    generation = tmp_path / "vectors" / open_store().generation
    generation.rename(generation.with_name("elsewhere"))
    assert search.scores("perte") is None
    VectorIndex(open_store()).rebuild(DOCUMENTS[1:])
    VectorFiller(embedder, open_store(), tmp_path / "vectors.lock").fill()
    assert set(search.scores("perte") or ()) == {"grippe", "logement"}


def test_a_query_is_embedded_once(search: VectorSearch, embedder: BagEmbedder) -> None:
    for text in ("vaccin grippe", "  vaccin\tgrippe ", "vaccin grippe"):
        search.scores(text)
    assert embedder.queries.count("vaccin grippe") == 1


def test_a_query_asked_again_is_compared_with_the_present_vectors(
    search: VectorSearch, open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path
) -> None:
    assert search.scores("vaccin") is search.scores("vaccin")
    VectorIndex(open_store()).update([], ["grippe"])
    assert set(search.scores("vaccin") or ()) == {"deuil", "logement"}


def test_few_answers_are_kept_where_they_are_large(search: VectorSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT_BYTES", 2 * 16 * len(DOCUMENTS))
    kept = [search.scores(text) for text in ("un", "deux", "trois")]
    assert search.scores("trois") is kept[2]
    assert search.scores("un") is not kept[0]


def test_a_client_in_a_hurry_gets_only_what_is_at_hand(search: VectorSearch, embedder: BagEmbedder) -> None:
    search.start()
    assert eventually(lambda: search.status().state == "on")
    assert search.scores("vaccin", hurry=True) is None
    assert "vaccin" not in embedder.queries
    search.scores("vaccin")
    assert search.scores("vaccin", hurry=True)


@pytest.mark.parametrize(
    ("failure", "state"),
    [(EmbedderAbsent("Not here."), "absent"), (EmbedderUnavailable("Torn."), "broken"), (ValueError("bug"), "broken")],
)
def test_without_a_model_search_goes_on_and_the_state_says_why(
    search: VectorSearch, embedder: BagEmbedder, failure: Exception, state: str
) -> None:
    embedder.failure = failure
    assert search.scores("vaccin") is None
    assert search.embed_query("vaccin") is None
    assert search.status().state == state
    assert str(failure) in search.status().detail


def test_a_model_that_fails_later_is_told(search: VectorSearch, embedder: BagEmbedder) -> None:
    assert search.scores("vaccin")
    embedder.failure = EmbedderUnavailable("Gone.")
    assert search.scores("autre chose") is None
    assert search.status().state == "broken"


def test_before_anything_is_embedded_there_are_no_scores(open_store: OpenStore, embedder: BagEmbedder) -> None:
    search = VectorSearch(embedder, open_store())
    assert search.scores("vaccin") is None
    assert search.status().state == "loading"
    VectorIndex(open_store()).rebuild(DOCUMENTS)
    assert search.scores("vaccin") is None
    status = search.status()
    assert (status.state, status.embedded, status.total) == ("on", 0, 4)


def test_a_damaged_file_is_no_answer_but_no_error(search: VectorSearch, tmp_path: Path, open_store: OpenStore) -> None:
    assert search.scores("vaccin")
    file = tmp_path / "vectors" / open_store().generation / "vectors.sqlite3"
    for path in (file, file.with_name("vectors.sqlite3-wal")):
        path.write_bytes(b"no database" * 999)
    fresh = VectorSearch(BagEmbedder(), open_store())
    assert fresh.scores("vaccin") is None
    assert fresh.status().state == "loading"  # set aside, to be read again


def test_a_model_that_takes_long_to_load_is_not_waited_for(
    search: VectorSearch, embedder: BagEmbedder, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOAD_PATIENCE_S", 0.01)
    monkeypatch.setattr(embedder, "load", held.wait)
    assert search.scores("vaccin") is None
    assert search.status().state == "loading"
    held.set()
    assert eventually(lambda: search.scores("vaccin") is not None)


def test_no_query_waits_for_ever(embedder: BagEmbedder, held: threading.Event) -> None:
    embedder.before_query = held.wait
    vectors = QueryVectors(embedder)
    assert vectors.get("lent", patience_s=0.01) is None
    held.set()
    assert vectors.get("lent", patience_s=15) is not None


def test_a_process_that_ends_takes_no_more_queries(embedder: BagEmbedder) -> None:
    vectors = QueryVectors(embedder)
    vectors._worker.shutdown()  # as the interpreter does at its end
    assert vectors.get("trop tard", patience_s=15) is None
    assert vectors._awaited == {}


def test_who_comes_behind_too_many_goes_on_without(embedder: BagEmbedder, held: threading.Event) -> None:
    embedder.before_query = held.wait
    vectors = QueryVectors(embedder)
    crowd = [
        threading.Thread(target=vectors.get, args=(f"question {number}",), kwargs={"patience_s": 15})
        for number in range(MAX_WAITING)
    ]
    for thread in crowd:
        thread.start()
    assert eventually(lambda: len(vectors._awaited) == MAX_WAITING)
    assert vectors.get("une de trop", patience_s=15) is None
    held.set()
    for thread in crowd:
        thread.join()
    assert sorted(embedder.queries) == sorted(f"question {number}" for number in range(MAX_WAITING))


def test_queries_alike_at_once_are_computed_once(embedder: BagEmbedder, held: threading.Event) -> None:
    embedder.before_query = held.wait
    vectors, found = QueryVectors(embedder), list[Any]()
    crowd = [threading.Thread(target=lambda: found.append(vectors.get("grippe", patience_s=15))) for _ in range(6)]
    for thread in crowd:
        thread.start()
    held.set()
    for thread in crowd:
        thread.join()
    assert len(found) == 6
    assert all(vector is not None for vector in found)
    assert embedder.queries == ["grippe"]


def test_searches_and_changes_at_once_disturb_nobody(
    search: VectorSearch, open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path
) -> None:
    stop, wrong = threading.Event(), list[object]()

    def reader() -> None:
        while not stop.is_set():
            scores = search.scores("vaccin grippe")
            if scores is None or next(iter(scores.top(1))) != "grippe":
                wrong.append(scores)

    readers = [threading.Thread(target=reader) for _ in range(4)]
    for thread in readers:
        thread.start()
    index, filler = VectorIndex(open_store()), VectorFiller(embedder, open_store(), tmp_path / "vectors.lock")
    for number in range(30):
        index.update([document(f"autre-{number}", f"Sujet {number}")], [f"autre-{number - 3}"])
        filler.fill()
    stop.set()
    for thread in readers:
        thread.join()
    assert wrong == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text())
def test_any_text_can_be_searched(search: VectorSearch, text: str) -> None:
    scores = search.scores(text)
    assert (scores is None) == (not text.strip())


def test_an_engine_that_compares_by_itself_gets_the_vectors(search: VectorSearch) -> None:
    flu = next(one for one in DOCUMENTS if one.id == "grippe")
    query = search.embed_query(passages(flu)["fr"])
    vectors = search.vectors_for(["grippe", "inconnu"])
    assert query is not None
    assert list(vectors) == ["grippe"]
    assert max(sum(a * b for a, b in zip(query, v, strict=True)) for v in vectors["grippe"]) == pytest.approx(
        1, abs=0.02
    )
    revision, ids = search.changed_since(0)
    assert set(ids) == {"deuil", "grippe", "logement"}
    assert search.changed_since(revision) == (revision, [])


def test_switched_off_there_is_nothing_but_a_status(tmp_path: Path) -> None:
    vectors = open_vectors(tmp_path, wanted=False)
    assert (vectors.search, vectors.index, vectors.filler) == (None, None, None)
    assert vectors.status().state == "off"


def test_the_parts_work_together(tmp_path: Path, embedder: BagEmbedder) -> None:
    vectors = open_vectors(tmp_path, wanted=True, embedder=embedder)
    assert vectors.search is not None
    assert vectors.index is not None
    assert vectors.filler is not None
    vectors.index.rebuild(DOCUMENTS)
    assert vectors.filler.fill() == 4
    assert nearest(vectors.search, "griepprik") == "grippe"
    assert vectors.status().state == "on"
