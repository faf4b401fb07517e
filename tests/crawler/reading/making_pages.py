"""A page as the fetcher would hand it over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crawler.page import Page


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
