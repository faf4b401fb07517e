"""What the crawler suggests, and what the curators make of it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from directory import catalogue, proposals
from directory.database import Database
from directory.errors import (
    InvalidResource,
    ProposalDecided,
    ProposalNotFound,
    ResourceExists,
    ResourceNotFound,
)
from directory.models import OutboxRow, Proposal, Resource, Revision
from directory.proposals import Finding
from tests.directory.samples import ALICE, FULL, at_once, one_kind_of_database, resource


def finding(kind: str = "new", content_hash: str = "one", **changes: Any) -> Finding:
    return Finding(
        **{
            "source": "asbl",
            "kind": kind,
            "url": "https://asbl.example/deuil",
            "resource": resource(source={"kind": "crawl", "url": "https://asbl.example/deuil"}),
            "evidence": {"title": "Un titre"},
            "confidence": 0.8,
            "content_hash": content_hash,
            **changes,
        }
    )


def submit(database: Database, what: Finding) -> tuple[str, dict[str, Any]]:
    with database.write() as session:
        return proposals.submit(session, what)


def accept(database: Database, id_: str) -> dict[str, Any]:
    with database.write() as session:
        return proposals.accept(session, id_, ALICE)


def reject(database: Database, id_: str) -> dict[str, Any]:
    with database.write() as session:
        return proposals.reject(session, id_, ALICE)


def add(database: Database, document: dict[str, Any]) -> dict[str, Any]:
    with database.write() as session:
        return catalogue.create_resource(session, document, ALICE)


def read(database: Database, id_: str) -> dict[str, Any]:
    with database.read() as session:
        return catalogue.get_resource(session, id_, public=False)


def traces(database: Database) -> list[int | None]:
    with database.read() as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Resource, Revision, OutboxRow)]


def status(database: Database, id_: str) -> str:
    with database.read() as session:
        return str(proposals.get_proposal(session, id_)["status"])


def test_a_finding_becomes_a_pending_proposal_and_changes_nothing_else(database: Database) -> None:
    outcome, proposal = submit(database, finding(places={"title": "h1"}, field_confidence={"title": 0.9}))
    assert (outcome, proposal["status"], proposal["id"][:2]) == ("added", "pending", "p-")
    with database.read() as session:
        assert proposals.get_proposal(session, proposal["id"]) == proposal
        assert proposals.list_proposals(session) == [proposal]
    assert traces(database) == [0, 0, 0]


def test_the_same_page_is_one_proposal_whatever_is_read_there(database: Database) -> None:
    _, first = submit(database, finding())
    assert submit(database, finding())[0] == "unchanged"
    outcome, second = submit(database, finding(content_hash="two", evidence={"title": "Autre"}))
    assert (outcome, second["id"], second["evidence"]) == ("replaced", first["id"], {"title": "Autre"})
    assert submit(database, finding(url="https://asbl.example/autre"))[0] == "added"


def test_a_rejected_page_stays_rejected_until_it_says_something_else(database: Database) -> None:
    id_ = submit(database, finding())[1]["id"]
    assert reject(database, id_)["status"] == "rejected"
    assert submit(database, finding())[0] == "already_rejected"
    outcome, proposal = submit(database, finding(content_hash="two"))
    assert (outcome, proposal["status"]) == ("replaced", "pending")


def test_an_accepted_page_comes_back_only_when_it_says_something_else(database: Database) -> None:
    id_ = submit(database, finding())[1]["id"]
    accept(database, id_)
    assert submit(database, finding())[0] == "unchanged"
    assert status(database, id_) == "accepted"
    assert submit(database, finding(content_hash="two"))[1]["status"] == "pending"


def test_crawls_of_one_page_at_once_make_one_proposal(database: Database) -> None:
    for number in range(5):
        found = finding(url=f"https://asbl.example/{number}")
        outcomes = at_once(*[lambda f=found: submit(database, f)[0]] * 3)
        assert sorted(outcomes) == ["added", "unchanged", "unchanged"], outcomes


def test_an_accepted_new_entry_is_published_with_its_traces(database: Database) -> None:
    id_ = submit(database, finding(resource={**resource(), "status": "draft"}))[1]["id"]
    accepted = accept(database, id_)
    assert accepted["status"] == "published"
    assert read(database, "une-ressource") == accepted
    assert traces(database) == [1, 1, 1]
    assert status(database, id_) == "accepted"


def test_an_accepted_update_takes_the_fields_of_the_page_and_keeps_the_others(database: Database) -> None:
    add(database, FULL)
    page = {"id": "autre-id", "title": {"fr": "Nouveau titre"}, "keywords": ["nouveau"], "contact": None, "version": 1}
    id_ = submit(database, finding("update", resource=page, matches=[FULL["id"]]))[1]["id"]
    accepted = accept(database, id_)
    assert accepted == {
        **FULL,
        "title": {**FULL["title"], "fr": "Nouveau titre"},
        "keywords": ["nouveau"],
        "version": 5,
    }


@one_kind_of_database
def test_an_accepted_translation_adds_what_was_lacking_and_replaces_nothing(database: Database) -> None:
    add(database, resource(languages=["fr"], links=[{"url": "https://asbl.example/fr", "kind": "page"}]))
    page = resource(
        "een-bron",
        "Een ander",
        description={"nl": "Meer."},
        languages=["nl"],
        links=[{"url": "https://asbl.example/nl", "language": "nl", "kind": "page"}],
        themes=["vaccination"],
    )
    page["title"] = {"nl": "Een titel", "fr": "Pas celui-ci"}
    id_ = submit(database, finding("translation", resource=page, matches=["une-ressource"]))[1]["id"]
    accepted = accept(database, id_)
    assert accepted["title"] == {"fr": "Un titre", "nl": "Een titel"}
    assert accepted["description"] == {"nl": "Meer."}
    assert (accepted["languages"], accepted["themes"]) == (["fr", "nl"], ["grief"])
    assert [link["url"] for link in accepted["links"]] == ["https://asbl.example/fr", "https://asbl.example/nl"]


def test_an_accepted_disappearance_archives_the_entry(database: Database) -> None:
    add(database, resource())
    id_ = submit(database, finding("gone", resource={}, matches=["une-ressource"]))[1]["id"]
    assert accept(database, id_)["status"] == "archived"
    assert read(database, "une-ressource")["version"] == 2


@one_kind_of_database
def test_an_accepted_duplicate_only_closes_the_proposal(database: Database) -> None:
    added = add(database, resource())
    id_ = submit(database, finding("duplicate", matches=["une-ressource"]))[1]["id"]
    assert accept(database, id_) == added
    assert (status(database, id_), traces(database)) == ("accepted", [1, 1, 1])


def test_a_proposal_is_decided_once(database: Database) -> None:
    id_ = submit(database, finding())[1]["id"]
    accept(database, id_)
    for decide in (accept, reject):
        with pytest.raises(ProposalDecided, match="already accepted"):
            decide(database, id_)
    other = submit(database, finding(url="https://asbl.example/autre"))[1]["id"]
    reject(database, other)
    with pytest.raises(ProposalDecided, match="already rejected"):
        accept(database, other)
    assert traces(database) == [1, 1, 1]


def test_of_two_curators_who_decide_at_once_one_is_told_so(database: Database) -> None:
    id_ = submit(database, finding())[1]["id"]
    results = at_once(lambda: accept(database, id_), lambda: accept(database, id_), lambda: reject(database, id_))
    assert sum(isinstance(result, ProposalDecided) for result in results) == 2, results
    assert traces(database) in ([1, 1, 1], [0, 0, 0])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"resource": {"id": "incomplete", "title": {"fr": "Un"}}}, InvalidResource),
        ({"resource": resource(organisations=[])}, InvalidResource),
        ({"resource": resource("prise")}, ResourceExists),
        ({"kind": "update", "matches": []}, InvalidResource),
        ({"kind": "update", "matches": ["disparue"]}, ResourceNotFound),
        ({"kind": "update", "matches": ["prise"], "resource": {"themes": ["nonsense"]}}, InvalidResource),
        ({"kind": "translation", "matches": ["prise"], "resource": {"title": {"nl": ""}}}, InvalidResource),
        ({"kind": "gone", "matches": ["disparue"], "resource": {}}, ResourceNotFound),
        ({"kind": "duplicate", "matches": []}, InvalidResource),
    ],
)
def test_a_proposal_that_cannot_be_accepted_leaves_nothing_half_written(
    database: Database, changes: dict[str, Any], error: type[Exception]
) -> None:
    add(database, resource("prise"))
    id_ = submit(database, finding(**changes))[1]["id"]
    with database.write() as session, pytest.raises(error):
        proposals.accept(session, id_, ALICE)  # the caller goes on, and the rest is committed
    assert (status(database, id_), traces(database)) == ("pending", [1, 1, 1])
    assert reject(database, id_)["status"] == "rejected"


@one_kind_of_database
def test_the_decision_says_who_and_why(database: Database) -> None:
    id_ = submit(database, finding())[1]["id"]
    reject(database, id_)
    with database.read() as session:
        row = session.get_one(Proposal, id_)
        assert (row.decided_by, row.decision) == ("alice", "a test")
        assert row.decided_at is not None


@one_kind_of_database
def test_what_was_never_proposed_cannot_be_decided(database: Database) -> None:
    for decide in (accept, reject):
        with pytest.raises(ProposalNotFound):
            decide(database, "p-unknown")


@one_kind_of_database
def test_proposals_are_listed_surest_first_by_status_and_source(database: Database) -> None:
    for number, (source, confidence) in enumerate([("a", 0.2), ("b", 0.9), ("a", 0.5)]):
        submit(database, finding(source=source, confidence=confidence, url=f"https://asbl.example/{number}"))
    with database.read() as session:
        listed = proposals.list_proposals(session)
        assert [proposal["confidence"] for proposal in listed] == [0.9, 0.5, 0.2]
        assert [p["confidence"] for p in proposals.list_proposals(session, source="a")] == [0.5, 0.2]
    reject(database, listed[0]["id"])
    with database.read() as session:
        assert [p["id"] for p in proposals.list_proposals(session, status="rejected")] == [listed[0]["id"]]
        assert len(proposals.list_proposals(session, status="pending")) == 2
