"""Vectors are computed in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from directory import catalogue
from directory.catalogue import Change
from directory.database import Database
from search.errors import EmbedderAbsent, EmbedderUnavailable, IndexerBusy
from search.indexer import Indexer
from search.vectors import filler as module
from search.vectors.embedder import Matrix
from search.vectors.filler import VectorFiller
from search.vectors.index import VectorIndex
from search.vectors.search import VectorSearch
from search.vectors.store import Counts, VectorStore
from tests.search.vectors.samples import BagEmbedder, document
from tests.search.vectors.test_search import eventually

OpenStore = Callable[..., VectorStore]


@pytest.fixture
def filler(open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path) -> VectorFiller:
    VectorIndex(open_store()).rebuild([document(f"r{number}", f"Titre {number}") for number in range(10)])
    return VectorFiller(embedder, open_store(), tmp_path / "vectors.lock")


@pytest.fixture
def running(filler: VectorFiller, monkeypatch: pytest.MonkeyPatch) -> threading.Thread:
    monkeypatch.setattr(module, "POLL_S", 0.01)
    monkeypatch.setattr(module, "RETRY_S", 0.01)
    stop = threading.Event()
    thread = threading.Thread(target=filler.run, args=(stop,))
    yield thread
    stop.set()
    if thread.ident:
        thread.join()


def test_progress_is_told(filler: VectorFiller) -> None:
    steps: list[int] = []
    assert filler.fill(steps.append) == sum(steps) == 10
    assert filler.fill(steps.append) == 0


def test_the_background_embeds_what_comes(running: threading.Thread, open_store: OpenStore) -> None:
    store = open_store()
    running.start()
    assert eventually(lambda: store.counts() == Counts(10, 10))
    VectorIndex(open_store()).update([document("neuf", "Un nouveau")])
    assert eventually(lambda: store.counts() == Counts(11, 11))


def test_one_process_at_a_time_fills(running: threading.Thread, filler: VectorFiller, open_store: OpenStore) -> None:
    store = open_store()
    running.start()
    assert eventually(lambda: store.counts() == Counts(10, 10))
    with pytest.raises(IndexerBusy):
        filler.fill()


def test_the_background_outlives_a_model_that_fails(
    running: threading.Thread, embedder: BagEmbedder, open_store: OpenStore
) -> None:
    store, failures = open_store(), [EmbedderUnavailable("Torn."), ValueError("a bug")]

    def fail_at_first(texts: list[str]) -> Matrix:
        if failures:
            raise failures.pop()
        return BagEmbedder().embed_passages(texts)

    embedder.embed_passages = fail_at_first  # type: ignore[method-assign,assignment]
    running.start()
    assert eventually(lambda: store.counts() == Counts(10, 10))


def test_without_a_model_there_is_no_background(running: threading.Thread, embedder: BagEmbedder) -> None:
    embedder.failure = EmbedderAbsent("Not here.")
    running.start()
    running.join(15)
    assert not running.is_alive()


def test_a_vector_of_no_numbers_is_far_from_everything(
    filler: VectorFiller, embedder: BagEmbedder, open_store: OpenStore
) -> None:
    embedder.embed_passages = lambda texts: np.full((len(texts), 64), np.nan, dtype=np.float32)  # type: ignore[method-assign]
    assert filler.fill() == 10
    scores = VectorSearch(embedder, open_store()).scores("titre")
    assert scores is not None
    assert set(scores.values()) == {0.0}


def test_the_catalogue_is_followed_through_the_outbox(
    open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path
) -> None:
    def put(id_: str, title: str) -> None:
        resource = {
            "id": id_, "type": "tool", "title": {"fr": title}, "summary": {"fr": "Un résumé."}, "status": "published",
            "organisations": [{"name": "Une asbl"}], "themes": ["grief"], "basins": ["nord"],
        }  # fmt: skip
        with database.write() as session:
            catalogue.put_resource(session, resource, Change("alice", "a test"))

    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    try:
        database.migrate()
        put("deuil", "Perte d'un proche")
        indexer = Indexer(database, VectorIndex(open_store()), tmp_path)
        indexer.sync()
        filler = VectorFiller(embedder, open_store(), tmp_path / "vectors.lock")
        assert filler.fill() == 1
        put("logement", "Trouver un logement")
        with database.write() as session:
            catalogue.archive_resource(session, "deuil", 1, Change("alice", "a test"))
        assert indexer.sync() == 2
        assert filler.fill() == 1
        assert set(VectorSearch(embedder, open_store()).scores("logement") or ()) == {"logement"}
        assert indexer.rebuild() == 1
        assert filler.fill() == 0
    finally:
        database.close()
