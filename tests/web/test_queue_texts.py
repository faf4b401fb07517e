"""What the queue says: dates in the reader's language, what to do where a proposal changes nothing, one key to close."""

from __future__ import annotations

from datetime import timedelta

import pytest

from directory import catalogue, proposals, reminders, suggestions
from directory.proposals import Finding
from tests.web.curators import Desk
from tests.web.test_queue import add, document, propose, status


@pytest.fixture
def nord(desk: Desk) -> str:
    return desk.add("alice@asbl.example", "curator", ("nord",))


@pytest.mark.parametrize(
    ("lang", "day", "moment", "amount"),
    [("fr", "3 novembre 2026", "mardi 1er décembre 2026, 9 h 30", "12,50"),
     ("nl", "3 november 2026", "dinsdag 1 december 2026, 9.30 uur", "12,50"),
     ("en", "3 November 2026", "Tuesday, 1 December 2026, 9:30", "12.50")],
)  # fmt: skip
def test_dates_and_amounts_are_written_the_reader_s_way(
    lang: str, day: str, moment: str, amount: str, desk: Desk, nord: str
) -> None:
    told = document(
        verified_on="2026-11-03",
        cost={"kind": "paid", "amount_eur": 12.5, "checked_on": "2026-11-03"},
        occurrences=[{"start": "2026-12-01T09:30:00+01:00", "place": "Salle 1"}],
    )
    propose(desk, told)
    page = desk.browser(nord, lang).get("").text
    assert page.count(f"<ins>{day}</ins>") == 2
    assert f"{moment} · Salle 1" in page
    assert amount in page
    assert "2026-11-03" not in page
    assert "2026-12-01T" not in page


def test_what_is_no_date_is_shown_as_it_was_read(desk: Desk, nord: str) -> None:
    propose(desk, document(verified_on="bientôt", occurrences=[{"start": "un mardi"}], cost={"kind": "paid", "amount_eur": "dix"}))  # fmt: skip
    page = desk.browser(nord).get("").text
    for text in ("bientôt", "un mardi", "dix"):
        assert f"<ins>{text}</ins>" in page


def test_a_reader_s_message_comes_with_what_to_do_and_is_closed_by_an_edit(desk: Desk, nord: str) -> None:
    add(desk)
    with desk.services.database.write() as session:
        told = suggestions.Wrong(resource_id="cafe-deuil", about="contact", message="Le numéro a changé.")
        _, made = suggestions.suggest_correction(session, told, page="https://senne.example/fr/ressources/cafe-deuil")
    browser = desk.browser(nord)
    page = browser.get("").text
    assert "Une personne a trouvé une erreur" in page
    assert "<dd>les coordonnées</dd>" in page
    assert "<dd>Le numéro a changé.</dd>" in page
    from tests.web.test_editing import edit

    edit(browser, f"propositions/{made['id']}/modifier", **{"contact.phone": "02 318 60 55"})
    assert status(desk, made["id"]) == "accepted"
    with desk.services.database.read() as session:
        assert catalogue.get_resource(session, "cafe-deuil")["contact"] == {"phone": "+3223186055"}


@pytest.mark.parametrize(("answer", "words"), [("change", "Quelque chose doit changer."), ("gone", "Accepter archive la fiche.")])  # fmt: skip
def test_an_organisation_s_answer_comes_with_what_to_do(answer: str, words: str, desk: Desk, nord: str) -> None:
    resource, now = add(desk), desk.clock()
    with desk.services.database.write() as session:
        question = reminders.Question("info@asbl.example", resource, now.date() - timedelta(days=1))
        id_ = reminders.open_reminder(session, question, now=now)
        reminders.answer_reminder(session, id_, answer, version=1, message="", page="https://senne.example/x", now=now)  # type: ignore[arg-type]
    page = desk.browser(nord).get("").text
    assert "sa réponse se trouve plus bas" in page
    assert words in page


@pytest.mark.parametrize("matches", [[], ["nulle-part"]])
def test_what_names_no_entry_is_closed_by_one_button(matches: list[str], desk: Desk, nord: str) -> None:
    finding = Finding(
        source="asbl", kind="gone", url="https://asbl.example/x", resource={}, evidence={}, confidence=0.9,
        matches=matches, content_hash="one",
    )  # fmt: skip
    with desk.services.database.write() as session:
        _, made = proposals.submit(session, finding)
    browser = desk.browser(nord)
    page = browser.get("").text
    assert 'data-key="c"' in page
    assert 'data-key="a"' not in page  # accepting it could only fail
    browser.post(f"propositions/{made['id']}/refuser", "", reason="elle ne nomme aucune fiche existante")
    assert status(desk, made["id"]) == "rejected"
    assert browser.post(f"propositions/{made['id']}/refuser", "", reason="x").status_code == 409


def test_what_names_an_entry_has_no_such_button(desk: Desk, nord: str) -> None:
    add(desk)
    propose(desk, {}, "gone", matches=["cafe-deuil"])
    page = desk.browser(nord).get("").text
    assert 'data-key="c"' not in page
    assert 'data-key="a"' in page
