"""Several workers on one crawl, on a real PostgreSQL; and the same jobs in one process on SQLite."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from crawler import slices
from crawler.tools import Tools
from directory.crawl_state import CrawlHost, CrawlPage, CrawlRun
from directory.database import Database
from directory.models import Proposal
from directory.sources import add_source
from tests.crawler.doubles import HandClock, PlainReader, always_new
from tests.crawler.site import Site, listing, resource, serve

PAGES = 40


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    """Three hosts that link to each other."""
    with serve(Site()) as one, serve(Site()) as two, serve(Site()) as three:
        found = [one, two, three]
        for site in found:
            paths = [f"/page-{number}" for number in range(PAGES)]
            site.page("/", listing(*paths, *[other.origin + "/" for other in found]))
            for path in paths:
                site.page(path, resource(site.origin + path))
        yield found


def register(database: Database, sites: list[Site]) -> None:
    source = {
        "name": "sites",
        "start_urls": [sites[0].origin + "/"],
        "allow": [site.origin + "/*" for site in sites],
        "delay_s": 0,
        "max_pages": 1000,
        "allow_private": True,
    }
    with database.write() as session:
        add_source(session, source)


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def is_finished(database: Database) -> bool:
    with database.read() as session:
        rows = session.scalars(sa.select(CrawlRun.finished_at)).all()
    return bool(rows) and all(row is not None for row in rows)


def count_proposals(database: Database) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Proposal)) or 0


def test_the_jobs_in_one_process(database: Database, sites: list[Site], clock: HandClock) -> None:
    register(database, sites)
    tools = Tools(database=database, user_agent="Senne/test", read=PlainReader(), match=always_new, clock=clock)
    slices.run_all(tools, slices.start(tools, "sites"))
    assert is_finished(database)
    assert count_proposals(database) == 3 * PAGES
    assert all(set(site.count().values()) == {1} for site in sites)
    assert slices.due_sources(tools, every=slices.timedelta(days=1)) == []
    with database.write() as session:  # the page of an event, say
        near = sa.update(CrawlPage).where(CrawlPage.url == sites[0].origin + "/page-1")
        session.execute(near.values(interval_s=21_600, due_at=clock.now()))
    assert slices.due_sources(tools, every=slices.timedelta(days=1)) == ["sites"]
    with database.write() as session:
        session.execute(near.values(due_at=clock.now() + slices.timedelta(hours=1)))
    assert slices.due_sources(tools, every=slices.timedelta(days=1)) == []
    clock.advance(days=2)
    assert slices.due_sources(tools, every=slices.timedelta(days=1)) == ["sites"]


@pytest.fixture
def workers(postgresql_url: str) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a worker; all are ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-m", "tests.crawler.worker_child", postgresql_url]))
        return started[-1]

    yield start
    for worker in started:
        if worker.poll() is None:
            worker.send_signal(signal.SIGTERM)
    for worker in started:
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


@pytest.fixture
def shared(postgresql_url: str) -> Iterator[Database]:
    from crawler import jobs

    database = Database(postgresql_url)
    database.migrate()
    jobs.create_tables(database)
    jobs.create_tables(database)  # safe to repeat
    yield database
    database.close()


def queue(database: Database) -> None:
    from crawler import jobs

    tools = Tools(database=database, user_agent="Senne/test", read=None, match=None)
    app = jobs.make_app(tools)
    with app.open():
        assert jobs.queue_source(app, "sites")
        assert not jobs.queue_source(app, "sites")  # one is waiting


@pytest.mark.postgresql
def test_two_workers_share_a_crawl_and_fetch_no_page_twice(
    shared: Database, sites: list[Site], workers: Callable[[], subprocess.Popen[bytes]]
) -> None:
    register(shared, sites)
    queue(shared)
    workers()
    workers()
    wait_for(lambda: is_finished(shared))
    assert count_proposals(shared) == 3 * PAGES
    for site in sites:
        assert set(site.count().values()) == {1}
        assert site.together == 1
    with shared.read() as session:
        assert all(host.lease_holder is None for host in session.scalars(sa.select(CrawlHost)))


@pytest.mark.postgresql
def test_the_jobs_of_a_worker_that_is_killed_are_taken_back(
    shared: Database,
    sites: list[Site],
    workers: Callable[[], subprocess.Popen[bytes]],
) -> None:
    register(shared, sites)
    queue(shared)
    first = workers()
    wait_for(lambda: len(sites[0].asked) > 10)
    first.kill()
    first.wait()
    with shared.write() as session:  # as if its last heartbeat were long ago: the rescue looks once a minute
        session.execute(sa.text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))
    workers()
    wait_for(lambda: is_finished(shared), 180)
    assert count_proposals(shared) == 3 * PAGES
    assert all(sum(number - 1 for number in site.count().values()) <= 1 for site in sites)
    assert all(site.together == 1 for site in sites)
