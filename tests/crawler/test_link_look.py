"""A look for a person who waits: it ends in time, whatever hosts do, and leaves only the turns of the hosts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crawler.dialling import Dialler
from crawler.http import Fetcher
from crawler.link_check import LinkTools
from crawler.link_look import QUICK, look_at
from crawler.reading import read
from directory.database import Database
from tests.crawler.doubles import HandClock
from tests.crawler.labelled_links import ALIVE, DEAD, MOVED, LabelledServer, serve_labelled


@pytest.fixture(scope="module")
def server() -> Iterator[LabelledServer]:
    with serve_labelled() as served:
        yield served


@pytest.fixture
def tools(database: Database, server: LabelledServer, clock: HandClock) -> LinkTools:
    ports = frozenset({80, *(int(case.url.split(":")[2].split("/")[0]) for case in server.cases)})

    def open_fetcher() -> Fetcher:
        return Fetcher("Senne/test", dialler=Dialler(allow_private=True, ports=ports, resolve=server.resolve))

    limits = replace(QUICK, between_bytes_s=0.5)
    return LinkTools(
        database=database, open_fetcher=open_fetcher, read=read, clock=clock, delay_s=0.5, limits=limits, at_once=4
    )


def test_one_look_says_what_the_checker_would_see_first(tools: LinkTools, server: LabelledServer) -> None:
    of_kind = {label: [case.url for case in server.cases if case.label == label][:8] for label in (ALIVE, MOVED, DEAD)}
    found = look_at([url for urls in of_kind.values() for url in urls], tools, patience_s=600)
    assert {found[url].outcome for url in of_kind[ALIVE]} <= {"ok", "unsure"}
    assert {found[url].outcome for url in of_kind[MOVED]} == {"moved"}
    assert {found[url].outcome for url in of_kind[DEAD]} <= {"gone", "unsure"}
    assert "gone" in {found[url].outcome for url in of_kind[DEAD]}


def test_nothing_is_asked_once_the_time_is_over(tools: LinkTools, server: LabelledServer, clock: HandClock) -> None:
    urls = [case.url for case in server.cases if case.label == ALIVE][:12]
    started = clock.now()
    found = look_at(urls, replace(tools, delay_s=40.0), patience_s=15)  # hosts that want more time than there is
    assert set(found) == set(urls)
    assert "no_time" in {sighting.reason for sighting in found.values()}
    assert (clock.now() - started).total_seconds() <= 15
    assert look_at(urls[:1], tools, patience_s=60)[urls[0]].reason != "host_busy"  # every host was given back
