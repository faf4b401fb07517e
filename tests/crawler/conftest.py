"""A served site, an empty catalogue, and a crawl of the one into the other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.crawl import crawl
from crawler.tools import Tools
from directory.database import Database
from directory.sources import load_source
from tests.crawler.doubles import HandClock, PlainReader, always_new
from tests.crawler.site import Site, serve

Crawls = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("migrated") / "catalogue.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture
def database(tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    """A migrated, empty catalogue."""
    path = tmp_path / "catalogue.sqlite3"
    shutil.copy(migrated_file, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(Site()) as served:
        yield served


@pytest.fixture
def reader() -> PlainReader:
    return PlainReader()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def crawls(database: Database, site: Site, reader: PlainReader, clock: HandClock) -> Crawls:
    """Crawl the site once; keyword arguments change the source."""

    def once(*, only_due: bool = False, match: Any = always_new, read: Any = None, **changes: Any) -> dict[str, Any]:
        source = load_source(
            {"name": "site", "start_urls": [site.origin + "/"], "delay_s": 0, "max_pages": 1000, "allow_private": True}
            | changes
        )
        tools = Tools(database=database, user_agent="Senne/test", read=read or reader, match=match, clock=clock)
        return crawl(source, tools, only_due=only_due)

    return once
