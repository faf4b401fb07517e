"""A plain reader and matcher: every page with an h1 is a resource, what stands in <main> is its text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.matching import Match
from crawler.page import Page, Reading


class PlainReader:
    """Counts how often it reads."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def __call__(self, page: Page, source: Mapping[str, Any]) -> Reading:
        self.urls.append(page.final_url)
        html = page.body.decode("utf-8", "replace")
        main = re.search(r"<main>(.*?)</main>", html, re.DOTALL)
        text = re.sub(r"<[^>]+>", " ", main.group(1) if main else html).strip()
        title = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)
        content_hash = hashlib.sha256(text.encode()).hexdigest()
        if title is None:
            return Reading(kind="listing" if "<a" in html else "other", text=text, content_hash=content_hash)
        return Reading(
            kind="resource",
            text=text,
            content_hash=content_hash,
            language="fr",
            resource={
                "id": "r-" + hashlib.sha256(page.final_url.encode()).hexdigest()[:10],
                "type": "tool",
                "title": {"fr": title.group(1)},
                "summary": {"fr": text[:200] or "…"},
                "organisations": [{"name": "ASBL"}],
                "links": [{"url": page.final_url, "kind": "page"}],
                "languages": ["fr"],
                "themes": ["vaccination"],
                "basins": ["region"],
                "source": {"kind": "crawl", "url": page.final_url},
            },
            evidence={"title": title.group(1)},
            places={"title": "h1"},
            field_confidence={"title": 0.9},
            confidence=0.9,
        )


def always_new(_session: Any, *, source: str, url: str, reading: Reading) -> Match:
    return Match(kind="new")


class HandClock:
    """Stands still until someone sleeps."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)

    def advance(self, **delta: float) -> None:
        self.at += timedelta(**delta)
