"""The search page as a reader uses it: typing, clicking, the keyboard, the back button, no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Page, Route, expect
from running_site import Site

PHONE = {"width": 360, "height": 740}


def titles(page: Page) -> list[str]:
    return page.locator(".card-title a").all_inner_texts()


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def type_and_wait(page: Page, text: str) -> None:
    page.locator("#q").press_sequentially(text, delay=20)
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("q") == [text])


def test_typing_finds_the_entry_without_a_click(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources")
    type_and_wait(page, "pspa")
    assert page.locator(".card").first.get_attribute("id") == "r-pspa-pallium"
    assert page.locator(".card-title mark").first.inner_text() == "PSPA"
    assert page.title().startswith("pspa – ")


def test_typing_in_dutch_finds_dutch_entries_about_grief(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/nl/ressources?language=nl")
    type_and_wait(page, "rouw")
    kickers = page.locator(".card .kicker").all_inner_texts()
    assert kickers
    assert all("Rouw" in kicker for kicker in kickers[:3])
    assert query_of(page) == {"q": ["rouw"], "language": ["nl"]}


def test_the_box_keeps_focus_and_caret_while_results_change(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources")
    type_and_wait(page, "deuil")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(" enfant")
    page.wait_for_url(re.compile("q=deuil\\+enfant|q=deuil%20enfant"))
    expect(page.locator("#q")).to_have_value("deuil enfant")


def test_a_filter_applies_at_once_and_keeps_its_focus(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources?q=fin+de+vie")
    expect(page.get_by_role("button", name="Appliquer les filtres")).to_be_hidden()
    page.get_by_label("Jeu de cartes").check()
    page.wait_for_url(lambda url: "type=card_game" in url)
    expect(page.locator("#f-type-card_game")).to_be_focused()
    expect(page.locator(".chip")).to_have_text(re.compile("Jeu de cartes"))
    assert all("Jeu de cartes" in kicker for kicker in page.locator(".kicker").all_inner_texts())
    assert query_of(page) == {"q": ["fin de vie"], "type": ["card_game"]}


def test_an_open_filter_on_a_phone_stays_open_after_a_choice(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport=PHONE).new_page()
    page.goto(f"{site.url}/fr/ressources")
    expect(page.locator("#f-theme-grief")).to_be_hidden()
    page.locator("#facet-theme > summary").click()
    page.locator("#rest-theme > summary").click()
    page.locator("#f-theme-grief").check()
    page.wait_for_url(lambda url: "theme=grief" in url)
    expect(page.locator("#f-theme-grief")).to_be_visible()
    expect(page.locator("#f-theme-grief")).to_be_checked()
    expect(page.locator("#facet-basin fieldset")).to_be_hidden()


def test_going_back_restores_results_filters_and_words(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources?q=deuil")
    before = titles(page)
    page.get_by_label("Gratuit").check()
    page.wait_for_url(lambda url: "cost=free" in url)
    assert titles(page) != before
    page.go_back()
    expect(page.locator("#f-cost-free")).not_to_be_checked()
    expect(page.locator(".chip")).to_have_count(0)
    assert titles(page) == before
    expect(page.locator("#q")).to_have_value("deuil")


def test_going_back_from_an_entry_shows_the_whole_page_again(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources")
    type_and_wait(page, "pspa")
    page.locator(".card-title a").first.click()
    page.wait_for_url(re.compile("/fr/ressources/pspa-pallium"))
    page.go_back()
    expect(page.locator("header.top")).to_be_visible()
    expect(page.locator("#q")).to_have_value("pspa")
    expect(page.locator(".card").first).to_have_attribute("id", "r-pspa-pallium")


def test_removing_a_chip_moves_the_focus_to_the_count(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources?basin=nord&theme=vaccination")
    page.locator(".chip", has_text="Nord").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "basin" not in url)
    expect(page.locator("#found")).to_be_focused()
    expect(page.locator("#f-basin-nord")).not_to_be_checked()


def test_the_language_switch_keeps_what_was_typed_and_chosen(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources?basin=nord")
    type_and_wait(page, "vaccination")
    page.get_by_role("link", name="NL – Nederlands").click()
    page.wait_for_url(re.compile("/nl/ressources"))
    assert query_of(page) == {"q": ["vaccination"], "basin": ["nord"]}
    assert page.locator("html").get_attribute("lang") == "nl"


def test_the_count_is_announced_once_after_a_pause(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources")
    region = page.locator("#announcement")
    expect(region).to_have_text("")
    type_and_wait(page, "deuil")
    expect(region).to_have_text(page.locator("#found").inner_text())


def test_the_keyboard_reaches_a_filter_and_chooses_it(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources?q=deuil")
    page.locator("#q").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#facet-theme > summary')"):
            break
    expect(page.locator("#facet-theme > summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#facet-theme fieldset")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    chosen = page.evaluate("document.activeElement.value")
    page.keyboard.press("Space")
    page.wait_for_url(lambda url: f"theme={chosen}" in url)
    assert page.evaluate("document.activeElement.value") == chosen


def test_without_javascript_the_same_page_works_by_buttons(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(f"{site.url}/fr/")
    page.locator("#q").fill("fin de vie")
    page.get_by_role("button", name="Chercher").click()
    expect(page).to_have_url(re.compile(r"/fr/ressources\?q=fin\+de\+vie$"))
    page.locator("#facet-basin > summary").click()
    page.locator("#f-basin-sud").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    assert query_of(page)["basin"] == ["sud"]
    expect(page.locator(".chip")).to_have_text(re.compile("Sud"))
    page.locator(".chip").click()
    assert "basin" not in query_of(page)


def test_without_javascript_the_column_of_a_wide_screen_is_open(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{site.url}/nl/ressources")
    for facet in ("basin", "theme", "type", "language", "audience", "cost"):
        expect(page.locator(f"#facet-{facet} input").first).to_be_visible()


def test_only_the_last_of_several_answers_is_shown(site: Site, page: Page) -> None:
    """The first answer is held back until the second is there; it must not come through afterwards."""
    page.goto(f"{site.url}/fr/ressources")
    held: list[Route] = []
    page.route(lambda url: url.endswith("q=deu"), lambda route: held.append(route))
    page.locator("#q").fill("deu")
    expect(page.locator("#river")).to_have_class(re.compile("htmx-request"))
    page.locator("#q").fill("deuil")
    page.wait_for_url(lambda url: url.endswith("q=deuil"))
    shown = titles(page)
    for route in held:
        route.abort()
    assert held
    assert titles(page) == shown
    assert query_of(page) == {"q": ["deuil"]}


def test_a_lost_connection_is_said(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/ressources")
    page.route("**/fr/ressources?*", lambda route: route.abort())
    page.locator("#q").fill("deuil")
    expect(page.locator("#failure")).to_be_visible()
    page.unroute("**/fr/ressources?*")
    page.locator("#q").fill("deuil enfant")
    page.wait_for_url(lambda url: "enfant" in url)
    expect(page.locator("#failure")).to_be_hidden()
