"""The box as a guest: what it leaves behind, what it asks of the host's policy, how it looks there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Response

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
Visit = Callable[..., Any]

#: Computed styles of everything in the first box.
LOOK = """() => [...document.querySelector("senne-search").shadowRoot.querySelectorAll("*")].map(element => {
  const style = getComputedStyle(element);
  return [element.localName, ...["color", "backgroundColor", "fontSize", "fontFamily", "fontStyle", "lineHeight",
    "letterSpacing", "textTransform", "textAlign", "visibility", "display", "float", "borderTopWidth", "boxSizing"]
    .map(name => style[name])] })"""
#: The first box at a given width: overflow and sizes of what one clicks on.
MEASURE = """width => {
  const box = document.querySelector("senne-search"), sheet = new CSSStyleSheet();
  sheet.replaceSync(`senne-search { width: ${width}px }`);
  document.adoptedStyleSheets = [sheet];
  const inner = box.shadowRoot.querySelector(".box");
  const size = element => [element.localName, element.getBoundingClientRect().width, element.getBoundingClientRect().height];
  return { over: inner.scrollWidth - inner.clientWidth, width: inner.getBoundingClientRect().width,
    targets: [...box.shadowRoot.querySelectorAll("a, button, input:not([type=hidden])")].map(size) } }"""
SHIFTS = """window.shift = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) shift += entry.value }).observe({ type: "layout-shift", buffered: true })"""
REFUSALS = """window.refused = [];
  document.addEventListener("securitypolicyviolation", event => refused.push(event.violatedDirective))"""


def test_nothing_is_stored_and_nobody_else_is_asked(visit: Visit, page: Page) -> None:
    requests: list[Request] = []
    answers: list[Response] = []
    page.context.on("request", lambda request: requests.append(request))
    page.context.on("response", lambda response: answers.append(response))
    here = visit("bassin-nord", query="?dossier=42")
    own = page.evaluate("location.origin")
    here.field.fill("hésitation")
    here.shows(here.hits(q="hésitation"))

    assert {"{0.scheme}://{0.netloc}".format(urlsplit(request.url)) for request in requests} == {own, here.senne}
    to_senne = [request for request in requests if request.url.startswith(here.senne)]
    assert {urlsplit(request.url).path for request in to_senne} == {"/widget/v1.js", "/api/v1/search"}
    for request in to_senne:
        headers = request.all_headers()
        assert request.method == "GET"
        assert "cookie" not in headers
        assert "dossier" not in headers.get("referer", "")
    assert not any("set-cookie" in answer.all_headers() for answer in answers)
    assert page.context.cookies() == []
    kept = page.evaluate("""async () => [localStorage.length, sessionStorage.length, document.cookie,
                                         (await indexedDB.databases()).length]""")
    assert kept == [0, 0, "", 0]


def test_a_strict_policy_finds_nothing_to_refuse(visit: Visit, page: Page) -> None:
    page.add_init_script(REFUSALS)
    here = visit("bassin-nord")
    here.shows(here.hits())
    assert page.evaluate("refused") == []
    assert here.box.locator("style, [style]").count() == 0


def test_the_site_s_styles_do_not_reach_into_the_box(
    visit: Visit, page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    dressed = visit("bassin-nord")
    dressed.shows(dressed.hits())
    bare_page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    bare_page.route("**/site.css", lambda route: route.fulfill(body="", content_type="text/css"))
    bare = visit("bassin-nord", on=bare_page)
    bare.shows(bare.hits())
    assert page.evaluate(LOOK) == bare_page.evaluate(LOOK)
    assert page.evaluate("getComputedStyle(document.querySelector('main p')).textTransform") == "uppercase"


@pytest.mark.parametrize("width", [240, 360, 600, 900])
def test_the_box_fits_its_place_and_everything_in_it_is_easy_to_hit(width: int, visit: Visit) -> None:
    here = visit("zorgzone-zuid")
    here.shows(here.hits())
    measured = here.page.evaluate(MEASURE, width)
    assert measured["width"] == width
    assert measured["over"] <= 0
    assert len(measured["targets"]) == 2 + 5 + 2
    for kind, wide, high in measured["targets"]:
        assert high >= 44, kind
        assert wide >= 44 or kind == "a"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_below_stays_where_it_is(width: int, visit: Visit, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    page.add_init_script(SHIFTS)
    here = visit("bassin-nord", on=page)
    here.shows(here.hits())
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("shift") < 0.1


def test_the_box_is_dark_only_where_its_page_is(visit: Visit, new_context: Callable[..., BrowserContext]) -> None:
    ground = "box => getComputedStyle(box.shadowRoot.querySelector('.box')).backgroundColor"
    page = new_context(color_scheme="dark").new_page()
    light = visit("bassin-nord", on=page)
    light.field.wait_for()
    assert light.box.evaluate(ground) == "rgb(255, 255, 255)"
    both = visit("zorgzone-zuid", on=page)  # says: color-scheme light dark
    both.field.wait_for()
    assert both.box.evaluate(ground) == "rgb(26, 36, 40)"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_box(
    name: str, scheme: str, width: int, visit: Visit, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    here = visit(name, on=page)
    page.evaluate("scheme => { document.documentElement.style.colorScheme = scheme }", scheme)
    here.shows(here.hits())
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    states: dict[str, Callable[[], None]] = {
        "first results": lambda: None,
        "a search": lambda: search_for(here, here.typed, "mark"),
        "nothing found": lambda: search_for(here, "zzzzqqqqxxxx", "p + .foot"),
        "a wrong basin": lambda: set_wrong_basin(here),
    }
    for state, reach in states.items():
        reach()
        report = page.evaluate("axe.run({ include: [['senne-search']] })")
        found = [(problem["id"], [node["target"] for node in problem["nodes"]]) for problem in report["violations"]]
        assert found == [], f"{state}: {json.dumps(found)}"
        assert any(check["id"] == "color-contrast" for check in report["passes"]), f"{state}: axe did not look inside"


def search_for(here: Any, text: str, wanted: str) -> None:
    with here.page.expect_response(lambda response: urlencode({"q": text}) in response.url):
        here.field.fill(text)
    here.box.locator(wanted).first.wait_for()


def set_wrong_basin(here: Any) -> None:
    here.box.evaluate("box => box.setAttribute('basin', 'ouest')")
    here.box.locator("[part=message]").wait_for()
