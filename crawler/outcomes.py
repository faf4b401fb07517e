"""What a visit means for the page's row, where reading it has nothing to say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawler.decide import due_at, event_interval, is_gone, next_interval
from crawler.hosts import Host
from crawler.outline import Outline
from crawler.visit import Visit
from directory import proposals
from directory.crawl_state import CrawlPage

FAILED_AGAIN_AFTER = timedelta(days=1)


@dataclass(kw_only=True)
class Findings:
    """What reading a fetched page gave, ready to be written."""

    values: dict[str, Any] = field(default_factory=dict)  #: new values of the page's row
    links: Sequence[str] = ()
    skip: str | None = None
    error: str | None = None
    finding: proposals.Finding | None = None
    outline: Outline | None = None
    occurrences: Sequence[Mapping[str, Any]] | None = None  #: of the resource, where the page was read


def rhythm(page: CrawlPage, visit: Visit, *, changed: bool) -> dict[str, Any]:
    interval = next_interval(page.interval_s if page.visited_at else None, changed=changed)
    return {"interval_s": interval, "due_at": due_at(page.url, interval, visit.at)}


def seen(page: CrawlPage, visit: Visit, *, changed: bool) -> dict[str, Any]:
    """The row's values after an answer that shows the page to be there."""
    headers = visit.answer.headers if visit.answer else {}
    values: dict[str, Any] = {
        "state": "visited",
        "status": 200,
        "visited_at": visit.at,
        "misses": 0,
        "missed_since": None,
        "visited_change": page.listed_change,
        **rhythm(page, visit, changed=changed),
    }
    if changed:
        values |= {"changed_at": visit.at, "etag": headers.get("etag"), "last_modified": headers.get("last-modified")}
    else:  # a 304 may bring newer validators
        values |= {"etag": headers.get("etag", page.etag)}
        values |= {"last_modified": headers.get("last-modified", page.last_modified)}
    return values


def sooner(page: CrawlPage, values: Mapping[str, Any], *, starts_at: datetime, now: datetime) -> dict[str, Any]:
    """The schedule of a page, seen now, of an event that starts then."""
    interval = event_interval(values["interval_s"], starts_at=starts_at, now=now)
    return {"interval_s": interval, "due_at": due_at(page.url, interval, now)}


def steady(page: CrawlPage, visit: Visit) -> Findings:
    return Findings(values=seen(page, visit, changed=False), skip="unchanged")


def left(page: CrawlPage, visit: Visit) -> Findings:
    """Not asked, or an address that another one stands for."""
    state = page.state if page.state != "waiting" else "refused"
    interval = FAILED_AGAIN_AFTER.total_seconds()
    return Findings(values={"state": state, "due_at": due_at(page.url, interval, visit.at)}, skip=visit.skip)


def failed(page: CrawlPage, visit: Visit, error: str) -> Findings:
    """An answer that tells nothing about whether the page is there: what is known of it stays."""
    status = visit.answer.status if visit.answer else None
    state = page.state if page.state == "visited" else "failed"
    interval = FAILED_AGAIN_AFTER.total_seconds()
    values = {"state": state, "status": status, "due_at": due_at(page.url, interval, visit.at), "visited_at": visit.at}
    return Findings(values=values, error=error)


def missing(host: Host, page: CrawlPage, visit: Visit, run_id: int) -> Findings:
    """404 or 410: gone for good, or perhaps back tomorrow."""
    assert visit.answer is not None  # noqa: S101
    status, now = visit.answer.status, visit.at
    since, misses = page.missed_since or now, page.misses + 1
    unlisted = (
        page.listed_by is not None
        and page.listed_run != run_id
        and host.facts.get("complete", {}).get(page.listed_by) == run_id
    )
    was_there = page.body_hash is not None
    gone = was_there and is_gone(status, misses=misses, missed_since=since, unlisted=unlisted, now=now)
    values = {
        "state": "going" if gone else "missing",
        "status": status,
        "visited_at": now,
        "misses": misses,
        "missed_since": since,
        "due_at": due_at(page.url, FAILED_AGAIN_AFTER.total_seconds(), now),
    }
    if gone:
        return Findings(values=values)
    return Findings(values=values, error=f"http_{status}: there is no such page")


def why_unreadable(body: bytes) -> str:
    if b"/Encrypt" in body:
        return "encrypted_pdf: the PDF is locked"
    return "unreadable_pdf: the PDF gives no text: it is damaged, a scan, or wants more time or memory than it may have"
