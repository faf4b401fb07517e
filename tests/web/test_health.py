"""What those who run Senne are told: alive, able to serve, and in figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from directory.models import OutboxRow
from directory.settings import Settings
from search.engines.embedded import EmbeddedEngine
from search.engines.meili import MeiliEngine
from search.fallback import FallbackEngine
from search.indexer import Indexer, Indexers
from tests.fakes.meili_server import FakeMeilisearch
from tests.search.samples import add, entry
from web.app import create_app
from web.wiring import Services, wire

PROBE_S = 0.02  #: in place of five seconds


def readyz(services: Services) -> tuple[int, dict[str, Any]]:
    """Status of the answer, and its document."""
    response = create_app(services.settings, services=services).test_client().get("/readyz")
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, response.get_json()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """A Senne with one resource that no index has yet."""
    services = wire(Settings(data_dir=tmp_path))
    services.database.migrate()
    add(services.database, entry("groupe-de-deuil", "Groupe de deuil"))
    yield services
    services.close()


@pytest.fixture
def fake() -> Iterator[FakeMeilisearch]:
    with FakeMeilisearch() as server:
        yield server


@pytest.fixture
def served(services: Services, fake: FakeMeilisearch) -> Iterator[Services]:
    """The same with a search server that has its index, and no index on this machine."""
    server = MeiliEngine(fake.url, None, "senne_test", budget=5, connect=1)
    local = EmbeddedEngine(services.settings.index_dir)
    shared = Indexer(services.database, server, services.settings.data_dir, lock_name="server.lock", shared=True)
    shared.rebuild()
    engine = FallbackEngine(server, local, probe_s=PROBE_S)
    yield replace(services, engine=engine, indexer=Indexers([shared]))
    engine.close()


def test_healthz_answers_without_a_database(tmp_path: Path) -> None:
    services = wire(Settings(data_dir=tmp_path))
    client = create_app(services.settings, services=services).test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    status, document = readyz(services)
    assert (status, document["status"]) == (503, "down")
    assert "senne init" in document["checks"]["database"]["detail"]
    assert document["checks"]["index"]["status"] == "down"


def test_readyz_is_ok_where_everything_answers(api: FlaskClient) -> None:
    response = api.get("/readyz")
    assert response.status_code == 200
    checks = response.get_json()["checks"]
    assert {name: check["status"] for name, check in checks.items()} == {
        "database": "ok", "index": "ok", "outbox": "ok", "engine": "ok", "vectors": "degraded",
    }  # fmt: skip
    assert "SENNE_VECTORS" in checks["vectors"]["detail"]
    assert response.get_json()["status"] == "degraded"


def test_without_any_index_it_is_down(services: Services) -> None:
    status, document = readyz(services)
    assert (status, document["status"]) == (503, "down")
    assert document["checks"]["database"]["status"] == "ok"
    assert document["checks"]["index"]["status"] == "down"
    services.indexer.rebuild()
    status, document = readyz(services)
    assert (status, document["checks"]["index"]) == (
        200,
        {"status": "ok", "detail": document["checks"]["index"]["detail"]},
    )
    assert document["checks"]["index"]["detail"].startswith("1 resources in ")


def test_a_change_that_waits_for_long_is_told(services: Services) -> None:
    services.indexer.rebuild()
    add(services.database, entry("une-autre", "Une autre"))
    assert readyz(services)[1]["checks"]["outbox"] == {"status": "ok", "detail": "1 change(s) wait to be indexed."}
    with services.database.write() as session:
        session.execute(sa.update(OutboxRow).values(at=datetime.now(UTC) - timedelta(minutes=5)))
    status, document = readyz(services)
    assert (status, document["checks"]["outbox"]["status"]) == (200, "degraded")
    services.indexer.sync()
    assert readyz(services)[1]["checks"]["outbox"]["status"] == "ok"


# With a search server


def test_the_server_and_an_index_here_are_both_well(served: Services) -> None:
    EmbeddedEngine(served.settings.index_dir).rebuild([])
    status, document = readyz(served)
    assert status == 200
    assert document["checks"]["engine"] == {"status": "ok", "detail": "The search server answers."}
    assert document["checks"]["index"]["detail"].startswith("1 resources in senne_test@")


def test_without_an_index_here_the_server_serves_and_the_missing_stand_in_is_told(served: Services) -> None:
    status, document = readyz(served)
    assert (status, document["status"]) == (200, "degraded")
    assert document["checks"]["index"]["status"] == "ok"
    assert document["checks"]["engine"]["status"] == "degraded"
    assert "this machine" in document["checks"]["engine"]["detail"]


def test_without_the_server_the_index_here_serves(served: Services, fake: FakeMeilisearch) -> None:
    Indexer(served.database, EmbeddedEngine(served.settings.index_dir), served.settings.data_dir).rebuild()
    fake.indexes.clear()
    status, document = readyz(served)
    assert (status, document["status"]) == (200, "degraded")
    assert document["checks"]["index"]["status"] == "ok"
    assert "senne_test" not in document["checks"]["index"]["detail"]
    assert document["checks"]["engine"]["status"] == "degraded"
    assert "is away since" in document["checks"]["engine"]["detail"]


def test_without_either_it_is_down(served: Services, fake: FakeMeilisearch) -> None:
    fake.indexes.clear()
    status, document = readyz(served)
    assert (status, document["status"]) == (503, "down")
    assert document["checks"]["index"]["status"] == "down"
    assert document["checks"]["engine"]["status"] == "down"
    assert document["checks"]["engine"]["detail"].startswith("No index answers.")


def test_metrics_count_by_route_and_never_hold_a_readers_words(api: FlaskClient) -> None:
    api.get("/api/v1/search?q=motsecret")
    text = api.get("/metrics").text
    assert 'senne_request_seconds_count{route="api.search_resources"}' in text
    assert "senne_outbox_rows" in text
    assert "motsecret" not in text
