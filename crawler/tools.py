"""What every crawl works with, apart from its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.clock import Clock, SystemClock
from crawler.matching import Match
from crawler.page import Page, Reading
from directory.database import Database

PRODUCT_TOKEN = "Senne"  # noqa: S105 - what robots.txt calls us

Read = Callable[[Page, Mapping[str, Any]], Reading]
Matcher = Callable[..., Match]  #: match(session, *, source, url, reading)
#: progress(source, pages done, pages left, address or what is being done)
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What crawls work with, apart from their source. read: None crawls without extraction."""

    database: Database
    user_agent: str
    read: Read | None
    match: Matcher | None
    clock: Clock = field(default_factory=SystemClock)
    progress: Progress = lambda *_: None


def user_agent(version: str, base_url: str) -> str:
    """An honest name with a page that says what we do. Source: RFC 9110 §10.1.5."""
    return f"{PRODUCT_TOKEN}/{version} (+{base_url}/fr/a-propos#crawler)"
