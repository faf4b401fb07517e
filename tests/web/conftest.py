"""The app on the shipped catalogue, for tests that only read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.database import Database
from directory.settings import Settings
from directory.shipped import load_shipped_catalogue
from tests.web.curators import Clock, Desk
from web.app import create_app
from web.wiring import wire


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    services = wire(Settings(data_dir=tmp_path_factory.mktemp("shipped"), base_url="https://senne.example"))
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


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("empty") / "senne.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture
def desk(tmp_path: Path, empty_file: Path) -> Iterator[Desk]:
    """A Senne with an empty catalogue and nobody in it; time stands still until a test lets it pass."""
    shutil.copy(empty_file, tmp_path / "senne.sqlite3")
    services = wire(Settings(data_dir=tmp_path, base_url="https://senne.example"))
    app, clock = create_app(services.settings, services=services), Clock()
    app.config["FORM_CLOCK"] = clock
    yield Desk(app, clock)
    services.database.close()
