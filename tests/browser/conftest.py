"""A real server with the shipped entries, and a real Chromium, for every test in this folder.

Chromium is taken from SENNE_CHROMIUM, else from the path. Where there is none the tests are skipped, unless
SENNE_REQUIRE_BROWSER=1: then they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from running_site import Site, free_port, serving

from directory.catalogue import Change
from directory.imports import import_files
from directory.settings import Settings
from web.app import create_app
from web.wiring import wire

HERE = Path(__file__).parent
STEP_MS = 15_000  #: how long a browser step may take before the test fails


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with the shipped catalogue, on a free port of this machine."""
    port = free_port()
    settings = Settings(data_dir=tmp_path_factory.mktemp("senne"), port=port)
    services = wire(settings)
    services.database.migrate()
    catalogue = Path(str(files("directory").joinpath("data", "catalogue.jsonl")))
    import_files(services.database, [catalogue], Change("tests", "the shipped catalogue"))
    services.indexer.rebuild()
    app = create_app(settings, services=services)
    with serving(app, port):
        yield Site(settings.public_url, app)
    services.database.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests."""
    path = os.environ.get("SENNE_CHROMIUM") or shutil.which("chromium")
    if not path:
        leave_out("Chromium is missing: install the package chromium or name it in SENNE_CHROMIUM.")
    try:
        playwright = sync_playwright().start()
    except Exception as error:  # its driver is a program of its own, which may lack a library
        leave_out(f"Playwright does not start ({error}): on Debian, install the package libatomic1.")
    browser = playwright.chromium.launch(executable_path=path)
    yield browser
    browser.close()
    playwright.stop()


def leave_out(reason: str) -> NoReturn:
    """Skips what needs a browser, or fails it where a browser is required."""
    if os.environ.get("SENNE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a fresh browser profile; takes the options of Playwright's `new_context`."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(**{"locale": "fr-BE", **options})
        context.set_default_timeout(STEP_MS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page in a fresh profile, 1280 by 800, with JavaScript."""
    return new_context(viewport={"width": 1280, "height": 800}).new_page()
