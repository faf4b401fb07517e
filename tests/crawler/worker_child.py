"""A crawl worker in a process of its own: `python -m tests.crawler.worker_child DATABASE`."""

from __future__ import annotations

import asyncio
import sys

from crawler.jobs import QUEUE, make_app
from crawler.tools import Tools
from directory.database import Database
from tests.crawler.doubles import PlainReader, always_new


async def main(url: str) -> None:
    tools = Tools(database=Database(url), user_agent="Senne/test", read=PlainReader(), match=always_new)
    app = make_app(tools, slice_s=5.0, slice_pages=10)
    async with app.open_async():
        await app.run_worker_async(
            queues=[QUEUE], concurrency=3, fetch_job_polling_interval=0.2, shutdown_graceful_timeout=5
        )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
