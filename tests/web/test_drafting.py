"""Drafts in the form: kept by a button, back when it is opened again, gone when they are handed in or discarded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from directory import catalogue, drafts
from tests.web.curators import ORIGIN, TOKEN, Browser, Desk
from tests.web.test_editing import edit, fields
from tests.web.test_queue import TESTS, add, document, propose, read

PATH = "fiches/cafe-deuil/modifier"


@pytest.fixture
def nord(desk: Desk) -> str:
    return desk.add("alice@asbl.example", "curator", ("nord",))


def kept(desk: Desk) -> list[str]:
    """Subjects of every draft there is."""
    with desk.services.database.read() as session:
        return sorted(subject for subject in session.scalars(drafts.sa.select(drafts.Draft.subject)))


def value(page: str, name: str) -> Any:
    return fields(page)[name][0]


def test_a_draft_is_kept_without_changing_the_entry_and_is_back_with_its_age(desk: Desk, nord: str) -> None:
    before, browser = add(desk), desk.browser(nord)
    answer = edit(
        browser, PATH, act="draft", **{"title.nl": "Rouwcafé", "contact.phone": "pas un numéro", "reason": "traduit"}
    )
    assert answer.headers["Location"].endswith(f"{PATH}?done=draft")
    assert read(desk) == before
    desk.clock.pass_(minutes=12)
    page = browser.get(PATH).text
    assert value(page, "title.nl") == "Rouwcafé"
    assert value(page, "contact.phone") == "pasunnuméro"  # as the form reads numbers; unchecked
    assert value(page, "reason") == "traduit"
    assert "il y a 12 minutes" in page


def test_a_draft_is_its_writer_s_alone(desk: Desk, nord: str) -> None:
    add(desk)
    edit(desk.browser(nord), PATH, act="draft", **{"title.fr": "Un secret"})
    other = desk.browser(desk.add("root@asbl.example", "admin"))
    for path in (PATH, "fiches", "fiches/cafe-deuil/historique", "", "fiches/nouvelle"):
        assert "Un secret" not in other.get(path).text, path
    client = desk.app.test_client()
    for path in ("/fr/ressources/cafe-deuil", "/api/v1/resources/cafe-deuil", "/fr/ressources"):
        assert "Un secret" not in client.get(path).text, path


def test_what_is_handed_in_leaves_no_draft(desk: Desk, nord: str) -> None:
    add(desk)
    browser = desk.browser(nord)
    edit(browser, PATH, act="draft", **{"title.nl": "Rouwcafé"})
    assert kept(desk) == ["entry/cafe-deuil"]
    assert edit(browser, PATH).headers["Location"].endswith("done=saved")  # the draft was in the form
    assert kept(desk) == []
    present = read(desk)
    assert present
    assert present["title"]["nl"] == "Rouwcafé"


def test_what_is_refused_keeps_its_draft(desk: Desk, nord: str) -> None:
    add(desk)
    browser = desk.browser(nord)
    edit(browser, PATH, act="draft", **{"title.fr": ""})
    assert edit(browser, PATH).status_code == 422
    assert kept(desk) == ["entry/cafe-deuil"]


def test_a_draft_is_discarded_from_the_form_and_from_the_list(desk: Desk, nord: str) -> None:
    add(desk)
    browser = desk.browser(nord)
    for back, target in (("", PATH), ("list", "fiches")):
        edit(browser, PATH, act="draft", **{"title.fr": "Un autre titre"})
        assert "Un autre titre" in browser.get("fiches").text
        answer = browser.post("brouillons/abandonner", PATH, subject="entry/cafe-deuil", back=back)
        assert answer.headers["Location"].endswith(f"{target}?done=discarded")
        assert kept(desk) == []
        assert value(browser.get(PATH).text, "title.fr") == "Titre de cafe-deuil"


def test_a_draft_on_an_old_version_says_so_and_takes_over_what_others_changed(desk: Desk, nord: str) -> None:
    add(desk)
    browser = desk.browser(nord)
    edit(browser, PATH, act="draft", **{"title.nl": "Rouwcafé"})
    with desk.services.database.write() as session:
        present = catalogue.get_resource(session, "cafe-deuil")
        catalogue.revise_resource(session, {**present, "summary": {"fr": "Changé entre-temps."}}, TESTS)
    page = browser.get(PATH).text
    assert "Il part de la version 1" in page
    assert "maintenant à la version 2" in page
    assert value(page, "title.nl") == "Rouwcafé"
    assert value(page, "summary.fr") == "Changé entre-temps."
    assert edit(browser, PATH).headers["Location"].endswith("done=saved")
    after = read(desk)
    assert after
    assert (after["title"]["nl"], after["summary"]["fr"]) == ("Rouwcafé", "Changé entre-temps.")


def test_a_new_entry_and_a_proposal_have_drafts_too(desk: Desk, nord: str) -> None:
    browser = desk.browser(nord)
    edit(browser, "fiches/nouvelle", act="draft", **{"title.fr": "Une idée"})
    assert value(browser.get("fiches/nouvelle").text, "title.fr") == "Une idée"
    id_ = propose(desk, document())
    path = f"propositions/{id_}/modifier"
    edit(browser, path, act="draft", **{"title.fr": "Un meilleur titre"})
    assert kept(desk) == ["new", f"proposal/{id_}"]
    assert edit(browser, path).headers["Location"].endswith(f"done=accepted&was={id_}")
    present = read(desk)
    assert present
    assert present["title"]["fr"] == "Un meilleur titre"
    assert kept(desk) == ["new"]


def test_a_merge_into_an_entry_has_a_draft_of_its_own(desk: Desk, nord: str) -> None:
    add(desk)
    id_ = propose(desk, document("cafe-deuil-bis", title={"nl": "Rouwcafé"}))
    browser = desk.browser(nord)
    path = f"propositions/{id_}/modifier?into=cafe-deuil"
    typed = fields(browser.get(path).text)
    browser.post(path, path, **{**typed, "act": "draft", "title.nl": "Het rouwcafé"})
    assert kept(desk) == [f"proposal/{id_}/cafe-deuil"]
    assert value(browser.get(path).text, "title.nl") == "Het rouwcafé"
    assert value(browser.get(f"propositions/{id_}/modifier").text, "title.nl") == "Rouwcafé"
    typed = fields(browser.get(path).text)
    browser.post(path, path, **{**typed, "act": "save"})
    assert kept(desk) == []


def post_json(browser: Browser, path: str, **values: Any) -> Any:
    page = browser.get(path).text
    found = TOKEN.search(page)
    assert found
    data = {**fields(page), "token": found[1], **values}
    headers = {**ORIGIN, "Accept": "application/json"}
    return browser.client.post(f"/fr/curation/{path}", data=data, headers=headers)


def test_a_script_is_answered_in_one_sentence(desk: Desk, nord: str) -> None:
    add(desk)
    answer = post_json(desk.browser(nord), PATH, act="draft", **{"title.nl": "Rouwcafé"})
    assert json.loads(answer.text)["told"].startswith("Brouillon gardé")
    assert kept(desk) == ["entry/cafe-deuil"]


def test_a_draft_needs_its_token_and_a_login(desk: Desk, nord: str) -> None:
    add(desk)
    browser = desk.browser(nord)
    path = f"/fr/curation/{PATH}"
    assert browser.client.post(path, data={"act": "draft"}, headers=ORIGIN).status_code == 403
    assert desk.browser().client.post(path, data={"act": "draft"}, headers=ORIGIN).status_code in (303, 403)
    answer = browser.post("brouillons/abandonner", PATH, subject="account/1")
    assert answer.status_code == 404
    assert kept(desk) == []


def test_script_in_a_draft_is_shown_as_text(desk: Desk, nord: str) -> None:
    add(desk)
    browser, evil = desk.browser(nord), '"><script>alert(1)</script>'
    changes = {name: evil for name in fields(browser.get(PATH).text) if name not in ("version", "id", "source.kind")}
    edit(browser, PATH, **{**changes, "act": "draft"})
    for path in (PATH, "fiches"):
        assert "<script>alert" not in browser.get(path).text


def test_english_has_a_field_and_counts_as_no_missing_translation(desk: Desk, nord: str) -> None:
    add(desk, title={"fr": "Un", "nl": "Een", "en": "One"}, summary={"fr": "Un.", "nl": "Een."})
    browser = desk.browser(nord)
    page = browser.get(PATH).text
    assert value(page, "title.en") == "One"
    assert all(f'<span data-missing="{code}">0</span>' in page for code in ("fr", "nl"))
    edit(browser, PATH, **{"title.en": "", "summary.en": "A group."})
    present = read(desk)
    assert present
    assert present["title"] == {"fr": "Un", "nl": "Een"}
    assert present["summary"]["en"] == "A group."
