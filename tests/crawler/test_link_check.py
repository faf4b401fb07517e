"""The link checker does not cry wolf, and misses nothing: two hundred labelled addresses over three days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crawler.dialling import Dialler
from crawler.http import Fetcher
from crawler.link_check import LIMITS, Checked, LinkTools, check_links
from crawler.reading import read
from directory import proposals
from directory.catalogue import create_resource
from directory.database import Database
from directory.link_health import count_by_basin, due_links, list_links
from tests.crawler.doubles import HandClock
from tests.crawler.labelled_links import ALIVE, DEAD, MOVED, LabelledServer, serve_labelled
from tests.directory.samples import ALICE, resource


@pytest.fixture(scope="module")
def server() -> Iterator[LabelledServer]:
    with serve_labelled() as served:
        yield served


@pytest.fixture
def tools(database: Database, server: LabelledServer, clock: HandClock) -> LinkTools:
    ports = frozenset({80, *(int(case.url.split(":")[2].split("/")[0]) for case in server.cases)})

    def open_fetcher() -> Fetcher:
        dialler = Dialler(allow_private=True, ports=ports, resolve=server.resolve)
        return Fetcher("Senne/test", dialler=dialler)

    return LinkTools(
        database=database,
        open_fetcher=open_fetcher,
        read=read,
        clock=clock,
        delay_s=0,
        limits=replace(LIMITS, between_bytes_s=0.5),
    )


def fill(database: Database, server: LabelledServer) -> None:
    """Each address in an entry of its own, beside a link that nobody doubts (nor visits: it stands for all others)."""
    with database.write() as session:
        for number, case in enumerate(server.cases):
            links = [{"url": case.url, "kind": "page"}, {"url": f"{case.url}#second", "kind": "download"}]
            basin = "nord" if number % 2 else "sud"
            create_resource(session, resource(f"r-{number:03}", basins=[basin], links=links), ALICE)


def check(tools: LinkTools, server: LabelledServer) -> list[Checked]:
    with tools.database.read() as session:
        due = due_links(list_links(session), now=tools.clock.now())
    return check_links([link for link in due if not link.url.endswith("#second")], tools)


def test_two_hundred_labelled_addresses(
    database: Database, server: LabelledServer, tools: LinkTools, clock: HandClock
) -> None:
    fill(database, server)
    for day in range(3):
        server.day = day
        checked = check(tools, server)
        if day == 0:
            assert len(checked) == 200
            assert [one.link.url for one in checked if one.state == "dead"] == []  # once is not enough
        clock.advance(days=1, minutes=30)
    with database.read() as session:
        state = {link.url: link.health.state for link in list_links(session) if link.health}
        reason = {link.url: link.health.reason for link in list_links(session) if link.health}
        made = proposals.list_proposals(session, source="links")
    labels = {label: [case.url for case in server.cases if case.label == label] for label in (ALIVE, MOVED, DEAD)}
    cried = [(url, reason[url]) for label in (ALIVE, MOVED) for url in labels[label] if state[url] == "dead"]
    missed = [(url, state[url], reason[url]) for url in labels[DEAD] if state[url] != "dead"]
    unseen = [(url, state[url], reason[url]) for url in labels[MOVED] if state[url] != "moved"]
    wrongly_moved = [(url, reason[url]) for url in labels[ALIVE] if state[url] == "moved"]
    print(
        f"false alarms {len(cried)} of {len(labels[ALIVE]) + len(labels[MOVED])}, missed {len(missed)} of {len(labels[DEAD])}"
    )
    assert len(cried) <= 0.02 * (len(labels[ALIVE]) + len(labels[MOVED])), cried
    assert len(missed) <= 0.02 * len(labels[DEAD]), missed
    assert (unseen, wrongly_moved) == ([], [])
    changed = {proposal["url"].partition("#")[0] for proposal in made}
    assert changed == {url for url, what in state.items() if what in {"dead", "moved"}}


def test_what_is_not_due_is_left_alone_and_no_host_is_asked_twice_at_once(
    database: Database, server: LabelledServer, tools: LinkTools, clock: HandClock
) -> None:
    honest = [case for case in server.cases if "honest" in case.url and case.days[0].status == 200][:12]
    server.day = 0
    with database.write() as session:
        for number, case in enumerate(honest):
            document = resource(f"r-{number:03}", links=[{"url": case.url, "kind": "page"}])
            create_resource(session, document, ALICE)
    assert {one.state for one in check(tools, server)} == {"ok"}
    server.asked.clear()
    clock.advance(hours=20)
    assert check(tools, server) == []
    assert server.asked == []
    clock.advance(days=7)
    assert len(check(tools, server)) == len(honest)
    assert server.asked[0][0] == "GET"  # robots.txt, a day old, again
    assert {method for method, _, path in server.asked if path != "/robots.txt"} == {"HEAD", "GET"}


def test_where_most_names_cannot_be_found_the_fault_is_ours(
    database: Database, server: LabelledServer, tools: LinkTools, clock: HandClock
) -> None:
    with database.write() as session:
        for number in range(5):
            document = resource(f"r-{number:03}", links=[{"url": f"http://gone{number}.test/", "kind": "page"}])
            create_resource(session, document, ALICE)
    for _ in range(3):
        assert {(one.state, one.sighting.reason) for one in check(tools, server)} == {("unsure", "own_network")}
        clock.advance(days=2)


def test_the_report_counts_by_basin(
    database: Database, server: LabelledServer, tools: LinkTools, clock: HandClock
) -> None:
    alive = next(case.url for case in server.cases if case.label == ALIVE and "/page/" in case.url)
    with database.write() as session:
        links = [{"url": alive, "kind": "page"}]
        create_resource(session, resource("in-two", basins=["nord", "sud"], links=links), ALICE)
        unseen = [{"url": "http://later.test/", "kind": "page"}]
        create_resource(session, resource("in-one", basins=["sud"], links=unseen), ALICE)
    with database.read() as session:
        check_links([link for link in list_links(session) if link.url == alive], tools)
    with database.read() as session:
        counts = count_by_basin(list_links(session))
        assert [link.url for link in list_links(session, basin="nord")] == [alive]
    assert (counts["nord"]["ok"], counts["nord"]["unchecked"]) == (1, 0)
    assert (counts["sud"]["ok"], counts["sud"]["unchecked"]) == (1, 1)
