"""Searches without result are counted; typing is not; nothing of the reader is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from directory.search_log import list_gap_texts, list_gaps
from directory.settings import Settings
from directory.shipped import load_shipped_catalogue
from web.app import create_app
from web.gaps import GapRecorder
from web.wiring import wire

SINCE = date(2026, 1, 1)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    services = wire(Settings(data_dir=tmp_path))
    services.database.migrate()
    load_shipped_catalogue(services.database)
    services.indexer.rebuild()
    app = create_app(services.settings, services=services)
    recorder = GapRecorder(services.database, b"key")
    recorder._start = lambda: None  # type: ignore[method-assign] # written by hand here
    app.extensions["senne.gaps"] = recorder
    yield app
    services.database.close()


def counted(site: Flask) -> list[tuple[str, str, int]]:
    site.extensions["senne.gaps"].flush()
    with site.extensions["senne"].database.read() as session:
        return sorted((gap.basin, gap.theme, gap.searches) for gap in list_gaps(session, since=SINCE))


def test_a_search_that_finds_nothing_is_counted_by_basin_and_theme(site: Flask) -> None:
    reader = site.test_client()
    for _ in range(2):
        reader.get("/fr/ressources?q=zzzxxq&basin=nord&theme=grief")
    reader.get("/api/v1/search?q=zzzxxq")
    assert counted(site) == [("", "", 1), ("nord", "grief", 2)]


def test_what_finds_something_or_asks_nothing_is_not_counted(site: Flask) -> None:
    reader = site.test_client()
    for path in ("/fr/ressources?q=deuil", "/fr/ressources?basin=nord", "/fr/ressources?q=zzzxxq&page=3"):
        reader.get(path)
    assert counted(site) == []


def test_typing_is_not_counted_a_submitted_search_is(site: Flask) -> None:
    reader = site.test_client()
    reader.get("/fr/ressources?q=zzzxxq", headers={"HX-Request": "true", "HX-Trigger": "q"})
    assert counted(site) == []
    reader.get("/fr/ressources?q=zzzxxq", headers={"HX-Request": "true", "HX-Trigger": "search"})
    assert counted(site) == [("", "", 1)]


def test_a_text_seen_once_is_not_kept(site: Flask) -> None:
    site.test_client().get("/fr/ressources?q=zzzxxq")
    counted(site)
    with site.extensions["senne"].database.read() as session:
        assert list_gap_texts(session) == []
