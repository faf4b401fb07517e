"""Hosts that answer 200 for everything: what they say for an address that cannot exist tells their soft 404s."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from crawler.errors import FetchError
from crawler.frontier import Frontier
from crawler.hosts import Host
from crawler.http import PAGE
from crawler.page import Page, Reading
from crawler.tools import Tools
from crawler.visit import Visitor, body_hash, sniff

_AGE = timedelta(days=30)


class Nowhere:
    """Remembers, per host, what an address that cannot exist says."""

    def __init__(self, source: Mapping[str, Any], tools: Tools, visitor: Visitor, frontier: Frontier) -> None:
        self._source, self._tools, self._visitor, self._frontier = source, tools, visitor, frontier

    def says_the_same(self, host: Host, reading: Reading) -> bool:
        """Whether the host gives this same text for an address that cannot exist.

        It is asked once a month, and only after two of its pages read the same: on most sites never.
        """
        known = host.facts.get("nowhere")
        now = self._tools.clock.now()
        if known is not None and known["at"] > (now - _AGE).isoformat():
            return bool(known["content_hash"] == reading.content_hash)
        with self._tools.database.read() as session:
            if not self._frontier.has_content(session, reading.content_hash):
                return False
        content_hash = self._read(host)
        host.facts = {**host.facts, "nowhere": {"content_hash": content_hash, "at": now.isoformat()}}
        return content_hash == reading.content_hash

    def _read(self, host: Host) -> str | None:
        """What the host answers for an address that cannot exist; None for an honest 404."""
        url = f"{host.origin}/{body_hash(host.origin.encode())}"
        if self._tools.read is None or (host.robots is not None and not host.robots.allows(url)):
            return None
        try:
            answer = self._visitor.ask(host, url, PAGE)
            if answer.status != 200:
                return None
            page = Page(
                url=url, final_url=url, body=answer.body, fetched_at=self._tools.clock.now(), content_type=sniff(answer),
                charset=answer.charset, headers=answer.headers,
            )  # fmt: skip
        except FetchError:
            return None
        return self._tools.read(page, self._source).content_hash
