"""The app on the shipped catalogue, for tests that only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.settings import Settings
from directory.shipped import load_shipped_catalogue
from tests.web.curators import Clock, Desk
from web.app import create_app
from web.wiring import wire


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """On either kind of database."""
    url = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        server.execute("CREATE DATABASE senne_shipped")
        url = f"{server.url}/senne_shipped"
    folder = tmp_path_factory.mktemp("shipped")
    services = wire(Settings(data_dir=folder, database_url=url, base_url="https://senne.example"))
    services.database.migrate()
    load_shipped_catalogue(services.database)
    services.indexer.rebuild()
    yield create_app(services.settings, services=services)
    services.database.close()


@pytest.fixture
def api(shipped: Flask) -> FlaskClient:
    return shipped.test_client()


@pytest.fixture
def unbuilt(tmp_path: Path) -> Iterator[FlaskClient]:
    """A Senne whose database exists and whose index does not."""
    services = wire(Settings(data_dir=tmp_path))
    services.database.migrate()
    yield create_app(services.settings, services=services).test_client()
    services.database.close()


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    """A Senne with an empty catalogue and nobody in it; time stands still until a test lets it pass."""
    services = wire(Settings(data_dir=tmp_path, database_url=database_url, base_url="https://senne.example"))
    app, clock = create_app(services.settings, services=services), Clock()
    app.config["FORM_CLOCK"] = clock
    desk = Desk(app, clock)
    yield desk
    desk.close()
