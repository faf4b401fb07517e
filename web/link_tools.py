"""What visits links: the link checker with this installation's name, for the command line and for the form of an entry."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import TYPE_CHECKING

from web.wiring import Services

if TYPE_CHECKING:
    from crawler.http import Limits
    from crawler.link_check import LinkTools


def make_link_tools(
    services: Services,
    *,
    delay_s: float,
    allow_private: bool,
    limits: Limits | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> LinkTools:
    """`allow_private`: also visit addresses that are not public, on any port (intranets, tests)."""
    from crawler.http import Fetcher  # late: what reads pages takes a second to load
    from crawler.link_check import LIMITS, LinkTools
    from crawler.reading import read
    from crawler.tools import user_agent

    agent = user_agent(metadata.version("senne"), services.settings.public_url)
    ports = range(1, 65536) if allow_private else ()
    return LinkTools(
        database=services.database,
        open_fetcher=lambda: Fetcher(agent, allow_private=allow_private, ports=ports),
        read=read,
        delay_s=delay_s,
        limits=limits or LIMITS,
        progress=progress,
    )
