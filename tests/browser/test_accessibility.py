"""axe-core on every kind of page, in French and Dutch, light and dark, on a phone and on a wide screen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from running_site import Site

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SCREENS = {360: {"width": 360, "height": 740}, 1280: {"width": 1280, "height": 800}}
PAGES = {
    "home": "/{lang}/",
    "search": "/{lang}/ressources",
    "results": "/{lang}/ressources?q=vaccination&basin=nord&theme=vaccination",
    "place": "/{lang}/ressources?q=1000",
    "empty": "/{lang}/ressources?q=zzzxxq&basin=nord&theme=grief",
    "resource": "/{lang}/ressources/pspa-pallium",
    "theme": "/{lang}/themes/vaccination",
    "basin": "/{lang}/bassins/centre-ouest",
    "region": "/{lang}/bassins/region",
    "about": "/{lang}/a-propos",
    "suggest": "/{lang}/proposer?q=deuil",
    "suggested": "/{lang}/proposer/merci",
    "report": "/{lang}/ressources/pspa-pallium/signaler",
    "answered": "/{lang}/rappel/merci",
    "not found": "/{lang}/nulle-part",
    "wrong filter": "/{lang}/ressources?basin=atlantis",
}


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{item['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for item in result["violations"]
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_to_complain_about(name: str, site: Site, new_context: Callable[..., BrowserContext]) -> None:
    found = []
    for width, scheme in product(SCREENS, ("light", "dark")):
        page = new_context(viewport=SCREENS[width], color_scheme=scheme, reduced_motion="reduce").new_page()
        for lang in ("fr", "nl"):
            page.goto(site.url + PAGES[name].format(lang=lang))
            found += [f"{lang} {scheme} {width}: {text}" for text in violations(page)]
    assert found == []


def test_axe_finds_nothing_with_every_filter_open_on_a_phone(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport=SCREENS[360], reduced_motion="reduce").new_page()
    page.goto(f"{site.url}/nl/ressources?basin=sud")
    page.evaluate("document.querySelectorAll('#answer details').forEach(box => box.open = true)")
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_down_to_320_pixels(
    name: str, site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    """320 CSS pixels are 1280 at 400 % zoom (WCAG 1.4.10)."""
    page = new_context(viewport={"width": 320, "height": 256}).new_page()
    for lang in ("fr", "nl"):
        page.goto(site.url + PAGES[name].format(lang=lang))
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("width", SCREENS)
def test_controls_are_at_least_44_pixels_high(
    width: int, site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport=SCREENS[width]).new_page()
    small = """elements => elements
        .filter(element => element.checkVisibility({visibilityProperty: true}))
        .map(element => [element.outerHTML.slice(0, 120), element.getBoundingClientRect()])
        .filter(([_, box]) => box.width > 1 && (box.height < 43.9 || box.width < 43.9))
        .map(([html, box]) => `${box.width}x${box.height} ${html}`)"""
    controls = ".top a, .bottom a, summary, .check, .chip, .chip-clear, .pages a, .ways a, .primary, .apply, select, input[type=search], .theme-list a, .stations a, .onward, .ways-out a, .tries a, .jump a"
    for path in ("/fr/", "/nl/ressources?basin=sud&theme=grief", "/fr/ressources/pspa-pallium", "/fr/themes/grief"):
        page.goto(site.url + path)
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        assert page.locator(controls).evaluate_all(small) == [], path


def test_the_focus_ring_is_three_pixels_wide(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources")
    for selector in ("#q", "#f-theme-grief", ".card-title a", "#sort", ".brand"):
        if selector.startswith("#f-"):
            page.locator("#rest-theme > summary").click()
        page.locator(selector).first.focus()
        page.keyboard.press("Shift")  # the keyboard is in use: :focus-visible applies
        style = page.locator(selector).first.evaluate("e => getComputedStyle(e).outlineWidth")
        assert style == "3px", selector


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
