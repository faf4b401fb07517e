"""The crawl's jobs on Procrastinate, for several machines on one PostgreSQL (extra `postgresql`).

One job at a time per host, over all machines, by the queue's lock; jobs of workers that died are taken back by a
periodic job, which has no lock of its own: one stuck job must not stop the rescue of all others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import procrastinate
import sqlalchemy as sa
from procrastinate.exceptions import AlreadyEnqueued

from crawler import slices
from crawler.slices import Slice
from crawler.tools import Tools
from directory.database import Database

QUEUE = "crawl"
STALLED_AFTER_S = 60.0  #: without a heartbeat; workers send one every ten seconds
EVERY = timedelta(hours=20)  #: a daily crawl that started late must not skip a day


def make_app(
    tools: Tools, *, slice_s: float = slices.SLICE_S, slice_pages: int = slices.SLICE_PAGES
) -> procrastinate.App:
    """The queue's app with the crawl's tasks. Opens no connection yet. Needs PostgreSQL."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo(tools.database)))

    @app.task(name="crawl_host", queue=QUEUE)
    def crawl_host(run_id: int, host: str) -> None:
        queue_slices(app, slices.work(tools, Slice(run_id, host), seconds=slice_s, pages=slice_pages))

    @app.task(name="crawl_source", queue=QUEUE)
    def crawl_source(name: str, only_due: bool = True) -> None:
        queue_slices(app, slices.start(tools, name, only_due=only_due))

    @app.periodic(cron="17 3,9,15,21 * * *")  # every source once a day, those with an event at hand each time
    @app.task(name="crawl_due_sources", queue=QUEUE, queueing_lock="crawl_due_sources")
    def crawl_due_sources(timestamp: int) -> None:
        for name in slices.due_sources(tools, every=EVERY):
            queue_source(app, name)

    @app.periodic(cron="* * * * *")
    @app.task(name="take_back_stalled", queue=QUEUE, queueing_lock="take_back_stalled", pass_context=True)
    async def take_back_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
            await manager.retry_job(job)

    return app


def queue_source(app: procrastinate.App, name: str, *, only_due: bool = True) -> bool:
    """Ask for a crawl of a registered source; False where one is waiting already."""
    return _defer(app, "crawl_source", lock=f"source:{name}", args={"name": name, "only_due": only_due})


def queue_slices(app: procrastinate.App, jobs: list[Slice]) -> None:
    """Queue the jobs that are not waiting yet."""
    for job in jobs:
        _defer(app, "crawl_host", lock=f"host:{job.host}", args={"run_id": job.run_id, "host": job.host})


def create_tables(database: Database) -> None:
    """The queue's own tables, once. Safe to repeat."""
    if sa.inspect(database.writer).has_table("procrastinate_jobs"):
        return
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=conninfo(database)))
    with app.open():
        app.schema_manager.apply_schema()


def conninfo(database: Database) -> str:
    """The database's address as libpq takes it."""
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _defer(app: procrastinate.App, task: str, *, lock: str, args: dict[str, Any]) -> bool:
    waiting = f"{task} {args}"
    try:
        app.configure_task(task, queue=QUEUE, lock=lock, queueing_lock=waiting).defer(**args)
    except AlreadyEnqueued:
        return False
    return True
