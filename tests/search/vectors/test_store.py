"""Vectors on disk: kept by text, pruned, safe from crashes and damage."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search.errors import EngineUnavailable
from search.vectors.filler import VectorFiller
from search.vectors.index import VectorIndex
from search.vectors.matrix import pack
from search.vectors.store import Counts, StoreCorrupt, VectorStore
from search.vectors.texts import passages
from tests.search.vectors.samples import BagEmbedder, document

OpenStore = Callable[..., VectorStore]
DOCUMENTS = [document("deuil", "Perte d'un proche"), document("grippe", "Vaccin"), document("jumeau", "Vaccin")]


def fill(store: VectorStore, embedder: BagEmbedder, tmp_path: Path) -> int:
    return VectorFiller(embedder, store, tmp_path / "vectors.lock").fill()


def file_of(store: VectorStore, tmp_path: Path) -> Path:
    return tmp_path / "vectors" / store.generation / "vectors.sqlite3"


def test_every_text_is_embedded_once(open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path) -> None:
    store = open_store()
    VectorIndex(store).rebuild(DOCUMENTS)
    assert store.counts() == Counts(embedded=0, total=3)
    assert fill(store, embedder, tmp_path) == 2
    assert sorted(embedder.passages) == sorted({text for one in DOCUMENTS for text in passages(one).values()})
    assert store.counts() == Counts(embedded=3, total=3)
    assert store.vectors_for(["jumeau", "inconnu"]) == {"jumeau": store.vectors_for(["grippe"])["grippe"]}


def test_a_rebuild_embeds_only_what_changed(open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path) -> None:
    VectorIndex(open_store()).rebuild(DOCUMENTS)
    fill(open_store(), embedder, tmp_path)
    embedder.passages.clear()
    VectorIndex(open_store()).rebuild([*DOCUMENTS[:2], document("jumeau", "Autre chose")])
    fill(open_store(), embedder, tmp_path)
    assert embedder.passages == ["Autre chose"]


def test_what_no_resource_says_any_more_is_deleted(
    open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path
) -> None:
    store, index = open_store(), VectorIndex(open_store())
    index.rebuild(DOCUMENTS)
    fill(store, embedder, tmp_path)
    index.update([document("deuil", "Nouveau")], ["grippe", "inconnu"])
    assert store.counts() == Counts(embedded=1, total=2)  # the twin still says it
    index.rebuild([DOCUMENTS[0]])
    assert store.counts() == Counts(embedded=0, total=1)
    assert list(store.next_texts(9).values()) == list(passages(DOCUMENTS[0]).values())
    with sqlite3.connect(file_of(store, tmp_path)) as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
    connection.close()


def test_a_vector_that_comes_too_late_is_dropped(open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path) -> None:
    store, index = open_store(), VectorIndex(open_store())
    index.rebuild(DOCUMENTS)
    late = store.next_texts(9)
    index.update([document("deuil", "Nouveau")])
    vectors = embedder.embed_passages(list(late.values()))
    store.add_vectors({hash_: pack(vector) for hash_, vector in zip(late, vectors, strict=True)})
    assert store.counts() == Counts(embedded=2, total=3)
    assert "deuil" not in store.vectors_for(["deuil"])


def test_each_change_is_told_once(open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path) -> None:
    store, index = open_store(), VectorIndex(open_store())
    index.rebuild(DOCUMENTS)
    fill(open_store(), embedder, tmp_path)
    revision, changed = store.changed_since(0)
    assert {id_: len(vectors) for id_, vectors in changed.items()} == {"deuil": 1, "grippe": 1, "jumeau": 1}
    assert store.changed_since(revision) == (revision, {})
    index.update([DOCUMENTS[1]], ["deuil"])  # the first as it was
    assert store.changed_since(revision)[1] == {"deuil": []}


def test_the_index_is_compared_with_the_catalogue_by_fingerprint(open_store: OpenStore) -> None:
    index = VectorIndex(open_store())
    index.rebuild(DOCUMENTS)
    before = dict(index.fingerprints())
    index.update([document("deuil", DOCUMENTS[0].title["fr"], basins=["sud"])], ["grippe"])  # the text stays
    after = dict(index.fingerprints())
    assert after.keys() == {"deuil", "jumeau"}
    assert before["deuil"] != after["deuil"]
    assert before["jumeau"] == after["jumeau"]
    assert index.status().documents == 2


def test_vectors_of_another_model_are_not_used(open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path) -> None:
    VectorIndex(open_store()).rebuild(DOCUMENTS)
    fill(open_store(), embedder, tmp_path)
    newer = open_store("bag/2")
    with pytest.raises(EngineUnavailable):
        VectorIndex(newer).status()
    VectorIndex(newer).rebuild(DOCUMENTS)
    assert newer.counts() == Counts(embedded=0, total=3)
    assert newer.name == open_store("bag/1").name


def test_before_the_first_rebuild_there_is_nothing(open_store: OpenStore) -> None:
    for call in (lambda: open_store().counts(), lambda: open_store().remove(["x"]), VectorIndex(open_store()).status):
        with pytest.raises(EngineUnavailable):
            call()
    assert open_store().name.startswith("vectors-")


def test_a_damaged_file_is_set_aside_and_begun_anew(
    open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path
) -> None:
    VectorIndex(open_store()).rebuild(DOCUMENTS)
    fill(open_store(), embedder, tmp_path)
    store = open_store()
    name, file = store.name, file_of(store, tmp_path)
    file.write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreCorrupt):
        store.counts()
    assert [path.name for path in (tmp_path / "vectors").iterdir() if path.name.startswith("broken-")]
    with pytest.raises(EngineUnavailable):
        VectorIndex(store).status()
    VectorIndex(store).rebuild(DOCUMENTS)
    assert store.name == name
    assert fill(open_store(), embedder, tmp_path) == 2


def test_damage_inside_is_found_by_a_rebuild(open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path) -> None:
    many = [document(f"r{number}", f"Titre {number}") for number in range(300)]
    VectorIndex(open_store()).rebuild(many)
    fill(open_store(), embedder, tmp_path)
    store = open_store()
    file = file_of(store, tmp_path)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 2)
        damaged.write(b"\xff" * 8192)
    VectorIndex(open_store()).rebuild(many)
    assert open_store().counts() == Counts(embedded=0, total=300)


_WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from search.vectors.matrix import pack
from search.vectors.store import VectorStore
from tests.search.vectors.samples import BagEmbedder
store, embedder = VectorStore(Path(sys.argv[1]), "bag/1"), BagEmbedder()
while texts := store.next_texts(1):
    (vector,) = embedder.embed_passages(list(texts.values()))
    store.add_vectors({hash_: pack(vector) for hash_ in texts})
    print(len(texts), flush=True)
"""


def test_a_killed_writer_loses_nothing_that_it_kept(
    open_store: OpenStore, embedder: BagEmbedder, tmp_path: Path
) -> None:
    many = [document(f"r{number}", f"Titre {number}") for number in range(2000)]
    VectorIndex(open_store()).rebuild(many)
    command = [sys.executable, "-c", _WRITE_UNTIL_KILLED, str(tmp_path / "vectors")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        for _ in range(20):
            assert writer.stdout.readline() == "1\n"
        writer.send_signal(signal.SIGKILL)
        kept = 20 + len(writer.stdout.readlines())
    store = open_store()
    counts = store.counts()
    assert kept <= counts.embedded < 2000
    assert sum(map(len, store.changed_since(0)[1].values())) == counts.embedded
    VectorIndex(store).rebuild(many)
    assert store.counts() == counts
