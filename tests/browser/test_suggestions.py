"""Completions under the search box: by keyboard and by pointer, within the basin, and never in the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from running_site import Site
from test_accessibility import violations


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def type_slowly(page: Page, text: str) -> None:
    page.locator("#q").press_sequentially(text, delay=20)
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "true")


@pytest.mark.parametrize("path", ["/fr/", "/fr/bassins/nord", "/fr/themes/end_of_life"])
def test_a_title_can_be_opened_by_keyboard_alone(site: Site, page: Page, path: str) -> None:
    page.goto(site.url + path)
    type_slowly(page, "palliag")
    wanted = options(page).filter(has_text="Palliaguide").first
    expect(wanted).to_contain_text("ressource")
    for _ in range(7):
        page.keyboard.press("ArrowDown")
        if wanted.get_attribute("aria-selected") == "true":
            break
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", wanted.get_attribute("id") or "")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/ressources/palliaguide")


def test_enter_without_a_choice_searches_what_was_typed(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/")
    type_slowly(page, "deuil")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("q") == ["deuil"])


def test_nothing_is_active_while_one_types(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/nl/")
    type_slowly(page, "pall")
    assert page.locator("#q").get_attribute("aria-activedescendant") is None
    assert page.locator('[role=option][aria-selected="true"]').count() == 0


def test_escape_closes_and_keeps_the_words(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/")
    type_slowly(page, "pallia")
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("pallia")
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")


def test_leaving_the_box_closes_the_list(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/")
    type_slowly(page, "pallia")
    page.keyboard.press("Tab")
    expect(page.locator("#suggestions")).to_be_hidden()


def test_a_click_takes_a_suggestion(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/")
    type_slowly(page, "palliag")
    options(page).filter(has_text="Palliaguide").first.click()
    page.wait_for_url("**/fr/ressources/palliaguide")


def test_suggestions_stay_within_the_chosen_basin(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/bassins/nord")
    with page.expect_request(re.compile(r"/api/v1/suggest\?.*basin=nord")):
        page.locator("#q").press_sequentially("sant", delay=20)


def test_a_failing_api_leaves_the_box_as_it_is(site: Site, page: Page) -> None:
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(status=500, body="no"))
    page.goto(f"{site.url}/fr/")
    with page.expect_response("**/api/v1/suggest*"):
        page.locator("#q").press_sequentially("pallia", delay=20)
    expect(page.locator("#suggestions")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/ressources?q=pallia")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_open_list(site: Site, scheme: str, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(f"{site.url}/nl/")
    type_slowly(page, "pall")
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    box = options(page).first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
