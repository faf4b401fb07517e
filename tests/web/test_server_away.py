"""A search server that takes connections and never answers: nobody else waits for it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.settings import Settings
from search.engines.embedded import EmbeddedEngine
from search.engines.meili import MeiliEngine
from search.fallback import FallbackEngine
from tests.search.samples import add, entry
from web.app import create_app
from web.wiring import Services, wire

NOTICE = "Le moteur de recherche principal se repose"
LONG_S = 200.0  #: longer than the test may take: whoever waits for the server is still waiting


@pytest.fixture
def stalled() -> Iterator[socket.socket]:
    """A listening socket that nobody serves."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening


@pytest.fixture
def services(tmp_path: Path, stalled: socket.socket) -> Iterator[Services]:
    """A Senne with one resource in the index of this machine, that looks for its search server at `stalled`."""
    settings = Settings(data_dir=tmp_path)
    alone = wire(settings)
    alone.database.migrate()
    add(alone.database, entry("groupe-de-deuil", "Groupe de deuil"))
    alone.indexer.rebuild()
    alone.close()
    services = wire(replace(settings, meili_url=address(stalled)))
    yield services
    services.close()


def address(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def browse(services: Services) -> FlaskClient:
    return create_app(services.settings, services=services).test_client()


def test_the_search_that_finds_out_is_answered_all_the_same(services: Services) -> None:
    page = browse(services).get("/fr/ressources?q=deuil")
    assert page.status_code == 200
    assert NOTICE in page.text
    assert page.headers["Cache-Control"] == "no-store"  # or readers go on seeing the notice once it is over
    assert "Groupe de <mark>deuil</mark>" in page.text


def test_programs_are_told_that_the_reserve_answered(services: Services) -> None:
    client = browse(services)
    for _ in range(2):  # the one that finds out, and the next
        response = client.get("/api/v1/search?q=deuil")
        document = response.get_json()
        assert response.headers["Cache-Control"] == "no-store"
        assert (document["degraded"], [hit["id"] for hit in document["hits"]]) == (True, ["groupe-de-deuil"])
    suggestions = client.get("/api/v1/suggest?q=groupe+de").get_json()["suggestions"]
    assert "groupe-de-deuil" in [found.get("id") for found in suggestions]


def test_readyz_finds_out_and_names_the_reason(services: Services) -> None:
    response = browse(services).get("/readyz")
    document = response.get_json()
    assert (response.status_code, document["status"]) == (200, "degraded")
    assert document["checks"]["index"]["status"] == "ok"
    assert document["checks"]["engine"]["status"] == "degraded"
    assert "too long" in document["checks"]["engine"]["detail"]


def test_healthz_and_the_catalogue_answer_while_a_search_waits_for_the_server(
    services: Services, stalled: socket.socket
) -> None:
    server = MeiliEngine(address(stalled), None, "senne_test", budget=LONG_S)
    engine = FallbackEngine(server, EmbeddedEngine(services.settings.index_dir), probe_s=LONG_S)
    waiting = replace(services, engine=engine)
    client, found = browse(waiting), list[TestResponse]()
    reader = threading.Thread(target=lambda: found.append(browse(waiting).get("/fr/ressources?q=deuil")))
    reader.start()
    connection, _ = stalled.accept()
    try:
        assert client.get("/healthz").get_json() == {"status": "ok"}
        assert client.get("/api/v1/resources/groupe-de-deuil").status_code == 200
        assert reader.is_alive()
        assert not found
    finally:
        stalled.close()
        connection.close()
        reader.join()
        engine.close()
    assert found[0].status_code == 200
    assert NOTICE in found[0].text
