"""Which of a page's dates are its own: a table of little pages, read whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from making_pages import page

from crawler.fields import read_fields
from crawler.occurrences import find_when
from crawler.opening import Opened, open_page
from crawler.reading import is_report

TABLE = Path(__file__).parents[3] / "fixtures" / "dates" / "pages.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]


def _shown(instant: str) -> str:
    """A day alone where the hour is midnight: the outside shape has no other way to say that none is known."""
    return instant[:10] if instant[11:16] == "00:00" else instant[:16]


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}: {row['why']}" for number, row in enumerate(ROWS, 1)])
def test_a_page_gives_its_own_dates(row: dict[str, Any]) -> None:
    html = f"<html lang='fr'><title>{row['title']}</title><body><main><h1>{row['title']}</h1>{row['body']}</main></body></html>"
    opened = open_page(page(html, fetched_at=datetime(2026, 11, 25, 9, tzinfo=UTC)), {"name": "asbl"})
    assert isinstance(opened, Opened)
    document, title = opened.document, row["title"]
    when = find_when(document, title, read_fields(document.lines), is_report=is_report(title))
    found = [
        "/".join(_shown(one[key]) for key in ("start", "end") if key in one)
        for one in (when.occurrences.value if when.occurrences else [])
    ]
    assert found == row["occurrences"]
