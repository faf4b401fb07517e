"""History: restore, merge, split, bring back; the audit log.

Longer than 300 lines: each thing that can be done with the past of an entry has its tests.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from directory import audit, catalogue, history, outbox, proposals, redirects
from directory.database import Database
from directory.errors import (
    InvalidResource,
    MergeRefused,
    ResourceExists,
    ResourceMoved,
    ResourceNotFound,
    RevisionNotFound,
    VersionConflict,
)
from directory.history import FieldChange
from directory.models import AuditEntry, Redirect, Revision
from directory.proposals import Finding
from tests.directory.samples import ALICE, FULL, at_once, resource

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def put(database: Database, *documents: dict[str, Any]) -> None:
    with database.write() as session:
        for document in documents:
            catalogue.create_resource(session, document, ALICE)


def get(database: Database, resource_id: str) -> dict[str, Any]:
    with database.read() as session:
        return catalogue.get_resource(session, resource_id, public=False)


def merge(database: Database, retired: str, kept: str) -> dict[str, Any]:
    with database.write() as session:
        into = catalogue.get_resource(session, kept, public=False)
        version = catalogue.get_resource(session, retired, public=False)["version"]
        return history.merge_resources(session, retired, into, ALICE, retired_version=version)


def versions(database: Database, resource_id: str) -> list[int]:
    with database.read() as session:
        return [revision.version for revision in catalogue.list_revisions(session, resource_id)]


def test_any_revision_can_be_restored_as_a_new_one(database: Database) -> None:
    put(database, FULL)
    with database.write() as session:
        changed = {**resource(FULL["id"], "Autre"), "version": FULL["version"]}
        seen = catalogue.revise_resource(session, changed, ALICE)["version"]
    with database.write() as session:
        restored = history.restore_revision(session, FULL["id"], FULL["version"], ALICE, seen=seen)
    assert restored == {**FULL, "version": seen + 1}
    assert versions(database, FULL["id"]) == [FULL["version"], seen, seen + 1]
    with database.write() as session, pytest.raises(VersionConflict):
        history.restore_revision(session, FULL["id"], seen, ALICE, seen=seen)
    with database.write() as session, pytest.raises(RevisionNotFound):
        history.restore_revision(session, FULL["id"], 99, ALICE, seen=seen + 1)


def test_a_state_that_todays_rules_refuse_is_not_restored(database: Database) -> None:
    put(database, resource("a-a"))
    with database.write() as session:
        broken = {**resource("a-a"), "organisations": []}
        session.add(
            Revision(resource_id="a-a", version=0, at=sa.func.now(), author="x", reason="", changes={}, document=broken)
        )
    with database.write() as session, pytest.raises(InvalidResource):
        history.restore_revision(session, "a-a", 0, ALICE, seen=1)


def test_what_changed_is_told_value_by_value() -> None:
    changes = {
        "title": [{"fr": "Un", "nl": "Een"}, {"fr": "Deux", "nl": "Een", "en": "Two"}],
        "cost": [{"kind": "free"}, {"kind": "paid", "amount_eur": 5.0}],
        "themes": [["grief"], ["grief", "ageing"]],
        "contact": [{"phone": "107"}, None],
        "keywords": [None, []],
    }
    assert history.field_changes(changes) == [
        FieldChange("title.fr", "Un", "Deux"),
        FieldChange("title.en", None, "Two"),
        FieldChange("cost.kind", "free", "paid"),
        FieldChange("cost.amount_eur", None, 5.0),
        FieldChange("themes", ["grief"], ["grief", "ageing"]),
        FieldChange("contact.phone", "107", None),
    ]


@pytest.mark.parametrize("before", ["published", "draft"])
def test_an_archived_entry_comes_back_as_what_it_was(database: Database, before: str) -> None:
    put(database, resource("a-a", status=before))
    with database.write() as session:
        catalogue.archive_resource(session, "a-a", 1, ALICE)
    with database.write() as session:
        assert history.unarchive_resource(session, "a-a", 2, ALICE)["status"] == before
        assert history.unarchive_resource(session, "a-a", 3, ALICE)["version"] == 3, "twice changes nothing"


def test_an_entry_that_was_never_anything_else_comes_back_as_a_draft(database: Database) -> None:
    put(database, resource("a-a", status="archived"))
    with database.write() as session:
        assert history.unarchive_resource(session, "a-a", 1, ALICE)["status"] == "draft"


def test_the_id_of_a_merged_entry_leads_to_the_other(database: Database) -> None:
    put(database, resource("a-a"), resource("b-b"))
    merge(database, "a-a", "b-b")
    with database.read() as session:
        for public in (True, False):
            with pytest.raises(ResourceMoved) as moved:
                catalogue.get_resource(session, "a-a", public=public)
            assert (moved.value.resource_id, moved.value.to) == ("a-a", "b-b")
        assert catalogue.get_resources(session, ["a-a", "b-b"]).keys() == {"b-b"}
    assert versions(database, "a-a") == [1, 2]
    with database.read() as session:
        last = history.get_revision(session, "a-a", 2)
        assert last.changes["merged_into"] == [None, "b-b"]
        assert last.document["title"] == {"fr": "Un titre"}
    for write in (
        lambda session: catalogue.create_resource(session, resource("a-a"), ALICE),
        lambda session: catalogue.put_resource(session, resource("a-a"), ALICE),
        lambda session: catalogue.revise_resource(session, resource("a-a", version=1), ALICE),
        lambda session: history.restore_revision(session, "a-a", 1, ALICE, seen=2),
    ):
        with database.write() as session, pytest.raises(ResourceMoved):
            write(session)


def test_nobody_is_sent_to_what_is_not_public(database: Database) -> None:
    put(database, resource("a-a"), resource("b-b"))
    merge(database, "a-a", "b-b")
    with database.write() as session:
        catalogue.archive_resource(session, "b-b", 1, ALICE)
    with database.read() as session:
        with pytest.raises(ResourceNotFound) as error:
            catalogue.get_resource(session, "a-a")
        assert not isinstance(error.value, ResourceMoved)
        with pytest.raises(ResourceMoved):
            catalogue.get_resource(session, "a-a", public=False)


def test_redirects_never_chain_and_cannot_turn_in_a_circle(database: Database) -> None:
    put(database, *[resource(id_) for id_ in ("a-a", "b-b", "c-c", "d-d")])
    merge(database, "a-a", "b-b")
    merge(database, "b-b", "c-c")
    merge(database, "c-c", "d-d")
    with database.read() as session:
        assert redirects.list_redirects(session) == {"a-a": "d-d", "b-b": "d-d", "c-c": "d-d"}
        assert redirects.follow_redirect(session, "a-a") == "d-d"
    with database.write() as session, pytest.raises(ResourceMoved):
        history.merge_resources(session, "d-d", resource("a-a"), ALICE, retired_version=1)
    with database.write() as session, pytest.raises(MergeRefused):
        history.merge_resources(session, "d-d", resource("d-d", version=1), ALICE, retired_version=1)
    with database.write() as session, pytest.raises(ResourceNotFound):
        history.merge_resources(session, "d-d", resource("nulle-part"), ALICE, retired_version=1)


def test_the_database_itself_refuses_a_redirect_to_nothing_or_to_itself(database: Database) -> None:
    put(database, resource("a-a"))
    for old, to in (("x-x", "nulle-part"), ("a-a", "a-a")):
        with pytest.raises(IntegrityError), database.write() as session:
            redirects.add_redirect(session, old, to, at=NOW)
    with database.write() as session:
        redirects.add_redirect(session, "x-x", "a-a", at=NOW)
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(sa.text("DELETE FROM resource WHERE id = 'a-a'"))


def test_a_merge_on_stale_versions_changes_nothing(database: Database) -> None:
    put(database, resource("a-a"), resource("b-b"))
    with database.write() as session, pytest.raises(VersionConflict):
        history.merge_resources(session, "a-a", resource("b-b", version=1), ALICE, retired_version=7)
    with pytest.raises(VersionConflict), database.write() as session:
        history.merge_resources(session, "a-a", resource("b-b", version=7), ALICE, retired_version=1)
    assert (versions(database, "a-a"), versions(database, "b-b")) == ([1], [1])


def test_readers_do_not_lose_a_public_entry_to_one_that_is_not(database: Database) -> None:
    put(database, resource("a-a"), resource("b-b", status="draft"))
    with pytest.raises(MergeRefused, match="published"):
        merge(database, "a-a", "b-b")
    with database.write() as session:
        public = {**catalogue.get_resource(session, "b-b", public=False), "status": "published"}
        history.merge_resources(session, "a-a", public, ALICE, retired_version=1)
    assert get(database, "b-b")["status"] == "published"


def test_an_index_is_told_to_drop_a_merged_entry(database: Database) -> None:
    put(database, resource("a-a"), resource("b-b"))
    with database.write() as session:
        outbox.register_index(session, "an-index", now=NOW)
        outbox.acknowledge(session, "an-index", [row.sequence for row in outbox.pending_changes(session, "an-index")])
    merge(database, "a-a", "b-b")
    with database.read() as session:
        pending = {change.resource_id for change in outbox.pending_changes(session, "an-index")}
        assert "a-a" in pending
        assert "a-a" not in catalogue.get_resources(session, pending)


def test_a_merge_can_be_undone_and_the_history_goes_on(database: Database) -> None:
    put(database, resource("a-a", "Premier"), resource("b-b"))
    merge(database, "a-a", "b-b")
    with database.write() as session:
        back = history.unmerge_resource(session, "a-a", ALICE)
    assert (back["title"], back["status"], back["version"]) == ({"fr": "Premier"}, "published", 3)
    assert get(database, "a-a") == back
    assert versions(database, "a-a") == [1, 2, 3]
    with database.write() as session, pytest.raises(MergeRefused):
        history.unmerge_resource(session, "a-a", ALICE)


def test_an_entry_is_split_into_several(database: Database) -> None:
    put(database, resource("a-a", "Atelier et livret"))
    with database.write() as session:
        parts = history.split_resource(
            session, resource("a-a", "Atelier", version=1), [resource("b-b", "Livret")], ALICE
        )
    assert [(part["id"], part["title"]["fr"], part["version"]) for part in parts] == [
        ("a-a", "Atelier", 2),
        ("b-b", "Livret", 1),
    ]
    put(database, resource("c-c"), resource("d-d"))
    merge(database, "c-c", "d-d")
    for taken, error in (("b-b", ResourceExists), ("c-c", ResourceMoved)):
        with pytest.raises(error), database.write() as session:
            history.split_resource(session, resource("a-a", "Rien", version=2), [resource(taken)], ALICE)
    assert get(database, "a-a")["title"] == {"fr": "Atelier"}
    assert versions(database, "b-b") == [1]


def test_a_merge_proposes_what_only_the_other_knows() -> None:
    kept = resource(
        "a-a",
        "Atelier",
        themes=["grief"],
        cost={"kind": "unknown"},
        links=[{"url": "https://a.example/", "kind": "page"}],
    )
    kept |= {"summary": {}, "languages": [], "audiences": []}
    merged = history.combine(kept, FULL)
    assert merged["id"] == "a-a"
    assert merged["title"] == {"fr": "Atelier", "nl": "Rouwatelier", "en": "Grief workshop"}
    assert merged["themes"] == ["grief", "end_of_life"]
    assert merged["basins"] == ["nord", "sud"]
    assert merged["cost"] == FULL["cost"]
    assert [link["url"] for link in merged["links"]][:2] == ["https://a.example/", FULL["links"][0]["url"]]
    assert merged["contact"] == FULL["contact"]
    assert merged["verified_on"] == FULL["verified_on"]
    assert history.combine({**kept, "basins": ["region"]}, FULL)["basins"] == ["region"]
    assert kept["summary"] == {}


def test_an_accepted_proposal_finds_an_entry_that_was_merged_meanwhile(database: Database) -> None:
    put(database, resource("a-a"), resource("b-b"))
    finding = Finding(
        source="s", kind="update", url="https://a.example/", resource={"title": {"nl": "Titel"}}, evidence={},
        confidence=1.0, matches=["a-a"], content_hash="x",
    )  # fmt: skip
    with database.write() as session:
        _, proposal = proposals.submit(session, finding)
    merge(database, "a-a", "b-b")
    with database.write() as session:
        assert proposals.accept(session, proposal["id"], ALICE)["id"] == "b-b"


def test_two_merges_at_once_leave_no_broken_redirect(database: Database) -> None:
    put(database, *[resource(id_) for id_ in ("a-a", "b-b", "c-c")])
    at_once(
        lambda: merge(database, "a-a", "b-b"),
        lambda: merge(database, "b-b", "c-c"),
        lambda: merge(database, "c-c", "a-a"),
    )
    with database.read() as session:
        left = set(catalogue.get_resources(session, ["a-a", "b-b", "c-c"]))
        leads = redirects.list_redirects(session)
    assert left | set(leads) == {"a-a", "b-b", "c-c"}
    assert left.isdisjoint(leads)
    assert set(leads.values()) <= left


def test_an_id_created_while_it_is_merged_away_is_not_both(database: Database) -> None:
    for attempt in range(5):
        old, kept = f"ancien-{attempt}", f"garde-{attempt}"
        put(database, resource(old), resource(kept))

        def create(old: str = old) -> None:
            with database.write() as session:
                catalogue.put_resource(session, resource(old, "Encore"), ALICE)

        def retire(old: str = old, kept: str = kept) -> None:
            merge(database, old, kept)

        at_once(create, retire)
        with database.read() as session:
            exists = bool(catalogue.get_resources(session, [old]))
            assert exists != (redirects.find_redirect(session, old) is not None)


@pytest.mark.parametrize("table", [Revision, AuditEntry])
def test_history_can_only_grow(database: Database, table: Any) -> None:
    put(database, resource("a-a"))
    with database.write() as session:
        audit.record(session, "alice", "catalogue.tested", "a-a")
    for statement in (sa.delete(table), sa.update(table).values(at=sa.func.now())):
        with pytest.raises(DBAPIError, match="only grows"), database.write() as session:
            session.execute(statement)


def log(session: Session) -> list[dict[str, Any]]:
    return [json.loads(line) for line in audit.export_log(session)]


def test_the_log_tells_everything_in_the_order_in_which_it_happened(database: Database) -> None:
    put(database, resource("a-a"), resource("b-b"))
    with database.write() as session:
        catalogue.revise_resource(session, resource("b-b", "Changé", version=1), ALICE)
    merge(database, "a-a", "b-b")
    with database.write() as session:
        history.unmerge_resource(session, "a-a", ALICE)
    with database.read() as session:
        lines = log(session)
        assert [(line["action"], line["subject"]) for line in lines if line["action"] != "resource.revised"] == [
            ("resource.created", "a-a"),
            ("resource.created", "b-b"),
            ("resource.merged", "a-a"),
            ("resource.split", "b-b"),
            ("resource.created", "a-a"),
        ]
        revised = [line for line in lines if line["action"] == "resource.revised"]
        assert [line["detail"]["fields"] for line in revised] == [
            ["title", "version"],
            ["merged_into", "status", "version"],
        ]
        assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
        assert {line["actor"] for line in lines} == {"alice"}
        assert [entry.action for entry in audit.list_entries(session, subject="b-b")] == ["resource.split"]
        assert session.scalar(sa.select(sa.func.count()).select_from(Redirect)) == 0
