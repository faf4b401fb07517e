"""The index follows the catalogue."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory import catalogue, outbox
from directory.database import Database
from search.engine import Query
from search.engines.embedded import EmbeddedEngine
from search.errors import IndexerBusy
from search.indexer import Indexer
from tests.search.samples import ALICE, add, eventually
from tests.search.samples import entry as document


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    return EmbeddedEngine(tmp_path / "index")


@pytest.fixture
def indexer(database: Database, engine: EmbeddedEngine, tmp_path: Path) -> Indexer:
    return Indexer(database, engine, tmp_path)


def ids(engine: EmbeddedEngine, text: str = "") -> list[str]:
    return [hit.id for hit in engine.search(Query(text=text)).hits]


def test_the_first_sync_builds_the_index(database: Database, engine: EmbeddedEngine, indexer: Indexer) -> None:
    add(database, document("un" * 2), document("brouillon", status="draft"))
    assert indexer.pending() is None
    indexer.sync()
    assert ids(engine) == ["unun"]
    assert indexer.pending() == 0


def test_a_sync_takes_changes_and_archivings(database: Database, engine: EmbeddedEngine, indexer: Indexer) -> None:
    add(database, document("stable"), document("change"), document("retire"))
    indexer.sync()
    add(database, document("change", "Autre chose"))
    with database.write() as session:
        catalogue.archive_resource(session, "retire", 1, ALICE)
    assert indexer.sync() == 2
    assert ids(engine) == ["change", "stable"]
    assert ids(engine, "autre chose") == ["change"]


def test_syncing_twice_is_syncing_once(database: Database, engine: EmbeddedEngine, indexer: Indexer) -> None:
    add(database, document("stable"))
    indexer.sync()
    assert indexer.sync() == 0
    assert engine.status().documents == 1


def test_confirmed_rows_leave_the_outbox(database: Database, indexer: Indexer) -> None:
    indexer.sync()
    add(database, document("stable"))
    indexer.sync()
    with database.read() as session:
        assert outbox.backlog(session)[0] == 0


def test_a_rebuild_gives_the_same_as_all_changes(database: Database, engine: EmbeddedEngine, indexer: Indexer) -> None:
    indexer.sync()
    add(database, *(document(f"fiche-{number}", f"Titre {number}") for number in range(30)))
    indexer.sync()
    followed = ids(engine)
    assert indexer.rebuild() == 30
    assert ids(engine) == followed


def test_an_index_that_lost_its_folder_is_built_again(
    database: Database, engine: EmbeddedEngine, indexer: Indexer, tmp_path: Path
) -> None:
    add(database, document("stable"))
    indexer.sync()
    (tmp_path / "index" / "current").unlink()
    indexer.sync()
    assert ids(engine) == ["stable"]


def test_an_index_dropped_from_the_register_is_built_again(
    database: Database, engine: EmbeddedEngine, indexer: Indexer
) -> None:
    add(database, document("stable"))
    indexer.sync()
    engine.update([], ["stable"])
    with database.write() as session:
        outbox.forget_index(session, engine.name)
    indexer.sync()
    assert ids(engine) == ["stable"]


def test_one_process_at_a_time_writes(
    database: Database, engine: EmbeddedEngine, indexer: Indexer, tmp_path: Path
) -> None:
    stop = threading.Event()
    follower = threading.Thread(target=Indexer(database, engine, tmp_path).run, args=(stop,))
    follower.start()
    try:
        add(database, document("stable"))
        assert eventually(lambda: engine_has(engine, "stable"))
        with pytest.raises(IndexerBusy):
            indexer.sync()
    finally:
        stop.set()
        follower.join(15)
    assert indexer.sync() == 0


def engine_has(engine: EmbeddedEngine, id_: str) -> bool:
    try:
        return id_ in ids(engine)
    except Exception:
        return False


def test_changes_made_while_following_become_searchable(
    database: Database, engine: EmbeddedEngine, indexer: Indexer
) -> None:
    stop = threading.Event()
    follower = threading.Thread(target=indexer.run, args=(stop,))
    follower.start()
    try:
        for number in range(5):
            add(database, document(f"fiche-{number}"))
        assert eventually(lambda: engine_has(engine, "fiche-4"))
    finally:
        stop.set()
        follower.join(15)
    assert len(ids(engine)) == 5


def test_an_index_that_a_kill_left_unwritable_is_rebuilt(
    database: Database, engine: EmbeddedEngine, indexer: Indexer, tmp_path: Path
) -> None:
    """A commit that is cut off leaves a file of deletions, whose name the next one wants in vain."""
    add(database, document("un-outil", "Premier titre"), document("autre"))
    indexer.sync()
    [generation] = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    segments = {path.stem.split(".")[0] for path in generation.glob("*.store")}
    for segment in segments:
        for number in range(200):
            (generation / f"{segment}.{number}.del").touch()
    add(database, document("un-outil", "Second titre"))
    indexer.sync()
    assert [hit.card["title"]["fr"] for hit in engine.search(Query(text="second titre")).hits][:1] == ["Second titre"]
    assert indexer.pending() == 0
    add(database, document("un-outil", "Troisième titre"))
    indexer.sync()
    assert engine.search(Query(text="troisième")).total >= 1
