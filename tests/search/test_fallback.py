"""When the search server is away: who answers, what is said, and how it comes back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from directory.database import Database
from search.engine import Query
from search.engines.embedded import EmbeddedEngine
from search.engines.meili import MeiliEngine
from search.errors import EngineAway, EngineUnavailable, QueryRefused
from search.fallback import Breaker, FallbackEngine
from search.indexer import Indexer, Indexers
from tests.contracts.samples import ids, resource
from tests.fakes.meili_server import FakeMeilisearch
from tests.search.samples import add, entry, eventually

PROBE_S = 0.02  #: in place of five seconds
ON_SERVER, ON_THIS_MACHINE = resource("sur-le-serveur"), resource("sur-cette-machine")


class Server:
    """An engine whose every call counts, and fails while `failure` is set."""

    name = "server"

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine
        self.failure: EngineUnavailable | None = None
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            if name == "close":
                return None
            self.calls.append(name)
            if self.failure:
                raise self.failure
            return None if name == "ping" else getattr(self._engine, name)(*arguments, **options)

        return call


@pytest.fixture
def server(tmp_path: Path) -> Server:
    engine = EmbeddedEngine(tmp_path / "server")
    engine.rebuild([ON_SERVER])
    return Server(engine)


@pytest.fixture
def local(tmp_path: Path) -> EmbeddedEngine:
    engine = EmbeddedEngine(tmp_path / "local")
    engine.rebuild([ON_THIS_MACHINE])
    return engine


@pytest.fixture
def caught_up() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@pytest.fixture
def engine(server: Server, local: EmbeddedEngine, caught_up: threading.Event) -> Iterator[FallbackEngine]:
    with closing(FallbackEngine(server, local, caught_up=caught_up.is_set, probe_s=PROBE_S)) as made:
        yield made


def test_the_server_answers_while_it_can(engine: FallbackEngine, server: Server) -> None:
    hits = engine.search(Query())
    assert (ids(hits), hits.degraded) == (["sur-le-serveur"], False)
    assert engine.health() == ("ok", "The search server answers.")


def test_without_it_this_machine_answers_and_says_so(engine: FallbackEngine, server: Server) -> None:
    server.failure = EngineAway("It is resting.")
    hits = engine.search(Query())
    assert (ids(hits), hits.degraded) == (["sur-cette-machine"], True)
    status, detail = engine.health()
    assert status == "degraded"
    assert "It is resting." in detail
    assert "1 resources" in detail


def test_a_missing_index_on_the_server_is_an_outage_too(engine: FallbackEngine, server: Server) -> None:
    server.failure = EngineUnavailable("No index yet.")
    assert engine.search(Query()).degraded
    assert engine.health()[0] == "degraded"


def test_suggestions_and_status_fall_back_as_well(engine: FallbackEngine, server: Server) -> None:
    server.failure = EngineAway("It is resting.")
    assert [suggestion.id for suggestion in engine.suggest("titre")] == ["sur-cette-machine"]
    assert engine.status().documents == 1


def test_after_a_failure_readers_do_not_wait_for_the_server(server: Server, local: EmbeddedEngine) -> None:
    with closing(FallbackEngine(server, local, probe_s=60)) as engine:
        server.failure = EngineAway("It is resting.")
        for _ in range(20):
            assert engine.search(Query()).degraded
        assert server.calls == ["search"]


def test_its_return_is_noticed_without_a_reader(engine: FallbackEngine, server: Server) -> None:
    server.failure = EngineAway("It is resting.")
    engine.search(Query())
    assert eventually(lambda: server.calls.count("ping") >= 3)
    server.failure = None
    assert eventually(lambda: engine.health()[0] == "ok")
    assert server.calls.count("search") == 1
    assert not engine.search(Query()).degraded


def test_it_comes_back_only_with_an_index_that_has_caught_up(
    engine: FallbackEngine, server: Server, caught_up: threading.Event
) -> None:
    caught_up.clear()
    server.failure = EngineAway("It is resting.")
    engine.search(Query())
    server.failure = None
    pings = server.calls.count("ping")
    assert eventually(lambda: server.calls.count("ping") >= pings + 3)
    assert engine.search(Query()).degraded
    caught_up.set()
    assert eventually(lambda: not engine.search(Query()).degraded)


def test_it_can_fail_again_and_again(engine: FallbackEngine, server: Server) -> None:
    for _ in range(3):
        server.failure = EngineAway("It is resting.")
        assert engine.search(Query()).degraded
        server.failure = None
        assert eventually(lambda: not engine.search(Query()).degraded)


def test_a_single_refused_query_stops_nobody_else(engine: FallbackEngine, server: Server) -> None:
    server.failure = QueryRefused("invalid_search_limit")
    assert engine.search(Query()).degraded
    server.failure = None
    assert not engine.search(Query()).degraded


def test_with_both_away_there_is_an_error_and_never_an_empty_page(server: Server, tmp_path: Path) -> None:
    server.failure = EngineAway("It is resting.")
    with closing(FallbackEngine(server, EmbeddedEngine(tmp_path / "nothing"), probe_s=PROBE_S)) as engine:
        for _ in range(2):
            with pytest.raises(EngineUnavailable):
                engine.search(Query())
        status, detail = engine.health()
    assert status == "down"
    assert "It is resting." in detail


def test_a_server_without_a_stand_in_is_a_weakness_and_no_failure(server: Server, tmp_path: Path) -> None:
    with closing(FallbackEngine(server, EmbeddedEngine(tmp_path / "nothing"), probe_s=PROBE_S)) as engine:
        status, detail = engine.health()
        assert not engine.search(Query()).degraded
    assert status == "degraded"
    assert "The search server answers" in detail
    assert "this machine" in detail


def test_nobody_looks_for_a_server_once_the_engine_is_closed(server: Server, local: EmbeddedEngine) -> None:
    with closing(FallbackEngine(server, local, probe_s=PROBE_S)) as engine:
        server.failure = EngineAway("It is resting.")
        engine.search(Query())
    assert not any(thread.name == "search-probe" for thread in threading.enumerate())
    assert engine.search(Query()).degraded
    assert not any(thread.name == "search-probe" for thread in threading.enumerate())


def test_writes_go_to_the_server_and_fail_with_it(engine: FallbackEngine, server: Server) -> None:
    engine.update([resource("nouvelle")])
    assert engine.search(Query()).total == 2
    assert len(list(engine.fingerprints())) == 2
    engine.rebuild([resource("seule")])
    assert ids(engine.search(Query())) == ["seule"]
    server.failure = EngineAway("It is resting.")
    with pytest.raises(EngineAway):
        engine.update([])
    assert engine.health()[0] != "down"


def test_many_readers_find_out_at_once_and_one_looks_for_its_return(server: Server, local: EmbeddedEngine) -> None:
    with closing(FallbackEngine(server, local, probe_s=60)) as engine:
        server.failure = EngineAway("It is resting.")
        readers = [threading.Thread(target=lambda: engine.search(Query())) for _ in range(20)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert sum(thread.name == "search-probe" for thread in threading.enumerate()) == 1


def test_a_server_that_asks_for_more_time_gets_it() -> None:
    probed = threading.Event()
    breaker = Breaker(probed.set, probe_s=PROBE_S)
    breaker.open(EngineAway("Too much to do.", retry_after=30))
    assert not probed.wait(0.3)
    assert breaker.outage is not None
    breaker.close()


def test_a_backlog_that_cannot_be_read_counts_as_one() -> None:
    asked = threading.Event()

    def broken() -> bool:
        asked.set()
        raise RuntimeError("the catalogue is away")

    breaker = Breaker(lambda: None, broken, probe_s=PROBE_S)
    breaker.open(EngineAway("It is resting."))
    assert asked.wait(10)
    assert breaker.outage is not None
    breaker.close()


# With a server and a catalogue


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    database.migrate()
    yield database
    database.close()


def test_changes_wait_for_a_stopped_server_which_catches_up_by_itself(database: Database, tmp_path: Path) -> None:
    fake = FakeMeilisearch()
    embedded, meili = EmbeddedEngine(tmp_path / "index"), MeiliEngine(fake.url, None, "senne_test", budget=5, connect=1)
    own = Indexer(database, embedded, tmp_path)
    shared = Indexer(database, meili, tmp_path, lock_name="indexer-meilisearch.lock", shared=True)
    engine = FallbackEngine(meili, embedded, caught_up=lambda: shared.pending() == 0, probe_s=PROBE_S)
    stop = threading.Event()
    follower = threading.Thread(target=Indexers([own, shared]).run, args=(stop,))
    try:
        with fake:
            add(database, entry("avant", "Titre avant"))
            follower.start()
            assert eventually(lambda: shared.pending() == 0 and own.pending() == 0)
            assert ids(engine.search(Query())) == ["avant"]
            assert not engine.search(Query()).degraded
        add(database, entry("pendant", "Titre pendant"))  # the server is gone now
        assert eventually(lambda: ids(engine.search(Query())) == ["avant", "pendant"])
        assert engine.search(Query()).degraded
        assert shared.pending() == 1
        with fake.restarted():
            assert eventually(lambda: not engine.search(Query()).degraded)
            assert ids(engine.search(Query())) == ["avant", "pendant"]
            assert shared.pending() == 0
            assert sorted(fake.indexes["senne_test"].documents) == ["avant", "pendant"]
    finally:
        stop.set()
        follower.join()
        engine.close()
        meili.close()


def test_a_connection_that_is_accepted_and_never_served_is_found_out_once(tmp_path: Path) -> None:
    local = EmbeddedEngine(tmp_path)
    local.rebuild([ON_THIS_MACHINE])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        meili = MeiliEngine(f"http://127.0.0.1:{silent.getsockname()[1]}", None, "senne_test", budget=0.2)
        with closing(FallbackEngine(meili, local, probe_s=60)) as engine:
            for _ in range(5):
                hits = engine.search(Query(text="titre"))
                assert (ids(hits), hits.degraded) == (["sur-cette-machine"], True)
        meili.close()
        silent.settimeout(0.2)
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):
            silent.accept()
