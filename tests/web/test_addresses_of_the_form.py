"""The addresses in the form, looked at while one writes: what is said beside each, and what is never visited."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_httpserver import HTTPServer

from directory.link_health import Sighting
from directory.models import Proposal
from directory.upkeep_state import LinkHealth
from tests.web.curators import ORIGIN, TOKEN, Desk
from tests.web.test_editing import edit, fields
from tests.web.test_queue import add
from web.curation.link_look import MOST, tell_sighting

PATH = "fiches/cafe-deuil/modifier"
PAGE = "<!doctype html><title>Café</title><main><h1>Café</h1><p>" + "Un repas entre voisins. " * 20 + "</p></main>"


@pytest.fixture
def nord(desk: Desk) -> str:
    return desk.add("alice@asbl.example", "curator", ("nord",))


@pytest.fixture
def host(desk: Desk, httpserver: HTTPServer) -> HTTPServer:
    """A host of this machine, which the app may visit for once."""
    desk.app.config["VISIT_PRIVATE_ADDRESSES"] = True
    httpserver.expect_request("/good").respond_with_data(PAGE, content_type="text/html")
    httpserver.expect_request("/moved").respond_with_data("", status=301, headers={"Location": "/good"})
    for path in ("/bad", "/robots.txt"):
        httpserver.expect_request(path).respond_with_data("nothing here", status=404)
    return httpserver


def looked(page: str) -> dict[str, str]:
    """Field → what stands beside it."""
    found = re.findall(r'id="e-([\w.]+)-looked" data-looked>([^<]+)<', page)
    return {field: html.unescape(text).replace("\xa0", " ") for field, text in found}


def test_what_was_found_stands_beside_each_field_and_nothing_is_kept(desk: Desk, nord: str, host: HTTPServer) -> None:
    links = [{"url": host.url_for(path), "kind": "page"} for path in ("/good", "/bad", "/moved")]
    add(desk, links=links, organisations=[{"name": "Une asbl", "url": host.url_for("/bad")}])
    page = edit(desk.browser(nord), PATH, act="links", **{"title.nl": "Rouwcafé"}).text
    assert looked(page) == {
        "links.0.url": "Elle répond. – Café",
        "links.1.url": "La page n’existe pas.",
        "links.2.url": f"Elle mène définitivement à {host.url_for('/good')}",
        "organisations.0.url": "La page n’existe pas.",
    }
    assert fields(page)["title.nl"] == ["Rouwcafé"]  # nothing that was typed is lost
    with desk.services.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LinkHealth)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 0


def test_a_script_gets_the_same_by_address(desk: Desk, nord: str, host: HTTPServer) -> None:
    add(desk)
    browser = desk.browser(nord)
    page = browser.get(PATH).text
    token = TOKEN.search(page)
    assert token
    typed: dict[str, Any] = {**fields(page), "token": token[1], "act": "links", "links.0.url": host.url_for("/bad")}
    answer = browser.client.post(f"/fr/curation/{PATH}", data=typed, headers={**ORIGIN, "Accept": "application/json"})
    assert json.loads(answer.text) == {host.url_for("/bad"): {"text": "La page n’existe pas.", "good": False}}


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:{port}/good", "http://localhost:{port}/good", "http://[::1]:{port}/good", "http://169.254.169.254/",
     "http://10.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "file:///etc/passwd",
     "gopher://127.0.0.1/", "pas une adresse"],
)  # fmt: skip
def test_only_public_addresses_are_visited(address: str, desk: Desk, nord: str, httpserver: HTTPServer) -> None:
    add(desk)
    page = edit(desk.browser(nord), PATH, act="links", **{"links.0.url": address.format(port=httpserver.port)}).text
    assert looked(page)["links.0.url"] in {"Cette adresse n’est pas publique ; elle n’est pas visitée.", "Ce n’est pas une adresse web."}  # fmt: skip
    assert httpserver.log == []


def test_robots_are_obeyed(desk: Desk, nord: str, httpserver: HTTPServer) -> None:
    desk.app.config["VISIT_PRIVATE_ADDRESSES"] = True
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /")
    add(desk, links=[{"url": httpserver.url_for("/good"), "kind": "page"}])
    page = edit(desk.browser(nord), PATH, act="links").text
    assert "ouvrez-le vous-même" in looked(page)["links.0.url"]
    assert [request.path for request, _answer in httpserver.log] == ["/robots.txt"]


def test_a_form_full_of_addresses_is_looked_at_in_part_and_says_so(desk: Desk, nord: str) -> None:
    add(desk, links=[{"url": f"http://10.0.0.{n}/", "kind": "page"} for n in range(MOST + 2)])
    found = looked(edit(desk.browser(nord), PATH, act="links").text)
    assert sum("trop d’adresses" in text for text in found.values()) == 2


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [("gone", "no_such_host", "This site does not exist."), ("gone", "http_404", "The page is not there."),
     ("unsure", "http_403", "It could not be looked at; open it yourself."),
     ("unsure", "host_busy", "The site is being visited just now; try again in a while.")],
)  # fmt: skip
def test_a_refusal_is_no_death(outcome: Any, reason: str, words: str, desk: Desk) -> None:
    with desk.app.test_request_context("/en/curation/"):
        note = tell_sighting(Sighting(url="https://asbl.example/", outcome=outcome, at=desk.clock(), reason=reason))
    assert (note.text, note.good) == (words, False)
