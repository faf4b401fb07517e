"""Updates, deletes and rebuilds: what is written is what is found, and a reader never sees half of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from search.documents import Document, content_hash
from search.engine import FACETS, Query, SearchEngine
from search.errors import EngineAway, EngineUnavailable
from tests.contracts.samples import documents, ids, resource


def test_without_an_index_nothing_is_found_nor_written(unbuilt_engine: SearchEngine) -> None:
    for attempt in (
        lambda: unbuilt_engine.search(Query()),
        lambda: unbuilt_engine.search(Query(text="deuil")),
        unbuilt_engine.status,
        lambda: unbuilt_engine.update([resource("une-fiche")]),
    ):
        with pytest.raises(EngineUnavailable) as error:
            attempt()
        assert not isinstance(error.value, EngineAway)  # it is to be built, not to be waited for


def test_an_update_is_found_at_once_and_replaces(own_engine: SearchEngine) -> None:
    own_engine.update([resource("changeant", title={"fr": "Ancien mot"})])
    own_engine.update([resource("changeant", title={"fr": "Nouveau terme"})])
    assert own_engine.search(Query(text="ancien mot")).total == 0
    assert ids(own_engine.search(Query(text="nouveau terme"))) == ["changeant"]
    assert own_engine.status().documents == 1


def test_an_update_takes_old_filters_away(own_engine: SearchEngine) -> None:
    own_engine.update([resource("changeant", themes=["grief", "housing"], basins=["nord"])])
    own_engine.update([resource("changeant", themes=["housing"], basins=["region"])])
    hits = own_engine.search(Query())
    assert (hits.facets["theme"], hits.facets["basin"]) == ({"housing": 1}, {"region": 1})
    assert own_engine.search(Query(filters={"theme": ("grief",)})).total == 0


def test_a_deleted_document_is_gone_and_unknown_ids_are_ignored(own_engine: SearchEngine) -> None:
    own_engine.update([resource("ephemere"), resource("durable")])
    own_engine.update([], ["ephemere", "jamais-vu"])
    assert ids(own_engine.search(Query())) == ["durable"]


def test_one_update_adds_and_deletes(own_engine: SearchEngine) -> None:
    own_engine.update([resource("ancienne")])
    own_engine.update([resource("nouvelle")], ["ancienne"])
    assert ids(own_engine.search(Query())) == ["nouvelle"]
    own_engine.update([], [])
    assert ids(own_engine.search(Query())) == ["nouvelle"]


def test_a_rebuild_leaves_exactly_what_it_is_given(own_engine: SearchEngine) -> None:
    own_engine.update([resource("ancienne")])
    own_engine.rebuild([resource("nouvelle")])
    assert ids(own_engine.search(Query())) == ["nouvelle"]


def test_a_rebuild_changes_the_generation(own_engine: SearchEngine) -> None:
    before = own_engine.status().generation
    own_engine.rebuild([resource("nouvelle")])
    after = own_engine.status()
    assert after.generation != before
    assert after.documents == 1


def test_a_rebuild_into_nothing_is_an_empty_index(own_engine: SearchEngine) -> None:
    own_engine.update([resource("ancienne")])
    own_engine.rebuild([])
    hits = own_engine.search(Query())
    assert (hits.total, hits.hits) == (0, ())
    assert set(hits.facets) == set(FACETS)
    assert own_engine.search(Query(text="deuil", filters={"basin": ("nord",)})).total == 0


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

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(5):
            own_engine.rebuild(many)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not failures
    assert seen == {300}


def test_readers_at_once_get_each_their_own_answer(engine: SearchEngine) -> None:
    texts = ["deuil", "vaccin", "santé mentale", "", "rouw", "vacination"]
    alone = {text: engine.search(Query(text=text, filters={"basin": ("nord",)})) for text in texts}
    failures: list[str] = []

    def read(text: str) -> None:
        for _ in range(5):
            if engine.search(Query(text=text, filters={"basin": ("nord",)})) != alone[text]:
                failures.append(text)

    readers = [threading.Thread(target=read, args=(text,)) for text in texts]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not failures


def test_the_index_tells_what_it_holds(engine: SearchEngine) -> None:
    assert dict(engine.fingerprints()) == {document.id: content_hash(document) for document in documents()}


def test_an_empty_index_holds_nothing(own_engine: SearchEngine) -> None:
    assert list(own_engine.fingerprints()) == []


def test_its_name_is_a_stable_one(own_engine: SearchEngine) -> None:
    before = own_engine.name
    own_engine.rebuild([])
    assert own_engine.name == before
