"""A crawl cut into jobs: plain functions that any queue can call, or one process in turn.

A job visits one host of one run for a while, then hands the rest on. Whoever runs two jobs of one host at once is
still safe: the host's lease, in the database, makes the second one wait.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from crawler.crawl import Crawl, starts_of
from crawler.decide import SHORTEST
from crawler.frontier import Frontier, Run, open_run
from crawler.tools import Tools
from directory import sources
from directory.crawl_state import CrawlPage, CrawlRun

SLICE_S = 300.0
SLICE_PAGES = 200


@dataclass(frozen=True)
class Slice:
    """One job: a host of a run."""

    run_id: int
    host: str


def start(tools: Tools, name: str, *, only_due: bool = True, max_pages: int | None = None) -> list[Slice]:
    """Open a run of a registered source, or go on with an interrupted one; its first jobs. Raises SourceNotFound."""
    now = tools.clock.now()
    with tools.database.write() as session:
        source = sources.get_source(session, name)
        limit = max_pages or source["max_pages"]
        run = open_run(session, name, max_pages=limit, only_due=only_due, definition=source, now=now)
        frontier = Frontier(run)
        if not run.resumed:
            frontier.add(session, starts_of(source), depth=0, now=now)
        hosts = frontier.hosts(session)
    if not hosts:  # nothing is due; inventories may know better
        part = Crawl(source, run, tools)
        try:
            part.look_up_inventories()
        finally:
            part.close()
    return remaining(tools, run.id)


def work(tools: Tools, job: Slice, *, seconds: float = SLICE_S, pages: int = SLICE_PAGES) -> list[Slice]:
    """Visit the job's host for a while; the jobs that are left of its run. Closes the run with its last page."""
    run, source = load(tools, job.run_id)
    if run is None:
        return []
    part = Crawl(source, run, tools, only_host=job.host)
    until, last = time.monotonic() + seconds, part.requests + pages
    try:
        part.work(until=lambda: time.monotonic() >= until or part.requests >= last)
    finally:
        part.close()
    left = remaining(tools, run.id)
    if not left:
        part.finish()
    return left


def remaining(tools: Tools, run_id: int) -> list[Slice]:
    """A job for every host of the run that still has pages."""
    run, _ = load(tools, run_id)
    if run is None:
        return []
    with tools.database.read() as session:
        return [Slice(run_id, host) for host in Frontier(run).hosts(session)]


def load(tools: Tools, run_id: int) -> tuple[Run | None, dict[str, object]]:
    """A run that is not finished, with its source as it was when it began; None when there is none."""
    with tools.database.read() as session:
        row = session.get(CrawlRun, run_id)
        if row is None or row.finished_at is not None:
            return None, {}
        options = row.options
        run = Run(row.id, row.source, row.started_at, options["max_pages"], options["only_due"], resumed=True)
        return run, dict(options["source"])


def due_sources(tools: Tools, *, every: timedelta) -> list[str]:
    """The sources that are switched on and were not visited for so long, or have an event's page that is due."""
    now = tools.clock.now()
    since = now - every
    with tools.database.read() as session:
        names = [source["name"] for source in sources.list_sources(session, enabled_only=True)]
        started = sa.select(CrawlRun.source).where(CrawlRun.started_at > since, CrawlRun.finished_at.is_not(None))
        visited = set(session.scalars(started))
        near = sa.and_(CrawlPage.due_at <= now, CrawlPage.interval_s < SHORTEST.total_seconds())
        wanted = set(session.scalars(sa.select(CrawlPage.source).where(near, CrawlPage.state == "visited").distinct()))
    return [name for name in names if name not in visited or name in wanted]


def run_all(tools: Tools, jobs: Iterable[Slice]) -> None:
    """Do the jobs and what they lead to, in this process: the runner for SQLite."""
    waiting = list(jobs)
    while waiting:
        job = waiting.pop(0)
        waiting += [left for left in work(tools, job) if left not in waiting]
