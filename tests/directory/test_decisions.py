"""What people decide about proposals, on every kind of database."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from directory import accounts, catalogue, decisions, proposals, queue
from directory.accounts import Person, person_of
from directory.curation_tables import ProposalTerm
from directory.database import Database
from directory.errors import NotAllowed, ProposalDecided, UndoRefused, VersionConflict
from directory.models import Proposal
from directory.proposals import Finding
from directory.queue import Asked
from tests.directory.samples import ALICE, at_once, resource


def person(database: Database, name: str, role: str = "curator", basins: tuple[str, ...] = ()) -> Person:
    with database.write() as session:
        row = accounts.add_account(
            session, email=f"{name}@asbl.example", name=name, role=role, basins=basins, language="fr", by="tests"
        )
        return person_of(row)


def propose(database: Database, kind: str = "new", matches: tuple[str, ...] = (), **changes: Any) -> str:
    document = resource(**changes)
    finding = Finding(
        source="asbl", kind=kind, url=f"https://asbl.example/{document['id']}", resource=document, evidence={},
        confidence=0.7, matches=list(matches), content_hash="one",
    )  # fmt: skip
    with database.write() as session:
        return str(proposals.submit(session, finding)[1]["id"])


def read(database: Database, id_: str) -> dict[str, Any]:
    with database.read() as session:
        return catalogue.get_resource(session, id_, public=False)


def test_an_entry_of_all_brussels_needs_two_and_is_authored_by_the_first(database: Database) -> None:
    alice, bob = person(database, "alice", basins=("nord",)), person(database, "bob", basins=("sud",))
    id_ = propose(database, id="pour-tous", basins=["region"])
    with database.write() as session:
        assert decisions.accept(session, id_, alice, reason="bien").outcome == "to_confirm"
    with database.write() as session, pytest.raises(NotAllowed):
        decisions.accept(session, id_, alice, reason="encore")
    with database.write() as session:
        assert decisions.accept(session, id_, bob, reason="oui").outcome == "done"
    with database.read() as session:
        revision = catalogue.list_revisions(session, "pour-tous")[-1]
    assert (revision.author, revision.reason) == (alice.email, f"bien (confirmed by {bob.email})")


def test_eight_who_accept_at_once_publish_once(database: Database) -> None:
    admin = person(database, "root", "admin")
    id_ = propose(database, id="une-seule")
    outcomes: list[str] = []

    def decide() -> None:
        try:
            with database.write() as session:
                outcomes.append(decisions.accept(session, id_, admin, reason="oui").outcome)
        except ProposalDecided:
            outcomes.append("decided")

    at_once(*[decide] * 8)
    assert sorted(outcomes) == ["decided"] * 7 + ["done"]
    assert read(database, "une-seule")["version"] == 1


def test_undoing_restores_what_stood_and_refuses_to_lose_what_came_after(database: Database) -> None:
    admin = person(database, "root", "admin")
    with database.write() as session:
        before = catalogue.create_resource(session, resource(id="une-fiche"), ALICE)
    id_ = propose(database, "update", ("une-fiche",), id="une-fiche", title="Neuf")
    with database.write() as session:
        decisions.accept(session, id_, admin, reason="oui")
    assert read(database, "une-fiche")["title"] == {**before["title"], "fr": "Neuf"}
    with database.write() as session:
        decisions.undo(session, id_, admin)
    assert read(database, "une-fiche") == {**before, "version": 3}
    with database.write() as session:
        decisions.accept(session, id_, admin, reason="oui")
    with database.write() as session:
        present = catalogue.get_resource(session, "une-fiche", public=False)
        catalogue.revise_resource(session, {**present, "title": {"fr": "Après"}}, ALICE)
    with database.write() as session, pytest.raises(UndoRefused):
        decisions.undo(session, id_, admin)
    assert read(database, "une-fiche")["title"] == {"fr": "Après"}


def test_an_edit_that_waits_does_not_overwrite_what_others_did_meanwhile(database: Database) -> None:
    alice, bob = person(database, "alice", basins=("nord",)), person(database, "bob", basins=("sud",))
    with database.write() as session:
        before = catalogue.create_resource(session, resource(id="pour-tous", basins=["region"]), ALICE)
    with database.write() as session:
        left = decisions.save(session, {**before, "title": {"fr": "Tout autre chose"}}, alice, reason="mieux")
    assert left.outcome == "to_confirm"
    with database.write() as session:
        catalogue.revise_resource(session, {**before, "keywords": ["entre-temps"]}, ALICE)
    with pytest.raises(VersionConflict), database.write() as session:
        decisions.accept(session, str(left.proposal_id), bob, reason="oui")
    assert read(database, "pour-tous")["keywords"] == ["entre-temps"]


def test_the_queue_counts_every_choice_and_pages_hold_each_row_once(database: Database) -> None:
    for number in range(60):
        basins, themes = (["nord"], ["grief"]) if number % 3 else (["region"], ["vaccination", "grief"])
        propose(database, id=f"fiche-{number}", basins=basins, themes=themes)
    with database.read() as session:
        first = queue.list_queue(session, Asked())
        seen = [row.id for page in (1, 2, 3) for row in queue.list_queue(session, Asked(page=page)).rows]
        local = queue.list_queue(session, Asked(basin="nord"))
        none = queue.list_queue(session, Asked(basin="nord", theme="vaccination"))
    assert (first.total, first.pages, len(seen), len(set(seen))) == (60, 3, 60, 60)
    assert first.counts["basin"] == {"nord": 40, "region": 20}
    assert first.counts["theme"] == {"grief": 60, "vaccination": 20}
    assert first.counts["kind"] == {"new": 60}
    assert (local.total, local.counts["theme"]) == (40, {"grief": 40})
    assert local.counts["basin"] == {"nord": 40, "region": 20}  # a facet's own choice is ignored
    assert none.total == 0


def test_the_terms_of_a_proposal_follow_what_it_says(database: Database) -> None:
    id_ = propose(database, id="une-fiche", basins=["nord"])
    finding = Finding(
        source="asbl", kind="new", url="https://asbl.example/une-fiche", resource=resource(id="une-fiche", basins=["sud"]),
        evidence={}, confidence=0.7, content_hash="two",
    )  # fmt: skip
    with database.write() as session:
        proposals.submit(session, finding)
    with database.read() as session:
        basins = session.scalars(sa.select(ProposalTerm.value).where(ProposalTerm.facet == "basin")).all()
        assert session.get(Proposal, id_) is not None
    assert basins == ["sud"]


def test_the_queue_counts_what_waits_whoever_decides(database: Database) -> None:
    nora = person(database, "nora", basins=("nord",))
    ids = [propose(database, id_=f"neuf-{n}") for n in range(4)]

    def told(status: str) -> tuple[int, Any, Any]:
        with database.read() as session:
            found = queue.list_queue(session, Asked(status=status))
            filtered = queue.list_queue(session, Asked(status=status, basin="nord"))
        assert filtered.total == found.total
        assert sum(found.counts["status"].values()) == 4
        return found.total, found.counts["basin"].get("nord", 0), found.counts["theme"].get("grief", 0)

    assert told("pending") == (4, 4, 4)
    with database.write() as session:
        decisions.accept(session, ids[0], nora, reason="x")
        decisions.reject(session, ids[1], nora, reason="x")
        proposals.reject(session, ids[2], ALICE)
    assert (told("pending"), told("accepted"), told("rejected")) == ((1, 1, 1), (1, 1, 1), (2, 2, 2))
    with database.write() as session:
        decisions.undo(session, ids[1], nora)
    assert (told("pending"), told("rejected")) == ((2, 2, 2), (1, 1, 1))
