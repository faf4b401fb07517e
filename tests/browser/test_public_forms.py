"""The forms that need no account, in a real browser: without JavaScript, by keyboard, accessible when they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from running_site import Site
from test_accessibility import SCREENS, violations

from directory import proposals
from directory.catalogue import get_resource
from directory.reminders import Question, open_reminder
from web.pages.reminders import reminder_token

ENTRY = "pspa-pallium"


@pytest.fixture
def later(site: Site) -> Iterator[Callable[[float], None]]:
    """Lets the site's time run ahead: forms that come back at once are refused."""
    ahead = [0.0]
    site.app.config["FORM_CLOCK"] = lambda: datetime.now(UTC) + timedelta(seconds=ahead[0])
    yield lambda seconds: ahead.__setitem__(0, ahead[0] + seconds)
    del site.app.config["FORM_CLOCK"]


@pytest.fixture
def question(site: Site) -> str:
    """The address of a reminder's page, without its language."""
    now = datetime.now(UTC)
    with site.app.extensions["senne"].database.write() as session:
        asked = Question("info@asbl.example", get_resource(session, ENTRY), now.date())
        id_ = open_reminder(session, asked, now=now)
    with site.app.app_context():
        return f"/rappel/{reminder_token(id_)}"


def made(site: Site, source: str) -> list[dict[str, object]]:
    with site.app.extensions["senne"].database.read() as session:
        return proposals.list_proposals(session, source=source)


def test_a_reader_tells_what_is_missing_by_keyboard_and_without_javascript(
    site: Site, new_context: Callable[..., BrowserContext], later: Callable[[float], None]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/fr/ressources?q=zzzxxq")
    page.get_by_role("link", name="Dites-nous ce qui manque").click()
    expect(page.get_by_label("Que manque-t-il")).to_have_value("zzzxxq")
    page.get_by_label("Que manque-t-il").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Un jeu de cartes pour parler de la fin de vie.")
    page.keyboard.press("Tab")
    page.keyboard.type("www.jeu.example")
    later(5)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    [proposal] = made(site, "public")
    assert proposal["evidence"]["links"] == "https://www.jeu.example"  # type: ignore[index]
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", SCREENS)
def test_a_refused_form_is_accessible_and_leads_to_its_fields(
    width: int, site: Site, new_context: Callable[..., BrowserContext], later: Callable[[float], None]
) -> None:
    for scheme in ("light", "dark"):
        page = new_context(viewport=SCREENS[width], color_scheme=scheme).new_page()
        for path, fields in (
            ("/proposer", ["title", "message"]),
            (f"/ressources/{ENTRY}/signaler", ["about", "message"]),
        ):
            page.goto(f"{site.url}/nl{path}")
            later(5)
            page.get_by_role("button", name="Versturen").click()
            assert violations(page) == []
            for name in fields:
                expect(page.locator(f"#{name}-error")).to_be_visible()
                assert page.locator(f".problems a[href='#{name}']").count() == 1


def test_the_hidden_field_is_out_of_sight_and_out_of_the_way_of_the_keyboard(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/fr/proposer")
    expect(page.locator("#website")).not_to_be_in_viewport()
    page.locator("#basin").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"


@pytest.mark.parametrize("width", SCREENS)
def test_the_page_of_a_reminder_is_accessible(
    width: int, site: Site, new_context: Callable[..., BrowserContext], question: str
) -> None:
    for scheme in ("light", "dark"):
        page = new_context(viewport=SCREENS[width], color_scheme=scheme).new_page()
        for lang in ("fr", "nl"):
            page.goto(f"{site.url}/{lang}{question}")
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            heights = [
                box["height"] for button in page.locator(".answers button").all() if (box := button.bounding_box())
            ]
            assert len(heights) == 3
            assert min(heights) >= 44


def test_a_reminder_is_answered_with_one_click_and_once(
    site: Site, new_context: Callable[..., BrowserContext], question: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/fr{question}")
    page.get_by_role("button", name="Quelque chose a changé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    assert [proposal["matches"] for proposal in made(site, "reminder")] == [[ENTRY]]
    page.goto(f"{site.url}/nl{question}")
    expect(page.get_by_text("werd al geantwoord")).to_be_visible()
