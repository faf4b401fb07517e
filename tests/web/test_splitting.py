"""One entry made into two, and back: who may, what the history tells, where old addresses lead."""

from __future__ import annotations

import re
from typing import Any

import pytest

from directory import catalogue, queue, redirects
from tests.web.curators import Browser, Desk
from tests.web.test_queue import TESTS, add, read, status

PATH = "fiches/cafe-deuil/scinder"
PAST = "fiches/cafe-deuil/historique"
BILINGUAL: dict[str, Any] = {
    "title": {"fr": "Café deuil", "nl": "Rouwcafé"},
    "summary": {"fr": "Un résumé.", "nl": "Een samenvatting."},
    "links": [{"url": "https://asbl.example/fr", "kind": "page", "language": "fr"},
              {"url": "https://asbl.example/nl", "kind": "page", "language": "nl"}],
    "languages": ["fr", "nl"],
}  # fmt: skip


@pytest.fixture
def nord(desk: Desk) -> str:
    return desk.add("alice@asbl.example", "curator", ("nord",))


@pytest.fixture
def sud(desk: Desk) -> str:
    return desk.add("bob@asbl.example", "curator", ("sud",), name="Bob")


def split(browser: Browser, query: str = "?language=nl", **changes: Any) -> Any:
    """The form as it opens, with some changes, sent."""
    page = browser.get(PATH + query).text
    sides = dict(re.findall(r'name="(side\.[\w.]+)" value="(\w+)" checked', page))
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    return browser.post(PATH, PATH, **{"seen": seen[1], **sides, "new_id": "rouwcafe", "act": "split", **changes})


def leads(desk: Desk, id_: str) -> str | None:
    with desk.services.database.read() as session:
        return redirects.find_redirect(session, id_)


def test_an_entry_is_split_by_language_and_both_stand_in_the_history(desk: Desk, nord: str) -> None:
    before, browser = add(desk, **BILINGUAL), desk.browser(nord)
    answer = split(browser, reason="deux publics")
    assert answer.headers["Location"].endswith(f"{PAST}?done=split")
    kept, other = read(desk), read(desk, "rouwcafe")
    assert kept
    assert other
    assert (kept["title"], other["title"]) == ({"fr": "Café deuil"}, {"nl": "Rouwcafé"})
    assert [link["language"] for link in kept["links"] + other["links"]] == ["fr", "nl"]
    assert kept["organisations"] == other["organisations"] == before["organisations"]
    page = browser.get(PAST).text
    assert "deux publics" in page
    assert "/curation/fiches/rouwcafe/historique" in page
    assert "deux publics (split from cafe-deuil)" in browser.get("fiches/rouwcafe/historique").text


def test_a_preview_shows_both_and_changes_nothing(desk: Desk, nord: str) -> None:
    before, browser = add(desk, **BILINGUAL), desk.browser(nord)
    page = split(browser, act="preview").text
    assert "Ce que diraient les deux" in page
    assert "<ins>Rouwcafé</ins>" in page
    assert 'value="rouwcafe"' in page
    assert read(desk) == before
    assert read(desk, "rouwcafe") is None


def test_a_split_is_taken_back_and_the_new_address_leads_on(desk: Desk, nord: str) -> None:
    before, browser = add(desk, **BILINGUAL), desk.browser(nord)
    split(browser)
    answer = browser.post("fiches/cafe-deuil/recoller", PAST)
    assert answer.headers["Location"].endswith("done=joined")
    after = read(desk)
    assert after
    assert {**after, "version": 0} == {**before, "version": 0}
    assert leads(desk, "rouwcafe") == "cafe-deuil"
    assert desk.app.test_client().get("/fr/ressources/rouwcafe").status_code == 301
    again = browser.post("fiches/cafe-deuil/recoller", PAST)  # a double click
    assert again.status_code == 409
    assert read(desk) == after


def test_a_split_is_not_taken_back_once_one_of_the_two_was_changed(desk: Desk, nord: str) -> None:
    add(desk, **BILINGUAL)
    browser = desk.browser(nord)
    split(browser)
    with desk.services.database.write() as session:
        other = catalogue.get_resource(session, "rouwcafe")
        catalogue.revise_resource(session, {**other, "summary": {"nl": "Gewijzigd."}}, TESTS)
    assert "Annuler la scission" not in browser.get(PAST).text
    assert browser.post("fiches/cafe-deuil/recoller", PAST).status_code == 409
    assert read(desk, "rouwcafe")


def test_a_double_click_splits_once(desk: Desk, nord: str) -> None:
    add(desk, **BILINGUAL)
    browser = desk.browser(nord)
    split(browser)
    answer = split(browser, seen="1", new_id="encore")
    assert answer.status_code == 409
    assert read(desk, "encore") is None


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [({"new_id": "Pas bon !"}, 422, "minuscules"), ({"side.title.nl": "here"}, 422, "Titre"),
     ({"side.themes.0": "there"}, 422, "Thèmes"), ({"new_id": "deja-la"}, 409, "deja-la"), ({"seen": "x"}, 409, "version")],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_lost(
    changes: dict[str, str], code: int, words: str, desk: Desk, nord: str
) -> None:
    before = add(desk, **BILINGUAL)
    add(desk, id_="deja-la")
    answer = split(desk.browser(nord), **{"new_title.en": "", **changes})
    assert answer.status_code == code
    assert words in answer.text
    assert read(desk) == before


def test_a_regional_entry_waits_for_a_second_person_and_that_can_be_undone(desk: Desk, nord: str, sud: str) -> None:
    before = add(desk, **BILINGUAL, basins=["region"])
    assert split(desk.browser(nord)).headers["Location"].endswith("done=waits")
    assert read(desk) == before
    assert read(desk, "rouwcafe") is None
    with desk.services.database.read() as session:
        row = queue.list_queue(session, queue.Asked(status="to_confirm", kind="split")).rows[0]
    second = desk.browser(sud)
    shown = second.get(f"?status=to_confirm&p={row.id}").text
    assert "<ins>Rouwcafé</ins>" in shown  # the new one is shown too
    second.post(f"propositions/{row.id}/accepter", "")
    assert read(desk, "rouwcafe")
    assert second.post(f"propositions/{row.id}/annuler", "").status_code == 303
    after = read(desk)
    assert after
    assert {**after, "version": 0} == {**before, "version": 0}
    assert leads(desk, "rouwcafe") == "cafe-deuil"
    root = desk.browser(desk.add("root@asbl.example", "admin"))
    root.post(f"propositions/{row.id}/accepter", "")
    assert status(desk, row.id) == "accepted"
    assert read(desk, "rouwcafe")
    assert leads(desk, "rouwcafe") is None


def test_a_contributor_proposes_and_splits_nothing(desk: Desk) -> None:
    before = add(desk, **BILINGUAL)
    eve = desk.browser(desk.add("eve@asbl.example", "contributor"))
    assert split(eve).headers["Location"].endswith("done=proposed")
    assert read(desk) == before
    assert eve.post("fiches/cafe-deuil/recoller", PAST).status_code == 403
    assert eve.post("fiches/cafe-deuil/defusionner", PAST).status_code == 403


def merge(browser: Browser, retired: str = "autre") -> Any:
    path = f"fiches/cafe-deuil/fusionner?with={retired}"
    return browser.post("fiches/cafe-deuil/fusionner", path, retired=retired, seen="1", retired_version="1")


def test_a_merge_is_taken_back_from_the_history_of_what_went(desk: Desk, nord: str) -> None:
    kept, gone = add(desk), add(desk, id_="autre", title={"nl": "Een ander"})
    browser = desk.browser(nord)
    assert merge(browser).headers["Location"].endswith("done=merged")
    assert "/curation/fiches/autre/historique" in browser.get(PAST).text
    page = browser.get("fiches/autre/historique").text
    assert "Annuler la fusion" in page
    answer = browser.post("fiches/autre/defusionner", "fiches/autre/historique")
    assert answer.headers["Location"].endswith("done=unmerged")
    for was in (kept, gone):
        present = read(desk, was["id"])
        assert present
        assert {**present, "version": 0} == {**was, "version": 0}
    assert leads(desk, "autre") is None
    assert browser.post("fiches/autre/defusionner", PAST).status_code == 409  # a double click


def test_what_the_kept_one_says_since_is_not_taken_back(desk: Desk, nord: str) -> None:
    add(desk)
    add(desk, id_="autre", title={"nl": "Een ander"})
    browser = desk.browser(nord)
    merge(browser)
    with desk.services.database.write() as session:
        present = catalogue.get_resource(session, "cafe-deuil")
        catalogue.revise_resource(session, {**present, "summary": {"fr": "Changé depuis."}}, TESTS)
    browser.post("fiches/autre/defusionner", "fiches/autre/historique")
    after = read(desk)
    assert after
    assert after["summary"] == {"fr": "Changé depuis."}
    assert after["title"]["nl"] == "Een ander"
    assert read(desk, "autre")


def test_who_may_not_decide_alone_takes_nothing_back(desk: Desk, nord: str, sud: str) -> None:
    add(desk, **BILINGUAL)
    add(desk, id_="autre")
    split(desk.browser(nord))
    merge_path = "fiches/rouwcafe/fusionner"
    desk.browser(nord).post(merge_path, f"{merge_path}?with=autre", retired="autre", seen="1", retired_version="1")
    other = desk.browser(sud)
    assert other.post("fiches/cafe-deuil/recoller", PAST).status_code in (403, 409)
    assert other.post("fiches/autre/defusionner", PAST).status_code == 403
    assert leads(desk, "autre") == "rouwcafe"


def test_script_in_every_field_is_shown_as_text(desk: Desk, nord: str) -> None:
    evil = "<script>alert(1)</script>"
    add(desk, title={"fr": evil, "nl": evil}, summary={"fr": evil}, organisations=[{"name": evil}])
    browser = desk.browser(nord)
    pages = [browser.get(PATH).text]
    pages += [split(browser, act=act, new_id=evil, reason=evil, **{"new_title.fr": evil}).text for act in ("preview", "split")]  # fmt: skip
    pages.append(split(browser, new_id="autre-fiche", reason=evil).text)
    pages.append(browser.get(PAST).text)
    assert not any("<script>alert" in page for page in pages)
