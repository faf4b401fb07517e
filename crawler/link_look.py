"""A quick look at some addresses for a person who waits: as safe and as polite as the link checker, but in a hurry.

Nothing is written down but the turns of the hosts: what is typed in a form is not yet a link of the catalogue. What could
not be asked in time is unsure, as everything else that says nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crawler.clock import Clock
from crawler.errors import FetchError
from crawler.hosts import Hosts, name_holder
from crawler.http import Answer, Limits
from crawler.link_check import LIMITS, Checker, LinkTools
from crawler.tools import PRODUCT_TOKEN
from crawler.urls import canonical_url, origin_of
from directory.link_health import Sighting

PATIENCE_S = 15.0  #: after that nothing more is asked
DELAY_S = 0.5  #: between two requests to one host
QUICK = replace(LIMITS, connect_s=4.0, between_bytes_s=4.0, whole_s=6.0)


def look_at(urls: Sequence[str], tools: LinkTools, *, patience_s: float = PATIENCE_S) -> dict[str, Sighting]:
    """What one look at each address finds. Takes at most `patience_s` and the time of one request. Never raises for a host."""
    end = tools.clock.now() + timedelta(seconds=patience_s)
    groups: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        address = canonical_url(url)
        groups.setdefault(origin_of(address) if address else "", []).append(url)
    with ThreadPoolExecutor(max_workers=tools.at_once) as pool:
        parts = pool.map(lambda group: _look_at_host(group, tools, end), groups.values())
        return {url: sighting for part in parts for url, sighting in part.items()}


def _look_at_host(urls: list[str], tools: LinkTools, end: datetime) -> dict[str, Sighting]:
    clock = _Hurry(tools.clock, end)
    fetcher = tools.open_fetcher()

    def fetch(url: str, *, limits: Limits, **options: Any) -> Answer:
        clock.sleep(0)  # asks nothing after the end
        return fetcher.fetch(url, limits=replace(limits, whole_s=min(limits.whole_s, QUICK.whole_s)), **options)

    hosts = Hosts(
        tools.database,
        holder=name_holder(f"look {secrets.token_hex(4)}"),
        delay_s=tools.delay_s,
        product_token=PRODUCT_TOKEN,
        clock=clock,
    )
    checker = Checker(replace(tools, clock=clock), fetch, hosts)
    try:
        return {url: checker.look(url) for url in urls}
    finally:
        fetcher.close()
        hosts.release()


class _Hurry:
    """A clock on which nobody sleeps beyond the end. Sleeping so long raises FetchError."""

    def __init__(self, clock: Clock, end: datetime) -> None:
        self._clock, self._end = clock, end

    def now(self) -> datetime:
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        if self.now() + timedelta(seconds=seconds) > self._end:
            raise FetchError("no_time", "the host asks for more time than there is")
        self._clock.sleep(seconds)
