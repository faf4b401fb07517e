"""A crawl that is killed, again and again, loses no address, proposes nothing twice, and asks for almost nothing twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from directory.crawl_state import CrawlPage, CrawlRun
from directory.database import Database
from directory.models import Proposal
from tests.crawler.site import Site, listing, resource


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("kills", "pages"), [(5, 60), pytest.param(50, 800, marks=pytest.mark.long)])
def test_kills_at_random_moments(site: Site, database: Database, kills: int, pages: int) -> None:
    paths = [f"/page-{number}" for number in range(pages)]
    site.page("/", listing(*paths[:10]))
    for number, path in enumerate(paths):  # each leads to the next ones: what is lost would stay lost
        site.page(path, resource(path, *paths[number + 1 : number + 8]))
    command = [sys.executable, "-m", "tests.crawler.crawling_child", str(database.url), site.origin]
    moments = random.Random(20261125)
    done = 0
    for _ in range(kills):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        stop_after = len(site.asked) + moments.randint(1, max(2 * pages // kills - 10, 2))
        while len(site.asked) < stop_after and child.poll() is None:
            time.sleep(0.001)
        time.sleep(moments.random() * 0.03)
        child.kill()
        done += child.wait() != 0
    finished = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=600)
    report = json.loads(finished.stdout)
    asked = site.count()
    assert done >= kills * 0.6  # a kill after the end proves nothing
    assert {path for path in asked if path.startswith("/page-")} == set(paths)
    assert sum(number - 1 for number in asked.values()) <= done
    assert site.together == 1
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == pages
        assert session.scalar(sa.select(sa.func.count()).select_from(CrawlPage)) == pages + 1
        runs = session.scalars(sa.select(CrawlRun)).all()
    assert all(run.finished_at is not None for run in runs)
    if len(runs) == 1:
        assert (report["fetched"], len(report["proposals"])) == (pages + 1, pages)
