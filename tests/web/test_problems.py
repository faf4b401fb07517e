"""Every error has its status, and its words for people or programs."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

import crawler
import directory
import search
from directory.catalogue import Change, create_resource, get_resource
from directory.errors import DirectoryError
from directory.history import merge_resources
from directory.settings import Settings
from web.app import create_app
from web.problems import STATUS_OF
from web.wiring import wire

ALICE = Change("alice", "a test")
#: Errors that only commands and programs meet: no request leads to them.
NOT_OF_REQUESTS = {"AddressTaken", "WorkersFail", "SourceFileError", "NamedError", "BadDocument", "LeaseLost"}


def every_error() -> Iterator[type[DirectoryError]]:
    for package in (directory, search, crawler):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("errors"):
                importlib.import_module(module.name)
    pending = [DirectoryError]
    while pending:
        kind = pending.pop()
        yield kind
        pending += kind.__subclasses__()


def test_every_error_has_a_status() -> None:
    roots = {"DirectoryError", "SearchError", "CrawlError"}
    missing = [
        kind.__name__
        for kind in every_error()
        if kind.__name__ not in roots | NOT_OF_REQUESTS and not any(parent in STATUS_OF for parent in kind.__mro__)
    ]
    assert missing == []


def document(id_: str) -> dict[str, Any]:
    return {
        "id": id_, "type": "tool", "title": {"fr": f"Un outil {id_}"}, "status": "published",
        "organisations": [{"name": "Une asbl"}], "themes": ["grief"], "basins": ["nord"],
    }  # fmt: skip


@pytest.fixture
def merged(tmp_path: Path) -> Iterator[FlaskClient]:
    """A Senne in which `old-tool` became `new-tool`."""
    services = wire(Settings(data_dir=tmp_path))
    services.database.migrate()
    with services.database.write() as session:
        for id_ in ("old-tool", "new-tool"):
            create_resource(session, document(id_), ALICE)
        kept = get_resource(session, "new-tool")
        merge_resources(session, "old-tool", kept, ALICE, retired_version=1)
    yield create_app(services.settings, services=services).test_client()
    services.database.close()


@pytest.mark.parametrize("path", ["/nl/ressources/{}", "/api/v1/resources/{}"])
def test_the_address_of_a_merged_resource_leads_on_for_good(merged: FlaskClient, path: str) -> None:
    response = merged.get(path.format("old-tool"))
    assert response.status_code == 301
    assert response.location == path.format("new-tool")
    assert merged.get(path.format("new-tool")).status_code == 200


@pytest.fixture
def failing(tmp_path: Path) -> FlaskClient:
    """Addresses that fail as the server or a proxy in front of it may."""
    services = wire(Settings(data_dir=tmp_path))
    app: Flask = create_app(services.settings, services=services)
    for status in (413, 414, 429):
        app.add_url_rule(f"/fr/fails-{status}", f"page{status}", lambda status=status: abort(status))
        app.add_url_rule(f"/api/fails-{status}", f"api{status}", lambda status=status: abort(status))
    return app.test_client()


@pytest.mark.parametrize("status", [413, 414, 429])
def test_errors_of_the_server_are_pages_for_people_and_problems_for_programs(failing: FlaskClient, status: int) -> None:
    page = failing.get(f"/fr/fails-{status}")
    assert page.status_code == status
    assert f"Code\u00a0: {status}" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    problem = failing.get(f"/api/fails-{status}")
    assert problem.status_code == status
    assert problem.get_json()["status"] == status


def test_a_wrong_filter_names_what_may_be_chosen_in_the_readers_language(api: FlaskClient) -> None:
    french = api.get("/fr/ressources?basin=ouest").text
    assert "Bassin\u00a0: choisissez parmi Nord, Nord-Est, Centre-Ouest, Sud, Sud-Est, Tout Bruxelles." in french
    assert "kies uit Noord" in api.get("/nl/ressources?basin=ouest").text


@pytest.mark.parametrize(
    "path", ["/fr/", "/fr/nulle-part", "/api/v1/search?basin=x", "/healthz", "/widget/v1.js", "/robots.txt"]
)
def test_every_answer_carries_the_security_headers(api: FlaskClient, path: str) -> None:
    headers = api.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Set-Cookie" not in headers


def test_only_the_widget_may_be_framed_and_only_by_the_named_sites(tmp_path: Path) -> None:
    services = wire(Settings(data_dir=tmp_path, widget_origins=("https://bassin.example",)))
    client = create_app(services.settings, services=services).test_client()
    assert "frame-ancestors https://bassin.example" in client.get("/widget/v1.js").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/healthz").headers["Content-Security-Policy"]
