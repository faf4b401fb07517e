"""The search server stops between two searches and comes back: what a reader sees, and that no change is lost.

The server is the fake of `tests/fakes`, which is held to the recordings of a real Meilisearch. The site is wired as it is
for readers, with the indexer beside it; nothing of it is restarted.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from running_site import Site, free_port, serving

from directory import outbox
from directory.catalogue import Change, archive_resource, get_resource, put_resource, revise_resource
from directory.imports import import_files
from directory.settings import Settings
from search.audit import compare
from tests.fakes.meili_server import FakeMeilisearch
from tests.search.samples import entry, eventually
from web.app import create_app
from web.wiring import Services, wire

CEILING_S = 15.0  #: for each thing that has to come by itself
NOTICE = "Le moteur de recherche principal se repose"
ALICE = Change("alice", "while the server is away")
SHIPPED = 40  #: of the shipped entries, so that the fake, which filters in Python, answers in time


@contextmanager
def following(services: Services) -> Iterator[None]:
    """The indexer at work beside the site, as in `senne serve`."""
    stop = threading.Event()
    beside = threading.Thread(target=services.keep_up, args=(stop,))
    beside.start()
    try:
        yield
    finally:
        stop.set()
        beside.join()


@pytest.fixture
def fake() -> FakeMeilisearch:
    """To be entered to run it, left to stop it."""
    return FakeMeilisearch(key="a-scoped-key")


@pytest.fixture
def services(fake: FakeMeilisearch, tmp_path: Path) -> Iterator[Services]:
    """A catalogue of shipped entries that both indexes will follow."""
    settings = Settings(data_dir=tmp_path, port=free_port(), meili_url=fake.url, meili_key=fake.key)
    services = wire(settings)
    services.database.migrate()
    shipped = files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8")
    some = tmp_path / "some.jsonl"
    some.write_text("".join(shipped.splitlines(keepends=True)[:SHIPPED]), encoding="utf-8")
    import_files(services.database, [some], Change("tests", "some of the shipped entries"))
    yield services
    services.close()


@pytest.fixture
def site(services: Services) -> Iterator[Site]:
    """The site on those services, with its indexer."""
    app = create_app(services.settings, services=services)
    with following(services), serving(app, services.settings.port):
        yield Site(services.settings.public_url, app)


def engine_check(site: Site) -> tuple[int, str, str]:
    """Status of the answer of /readyz, what it says overall, and of the engine."""
    response = httpx.get(f"{site.url}/readyz", timeout=30)
    document = response.json()
    return response.status_code, document["status"], document["checks"]["engine"]["status"]


def shown(page: Page, site: Site, text: str) -> tuple[bool, list[str]]:
    """Whether the search page has the notice, and the ids of the entries on it. Browsers keep a good one for a minute."""
    page.goto(f"{site.url}/fr/ressources?q={text}")
    page.reload()
    ids = page.locator(".card").evaluate_all("cards => cards.map(card => card.id.slice(2))")
    return page.locator(".notice", has_text=NOTICE).count() > 0, ids


def waiting(services: Services) -> int:
    """Changes that an index lacks."""
    with services.database.read() as session:
        return outbox.backlog(session)[0]


def test_readers_go_on_searching_and_the_server_catches_up_by_itself(
    site: Site, services: Services, fake: FakeMeilisearch, page: Page
) -> None:
    with ExitStack() as running:
        running.enter_context(fake)
        assert eventually(lambda: services.indexer.pending() == 0, CEILING_S)
        assert eventually(lambda: engine_check(site)[2] == "ok", CEILING_S)
        assert eventually(lambda: not shown(page, site, "deuil")[0], CEILING_S)
        _, before = shown(page, site, "deuil")
        assert before
        searches = sum(path == "/multi-search" for _, path, _ in fake.requests)
        assert searches > 1

    # It is gone between two searches: the reader goes on typing in the page that it answered.
    page.locator("#q").fill("deuil enfant")
    expect(page.locator(".notice", has_text=NOTICE)).to_be_visible(timeout=CEILING_S * 1000)
    expect(page.locator(".card").first).to_be_visible()
    assert shown(page, site, "deuil") == (True, before)
    assert engine_check(site) == (200, "degraded", "degraded")

    # Edits meanwhile: a new entry, one with another title, one that is archived.
    gone, changed = before[-1], before[0]
    with services.database.write() as session:
        put_resource(session, entry("cafe-horizon", "Café deuil Horizon"), ALICE)
        present = get_resource(session, changed)
        revise_resource(session, present | {"title": {"fr": "Deuil Boréal"}}, ALICE)
        archive_resource(session, gone, get_resource(session, gone)["version"], ALICE)
    assert eventually(lambda: shown(page, site, "horizon") == (True, ["cafe-horizon"]), CEILING_S)
    assert eventually(lambda: changed in shown(page, site, "boréal")[1], CEILING_S)
    assert eventually(lambda: gone not in shown(page, site, "deuil")[1], CEILING_S)
    assert waiting(services) == 3
    assert "cafe-horizon" not in fake.indexes["senne"].documents

    with fake.restarted():
        assert eventually(lambda: not shown(page, site, "horizon")[0], CEILING_S)
        assert eventually(lambda: shown(page, site, "horizon") == (False, ["cafe-horizon"]), CEILING_S)
        assert eventually(lambda: changed in shown(page, site, "boréal")[1], CEILING_S)
        assert gone not in shown(page, site, "deuil")[1]
        page.locator("#q").fill("deuil enfant")
        page.wait_for_url(lambda url: "enfant" in url)
        expect(page.locator(".notice", has_text=NOTICE)).to_have_count(0)
        assert eventually(lambda: engine_check(site)[2] == "ok", CEILING_S)
        assert waiting(services) == 0
        report = compare(services.database, services.engine)  # of the server's index
        assert (report.documents, report.differing) == (SHIPPED, ())  # one came, one left
