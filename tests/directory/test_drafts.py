"""Drafts: kept for their writer alone, the last one saved counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import accounts, drafts
from directory.curation_tables import Account
from directory.database import Database
from directory.drafts import Subject
from tests.directory.samples import at_once

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ENTRY, NEW = Subject("entry", "cafe-deuil"), Subject("new")


def people(database: Database) -> list[int]:
    with database.write() as session:
        return [
            accounts.add_account(
                session, email=f"{name}@asbl.example", name=name, role="contributor", basins=(), language="fr", by="tests"
            ).id
            for name in ("Alice", "Bob")
        ]  # fmt: skip


def keep(database: Database, account: int, subject: Subject, title: str, *, minutes: int = 0) -> None:
    with database.write() as session:
        document = {"title": {"fr": title}, "version": 1}
        drafts.save_draft(session, account, subject, document, reason="", now=NOW + timedelta(minutes=minutes))


def titles(database: Database, account: int) -> list[tuple[str, str]]:
    with database.read() as session:
        return [(row.subject, row.document["title"]["fr"]) for row in drafts.list_drafts(session, account)]


def test_the_last_one_counts_and_nobody_sees_another_s(database: Database) -> None:
    alice, bob = people(database)
    keep(database, alice, ENTRY, "un")
    keep(database, alice, ENTRY, "deux", minutes=1)
    keep(database, alice, NEW, "autre", minutes=2)
    keep(database, bob, ENTRY, "de Bob")
    assert titles(database, alice) == [("new", "autre"), ("entry/cafe-deuil", "deux")]
    assert titles(database, bob) == [("entry/cafe-deuil", "de Bob")]


def test_what_is_discarded_is_gone_and_the_rest_stays(database: Database) -> None:
    alice, bob = people(database)
    for account, subject in ((alice, ENTRY), (alice, NEW), (bob, ENTRY)):
        keep(database, account, subject, "un")
    with database.write() as session:
        drafts.discard_draft(session, alice, ENTRY)
        drafts.discard_draft(session, alice, ENTRY)  # twice is once
    assert titles(database, alice) == [("new", "un")]
    assert titles(database, bob) == [("entry/cafe-deuil", "un")]


def test_two_saves_at_once_leave_one_draft(database: Database) -> None:
    alice, _bob = people(database)
    results = at_once(*(lambda text=text: keep(database, alice, ENTRY, text) for text in ("un", "deux", "trois")))  # type: ignore[misc]
    assert results == [None, None, None]
    assert len(titles(database, alice)) == 1


def test_drafts_go_with_their_account(database: Database) -> None:
    alice, _bob = people(database)
    keep(database, alice, ENTRY, "un")
    with database.write() as session:
        session.delete(session.get_one(Account, alice))
    assert titles(database, alice) == []


SLUG = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)


@given(
    subject=st.one_of(
        st.just(NEW), st.builds(Subject, st.just("entry"), SLUG), st.builds(Subject, st.just("proposal"), SLUG, SLUG)
    )
)
def test_a_subject_is_read_as_it_is_written(subject: Subject) -> None:
    assert Subject.parse(str(subject)) == subject


@pytest.mark.parametrize("text", ["", "new/x", "entry", "entry/", "entry/a/b", "proposal/a/", "account/1", "x" * 400])
def test_what_is_no_subject_is_refused(text: str) -> None:
    assert Subject.parse(text) is None
