"""Pages to read, and a migrated catalogue to match against."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Page, Reading
from crawler.reading import read
from directory.database import Database

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # making_pdfs

Reader = Callable[..., Reading]


def page(body: bytes | str, url: str = "https://www.asbl.example/activites/une-page", **changes: Any) -> Page:
    """A fetched page, on 20 January 2026 unless said otherwise."""
    given: dict[str, Any] = {
        "url": url,
        "final_url": url,
        "body": body.encode() if isinstance(body, str) else body,
        "fetched_at": datetime(2026, 1, 20, 9, tzinfo=UTC),
        "content_type": "text/html",
    }
    return Page(**(given | changes))


@pytest.fixture
def read_page() -> Reader:
    """Reads HTML (or bytes); keywords go to the page, `source` to the source."""

    def reader(body: bytes | str, *, source: dict[str, Any] | None = None, **changes: Any) -> Reading:
        return read(page(body, **changes), {"name": "asbl", "basins": [], **(source or {})})

    return reader


@pytest.fixture
def read_saved(read_page: Reader) -> Reader:
    """Reads a page of `pages/` by its name."""

    def reader(name: str, **changes: Any) -> Reading:
        return read_page((HERE / "pages" / f"{name}.html").read_bytes(), **changes)

    return reader


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty catalogue on SQLite: matching asks nothing that differs between databases."""
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    database.migrate()
    yield database
    database.close()
