"""The form of an entry in a real browser: drafts that keep themselves, addresses looked at while one writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from pytest_httpserver import HTTPServer
from running_site import Site
from test_accessibility import SCREENS
from test_curation import desk, log_in, published, tab_to, write  # noqa: F401 - desk is a fixture

from directory import drafts

PATH = "fiches/groupe-de-parole/modifier"


def drafted(site: Site) -> list[dict[str, Any]]:
    services = site.app.extensions["senne"]
    with services.database.read() as session:
        return [dict(row.document) for row in session.scalars(drafts.sa.select(drafts.Draft))]


def open_form(site: Site, page: Page, lang: str = "fr") -> None:
    page.goto(f"{site.url}/{lang}/curation/{PATH}")


def test_a_draft_keeps_itself_after_twenty_seconds_and_is_back(
    desk: Site,  # noqa: F811
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(viewport=SCREENS[1280]).new_page()
    page.clock.install()
    log_in(page, desk, "root@asbl.example")
    open_form(desk, page)
    page.clock.run_for(21_000)
    assert drafted(desk) == []  # nothing was typed
    write(page, "Nederlands – Titre", "Praatgroep")
    page.clock.run_for(21_000)
    expect(page.locator("#kept")).to_contain_text("Brouillon gardé")
    assert [one["title"]["nl"] for one in drafted(desk)] == ["Praatgroep"]
    before = published(desk, "groupe-de-parole")
    assert before
    assert "nl" not in before["title"]
    open_form(desk, page)
    expect(page.get_by_role("textbox", name="Nederlands – Titre")).to_have_value("Praatgroep")
    expect(page.locator(".notice").first).to_contain_text("Votre brouillon est revenu")
    tab_to(page, "button", "Abandonner le brouillon")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=discarded")
    expect(page.get_by_role("textbox", name="Nederlands – Titre")).to_have_value("")
    assert drafted(desk) == []


def test_what_is_left_is_kept_and_what_is_handed_in_is_not(
    desk: Site,  # noqa: F811
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(viewport=SCREENS[1280]).new_page()
    log_in(page, desk, "root@asbl.example")
    open_form(desk, page)
    write(page, "Nederlands – Titre", "Praatgroep")
    page.goto(f"{desk.url}/fr/curation/fiches")
    for _ in range(100):  # the farewell travels beside the request for the next page
        if drafted(desk):
            break
        page.wait_for_timeout(50)
    page.reload()
    expect(page.locator(".own-drafts")).to_contain_text("Titre de groupe-de-parole")
    open_form(desk, page)
    write(page, "Nederlands – Titre", "De praatgroep")
    page.keyboard.press("Enter")
    page.wait_for_url("**/historique?done=saved")
    page.goto(f"{desk.url}/fr/curation/fiches")
    expect(page.locator(".own-drafts")).to_have_count(0)
    after = published(desk, "groupe-de-parole")
    assert after
    assert after["title"]["nl"] == "De praatgroep"
    assert drafted(desk) == []


def test_the_addresses_are_looked_at_without_leaving_the_form(
    desk: Site,  # noqa: F811
    new_context: Callable[..., BrowserContext],
    httpserver: HTTPServer,
) -> None:
    desk.app.config["VISIT_PRIVATE_ADDRESSES"] = True
    for path in ("/bad", "/robots.txt"):
        httpserver.expect_request(path).respond_with_data("nothing here", status=404)
    page = new_context(viewport=SCREENS[360]).new_page()
    log_in(page, desk, "root@asbl.example")
    open_form(desk, page)
    field = page.locator('[name="links.0.url"]')
    field.fill(httpserver.url_for("/bad"))
    tab_to(page, "button", "Vérifier les liens")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("ont été regardées")
    beside = page.locator(f"#{(field.get_attribute('aria-describedby') or '').replace('.', chr(92) + '.')}")
    expect(beside).to_have_text("La page n’existe pas.")
    assert page.url.endswith(PATH)


def test_drafts_and_links_work_without_javascript(
    desk: Site,  # noqa: F811
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(viewport=SCREENS[360], java_script_enabled=False).new_page()
    log_in(page, desk, "root@asbl.example")
    open_form(desk, page)
    page.get_by_role("textbox", name="Nederlands – Titre").fill("Praatgroep")
    page.locator('[name="links.0.url"]').fill("http://127.0.0.1/")
    page.get_by_role("button", name="Vérifier les liens").click()
    expect(page.locator("#looked-at")).to_contain_text("pas publique")
    page.get_by_role("button", name="Garder comme brouillon").click()
    page.wait_for_url("**done=draft")
    expect(page.get_by_role("textbox", name="Nederlands – Titre")).to_have_value("Praatgroep")
