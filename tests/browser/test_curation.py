"""A curator's first day, by keyboard alone, in a real browser; and axe on every page of curation.

Longer than 300 lines: the day is one scenario, read from top to bottom.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import BrowserContext, Page, TimeoutError, expect
from running_site import Site, free_port, serving
from test_accessibility import AXE, SCREENS

from directory import accounts, audit, catalogue, proposals, redirects
from directory.catalogue import Change
from directory.proposals import Finding
from directory.settings import Settings
from web import commands
from web.app import create_app
from web.wiring import wire

TESTS = Change("tests", "a test")
LONG_MS = 120_000  #: a thousand lines take seconds, on a busy machine many
PASSWORD = "une rivière sous la ville"


def document(id_: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_, "type": "intervision", "title": {"fr": f"Titre de {id_}"}, "summary": {"fr": "Un résumé."},
        "organisations": [{"name": "Une asbl"}], "links": [{"url": f"https://asbl.example/{id_}", "kind": "page"}],
        "languages": ["fr"], "themes": ["grief"], "basins": ["nord"], "audiences": [], "cost": {"kind": "free"},
        "source": {"kind": "crawl"}, "status": "published", **changes,
    }  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Site]:
    """A site of its own: an entry of all Brussels, one of Nord with its double, and a proposal of Nord."""
    port = free_port()
    services = wire(Settings(data_dir=tmp_path, port=port))
    services.database.migrate()
    with services.database.write() as session:
        catalogue.create_resource(session, document("pour-tous", basins=["region"]), TESTS)
        catalogue.create_resource(session, document("groupe-de-parole"), TESTS)
        catalogue.create_resource(session, document("groupe-de-parole-bis", title={"nl": "Praatgroep"}), TESTS)
        proposals.submit(
            session,
            Finding(
                source="asbl", kind="new", url="https://asbl.example/cafe", resource=document("cafe-deuil"),
                evidence={"title": "Café deuil, tous les mardis"}, field_confidence={"title": 0.9}, confidence=0.9,
                content_hash="one",
            ),
        )  # fmt: skip
        proposals.submit(
            session,
            Finding(
                source="asbl", kind="update", url="https://asbl.example/groupe", resource={"title": {"nl": "Praatgroep"}},
                evidence={}, confidence=0.4, content_hash="two", matches=["groupe-de-parole"],
            ),
        )  # fmt: skip
        row = accounts.add_account(
            session, email="bob@asbl.example", name="Bob", role="curator", basins=["sud"], language="nl", by="tests"
        )
        accounts.set_password(session, row, PASSWORD)
        row = accounts.add_account(
            session, email="root@asbl.example", name="Root", role="admin", basins=[], language="fr", by="tests"
        )
        accounts.set_password(session, row, PASSWORD)
    app = create_app(services.settings, services=services)
    with serving(app, port):
        yield Site(services.settings.public_url, app)
    services.database.close()


def tab_to(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """Move the focus with the Tab key until it is there."""
    wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    expect(wanted).to_be_visible()
    for _ in range(200):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {role} {name!r}")


def write(page: Page, label: str, text: str) -> None:
    """Tab to a field and type over what it holds."""
    tab_to(page, "textbox", label)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def log_in(page: Page, site: Site, email: str, lang: str = "fr") -> None:
    """By the form; works for fields without a role too (a password)."""
    page.goto(f"{site.url}/{lang}/curation/connexion")
    page.locator("#f-email").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/curation/($|\?)"))


def published(site: Site, id_: str) -> dict[str, Any] | None:
    services = site.app.extensions["senne"]
    with services.database.read() as session:
        found: dict[str, Any] | None = catalogue.get_resources(session, [id_]).get(id_)
        return found


def check_axe(page: Page) -> None:
    """axe finds nothing on this page, with everything that is folded in unfolded for as long as it looks."""
    result = page.evaluate(
        f"""async () => {{
            {AXE.read_text(encoding="utf-8")};
            const folded = [...document.querySelectorAll("details:not([open])")];
            folded.forEach(box => box.open = true);
            const found = await axe.run(document, {{resultTypes: ["violations"]}});
            folded.forEach(box => box.open = false);
            return found.violations.flatMap(item => item.nodes.map(node => `${{item.id}} ${{node.html}}`));
        }}"""
    )
    assert result == [], page.url


def choose_file(page: Page, path: Path) -> None:
    """With the Enter key; once more where a busy browser forgot in between that a person pressed it."""
    page.locator("#f-file").focus()
    expect(page.locator("#f-file")).to_be_focused()
    for last in (False, True):
        try:
            with page.expect_file_chooser() as chooser:
                page.keyboard.press("Enter")
        except TimeoutError:
            if last:
                raise
        else:
            chooser.value.set_files(path)
            return


def workbook_of_a_thousand(folder: Path, version: int) -> Path:
    """998 new entries of Nord, one that changes an entry of Nord, one that changes an entry of all Brussels."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    columns = (
        "id",
        "version",
        "type",
        "title_fr",
        "title_nl",
        "summary_fr",
        "organisations",
        "themes",
        "basins",
        "status",
    )
    sheet.append(columns)
    sheet.append(
        ("cafe-deuil", version, "", "Café importé", "Ingevoerd café", "Un résumé.", "Une asbl", "grief", "nord", "")
    )
    sheet.append(
        ("pour-tous", "", "", "Tout autre titre", "", "Un tout autre résumé.", "Une asbl", "grief", "region", "")
    )
    for number in range(998):
        title = f"Importée {number:04}"
        sheet.append(
            (
                f"importee-{number:04}",
                "",
                "outil",
                title,
                f"Ingevoerd {number}",
                "",
                "Une asbl",
                "Deuil",
                "Nord",
                "published",
            )
        )
    path = folder / "novembre.xlsx"
    book.save(path)
    return path


def test_a_new_curators_first_day_by_keyboard(
    desk: Site, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    services = desk.app.extensions["senne"]
    commands.load_commands()
    invited = desk.app.test_cli_runner().invoke(
        commands.cli, ["user", "add", "alice@asbl.example", "--name", "Alice", "--basin", "nord", "--json"]
    )
    page = new_context(viewport=SCREENS[1280]).new_page()

    # invited, chooses a password, logs in
    page.goto(json.loads(invited.stdout)["link"])
    check_axe(page)
    page.locator("#f-password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/connexion?done=password")
    check_axe(page)
    log_in(page, desk, "alice@asbl.example")

    # accepts a proposal of her basin: one key
    expect(page.locator("#what")).to_contain_text("cafe-deuil")
    check_axe(page)
    page.keyboard.press("a")
    page.wait_for_url("**/curation/?done=accepted**")
    assert published(desk, "cafe-deuil")

    # takes it back and accepts it again
    page.keyboard.press("u")
    page.wait_for_url("**/curation/?done=undone**")
    assert published(desk, "cafe-deuil") is None
    page.keyboard.press("a")
    page.wait_for_url("**/curation/?done=accepted**")

    # edits it in both languages
    page.goto(f"{desk.url}/fr/curation/fiches/cafe-deuil/modifier")
    expect(page.locator('[data-missing="nl"]')).to_have_text("2")
    write(page, "Nederlands – Titre", "Rouwcafé")
    write(page, "Nederlands – Résumé", "Een samenvatting.")
    expect(page.locator('[data-missing="nl"]')).to_have_text("0")
    check_axe(page)
    page.keyboard.press("Tab")
    write(page, "Pourquoi cette modification ?", "traduit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cafe-deuil/historique?done=saved")
    present = published(desk, "cafe-deuil")
    assert present
    assert present["title"]["nl"] == "Rouwcafé"

    # changes an entry of all Brussels, which a second curator confirms with one key
    page.goto(f"{desk.url}/fr/curation/fiches/pour-tous/modifier")
    write(page, "Français – Résumé", "Un tout autre résumé.")
    write(page, "Pourquoi cette modification ?", "plus clair")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pour-tous/historique?done=waits")
    before = published(desk, "pour-tous")
    assert before
    assert before["summary"]["fr"] == "Un résumé."
    second = new_context(viewport=SCREENS[1280]).new_page()
    log_in(second, desk, "bob@asbl.example", "nl")
    second.goto(f"{desk.url}/nl/curation/?status=to_confirm")
    expect(second.locator(".diff")).to_contain_text("Un tout autre résumé.")
    check_axe(second)
    second.keyboard.press("a")
    second.wait_for_url("**/curation/?done=accepted**")
    after = published(desk, "pour-tous")
    assert after
    assert after["summary"]["fr"] == "Un tout autre résumé."

    # merges a double
    page.goto(f"{desk.url}/fr/curation/fiches/groupe-de-parole/fusionner?with=groupe-de-parole-bis")
    check_axe(page)
    tab_to(page, "button", "Les fusionner")
    page.keyboard.press("Enter")
    page.wait_for_url("**/groupe-de-parole/historique?done=merged")
    with services.database.read() as session:
        assert redirects.find_redirect(session, "groupe-de-parole-bis") == "groupe-de-parole"

    # restores an old revision
    page.goto(f"{desk.url}/fr/curation/fiches/cafe-deuil/historique")
    tab_to(page, "button", re.compile("Restaurer la version"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/cafe-deuil/historique?done=saved")
    restored = published(desk, "cafe-deuil")
    assert restored
    assert "nl" not in restored["title"]
    check_axe(page)

    # imports a workbook of 1,000 lines, after it has shown what it would change
    page.goto(f"{desk.url}/fr/curation/import")
    check_axe(page)
    choose_file(page, workbook_of_a_thousand(tmp_path, restored["version"]))
    tab_to(page, "button", "Voir ce qui changerait")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/curation/import/.+"), timeout=LONG_MS)
    expect(page.locator("#counts")).to_have_text(re.compile(r"998 nouvelles\s*1 modifiée\s*1 à confirmer"))
    expect(page.locator("ol.rows")).to_contain_text("Tout autre titre")
    with services.database.read() as session:
        assert catalogue.count_resources(session) == 3
    check_axe(page)
    write(page, "Pourquoi cette modification ?", "la liste de novembre")
    tab_to(page, "button", "Importer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/curation/import?done=imported", timeout=LONG_MS)
    expect(page.locator("ol.rows")).to_contain_text("998 nouvelles, 1 modifiée, 1 à confirmer")
    check_axe(page)
    with services.database.read() as session:
        assert catalogue.count_resources(session) == 1001
        imported = catalogue.list_revisions(session, "importee-0007")
        (log,) = audit.list_entries(session, action="catalogue.imported")
    assert [(row.author, row.reason) for row in imported] == [("alice@asbl.example", "la liste de novembre")]
    assert log.detail == {"created": 998, "revised": 1, "to_confirm": 1, "reason": "la liste de novembre"}

    # every step stands in the history
    page.goto(f"{desk.url}/fr/curation/fiches/cafe-deuil/historique")
    check_axe(page)
    shown = page.locator("ol.revisions")
    for step in ("traduit", "restaur", "la liste de novembre"):
        expect(shown).to_contain_text(re.compile(step, re.IGNORECASE))
    page.goto(f"{desk.url}/fr/curation/fiches/groupe-de-parole-bis/historique")
    expect(page.locator("main")).to_contain_text("groupe-de-parole")
    with services.database.read() as session:
        told = {row.author for row in catalogue.list_revisions(session, "cafe-deuil")}
        waited = catalogue.list_revisions(session, "pour-tous")[-1]
    assert told == {"alice@asbl.example"}
    assert waited.author == "alice@asbl.example"
    assert "bob@asbl.example" in waited.reason


def test_single_keys_rest_while_one_types_and_where_they_are_turned_off(
    desk: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport=SCREENS[1280]).new_page()
    log_in(page, desk, "root@asbl.example")
    page.keyboard.press("r")
    expect(page.locator(".reject")).to_have_attribute("open", "")
    page.locator("#f-other").focus()
    page.keyboard.type("au rebut, jamais")
    expect(page.locator("#f-other")).to_have_value("au rebut, jamais")
    page.keyboard.press("Enter")
    page.wait_for_url("**/curation/?done=rejected**")
    page.goto(f"{desk.url}/fr/curation/compte")
    tab_to(page, "button", "Désactiver les raccourcis")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=shortcuts-off")
    page.goto(f"{desk.url}/fr/curation/")
    title = page.locator("#what").inner_text()
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    expect(page.locator("#what")).to_have_text(title)
    assert "done" not in page.url


def test_the_queue_works_without_javascript(desk: Site, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport=SCREENS[360], java_script_enabled=False).new_page()
    log_in(page, desk, "root@asbl.example")
    page.get_by_role("button", name="Accepter", exact=True).click()
    page.wait_for_url("**done=accepted**")
    assert published(desk, "cafe-deuil")
    page.get_by_role("button", name="Annuler la décision").first.click()
    page.wait_for_url("**done=undone**")
    assert published(desk, "cafe-deuil") is None


def test_likely_doubles_are_named_while_one_types(desk: Site, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport=SCREENS[1280]).new_page()
    log_in(page, desk, "root@asbl.example")
    page.goto(f"{desk.url}/fr/curation/fiches/nouvelle")
    expect(page.locator("#doubles")).to_be_hidden()
    write(page, "Français – Titre", "Titre de groupe-de-parole")
    expect(page.locator("#doubles")).to_contain_text("groupe-de-parole")


PAGES = {
    "login": "connexion?done=out",
    "forgotten": "mot-de-passe",
    "broken link": "invitation/x",
    "queue": "",
    "update": "?kind=update",
    "to confirm": "?status=to_confirm",
    "account": "compte",
    "people": "comptes",
    "basins": "bassins",
    "basin": "bassins/nord",
    "entries": "fiches",
    "entries by quality": "fiches?sort=quality&lack=translation_nl",
    "split": "fiches/groupe-de-parole/scinder",
    "new": "fiches/nouvelle",
    "edit": "fiches/groupe-de-parole/modifier",
    "history": "fiches/groupe-de-parole/historique",
    "merge": "fiches/groupe-de-parole/fusionner?with=groupe-de-parole-bis",
    "imports": "import",
    "role": "comptes/1",
    "log": "journal",
    "choose merge": "fiches/groupe-de-parole/fusionner",
}
LISTEN = """
    window.breaches = [];
    document.addEventListener("securitypolicyviolation", event => window.breaches.push(event.blockedURI));
"""


@pytest.mark.parametrize("width", SCREENS)
def test_axe_finds_nothing_on_any_page_of_curation(
    width: int, desk: Site, new_context: Callable[..., BrowserContext]
) -> None:
    found = []
    for scheme in ("light", "dark"):
        context = new_context(viewport=SCREENS[width], color_scheme=scheme, reduced_motion="reduce")
        context.add_init_script(LISTEN)
        page = context.new_page()
        for (name, path), lang in product(PAGES.items(), ("fr", "nl")):
            if name == "queue" and lang == "fr":
                log_in(page, desk, "root@asbl.example")
            page.goto(f"{desk.url}/{lang}/curation/{path}")
            page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
            page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [
                f"{name} {lang} {scheme} {width}: {item['id']} {node['html'][:200]} {node.get('failureSummary', '')[:200]}"
                for item in result["violations"]
                for node in item["nodes"]
            ]
            assert page.evaluate("window.breaches") == [], name
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{name} {lang} {width}: scrolls sideways")
    assert found == []
