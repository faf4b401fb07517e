"""Two failures a day apart make a link dead, two sights of one redirect make a proposal, and nothing changes by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from directory import proposals
from directory.catalogue import Change, create_resource, get_resource
from directory.database import Database
from directory.link_health import Outcome, Recorded, Sighting, list_links, record_sighting, replace_address
from directory.upkeep_state import LinkHealth
from tests.directory.samples import ALICE, resource

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
OLD, NEW = "https://asbl.example/old", "https://asbl.example/new"
LINKS = [{"url": OLD, "kind": "page"}, {"url": "https://asbl.example/file.pdf", "kind": "download"}]


def add(database: Database, *ids: str, links: Any = LINKS, **changes: Any) -> None:
    with database.write() as session:
        for id_ in ids:
            create_resource(session, resource(id_, links=links, **changes), ALICE)


def see(database: Database, outcome: Outcome, *, hours: float = 0, **facts: Any) -> Recorded:
    with database.write() as session:
        ids = next((link.resources for link in list_links(session) if link.url == OLD), ())
        sighting = Sighting(url=OLD, outcome=outcome, at=NOW + timedelta(hours=hours), **facts)
        return record_sighting(session, sighting, ids)


def pending(database: Database) -> list[dict[str, Any]]:
    with database.read() as session:
        return proposals.list_proposals(session, status="pending", source="links")


@pytest.mark.parametrize(
    ("sights", "state"),
    [
        ([("gone", 0)], "failing"),
        ([("gone", 0), ("gone", 23)], "failing"),
        ([("gone", 0), ("gone", 24)], "dead"),
        ([("gone", 0), ("ok", 12), ("gone", 25)], "failing"),
        ([("gone", 0), ("unsure", 12), ("gone", 25)], "dead"),
        ([("unsure", 0), ("unsure", 25), ("unsure", 99)], "unsure"),
        ([("gone", 0), ("gone", 24), ("unsure", 48)], "dead"),
        ([("gone", 0), ("gone", 24), ("ok", 48)], "ok"),
        ([("moved", 0)], "moving"),
        ([("moved", 0), ("moved", 24)], "moved"),
        ([("moved", 0), ("ok", 12), ("moved", 25)], "moving"),
    ],
)
def test_states_follow_from_sightings(database: Database, sights: list[tuple[Outcome, float]], state: str) -> None:
    add(database, "a-a")
    seen = [see(database, outcome, hours=hours, target=NEW, status=404) for outcome, hours in sights]
    assert seen[-1].state == state


def test_a_redirect_that_leads_elsewhere_each_time_is_no_move(database: Database) -> None:
    add(database, "a-a")
    see(database, "moved", target=NEW)
    assert see(database, "moved", hours=25, target=NEW + "er").state == "moving"
    assert see(database, "moved", hours=50, target=NEW + "er").state == "moved"


def test_a_moved_link_is_proposed_for_each_entry_and_nothing_changes_until_somebody_accepts(database: Database) -> None:
    add(database, "a-a", "b-b")
    see(database, "moved", target=NEW)
    made = see(database, "moved", hours=24, target=NEW)
    assert len(made.proposals) == len(pending(database)) == 2
    assert {tuple(item["matches"]) for item in pending(database)} == {("a-a",), ("b-b",)}
    assert NEW in pending(database)[0]["evidence"]["links"]
    with database.write() as session:
        assert get_resource(session, "a-a")["links"] == LINKS
        chosen = next(item["id"] for item in pending(database) if item["matches"] == ["a-a"])
        proposals.accept(session, chosen, Change("bob", "checked"))
    with database.read() as session:
        assert [link["url"] for link in get_resource(session, "a-a")["links"]] == [NEW, LINKS[1]["url"]]
        assert get_resource(session, "b-b")["links"] == LINKS


def test_a_dead_link_is_proposed_for_removal(database: Database) -> None:
    add(database, "a-a")
    see(database, "gone", status=404, reason="http_404")
    made = see(database, "gone", hours=24, status=404, reason="http_404")
    [proposal] = pending(database)
    assert made.proposals == [proposal["id"]]
    assert proposal["resource"]["links"] == LINKS[1:]
    assert "404" in proposal["evidence"]["links"]


def test_the_only_link_of_an_entry_is_never_proposed_for_removal(database: Database) -> None:
    add(database, "a-a", links=LINKS[:1])
    see(database, "gone")
    made = see(database, "gone", hours=24)
    assert (made.state, made.proposals, pending(database)) == ("dead", [], [])


def test_a_refusal_is_remembered_until_the_link_dies_anew(database: Database) -> None:
    add(database, "a-a")
    see(database, "gone")
    [first] = see(database, "gone", hours=24).proposals
    with database.write() as session:
        proposals.reject(session, first, Change("bob", "it will come back"))
    assert see(database, "gone", hours=48).proposals == []
    see(database, "ok", hours=72)
    see(database, "gone", hours=96)
    assert see(database, "gone", hours=120).proposals == [first]


def test_a_link_that_answers_again_takes_its_proposal_back(database: Database) -> None:
    add(database, "a-a")
    see(database, "gone")
    see(database, "gone", hours=24)
    assert len(pending(database)) == 1
    see(database, "ok", hours=48)
    assert pending(database) == []


def test_what_changed_on_the_page_is_noted(database: Database) -> None:
    add(database, "a-a")
    see(database, "ok", title="Atelier deuil")
    see(database, "ok", hours=200, title="Casino en ligne")
    with database.read() as session:
        row = session.get_one(LinkHealth, OLD)
        assert row.title == "Casino en ligne"
        assert "Atelier deuil" in (row.note or "")


def test_addresses_are_replaced_wherever_they_stand_and_never_doubled() -> None:
    document = {
        "links": [{"url": OLD, "kind": "page"}, {"url": NEW, "kind": "page"}],
        "organisations": [{"name": "Une asbl", "url": OLD}, {"name": "Autre"}],
        "occurrences": [{"start": "2026-12-01T09:00:00+01:00", "url": "https://other.example/"}],
    }
    assert replace_address(document, OLD, NEW) == {
        "links": [{"url": NEW, "kind": "page"}],
        "organisations": [{"name": "Une asbl", "url": NEW}, {"name": "Autre"}],
    }
    assert replace_address(document, OLD, None)["organisations"] == [{"name": "Une asbl"}, {"name": "Autre"}]


def test_links_of_entries_that_are_not_public_are_left_alone(database: Database) -> None:
    add(database, "a-a", status="draft")
    with database.read() as session:
        assert list_links(session) == []
