"""The queue: what waits, who decides, what a decision does, and that each can be undone.

Longer than 300 lines: every decision of the queue, by every role.
"""

from __future__ import annotations

from typing import Any

import pytest

from directory import catalogue, curation, proposals, queue
from directory.accounts import Person
from directory.catalogue import Change
from directory.proposals import Finding
from directory.queue import Asked
from tests.web.curators import Desk

TESTS = Change("tests", "a test")


def document(id_: str = "cafe-deuil", **changes: Any) -> dict[str, Any]:
    return {
        "id": id_, "type": "intervision", "title": {"fr": f"Titre de {id_}"}, "summary": {"fr": "Un résumé."},
        "organisations": [{"name": "Une asbl"}], "links": [{"url": f"https://asbl.example/{id_}", "kind": "page"}],
        "languages": ["fr"], "themes": ["grief"], "basins": ["nord"], "audiences": [], "cost": {"kind": "free"},
        "source": {"kind": "crawl"}, "status": "published", **changes,
    }  # fmt: skip


def add(desk: Desk, **changes: Any) -> dict[str, Any]:
    with desk.services.database.write() as session:
        return catalogue.create_resource(session, document(**changes), TESTS)


def propose(desk: Desk, resource: dict[str, Any], kind: str = "new", **changes: Any) -> str:
    values = {
        "source": "asbl", "kind": kind, "url": f"https://asbl.example/{resource.get('id')}/{kind}",
        "resource": resource, "evidence": {"title": "Café deuil, tous les mardis"}, "confidence": 0.9,
        "field_confidence": {"title": 0.9}, "content_hash": "one",
    }  # fmt: skip
    with desk.services.database.write() as session:
        _, made = proposals.submit(session, Finding(**{**values, **changes}))
    return str(made["id"])


def read(desk: Desk, id_: str = "cafe-deuil") -> dict[str, Any] | None:
    with desk.services.database.read() as session:
        return catalogue.get_resources(session, [id_]).get(id_)


def status(desk: Desk, proposal_id: str) -> str:
    with desk.services.database.read() as session:
        return str(proposals.get_proposal(session, proposal_id)["status"])


def authors(desk: Desk, id_: str = "cafe-deuil") -> list[str]:
    with desk.services.database.read() as session:
        return [revision.author for revision in catalogue.list_revisions(session, id_)]


@pytest.fixture
def nord(desk: Desk) -> str:
    return desk.add("alice@asbl.example", "curator", ("nord",))


@pytest.fixture
def sud(desk: Desk) -> str:
    return desk.add("bob@asbl.example", "curator", ("sud",), name="Bob")


def test_a_curator_publishes_a_proposal_of_their_basin_alone(desk: Desk, nord: str) -> None:
    proposal, browser = propose(desk, document()), desk.browser(nord)
    page = browser.get("").text
    assert "Titre de cafe-deuil" in page
    assert "Café deuil, tous les mardis" in page  # the evidence stands beside
    answer = browser.post(f"propositions/{proposal}/accepter", "")
    assert answer.headers["Location"].startswith("/fr/curation/?done=accepted")
    assert read(desk) is not None
    assert authors(desk) == [nord]
    assert status(desk, proposal) == "accepted"


def test_a_regional_entry_waits_for_a_curator_of_another_basin(desk: Desk, nord: str, sud: str) -> None:
    proposal = propose(desk, document(basins=["region"]))
    first = desk.browser(nord)
    assert "done=waits" in first.post(f"propositions/{proposal}/accepter", "").headers["Location"]
    assert read(desk) is None
    assert first.post(f"propositions/{proposal}/accepter", "").status_code == 403  # nobody is their own second
    colleague = desk.add("carla@asbl.example", "curator", ("nord",), name="Carla")
    assert desk.browser(colleague).post(f"propositions/{proposal}/accepter", "").status_code == 403
    assert "done=accepted" in desk.browser(sud).post(f"propositions/{proposal}/accepter", "").headers["Location"]
    assert read(desk) is not None
    assert authors(desk) == [nord]


def test_an_admin_can_be_the_second_and_decides_alone(desk: Desk, nord: str) -> None:
    admin = desk.add("root@asbl.example", "admin")
    waiting, own = propose(desk, document(basins=["nord", "sud"])), propose(desk, document("autre", basins=["region"]))
    desk.browser(nord).post(f"propositions/{waiting}/accepter", "")
    browser = desk.browser(admin)
    browser.post(f"propositions/{waiting}/accepter", "")
    browser.post(f"propositions/{own}/accepter", "")
    assert read(desk)
    assert read(desk, "autre")


def test_an_entry_of_other_basins_is_not_theirs_to_decide(desk: Desk, sud: str) -> None:
    proposal, browser = propose(desk, document()), desk.browser(sud)
    for act in ("accepter", "refuser"):
        assert browser.post(f"propositions/{proposal}/{act}", "").status_code == 403
    assert status(desk, proposal) == "pending"


def test_the_old_version_stays_public_until_the_second_confirms(desk: Desk, nord: str, sud: str) -> None:
    before = add(desk, basins=["region"])
    proposal = propose(desk, {**before, "summary": {"fr": "Tout autre chose."}}, "update", matches=["cafe-deuil"])
    desk.browser(nord).post(f"propositions/{proposal}/accepter", "")
    assert read(desk) == before
    desk.browser(sud).post(f"propositions/{proposal}/accepter", "")
    after = read(desk)
    assert after
    assert after["summary"] == {"fr": "Tout autre chose."}


def test_what_was_changed_in_between_is_not_overwritten(desk: Desk, nord: str, sud: str) -> None:
    before = add(desk, basins=["region"])
    proposal = propose(desk, {**before, "summary": {"fr": "Tout autre chose."}}, "update", matches=["cafe-deuil"])
    desk.browser(nord).post(f"propositions/{proposal}/accepter", "")
    with desk.services.database.write() as session:
        catalogue.revise_resource(session, {**before, "title": {"fr": "Entre-temps"}}, TESTS)
    answer = desk.browser(sud).post(f"propositions/{proposal}/accepter", "")
    assert answer.status_code == 409
    assert "version 1" in answer.text
    assert "version 2" in answer.text
    present = read(desk)
    assert present
    assert present["title"] == {"fr": "Entre-temps"}


def test_spelling_and_links_need_no_second(desk: Desk, nord: str) -> None:
    before = add(desk, basins=["region"], summary={"fr": "Un acceuil chaleureux."})
    fixed = {**before, "summary": {"fr": "Un accueil chaleureux."}, "links": [{"url": "https://neuf.example/", "kind": "page"}]}  # fmt: skip
    proposal = propose(desk, fixed, "update", matches=["cafe-deuil"])
    desk.browser(nord).post(f"propositions/{proposal}/accepter", "")
    present = read(desk)
    assert present
    assert present["summary"] == {"fr": "Un accueil chaleureux."}


@pytest.mark.parametrize(
    ("before", "after", "respelt"),
    [
        ("Un acceuil", "Un accueil", True),
        ("café deuil", "Café-deuil", True),
        ("Ouvert le 12", "Ouvert le 13", False),
        ("avec rendez-vous", "sans rendez-vous", False),
        ("gratuit", "pas gratuit", False),
        ("pour les jeunes", "pour les aidants", False),
        ("", "Un texte", False),
    ],
)
def test_what_counts_as_spelling(before: str, after: str, respelt: bool) -> None:
    assert curation.is_respelt(before, after) is respelt


@pytest.mark.parametrize(
    ("role", "own", "old", "new", "verdict"),
    [
        ("admin", (), ["region"], ["region"], "alone"),
        ("contributor", (), None, ["nord"], "propose"),
        ("curator", ("nord",), None, ["nord"], "alone"),
        ("curator", ("nord", "sud"), ["nord"], ["sud", "nord"], "alone"),
        ("curator", ("nord",), ["nord"], ["nord", "sud"], "confirm"),
        ("curator", ("nord",), ["nord", "sud"], ["nord"], "confirm"),
        ("curator", ("nord",), ["nord"], ["sud"], "confirm"),
        ("curator", ("nord",), ["nord"], ["region"], "confirm"),
        ("curator", ("nord",), ["region"], ["nord"], "confirm"),
        ("curator", ("nord",), ["sud"], ["nord"], "propose"),
        ("curator", ("nord",), ["sud"], ["region"], "propose"),
        ("curator", ("nord",), None, ["sud"], "propose"),
        ("curator", ("nord",), None, ["region"], "confirm"),
    ],
)
def test_who_decides(role: str, own: tuple[str, ...], old: list[str] | None, new: list[str], verdict: str) -> None:
    person = Person(1, "a@b.example", "A", role, own)
    before = {"basins": old, "title": {"fr": "Avant"}} if old else None
    assert curation.judge(person, before, {"basins": new, "title": {"fr": "Tout autre chose"}}) == verdict


def test_a_reason_is_kept_and_the_page_is_not_proposed_again_unless_it_changes(desk: Desk, nord: str) -> None:
    proposal = propose(desk, document())
    desk.browser(nord).post(f"propositions/{proposal}/refuser", "", other="ce n’est pas pour nous")
    assert "ce n’est pas pour nous" in desk.browser(nord).get(f"?status=rejected&p={proposal}").text
    assert propose(desk, document()) == proposal
    assert status(desk, proposal) == "rejected"
    propose(desk, document(), content_hash="two")
    assert status(desk, proposal) == "pending"


@pytest.mark.parametrize("kind", ["new", "update", "gone", "translation"])
def test_every_acceptance_can_be_undone_and_repeated(desk: Desk, nord: str, kind: str) -> None:
    before = None if kind == "new" else add(desk)
    said = {**document(), "title": {"nl": "Rouwcafé", "fr": "Titre neuf"}}
    proposal = propose(desk, said, kind, matches=[] if kind == "new" else ["cafe-deuil"])
    browser = desk.browser(nord)
    browser.post(f"propositions/{proposal}/accepter", "")
    first = read(desk)
    assert first != before
    assert "done=undone" in browser.post(f"propositions/{proposal}/annuler", "").headers["Location"]
    now = read(desk)
    assert {**(now or {}), "version": 0} == {**(before or {}), "version": 0}
    assert status(desk, proposal) == "pending"
    assert browser.post(f"propositions/{proposal}/accepter", "").status_code == 303
    again = read(desk)
    assert {**(again or {}), "version": 0} == {**(first or {}), "version": 0}


def test_undoing_never_overwrites_what_came_after(desk: Desk, nord: str) -> None:
    proposal, browser = propose(desk, document()), desk.browser(nord)
    browser.post(f"propositions/{proposal}/accepter", "")
    present = read(desk)
    assert present
    with desk.services.database.write() as session:
        catalogue.revise_resource(session, {**present, "title": {"fr": "Plus tard"}}, TESTS)
    assert browser.post(f"propositions/{proposal}/annuler", "").status_code == 409
    later = read(desk)
    assert later
    assert later["title"] == {"fr": "Plus tard"}


def test_a_rejection_and_a_waiting_acceptance_can_be_undone_by_who_decided(desk: Desk, nord: str, sud: str) -> None:
    one, two = propose(desk, document()), propose(desk, document("autre", basins=["region"]))
    browser = desk.browser(nord)
    browser.post(f"propositions/{one}/refuser", "")
    browser.post(f"propositions/{two}/accepter", "")
    assert desk.browser(sud).post(f"propositions/{one}/annuler", "").status_code == 403
    for proposal in (one, two):
        assert browser.post(f"propositions/{proposal}/annuler", "").status_code == 303
        assert status(desk, proposal) == "pending"


def test_a_double_click_decides_once_and_says_so(desk: Desk, nord: str) -> None:
    proposal, browser = propose(desk, document()), desk.browser(nord)
    browser.post(f"propositions/{proposal}/accepter", "")
    answer = browser.post(f"propositions/{proposal}/accepter", "")
    assert answer.status_code == 409
    assert "déjà" in answer.text
    assert len(authors(desk)) == 1


def test_several_at_once_and_one_that_fails_stays(desk: Desk, nord: str) -> None:
    good = [propose(desk, document(f"bonne-{n}")) for n in range(3)]
    bad = propose(desk, document("mauvaise", organisations=[]))
    answer = desk.browser(nord).post("propositions", "", decide="accept", chosen=[*good, bad])
    assert answer.status_code == 409
    assert [status(desk, id_) for id_ in [*good, bad]] == ["accepted"] * 3 + ["pending"]
    answer = desk.browser(nord).post("propositions", "", decide="reject", chosen=[bad], reason="out of date")
    assert answer.status_code == 200
    assert status(desk, bad) == "rejected"


def test_what_keeps_a_proposal_from_being_published_is_said_in_the_curators_language(desk: Desk, nord: str) -> None:
    proposal = propose(desk, document(organisations=[]))
    for lang, words in (("fr", "Une fiche publiée dit qui l’a faite."), ("nl", "Een gepubliceerde fiche zegt wie")):
        page = desk.browser(nord, lang).get("").text
        assert words in page, lang
    answer = desk.browser(nord).post(f"propositions/{proposal}/accepter", "")
    assert answer.status_code == 422


def test_the_list_is_filtered_by_basin_theme_kind_and_confidence(desk: Desk, nord: str) -> None:
    propose(desk, document("un"), confidence=0.95)
    propose(desk, document("deux", basins=["sud"], themes=["vaccination"]), confidence=0.6)
    add(desk)
    propose(desk, {"title": {"fr": "Sans bassin"}}, "update", matches=["cafe-deuil"], confidence=0.2)

    def found(**asked: Any) -> list[str]:
        with desk.services.database.read() as session:
            return [str(row.resource.get("id")) for row in queue.list_queue(session, Asked(**asked)).rows]

    assert found() == ["un", "deux", "None"]
    assert found(basin="nord") == ["un", "None"]  # an update lies where its entry does
    assert found(theme="vaccination") == ["deux"]
    assert found(kind="update") == ["None"]
    assert found(confidence="high") == ["un"]
    assert found(basin="sud", kind="update") == []
    browser = desk.browser(nord)
    assert "Titre de deux" not in browser.get("?basin=nord").text
    assert browser.get("?basin=atlantis&page=x&sort=9").status_code == 200


def test_a_contributor_sees_and_withdraws_only_their_own(desk: Desk) -> None:
    proposal = propose(desk, document())
    browser = desk.browser(desk.add("dora@asbl.example", "contributor"))
    assert "Titre de cafe-deuil" not in browser.get("").text
    assert "Titre de cafe-deuil" not in browser.get(f"?p={proposal}").text
    assert browser.post(f"propositions/{proposal}/refuser", "").status_code == 403
    assert browser.post(f"propositions/{proposal}/accepter", "").status_code == 403


def test_script_in_a_proposal_is_shown_as_text(desk: Desk, nord: str) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    propose(desk, document(title={"fr": hostile}), evidence={"title": hostile}, url="javascript:alert(3)")
    page = desk.browser(nord).get("").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript:' not in page
