"""Suggestions become proposals and nothing else; of who sent them nothing stays but a count of the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from directory import proposals
from directory.catalogue import create_resource, get_resource
from directory.database import Database
from directory.errors import ResourceNotFound
from directory.suggestions import (
    Missing,
    Wrong,
    count_one,
    count_today,
    make_id,
    sender_hash,
    suggest_correction,
    suggest_missing,
)
from directory.upkeep_state import SuggestionTally
from tests.directory.samples import ALICE, at_once, resource

PAGE = "https://senne.example/fr/proposer"
TODAY, TOMORROW = date(2026, 11, 25), date(2026, 11, 26)


def tell(database: Database, **changes: Any) -> tuple[str, dict[str, Any]]:
    told = Missing(**{"title": "Un jeu sur le deuil", "message": "Pour les écoles.", "language": "fr", **changes})
    with database.write() as session:
        return suggest_missing(session, told, page=PAGE)


def test_a_missing_resource_becomes_a_proposal_with_what_was_typed_as_evidence(database: Database) -> None:
    outcome, made = tell(database, url="https://asbl.example/jeu", organisation="Une asbl", basin="nord")
    assert (outcome, made["kind"], made["source"], made["status"]) == ("added", "new", "public", "pending")
    assert made["evidence"]["summary"] == "Pour les écoles."
    assert made["resource"]["title"] == {"fr": "Un jeu sur le deuil"}
    assert made["resource"]["links"] == [{"url": "https://asbl.example/jeu", "kind": "page"}]
    assert made["resource"]["basins"] == ["nord"]


def test_what_is_wrong_changes_nothing_even_when_it_is_accepted(database: Database) -> None:
    with database.write() as session:
        before = create_resource(session, resource("a-a"), ALICE)
        told = Wrong(resource_id="a-a", about="gone", message="Fermé depuis mars.")
        _, made = suggest_correction(session, told, page="https://senne.example/fr/ressources/a-a")
        proposals.accept(session, made["id"], ALICE)
    with database.read() as session:
        assert get_resource(session, "a-a") == before


def test_two_texts_about_one_entry_are_two_proposals_and_a_double_click_is_one(database: Database) -> None:
    with database.write() as session:
        create_resource(session, resource("a-a"), ALICE)
        for message in ("Fermé.", "Fermé.", "Le numéro est faux."):
            suggest_correction(session, Wrong(resource_id="a-a", about="gone", message=message), page=PAGE)
        assert len(proposals.list_proposals(session)) == 2


def test_an_entry_that_is_not_public_cannot_be_reported(database: Database) -> None:
    with database.write() as session:
        create_resource(session, resource("a-a", status="draft"), ALICE)
        with pytest.raises(ResourceNotFound):
            suggest_correction(session, Wrong(resource_id="a-a", about="gone", message="?"), page=PAGE)


def test_what_was_rejected_is_not_proposed_again(database: Database) -> None:
    _, made = tell(database)
    with database.write() as session:
        proposals.reject(session, made["id"], ALICE)
    assert tell(database)[0] == "already_rejected"


def test_counts_are_of_one_day_and_forgotten_with_the_next(database: Database) -> None:
    with database.write() as session:
        assert [count_one(session, "x", day=TODAY) for _ in range(3)] == [1, 2, 3]
        assert (count_today(session, "x", day=TODAY), count_today(session, "y", day=TODAY)) == (3, 0)
        assert count_today(session, "x", day=TOMORROW) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(SuggestionTally)) == 0


def test_suggestions_at_the_same_moment_are_all_counted(database: Database) -> None:
    def one() -> None:
        with database.write() as session:
            count_one(session, "x", day=TODAY)

    assert at_once(*[one] * 6) == [None] * 6
    with database.write() as session:
        assert count_today(session, "x", day=TODAY) == 6


def test_a_sender_has_another_hash_every_day_and_under_every_key() -> None:
    today = sender_hash("192.0.2.7", key=b"k", day=TODAY)
    assert today == sender_hash("192.0.2.7", key=b"k", day=TODAY)
    assert today != sender_hash("192.0.2.7", key=b"k", day=TOMORROW)
    assert today != sender_hash("192.0.2.7", key=b"other", day=TODAY)
    assert today != sender_hash("192.0.2.8", key=b"k", day=TODAY)
    assert "192" not in today


def test_one_network_of_ipv6_is_one_sender() -> None:
    first = sender_hash("2001:db8:1:2::1", key=b"k", day=TODAY)
    assert first == sender_hash("2001:db8:1:2:ffff::9", key=b"k", day=TODAY)
    assert first != sender_hash("2001:db8:1:3::1", key=b"k", day=TODAY)
    assert sender_hash("not an address", key=b"k", day=TODAY)


@pytest.mark.parametrize("title", ["Un jeu sur l’été", "???", "日本", "a" * 300, "<script>"])
def test_every_title_gives_an_id(title: str) -> None:
    from directory.fields import Slug

    assert Slug.matches(make_id(title))
