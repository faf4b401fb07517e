"""The form of an entry in a real browser: drafts that keep themselves, addresses looked at while one writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_httpserver import HTTPServer
from running_site import Site
from test_accessibility import SCREENS, violations
from test_curation import desk, log_in, published, tab_to, write  # noqa: F401 - desk is a fixture

from directory import drafts, proposals
from directory.proposals import Finding

PATH = "fiches/groupe-de-parole/modifier"
LOOK_MS = 60_000  #: the first look loads what reads pages, on a busy machine


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
    expect(page.locator("#told")).to_contain_text("ont été regardées", timeout=LOOK_MS)
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
    expect(page.locator("#looked-at")).to_contain_text("pas publique", timeout=LOOK_MS)
    page.get_by_role("button", name="Garder comme brouillon").click()
    page.wait_for_url("**done=draft")
    expect(page.get_by_role("textbox", name="Nederlands – Titre")).to_have_value("Praatgroep")


def gone_proposal(site: Site) -> str:
    """A page that has gone, of no entry that we know."""
    finding = Finding(
        source="asbl", kind="gone", url="https://asbl.example/disparue", resource={}, evidence={}, confidence=0.99,
        content_hash="gone",
    )  # fmt: skip
    with site.app.extensions["senne"].database.write() as session:
        return str(proposals.submit(session, finding)[1]["id"])


def test_what_names_no_entry_is_closed_by_one_key(
    desk: Site,  # noqa: F811
    new_context: Callable[..., BrowserContext],
) -> None:
    proposal_id = gone_proposal(desk)
    page = new_context(viewport=SCREENS[1280]).new_page()
    log_in(page, desk, "root@asbl.example")
    expect(page.locator("#what")).to_contain_text("asbl.example/disparue")
    page.keyboard.press("c")
    page.wait_for_url("**/curation/?done=rejected**")
    with desk.app.extensions["senne"].database.read() as session:
        assert proposals.get_proposal(session, proposal_id)["status"] == "rejected"


def test_an_entry_is_split_and_joined_again_by_keyboard(
    desk: Site,  # noqa: F811
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(viewport=SCREENS[360]).new_page()
    log_in(page, desk, "root@asbl.example")
    page.goto(f"{desk.url}/fr/curation/fiches/groupe-de-parole/historique")
    tab_to(page, "link", "Scinder")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scinder")
    write(page, "Son titre – Nederlands", "Praatgroep")
    tab_to(page, "button", "Aperçu")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_visible()
    tab_to(page, "radio", "les deux")
    page.keyboard.press("ArrowLeft")  # the first part, the title, from "both" to "goes"
    tab_to(page, "button", "Scinder")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Titre")  # this one would have none
    page.goto(f"{desk.url}/fr/curation/fiches/groupe-de-parole/scinder")
    write(page, "Son titre – Nederlands", "Praatgroep")
    tab_to(page, "button", "Scinder")
    page.keyboard.press("Enter")
    page.wait_for_url("**/historique?done=split")
    tab_to(page, "button", "Annuler la scission")
    page.keyboard.press("Enter")
    page.wait_for_url("**/historique?done=joined")


@pytest.mark.parametrize("width", SCREENS)
def test_axe_finds_nothing_where_there_is_something_to_say(
    width: int,
    desk: Site,  # noqa: F811
    new_context: Callable[..., BrowserContext],
) -> None:
    """A draft that is back, links that were looked at, a preview of a split, its undoing, a proposal to close."""
    gone_proposal(desk)
    found: list[str] = []

    def look(page: Page, name: str) -> None:
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        found.extend(f"{name} {width}: {text}" for text in violations(page))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{name} {width}: scrolls sideways")

    for scheme, lang, entry in (("light", "fr", "groupe-de-parole"), ("dark", "nl", "pour-tous")):
        page = new_context(viewport=SCREENS[width], color_scheme=scheme, reduced_motion="reduce").new_page()
        log_in(page, desk, "root@asbl.example", lang)
        look(page, f"close {lang} {scheme}")
        start = f"{desk.url}/{lang}/curation/fiches/{entry}"
        page.goto(f"{start}/modifier")
        page.locator('[name="links.0.url"]').fill("http://127.0.0.1/")
        page.locator("[data-look]").click()
        expect(page.locator("[data-looked]").filter(has_text=re.compile("publique|openbaar"))).to_be_visible(
            timeout=LOOK_MS
        )
        page.locator("[data-draft]").click()
        expect(page.locator("#told")).not_to_be_empty()
        look(page, f"looked {lang} {scheme}")
        page.reload()
        look(page, f"draft {lang} {scheme}")
        page.goto(f"{desk.url}/{lang}/curation/fiches")
        look(page, f"drafts {lang} {scheme}")
        page.goto(f"{start}/scinder")
        page.locator('[name="new_id"]').fill(f"{entry}-encore")
        page.locator('[value="preview"]').click()
        expect(page.locator("#result")).to_be_visible()
        look(page, f"split {lang} {scheme}")
        page.locator('[name="act"][value="split"]').click()
        page.wait_for_url("**done=split")
        look(page, f"history {lang} {scheme}")
    assert found == []
