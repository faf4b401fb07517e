"""The basins at a glance, the list of entries with their quality, and the same on the command line."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from directory import search_log
from tests.web.curators import Browser, Desk
from tests.web.test_queue import add, document, propose
from web import commands

NUMBER = re.compile(r'<dt>([^<]+)</dt><dd><a href="([^"]+)">(\d+)<')
TOTAL = re.compile(r'<span class="count">(\d+)')


@pytest.fixture
def nord(desk: Desk) -> str:
    return desk.add("alice@asbl.example", "curator", ("nord",))


def numbers(page: str) -> dict[str, tuple[str, int]]:
    """What → (the list, how many), of the first basin."""
    first = page[page.index('<dl class="numbers">') : page.index("</dl>")]
    return {html.unescape(name): (html.unescape(url), int(number)) for name, url, number in NUMBER.findall(first)}


def fill(desk: Desk) -> None:
    add(desk, id_="premiere", summary={"fr": "Un.", "nl": "Een."}, title={"fr": "Un", "nl": "Een"})
    add(desk, id_="deux")
    add(desk, id_="trois", basins=["nord", "sud"], title={"nl": "Drie"}, summary={"nl": "Een samenvatting."})
    add(desk, id_="ailleurs", basins=["sud"])
    propose(desk, document("quatre"))
    propose(desk, document("cinq", basins=["sud"]))
    with desk.services.database.write() as session:
        for _ in range(3):
            search_log.record_gap(
                session, "rien", basins=["nord"], themes=["grief"], day=desk.clock().date(), key=b"key"
            )


def test_every_number_is_that_of_the_list_it_leads_to(desk: Desk, nord: str) -> None:
    fill(desk)
    browser = desk.browser(nord)
    found = numbers(browser.get("bassins").text)
    assert {name: number for name, (_url, number) in found.items()} | {"thèmes minces": 0, "qualité moyenne sur 100": 0} == {
        "à décider": 1, "sans français": 1, "sans néerlandais": 1, "recherches sans résultat": 3, "fiches publiées": 3,
        "thèmes minces": 0, "qualité moyenne sur 100": 0,
    }  # fmt: skip
    for name in ("à décider", "sans français", "sans néerlandais", "fiches publiées"):
        url, number = found[name]
        listed = TOTAL.search(browser.get(url).text)
        assert listed
        assert int(listed[1]) == number, name
    here = browser.get(found["thèmes minces"][0].partition("#")[0]).text
    themes = here[here.index('id="themes"') : here.index('id="searches"')]
    assert themes.count("<li>") == found["thèmes minces"][1]
    searches = here[here.index('id="searches"') :]
    assert "3 recherches" in searches


def test_a_curator_s_own_basins_stand_first_and_an_admin_sees_all(desk: Desk) -> None:
    sud = desk.browser(desk.add("bob@asbl.example", "curator", ("sud",)))
    names = re.findall(r'data-basin="([^"]+)"', sud.get("bassins").text)
    root = desk.browser(desk.add("root@asbl.example", "admin"))
    assert names[0] == "sud"
    assert sorted(re.findall(r'data-basin="([^"]+)"', root.get("bassins").text)) == sorted(names)


def test_a_basin_that_does_not_exist_is_not_found(desk: Desk, nord: str) -> None:
    assert desk.browser(nord).get("bassins/atlantide").status_code == 404


def rows(page: str) -> list[str]:
    return re.findall(r"/curation/fiches/([\w-]+)/modifier", page)


def test_entries_are_filtered_by_what_they_lack_and_sorted_by_quality(desk: Desk, nord: str) -> None:
    fill(desk)
    browser = desk.browser(nord)
    assert rows(browser.get("fiches?lack=translation_nl&basin=nord").text) == ["deux"]
    assert rows(browser.get("fiches?basin=nord&sort=quality").text)[-1] == "premiere"
    assert set(rows(browser.get("fiches?q=DRIE").text)) == {"trois"}
    assert set(rows(browser.get("fiches?lack=nonsense&basin=nonsense&page=x").text)) == {"premiere", "deux", "trois", "ailleurs"}  # fmt: skip


def test_the_form_tells_what_would_raise_the_quality_and_a_preview_what_it_will_be(desk: Desk, nord: str) -> None:
    from tests.web.test_editing import fields

    add(desk)
    browser = desk.browser(nord)
    path = "fiches/cafe-deuil/modifier"
    page = browser.get(path).text
    assert "Traduire les textes en néerlandais." in page

    def score(text: str) -> int:
        found = re.search(r'<span class="score">(\d+)', text)
        assert found
        return int(found[1])

    typed = {**fields(page), "title.nl": "Rouwcafé", "summary.nl": "Een samenvatting.", "act": "preview"}
    preview = browser.post(path, path, **typed).text
    assert "Traduire les textes en néerlandais." not in preview
    assert score(preview) > score(page)


def test_what_is_typed_into_the_filters_is_shown_as_text(desk: Desk, nord: str) -> None:
    page = desk.browser(nord).get('fiches?q="><script>alert(1)</script>').text
    assert "<script>alert" not in page


def invoke(desk: Desk, *words: str) -> Any:
    commands.load_commands()
    return desk.app.test_cli_runner().invoke(commands.cli, ["quality", *words])


def test_the_command_line_tells_the_same(desk: Desk) -> None:
    fill(desk)
    told = json.loads(invoke(desk, "--basin", "nord", "--json").stdout)
    assert told["entries"] == 3
    assert told["lacks"]["translation_nl"] == 1
    scores = [entry["score"] for entry in told["lowest_first"]]
    assert scores == sorted(scores)
    for entry in told["lowest_first"]:
        assert abs(100 - entry["score"] - sum(entry["would_raise"].values())) <= len(entry["would_raise"])
    plain = invoke(desk, "--max", "1").stdout
    assert plain.startswith("4 published entries")
    assert len([line for line in plain.splitlines() if ": " in line]) == 1


def test_the_command_line_on_an_empty_catalogue(desk: Desk) -> None:
    assert json.loads(invoke(desk, "--json").stdout)["mean"] is None


def test_a_contributor_has_no_dashboard_and_no_link_to_it(desk: Desk) -> None:
    browser: Browser = desk.browser(desk.add("eve@asbl.example", "contributor"))
    assert browser.get("bassins").status_code == 403
    assert "/curation/bassins" not in browser.get("fiches").text


def test_the_age_of_the_queue_is_told_in_days(desk: Desk, nord: str) -> None:
    propose(desk, document("quatre"))
    desk.clock.pass_(days=40)
    page = desk.browser(nord).get("bassins").text
    assert re.search(r"La plus ancienne proposition attend depuis (39|40) jours\.", page)
