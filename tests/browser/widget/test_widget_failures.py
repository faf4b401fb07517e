"""Without the script, without Senne, with wrong attributes or a hostile answer: what the reader still gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_httpserver import HTTPServer

Visit = Callable[..., Any]


@pytest.mark.parametrize("reason", ["JavaScript is off", "the site's policy blocks the script"])
def test_the_plain_form_opens_senne_with_the_same_hits(
    name: str, reason: str, visit: Visit, new_context: Callable[..., BrowserContext]
) -> None:
    off = reason == "JavaScript is off"
    page = new_context(java_script_enabled=not off).new_page()
    here = visit(name, on=page, policy=None if off else "script-src 'none'")
    form = page.locator("senne-search > form").first
    form.locator("input[name=q]").fill(here.typed)
    form.locator("button").click()
    page.wait_for_url(f"{here.senne}/**")
    asked = {"q": [here.typed], "basin": here.terms["basin"], "theme": here.terms["theme"]}
    assert here.address() == (f"/{here.lang}/ressources", asked)
    hits = here.hits(q=here.typed, per_page=20)
    assert here.listed()[: len(hits)] == [hit["url"] for hit in hits]


def test_a_basin_that_does_not_exist_is_said_to_reader_and_keeper(visit: Visit, page: Page) -> None:
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    here = visit("bassin-nord")
    here.box.evaluate("box => box.setAttribute('basin', 'ouest')")
    expect(here.box.locator("[part=message]")).to_contain_text('Senne ne connaît pas basin="ouest"')
    assert here.box.locator("li").count() == 0
    assert any("<senne-search>" in warning and "ouest" in warning for warning in warnings)


def test_when_senne_is_resting_the_box_says_so_and_offers_its_page(
    page: Page, httpserver: HTTPServer, resting: Callable[..., str]
) -> None:
    senne = resting(503, {"status": 503})
    page.goto(httpserver.url_for("/zorgzone-zuid"))
    message = page.locator("senne-search [part=message]").first
    expect(message).to_contain_text("Senne antwoordt even niet.")
    address = message.locator("a").get_attribute("href") or ""
    assert address.startswith(f"{senne}/nl/ressources?")
    assert parse_qs(urlsplit(address).query) == {"basin": ["sud"], "theme": ["end_of_life", "grief"]}
    results = page.locator("senne-search .results").first
    assert results.locator("li").count() == 0
    assert "0" not in results.inner_text()


def test_when_the_network_is_back_a_second_try_brings_the_results(visit: Visit) -> None:
    here = visit("bassin-nord")
    here.shows(here.hits())
    here.page.context.set_offline(True)
    here.field.fill("hésitation")
    expect(here.box.locator("[part=message]")).to_contain_text("Senne ne répond pas")
    expect(here.box.locator("[role=status]")).to_contain_text("Senne ne répond pas")
    here.page.context.set_offline(False)
    here.box.get_by_role("button", name="Réessayer").click()
    here.shows(here.hits(q="hésitation"))


def test_an_answer_cannot_bring_markup_or_a_script_address(
    page: Page, httpserver: HTTPServer, resting: Callable[..., str]
) -> None:
    title, summary = "<img src=/x onerror=window.hurt=1><mark>a</mark>", "&lt;b&gt;<script>1</script>"
    hostile = {
        "id": "x",
        "type": "tool",
        "title": {"fr": "x"},
        "summary": {"fr": "x"},
        "basins": ["nord<b>"],
        "themes": [],
        "highlight": {"title": title, "summary": summary},
        "url": "javascript:window.hurt=1",
    }
    resting(200, {"total": 1, "hits": [hostile], "facets": {}})
    page.goto(httpserver.url_for("/bassin-nord"))
    box = page.locator("senne-search").first
    expect(box.locator("[part=title]")).to_have_text("<img src=/x onerror=window.hurt=1>a")
    assert box.locator("[part=title]").get_attribute("href") is None
    expect(box.locator(".summary")).to_have_text("<b><script>1</script>")
    assert box.locator("img, script, b").count() == 0
    assert page.evaluate("window.hurt") is None


def test_highlights_become_text_and_marks_only(visit: Visit) -> None:
    cases = {
        "un <mark>vaccin</mark> &amp; l&#x27;ami": "un [vaccin] & l'ami",
        "<b onclick=x>fort</b>": "<b onclick=x>fort</b>",
        "&lt;mark&gt;&quot;": '<mark>"',
        "&amp;lt;": "&lt;",
        "&#0; &#x110000; &nope; &": "&#0; &#x110000; &nope; &",
        "<mark>fin": "[fin]",
        "": "",
    }
    here = visit("bassin-nord")
    read = here.page.evaluate(
        """async ([address, cases]) => {
             const { marked } = await import(address);
             const text = node => typeof node === "string" ? node : `[${node.textContent}]`;
             return cases.map(html => marked(html).map(text).join("")) }""",
        [f"{here.senne}/widget/v1.js", list(cases)],
    )
    assert read == list(cases.values())
