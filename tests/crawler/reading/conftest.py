"""Pages to read, and a migrated catalogue to match against."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Reading
from crawler.reading import read
from directory.database import Database

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # making_pages, making_pdfs

from making_pages import page  # noqa: E402 - by the path above

Reader = Callable[..., Reading]


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
