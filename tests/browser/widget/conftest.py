"""Host pages of another origin than Senne's, and what one does with a page that carries the box."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Locator, Page
from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parents[3]
HOSTS = ROOT / "fixtures" / "hosts"

#: page → what its first box asks the API, and words that find a part of it
PAGES: Mapping[str, tuple[dict[str, Any], str]] = {
    "bassin-nord": ({"basin": ["nord"], "theme": ["vaccination"], "lang": "fr"}, "hésitation"),
    "zorgzone-zuid": ({"basin": ["sud"], "theme": ["end_of_life", "grief"], "lang": "nl"}, "rouw"),
}
Hits = Sequence[Mapping[str, Any]]


@dataclass
class HostPage:
    """A page of a host site, open in Chromium. `terms`: basin, theme and lang of its first box."""

    page: Page
    senne: str
    terms: dict[str, Any]
    typed: str

    @property
    def lang(self) -> str:
        return str(self.terms["lang"])

    @property
    def box(self) -> Locator:
        """The first box."""
        return self.page.locator("senne-search").first

    @property
    def field(self) -> Locator:
        """Where one types in the first box."""
        return self.box.locator("#q")

    def answer(self, **parameters: Any) -> dict[str, Any]:
        """What the API itself says to the first box's question, or to `parameters` on top of it."""
        answer = httpx.get(f"{self.senne}/api/v1/search", params={**self.terms, "per_page": 5, **parameters})
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def hits(self, **parameters: Any) -> list[dict[str, Any]]:
        """The hits of `answer`; there are some."""
        found: list[dict[str, Any]] = self.answer(**parameters)["hits"]
        assert found
        return found

    def shows(self, hits: Hits, *, box: int = 0) -> None:
        """Waits until a box lists exactly these, in this order, with their titles."""
        self.page.wait_for_function(
            """([box, wanted]) => JSON.stringify([...document.querySelectorAll("senne-search")[box].shadowRoot
                 .querySelectorAll("li a")].map(link => link.href)) === JSON.stringify(wanted)""",
            arg=[box, [hit["url"] for hit in hits]],
        )
        titles = self.page.locator("senne-search").nth(box).locator("li a").all_text_contents()
        assert titles == [plain(hit["highlight"]["title"]) for hit in hits]

    def listed(self) -> list[str]:
        """Addresses of the resources that the page lists, each once: for a page of Senne's own."""
        links: list[str] = self.page.eval_on_selector_all("main a[href]", "links => links.map(link => link.href)")
        own = [link for link in links if re.fullmatch(rf"https?://[^/]+/{self.lang}/ressources/[a-z0-9-]+", link)]
        return list(dict.fromkeys(own))

    def address(self) -> tuple[str, dict[str, list[str]]]:
        """Path and parameters of where the browser is."""
        parts = urlsplit(self.page.url)
        return parts.path, parse_qs(parts.query)


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    """Each host page in turn."""
    return str(request.param)


@pytest.fixture
def publish(httpserver: HTTPServer) -> Callable[..., HTTPServer]:
    """Serves the host pages from their own origin, with Senne at `senne`; `policy` tightens theirs."""

    def serve(senne: str, *, policy: str | None = None) -> HTTPServer:
        css = (HOSTS / "site.css").read_text(encoding="utf-8")
        httpserver.expect_request("/site.css").respond_with_data(css, content_type="text/css")
        httpserver.expect_request("/favicon.ico").respond_with_data("", status=404)
        headers = {"Content-Security-Policy": policy} if policy else None
        for name in PAGES:
            text = (HOSTS / f"{name}.html").read_text(encoding="utf-8").replace("https://senne.example", senne)
            httpserver.expect_request(f"/{name}").respond_with_data(text, content_type="text/html", headers=headers)
        return httpserver

    return serve


@pytest.fixture
def resting(httpserver: HTTPServer, publish: Callable[..., HTTPServer]) -> Callable[[int, Any], str]:
    """A Senne that serves the script and answers every search in one way; gives its address."""

    def start(status: int, document: Any) -> str:
        senne = httpserver.url_for("").rstrip("/")
        script = (ROOT / "web" / "widget" / "v1.js").read_text(encoding="utf-8")
        httpserver.expect_request("/widget/v1.js").respond_with_data(script, content_type="text/javascript")
        httpserver.expect_request("/api/v1/search").respond_with_json(document, status=status)
        publish(senne)
        return senne

    return start


@pytest.fixture
def visit(publish: Callable[..., HTTPServer], site: Any, page: Page) -> Callable[..., HostPage]:
    """Opens a host page that carries boxes of the running Senne, in `page` or in another one (`on`)."""

    def open_page(name: str, *, on: Page | None = None, policy: str | None = None, query: str = "") -> HostPage:
        here = HostPage(on or page, site.url, *PAGES[name])
        here.page.goto(publish(site.url, policy=policy).url_for(f"/{name}") + query)
        return here

    return open_page


def plain(marked: str) -> str:
    """The text of a highlight."""
    return html.unescape(re.sub("</?mark>", "", marked))
