"""`senne worker`: crawls as jobs, for several machines on one PostgreSQL."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from directory.errors import SettingError
from web.commands import cli
from web.commands.crawling import make_tools
from web.wiring import Services, get_services


@cli.command("worker")
@click.option(
    "--hosts", type=click.IntRange(1, 64), default=4, show_default=True, help="Hosts visited at the same time."
)
def worker_command(hosts: int) -> None:
    """Visit the sources that are switched on once a day, and what was queued, until stopped. Needs PostgreSQL.

    Any number of workers on any machines share the work; a host is visited by one of them at a time.
    """
    app = load_queue(get_services())

    async def run() -> None:
        from crawler.jobs import QUEUE

        async with app.open_async():
            await app.run_worker_async(queues=[QUEUE], concurrency=hosts, shutdown_graceful_timeout=60)

    asyncio.run(run())


def load_queue(services: Services) -> Any:
    """The queue, with its tables made. Raises SettingError where the database cannot hold it."""
    if services.database.is_sqlite:
        raise SettingError(
            "SENNE_DATABASE_URL",
            "workers share a PostgreSQL database; on SQLite run `senne crawl --due` by a daily timer.",
        )
    try:
        from crawler import jobs
    except ImportError as error:
        raise SettingError(
            "SENNE_DATABASE_URL", "the queue is not installed; install the extra `postgresql`."
        ) from error
    jobs.create_tables(services.database)
    return jobs.make_app(make_tools(services))
