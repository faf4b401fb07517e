"""The form of a whole entry, its conflicts, its doubles; history, restoring, archiving, merging."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from directory import catalogue, redirects
from tests.directory.samples import FULL
from tests.web.curators import Browser, Desk
from tests.web.test_queue import TESTS, add, authors, document, propose, read, status

FIELD = re.compile(r'<input[^>]*?name="([^"]+)"[^>]*?>', re.S)


@pytest.fixture
def nord(desk: Desk) -> str:
    return desk.add("alice@asbl.example", "curator", ("nord",))


@pytest.fixture
def sud(desk: Desk) -> str:
    return desk.add("bob@asbl.example", "curator", ("sud",), name="Bob")


def fields(page: str) -> dict[str, Any]:
    """What a browser would send of the form of the entry, untouched."""
    form = page[page.index('id="entry"') : page.index("</form>", page.index('id="entry"'))]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in {"checkbox", "radio"} and not re.search(r"\schecked\b", tag):
            continue
        found.setdefault(attributes["name"], []).append(html.unescape(attributes.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]*?name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found.setdefault(name, []).append(html.unescape(text))
    for name, options in re.findall(r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen
        found.setdefault(name, []).append(chosen[1])
    del found["token"]
    return dict(found)


def edit(browser: Browser, path: str, **changes: Any) -> Any:
    """Open the form, change some fields, save."""
    typed = fields(browser.get(path).text)
    return browser.post(path, path, **{**typed, "act": "save", **changes})


def test_a_form_that_nobody_touched_changes_nothing_whatever_the_entry_holds(desk: Desk) -> None:
    admin = desk.add("root@asbl.example", "admin")
    with desk.services.database.write() as session:
        before = catalogue.create_resource(session, FULL, TESTS)
    answer = edit(desk.browser(admin), f"fiches/{FULL['id']}/modifier")
    assert read(desk, FULL["id"]) == before
    assert answer.headers["Location"].endswith("done=unchanged")


def test_a_curator_edits_both_languages_and_stands_in_the_history(desk: Desk, nord: str) -> None:
    add(desk)
    browser = desk.browser(nord)
    page = browser.get("fiches/cafe-deuil/modifier").text
    assert '<span data-missing="nl">2</span>' in page  # title and summary
    changes = {"title.nl": "Rouwcafé", "summary.nl": "Een samenvatting.", "reason": "traduit"}
    assert edit(browser, "fiches/cafe-deuil/modifier", **changes).status_code == 303
    present = read(desk)
    assert present
    assert present["title"] == {"fr": "Titre de cafe-deuil", "nl": "Rouwcafé"}
    assert authors(desk) == ["tests", nord]
    past = browser.get("fiches/cafe-deuil/historique").text
    assert "traduit" in past
    assert "Rouwcafé" in past
    assert '<span data-missing="nl">0</span>' in browser.get("fiches/cafe-deuil/modifier").text


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "Écrivez l’adresse depuis le début"), ("nl", "Schrijf het adres vanaf het begin")],
)
def test_what_is_wrong_stands_beside_its_field_in_the_curators_language(
    desk: Desk, nord: str, lang: str, words: str
) -> None:
    add(desk)
    browser = desk.browser(nord, lang)
    answer = edit(
        browser, "fiches/cafe-deuil/modifier", **{"links.0.url": "asbl.example", "title.fr": "Gardé", "themes": []}
    )
    assert answer.status_code == 422
    assert re.search(rf'id="e-links\.0\.url-problem">{words}', answer.text)
    assert 'id="e-themes-problem"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="Gardé"' in answer.text  # nothing that was typed is lost
    assert authors(desk) == ["tests"]


def test_two_on_one_entry_the_second_is_told_and_nothing_is_overwritten(desk: Desk, nord: str) -> None:
    add(desk)
    browser, path = desk.browser(nord), "fiches/cafe-deuil/modifier"
    typed = fields(browser.get(path).text)
    edit(desk.browser(nord), path, **{"summary.fr": "Changé par une collègue."})
    answer = browser.post(path, path, **{**typed, "act": "save", "title.fr": "Mon titre"})
    assert answer.status_code == 409
    assert "Changé par une collègue." in answer.text
    present = read(desk)
    assert present
    assert present["title"] == {"fr": "Titre de cafe-deuil"}
    again = browser.post(path, path, **{**fields(answer.text), "act": "save"})
    assert again.status_code == 303
    present = read(desk)
    assert present
    assert (present["title"]["fr"], present["summary"]["fr"]) == ("Mon titre", "Changé par une collègue.")


def test_an_edit_of_a_regional_entry_waits_and_the_second_confirms_with_one_form(
    desk: Desk, nord: str, sud: str
) -> None:
    before = add(desk, basins=["region"])
    answer = edit(desk.browser(nord), "fiches/cafe-deuil/modifier", **{"summary.fr": "Tout autre chose."})
    assert "done=waits" in answer.headers["Location"]
    assert read(desk) == before
    page = desk.browser(sud).get("?status=to_confirm").text
    found = re.search(r"propositions/(p-\w+)/accepter", page)
    assert found
    desk.browser(sud).post(f"propositions/{found[1]}/accepter", "?status=to_confirm")
    present = read(desk)
    assert present
    assert present["summary"] == {"fr": "Tout autre chose."}
    assert authors(desk) == ["tests", nord]


def test_a_contributor_proposes_and_publishes_nothing(desk: Desk, nord: str) -> None:
    dora, before = desk.add("dora@asbl.example", "contributor"), add(desk)
    browser = desk.browser(dora)
    answer = edit(browser, "fiches/cafe-deuil/modifier", **{"title.fr": "Proposé"})
    assert "done=proposed" in answer.headers["Location"]
    assert read(desk) == before
    assert "Proposé" in browser.get("").text
    found = re.search(r"propositions/(p-\w+)/accepter", desk.browser(nord).get("").text)
    assert found
    desk.browser(nord).post(f"propositions/{found[1]}/accepter", "")
    present = read(desk)
    assert present
    assert present["title"] == {"fr": "Proposé"}


def test_a_new_entry_takes_its_address_from_its_title(desk: Desk, nord: str) -> None:
    browser = desk.browser(nord)
    values = {
        "title.fr": "Un café à Jette", "type": "intervision", "themes": ["grief"], "basins": ["nord"], "version": "1",
        "organisations.0.name": "Une asbl", "cost.kind": "free", "status": "published", "source.kind": "curated",
    }  # fmt: skip
    answer = browser.post("fiches/nouvelle", "fiches/nouvelle", act="save", **values)
    found = re.search(r"/fiches/(un-cafe-a-jette-\w+)/historique", answer.headers["Location"])
    assert found
    assert read(desk, found[1])
    taken = browser.post("fiches/nouvelle", "fiches/nouvelle", act="save", id=found[1], **values)
    assert taken.status_code == 409


def test_a_preview_shows_and_saves_nothing(desk: Desk, nord: str) -> None:
    before = add(desk)
    answer = edit(desk.browser(nord), "fiches/cafe-deuil/modifier", act="preview", **{"title.fr": "À voir"})
    assert answer.status_code == 200
    assert 'id="preview"' in answer.text
    assert "À voir" in answer.text
    assert read(desk) == before


def test_likely_doubles_are_named_while_one_types_in_whatever_basin(desk: Desk, nord: str) -> None:
    add(desk, basins=["sud"], title={"fr": "Café deuil de Forest"})
    browser = desk.browser(nord)
    found = browser.get("doublons?fr=Café+deuil+de+Forest&organisation=Une+asbl&type=intervision").get_json()
    assert [item["id"] for item in found] == ["cafe-deuil"]
    assert browser.get("doublons?fr=Tout+autre+chose").get_json() == []
    assert browser.get("doublons").get_json() == []


def test_a_proposal_is_edited_then_accepted(desk: Desk, nord: str) -> None:
    proposal = propose(desk, {**document(), "cost": None, "audiences": None})
    answer = edit(desk.browser(nord), f"propositions/{proposal}/modifier", **{"title.nl": "Rouwcafé"})
    assert "done=accepted" in answer.headers["Location"]
    present = read(desk)
    assert present
    assert present["title"]["nl"] == "Rouwcafé"
    assert status(desk, proposal) == "accepted"


def test_a_proposal_is_merged_into_an_entry_and_that_undone(desk: Desk, nord: str) -> None:
    before = add(desk)
    proposal = propose(
        desk, document("double", title={"fr": "Autre", "nl": "Rouwcafé"}), "duplicate", matches=["cafe-deuil"]
    )
    browser = desk.browser(nord)
    assert "into=cafe-deuil" in browser.get(f"propositions/{proposal}/fusionner").text
    answer = edit(browser, f"propositions/{proposal}/modifier?into=cafe-deuil")
    assert "done=accepted" in answer.headers["Location"], answer.text
    present = read(desk)
    assert present
    assert present["title"] == {"fr": "Titre de cafe-deuil", "nl": "Rouwcafé"}
    assert len(present["links"]) == 2
    browser.post(f"propositions/{proposal}/annuler", "")
    assert read(desk) == {**before, "version": 3}


def test_any_revision_is_restored(desk: Desk, nord: str) -> None:
    before = add(desk)
    browser, path = desk.browser(nord), "fiches/cafe-deuil/historique"
    edit(browser, "fiches/cafe-deuil/modifier", **{"title.fr": "Autre"})
    assert browser.post("fiches/cafe-deuil/restaurer", path, version="1", seen="1").status_code == 409
    assert browser.post("fiches/cafe-deuil/restaurer", path, version="1", seen="2").status_code == 303
    assert read(desk) == {**before, "version": 3}
    assert authors(desk) == ["tests", nord, nord]


def test_an_entry_is_archived_and_brought_back(desk: Desk, nord: str, sud: str) -> None:
    before = add(desk)
    browser, path = desk.browser(nord), "fiches/cafe-deuil/historique"
    browser.post("fiches/cafe-deuil/archiver", path, turn="archive", seen="1")
    assert read(desk) is None
    browser.post("fiches/cafe-deuil/archiver", path, turn="back", seen="2")
    assert read(desk) == {**before, "version": 3}
    other = desk.browser(sud)
    other.post("fiches/cafe-deuil/archiver", path, turn="archive", seen="3")
    assert read(desk) is not None  # in none of Bob's basins: it is a proposal


def test_two_entries_are_merged_and_the_old_address_leads_on(desk: Desk, nord: str) -> None:
    add(desk)
    add(desk, id_="double", title={"nl": "Rouwcafé"})
    browser = desk.browser(nord)
    path = "fiches/cafe-deuil/fusionner?with=double"
    assert "Rouwcafé" in browser.get(path).text
    values = {"retired": "double", "seen": "1", "retired_version": "1"}
    assert browser.post("fiches/cafe-deuil/fusionner", path, **values).status_code == 303
    with desk.services.database.read() as session:
        assert redirects.find_redirect(session, "double") == "cafe-deuil"
    assert desk.browser().client.get("/fr/ressources/double").status_code == 301
    assert "cafe-deuil" in browser.get("fiches/double/historique").text
    itself = {"retired": "cafe-deuil", "seen": "2", "retired_version": "2"}
    assert browser.post("fiches/cafe-deuil/fusionner", "fiches/cafe-deuil/fusionner", **itself).status_code == 409


def test_a_merge_of_regional_entries_waits_for_a_second(desk: Desk, nord: str, sud: str) -> None:
    add(desk, basins=["region"])
    add(desk, id_="double", basins=["region"])
    values = {"retired": "double", "seen": "1", "retired_version": "1"}
    answer = desk.browser(nord).post("fiches/cafe-deuil/fusionner", "fiches/cafe-deuil/fusionner?with=double", **values)
    assert "done=waits" in answer.headers["Location"]
    assert read(desk, "double")
    found = re.search(r"propositions/(p-\w+)/accepter", desk.browser(sud).get("?status=to_confirm").text)
    assert found
    assert "done=accepted" in desk.browser(sud).post(f"propositions/{found[1]}/accepter", "").headers["Location"]
    assert read(desk, "double") is None
    assert "done=undone" in desk.browser(sud).post(f"propositions/{found[1]}/annuler", "").headers["Location"]
    assert read(desk, "double")
