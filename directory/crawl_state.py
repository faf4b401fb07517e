"""The tables in which a crawl is kept: what was seen where, and when each address and host may be asked again.

They let a crawl go on after a kill, a re-crawl ask only for what changed, and several machines share the work
without asking a host twice at once. Nothing here is part of the catalogue: it can be emptied, and the next crawl
starts afresh.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from directory.models import Base


class CrawlRun(Base):
    """One crawl of one source. Its counters grow in the transaction of the page that they count."""

    __tablename__ = "crawl_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]  #: None: under way, or interrupted
    options: Mapped[dict[str, Any]]  #: max_pages, only_due, and the source as it was
    requested: Mapped[int]
    fetched: Mapped[int]
    not_modified: Mapped[int]
    skipped: Mapped[dict[str, Any]]  #: {reason: how many}


class CrawlNote(Base):
    """One line of a crawl's report: an error on an address, or a proposal that was made; or what a calendar tells."""

    __tablename__ = "crawl_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]  #: error, proposal, occurrences
    url: Mapped[str]
    text: Mapped[str]  #: what went wrong, the proposal's id, or the occurrences of what is at the address, as JSON


class CrawlPage(Base):
    """One address of one source."""

    __tablename__ = "crawl_page"
    __table_args__ = (
        sa.UniqueConstraint("source", "url"),
        sa.Index("ix_crawl_page_queue", "source", "queued_run", "due_at", "depth", "id"),
        sa.Index("ix_crawl_page_content", "source", "content_hash"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    url: Mapped[str]  #: canonical
    host: Mapped[str]  #: scheme://host[:port]
    depth: Mapped[int]  #: links away from a start address or an inventory
    queued_run: Mapped[int | None]  #: the run that still has to deal with it
    run_id: Mapped[int | None]  #: the last run that dealt with it
    state: Mapped[str]  #: waiting, visited, redirect, missing, gone, failed, refused
    due_at: Mapped[datetime]  #: when the schedule wants it visited
    visited_at: Mapped[datetime | None]  #: last answer of any kind
    changed_at: Mapped[datetime | None]
    interval_s: Mapped[float | None]
    status: Mapped[int | None]
    etag: Mapped[str | None]  #: as the server wrote it
    last_modified: Mapped[str | None]  #: as the server wrote it
    body_hash: Mapped[str | None]
    content_hash: Mapped[str | None]  #: of what was read
    kind: Mapped[str | None]  #: what the reading called it
    title: Mapped[dict[str, Any] | None]  #: of the resource that it was
    target: Mapped[str | None]  #: where it redirects to
    misses: Mapped[int]  #: visits in a row that found nothing
    missed_since: Mapped[datetime | None]
    listed_by: Mapped[str | None]  #: wordpress, events, sitemap: the inventory that names it
    listed_run: Mapped[int | None]  #: the last run in which it did
    listed_change: Mapped[str | None]  #: the time of change that the inventory gives
    visited_change: Mapped[str | None]  #: the same, when the page was last read


class CrawlHost(Base):
    """What is known of one host, for every source that visits it."""

    __tablename__ = "crawl_host"
    host: Mapped[str] = mapped_column(primary_key=True)
    robots: Mapped[str | None]  #: the body, while one is known
    robots_verdict: Mapped[str | None]  #: rules, allowed, forbidden
    robots_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]  #: not to be asked again before
    slow_until: Mapped[datetime | None]  #: it said 429 or 503: half the speed until then
    latency_s: Mapped[float | None]
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]]  #: what discovery learnt: inventories, feeds, trust in lastmod
