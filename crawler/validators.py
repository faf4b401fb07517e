"""Conditional requests: what a server gave to know a document again, and whether it can be believed.

Validators are sent back exactly as the server wrote them. A host whose ETag changes while the body does not (some
give one per machine behind a balancer) costs a whole body each time: after the third such answer its ETag is left
out for a month where there is a Last-Modified, which then decides alone. Source: RFC 9110 §8.8, §13.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from directory.crawl_state import CrawlPage

FLAPS = 3  #: equal bodies with another ETag, before it is ignored
_IGNORED_FOR = timedelta(days=30)

#: ETag and Last-Modified; None where there is none.
Validators = tuple[str | None, str | None]


def validators_of(headers: Mapping[str, str]) -> Validators:
    """What an answer gives to know it again."""
    return headers.get("etag"), headers.get("last-modified")


def conditions(validators: Validators) -> dict[str, str]:
    """The headers that make a request conditional."""
    etag, last_modified = validators
    headers = {"If-None-Match": etag} if etag else {}
    return headers | ({"If-Modified-Since": last_modified} if last_modified else {})


def page_conditions(page: CrawlPage | None, facts: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """The same for a page of a host with these facts; none where we have not kept what its text was."""
    if page is None or page.body_hash is None or page.state != "visited":
        return {}
    is_useless = page.last_modified and ignores_etag(facts, now)
    return conditions((None if is_useless else page.etag, page.last_modified))


def ignores_etag(facts: Mapping[str, Any], now: datetime) -> bool:
    """Whether a host's ETags have proved to say nothing."""
    until = facts.get("etag_ignored_until")
    return until is not None and now < datetime.fromisoformat(until)


def facts_after(facts: dict[str, Any], page: CrawlPage, headers: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """A host's facts after an answer whose body is the one that we know, asked with the page's ETag."""
    etag = headers.get("etag")
    if not page.etag or not etag or etag == page.etag or ignores_etag(facts, now):
        return facts
    flaps = int(facts.get("etag_flaps", 0)) + 1
    kept = {name: value for name, value in facts.items() if not name.startswith("etag_")}
    return kept | ({"etag_flaps": flaps} if flaps < FLAPS else {"etag_ignored_until": (now + _IGNORED_FOR).isoformat()})
