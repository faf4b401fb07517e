"""The Meilisearch engine on the fake server: what it asks, what it leaves behind, whom it refuses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from search.documents import Document
from search.engine import Query
from search.engines import meili_settings
from search.engines.embedded import EmbeddedEngine
from search.engines.meili import MeiliEngine
from search.engines.meili_documents import document_id, to_index
from search.engines.meili_settings import index_settings, refuse_unsupported
from search.errors import EngineAway, EngineUnavailable
from search.semantics import Nearness
from tests.contracts.samples import documents, resource
from tests.fakes.meili_server import FakeMeilisearch
from tests.search.recordings import answer

KEY = "a-key"


@pytest.fixture
def server() -> Iterator[FakeMeilisearch]:
    with FakeMeilisearch(key=KEY) as running:
        yield running


@pytest.fixture
def engine(server: FakeMeilisearch) -> Iterator[MeiliEngine]:
    made = MeiliEngine(server.url, KEY, "senne_test", budget=30, connect=5)
    yield made
    made.close()


def calls(server: FakeMeilisearch) -> list[str]:
    return [f"{method} {path}" for method, path, _body in server.requests]


@pytest.mark.parametrize(
    ("query", "most"),
    [
        (Query(), 1),
        (Query(filters={"basin": ("nord",), "theme": ("grief",), "type": ("service",)}), 1),
        (Query(sort="added", page=3), 1),
        (Query(text="deuil", filters={"basin": ("nord",), "theme": ("grief",)}), 2),
        (Query(text="soins palliatifs à domicile pour aînés isolés", filters={"basin": ("sud",)}), 3),
        (Query(text="vacination", filters={"basin": ("nord",)}), 4),
        (Query(text="xqzvkwtj", filters={"basin": ("nord",)}), 4),
    ],
)
def test_a_search_is_a_few_calls(server: FakeMeilisearch, engine: MeiliEngine, query: Query, most: int) -> None:
    engine.rebuild(documents())
    server.requests.clear()
    assert engine.search(query).facets
    assert len(calls(server)) <= most, calls(server)


def test_no_words_of_a_reader_are_searched_by_the_server_itself(server: FakeMeilisearch, engine: MeiliEngine) -> None:
    engine.rebuild(documents())
    server.requests.clear()
    engine.search(Query(text="vacination à l’école"))
    queries = [query for _method, path, body in server.requests if path == "/multi-search" for query in body["queries"]]
    assert queries
    assert {query["q"] for query in queries} == {""}


def test_text_without_a_word_asks_nothing(server: FakeMeilisearch, engine: MeiliEngine) -> None:
    engine.rebuild([])
    server.requests.clear()
    engine.search(Query(text="?!"))
    assert server.requests == []


def test_a_rebuild_sets_everything_up_and_leaves_one_index(server: FakeMeilisearch, engine: MeiliEngine) -> None:
    for _ in range(2):
        engine.rebuild([resource("une-fiche")])
        assert list(server.indexes) == ["senne_test"]
    held = server.indexes["senne_test"].settings
    assert {name: held[name] for name in index_settings()} == index_settings()


def test_an_interrupted_rebuild_is_tidied_up_by_the_next_and_nothing_else_is(
    server: FakeMeilisearch, engine: MeiliEngine
) -> None:
    others = ["senne_test_rebuild_other", "senne", "another", "senne_test2_rebuild_00000000"]
    for name in [*others, "senne_test_rebuild_00c0ffee", *(f"filler-{number:03}" for number in range(150))]:
        server._create(name)
    engine.rebuild([])
    assert {"senne_test", *others} <= set(server.indexes)
    assert "senne_test_rebuild_00c0ffee" not in server.indexes
    engine.drop()
    assert "senne_test" not in server.indexes
    assert set(others) <= set(server.indexes)


def test_a_rebuild_that_breaks_off_leaves_nothing_behind(server: FakeMeilisearch, engine: MeiliEngine) -> None:
    engine.rebuild([resource("ancienne")])

    def broken() -> Iterator[Document]:
        yield resource("nouvelle")
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError):
        engine.rebuild(broken())
    assert list(server.indexes) == ["senne_test"]
    assert engine.status().documents == 1


def test_an_index_of_other_rules_is_never_searched(
    server: FakeMeilisearch, engine: MeiliEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.rebuild(documents())
    monkeypatch.setattr(meili_settings, "layout_tag", lambda: "v999_other")
    for attempt in (
        lambda: engine.search(Query()),
        lambda: engine.search(Query(text="deuil")),
        engine.status,
        engine.ping,
        lambda: engine.update([resource("nouvelle")]),
    ):
        with pytest.raises(EngineUnavailable, match="another version of Senne") as error:
            attempt()
        assert not isinstance(error.value, EngineAway)  # to be rebuilt


def test_an_index_that_only_a_stranger_made_is_not_ours(server: FakeMeilisearch, engine: MeiliEngine) -> None:
    server._create("senne_test")
    with pytest.raises(EngineUnavailable, match="another version of Senne"):
        engine.search(Query())
    engine.rebuild([resource("une-fiche")])
    assert engine.search(Query()).total == 1


@pytest.mark.parametrize("key", [None, "wrong"])
def test_a_wrong_key_is_named(server: FakeMeilisearch, key: str | None) -> None:
    engine = MeiliEngine(server.url, key, "senne_test", budget=5, connect=5)
    for attempt in (lambda: engine.search(Query()), lambda: engine.rebuild([])):
        with pytest.raises(EngineAway, match="SENNE_MEILI_KEY"):
            attempt()
    engine.close()


@pytest.mark.parametrize("version", ["1.50.0", "1.50.3", "1.53.1", "1.100.0", "1.51.0-rc.1"])
def test_supported_versions(version: str) -> None:
    refuse_unsupported(version)


@pytest.mark.parametrize("version", ["1.49.9", "1.5.0", "0.30.5", "2.0.0", "", "unknown"])
def test_other_versions_are_refused_with_what_to_do(version: str) -> None:
    with pytest.raises(EngineUnavailable, match=r"needs 1\.50 or a later 1\.x"):
        refuse_unsupported(version)


def test_an_old_server_is_refused_before_anything_is_written(httpserver: HTTPServer) -> None:
    old = {**answer("version")[1], "pkgVersion": "1.12.8"}
    httpserver.expect_request("/version").respond_with_json(old)
    engine = MeiliEngine(httpserver.url_for("").rstrip("/"), None, "resources", budget=5, connect=5)
    for attempt in (lambda: engine.rebuild([]), engine.status):
        with pytest.raises(EngineUnavailable, match=r"1\.12\.8"):
            attempt()
    assert {request.path for request, _ in httpserver.log} <= {"/version"}
    engine.close()


def test_a_scoped_key_may_hide_the_version(server: FakeMeilisearch, monkeypatch: pytest.MonkeyPatch) -> None:
    check = server.check_key
    monkeypatch.setattr(
        server, "check_key", lambda path, given: check(path, "Bearer none" if path == "/version" else given)
    )
    engine = MeiliEngine(server.url, KEY, "senne_test", budget=5, connect=5)
    engine.rebuild([resource("une-fiche")])
    assert engine.status().documents == 1
    engine.close()


def test_a_stalled_server_costs_one_search_its_budget_and_no_more(httpserver: HTTPServer) -> None:
    release = threading.Event()

    def stall(_request: Request) -> Response:
        release.wait(20)
        return Response("{}")

    httpserver.expect_request("/multi-search").respond_with_handler(stall)
    engine = MeiliEngine(httpserver.url_for("").rstrip("/"), None, "resources", budget=0.2)
    try:
        for query in (Query(), Query(text="vacination")):
            with pytest.raises(EngineAway):
                engine.search(query)
    finally:
        release.set()
        engine.close()


@pytest.mark.parametrize("id_", ["a-vrai-dire", "abc", "0-9", "x" * 80])
def test_an_id_the_server_takes_is_kept(id_: str) -> None:
    assert document_id(id_) == id_


@pytest.mark.parametrize("id_", ["not a slug!", "é", "a/b", "a.b", "", "id_x", "x" * 600, "\ud800"])
def test_another_id_is_replaced_by_a_digest_that_no_slug_is(id_: str) -> None:
    made = document_id(id_)
    assert made.startswith("id_")
    assert made.isascii()
    assert len(made) == 43


def test_a_document_with_an_odd_id_is_held_found_and_deleted(engine: MeiliEngine) -> None:
    engine.rebuild([resource("une fiche à part !", title={"fr": "Girafe"})])
    assert [hit.id for hit in engine.search(Query(text="girafe")).hits] == ["une fiche à part !"]
    engine.update([], ["une fiche à part !"])
    assert engine.search(Query()).total == 0


def test_a_document_holds_nothing_but_what_is_used() -> None:
    entry: dict[str, Any] = to_index(documents()[0])
    settings = index_settings()
    used = {*settings["filterableAttributes"], *settings["sortableAttributes"], "card", "fields", "hash"}
    assert set(entry) == used


def test_names_differ_by_server_and_index() -> None:
    engines = [MeiliEngine(url, None, index) for url in ("http://a", "http://b") for index in ("senne", "other")]
    assert len({engine.name for engine in engines}) == 4
    for engine in engines:
        engine.close()


class FixedSemantics:
    """Nearness that was decided beforehand: some entries stand out, one of them shares no word with the query."""

    def nearness(self, _text: str, _lang: str) -> Nearness | None:
        """See Semantics."""
        cosines = {"a-vrai-dire": 0.93, "habitat-beiti-eglantines": 0.92, "fbsp": 0.88}
        return Nearness(cosines, mean=0.8, deviation=0.02, cosines=cosines)

    def statements(self, _text: str) -> dict[str, float] | None:
        """See Semantics."""
        return None


@pytest.mark.parametrize("text", ["deuil", "xqzvkw", "soins palliatifs à domicile"])
def test_nearness_in_meaning_counts_as_in_the_embedded_engine(
    server: FakeMeilisearch, tmp_path: Path, text: str
) -> None:
    meili = MeiliEngine(server.url, KEY, "senne_test", FixedSemantics(), budget=30, connect=5)
    embedded = EmbeddedEngine(tmp_path, FixedSemantics())
    for engine in (meili, embedded):
        engine.rebuild(documents())
    found, wanted = (engine.search(Query(text=text, per_page=100)) for engine in (meili, embedded))
    assert [hit.id for hit in found.hits] == [hit.id for hit in wanted.hits]
    assert (found.total, found.facets) == (wanted.total, wanted.facets)
    assert "habitat-beiti-eglantines" in [hit.id for hit in found.hits]
    meili.close()
