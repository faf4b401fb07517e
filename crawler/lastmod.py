"""Whether a sitemap's times of change can be relied on: earned per host, lost at the first change that it kept quiet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from crawler.hosts import Host
from crawler.inventory import Item

_TRUST_FROM, _TRUST_SHARE = 20, 0.95
_SAME_DATE_SHARE = 0.80


def trusts_lastmod(host: Host) -> bool:
    """Whether the sitemap's times of change have been right often enough to rely on."""
    record = host.facts.get("lastmod", {})
    seen, agreed = int(record.get("seen", 0)), int(record.get("agreed", 0))
    return seen >= _TRUST_FROM and agreed >= _TRUST_SHARE * seen


def observe_lastmod(host: Host, *, said_changed: bool, did_change: bool) -> None:
    """Compare what the sitemap said of a page with what was found. One change that it kept quiet costs all trust."""
    record = host.facts.get("lastmod", {"seen": 0, "agreed": 0})
    if did_change and not said_changed:
        record = {"seen": 0, "agreed": 0}
    else:
        record = {"seen": record["seen"] + 1, "agreed": record["agreed"] + int(said_changed == did_change)}
    host.facts = {**host.facts, "lastmod": record}


def is_uniform(items: Iterable[Item]) -> bool:
    """Whether a sitemap gives most of its pages one date: then a machine wrote it that does not know."""
    items = list(items)
    days = Counter(item.change[:10] for item in items if item.change)
    same = days.most_common(1)[0][1] if days else 0
    return len(items) >= _TRUST_FROM and same > _SAME_DATE_SHARE * len(items)
