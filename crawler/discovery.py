"""Finds out what a site has, the cheapest way that it offers."""

from __future__ import annotations

from typing import Any

from crawler.hosts import Host
from crawler.outline import Outline


def learn(host: Host, outline: Outline) -> None:
    """Note what a page's head says about its host."""


def discover(host: Host, **_: Any) -> None:
    """Ask the host's inventories."""
