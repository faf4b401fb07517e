"""The services that change and ask the catalogue, on every kind of database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from directory import catalogue
from directory.catalogue import Change
from directory.database import Database
from directory.errors import InvalidResource, ResourceExists, ResourceNotFound, VersionConflict
from directory.models import OutboxRow, Resource, Revision
from tests.directory.samples import ALICE, FULL, at_once, one_kind_of_database, resource


def create(database: Database, document: dict[str, Any], change: Change = ALICE) -> dict[str, Any]:
    with database.write() as session:
        return catalogue.create_resource(session, document, change)


def revise(database: Database, document: dict[str, Any]) -> dict[str, Any]:
    with database.write() as session:
        return catalogue.revise_resource(session, document, ALICE)


def read(database: Database, id_: str) -> dict[str, Any]:
    with database.read() as session:
        return catalogue.get_resource(session, id_, public=False)


def counts(database: Database) -> tuple[int, int, int]:
    with database.read() as session:
        return tuple(  # type: ignore[return-value]
            session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Resource, Revision, OutboxRow)
        )


def test_a_created_resource_is_read_back_whole(database: Database) -> None:
    assert create(database, FULL) == FULL
    assert read(database, FULL["id"]) == FULL
    assert list(read(database, FULL["id"])) == list(FULL), "fields keep the order of exports"


@one_kind_of_database
def test_a_created_resource_starts_at_version_one(database: Database) -> None:
    assert create(database, resource())["version"] == 1


def test_every_change_leaves_a_revision_and_an_outbox_row(database: Database) -> None:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    create(database, resource(), Change("alice", "found it", at))
    with database.write() as session:
        catalogue.revise_resource(session, resource(title="Un autre", version=1), Change("bob", "renamed", at))
    with database.write() as session:
        catalogue.archive_resource(session, "une-ressource", 2, Change("alice", "gone", at))
    with database.read() as session:
        history = catalogue.list_revisions(session, "une-ressource")
        told = [(revision.version, revision.author, revision.reason, revision.at) for revision in history]
        assert told == [(1, "alice", "found it", at), (2, "bob", "renamed", at), (3, "alice", "gone", at)]
        assert history[1].changes == {"title": [{"fr": "Un titre"}, {"fr": "Un autre"}], "version": [1, 2]}
        assert history[2].document == {**history[1].document, "version": 3, "status": "archived"}
    assert counts(database) == (1, 3, 3)


def test_a_change_and_its_traces_come_or_go_together(database: Database) -> None:
    def fail_before_the_commit() -> None:
        with database.write() as session:
            catalogue.create_resource(session, resource(), ALICE)
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_before_the_commit()
    assert counts(database) == (0, 0, 0)


def test_a_revision_equal_to_what_stands_writes_nothing(database: Database) -> None:
    create(database, FULL)
    assert revise(database, FULL) == FULL
    assert counts(database) == (1, 1, 1)


def test_a_revision_can_empty_every_optional_field_and_fill_it_again(database: Database) -> None:
    create(database, FULL)
    bare = resource(FULL["id"], version=4)
    assert set(revise(database, bare)) == set(read(database, FULL["id"]))
    assert revise(database, {**FULL, "version": 5}) == {**FULL, "version": 6}
    assert read(database, FULL["id"]) == {**FULL, "version": 6}


@one_kind_of_database
@pytest.mark.parametrize("field", ["organisations", "links", "themes", "audiences", "occurrences", "keywords"])
def test_a_list_keeps_the_order_that_an_editor_gives_it(database: Database, field: str) -> None:
    create(database, FULL)
    for version, values in enumerate((FULL[field][::-1], FULL[field][:1], FULL[field]), start=4):
        if field == "occurrences":
            values = [dict(value) for value in values]
        revise(database, {**read(database, FULL["id"]), field: values, "version": version})
        assert read(database, FULL["id"])[field] == values


def test_an_edit_of_an_older_version_is_a_conflict(database: Database) -> None:
    create(database, resource())
    revise(database, resource(title="Un autre", version=1))
    with pytest.raises(VersionConflict) as conflict:
        revise(database, resource(title="Encore un autre", version=1))
    assert (conflict.value.seen, conflict.value.present) == (1, 2)
    with pytest.raises(VersionConflict):
        revise(database, resource(title="Encore un autre", version=3))
    with pytest.raises(VersionConflict), database.write() as session:
        catalogue.archive_resource(session, "une-ressource", 1, ALICE)
    assert counts(database) == (1, 2, 2)


def test_what_does_not_exist_cannot_be_revised_archived_or_read(database: Database) -> None:
    with pytest.raises(ResourceNotFound):
        revise(database, resource())
    with pytest.raises(ResourceNotFound), database.write() as session:
        catalogue.archive_resource(session, "une-ressource", 1, ALICE)
    with pytest.raises(ResourceNotFound):
        read(database, "une-ressource")


def test_an_id_is_given_once(database: Database) -> None:
    create(database, resource(status="archived"))
    with pytest.raises(ResourceExists):
        create(database, resource())


def test_a_wrong_document_is_refused_before_anything_is_written(database: Database) -> None:
    with database.write() as session:
        with pytest.raises(InvalidResource):
            catalogue.create_resource(session, resource(themes=["nonsense"]), ALICE)
        catalogue.create_resource(session, resource(), ALICE)
    assert counts(database) == (1, 1, 1)


@one_kind_of_database
def test_an_archived_resource_can_be_published_again(database: Database) -> None:
    create(database, FULL)
    with database.write() as session:
        archived = catalogue.archive_resource(session, FULL["id"], 4, ALICE)
    assert archived == {**FULL, "version": 5, "status": "archived"}
    assert revise(database, {**archived, "status": "published"}) == {**FULL, "version": 6}


def test_only_what_is_published_is_public(database: Database) -> None:
    for status in ("draft", "published", "archived"):
        create(database, resource(f"est-{status}", status=status))
    ids = [f"est-{status}" for status in ("archived", "draft", "published")]
    with database.read() as session:
        assert [found["id"] for found in catalogue.list_resources(session)] == ["est-published"]
        assert [found["id"] for found in catalogue.list_resources(session, public=False)] == ids
        assert set(catalogue.get_resources(session, [*ids, "unknown"])) == {"est-published"}
        assert set(catalogue.get_resources(session, ids, public=False)) == set(ids)
        assert (catalogue.count_resources(session), catalogue.count_resources(session, public=False)) == (1, 3)
        for hidden in ids[:2]:
            with pytest.raises(ResourceNotFound):
                catalogue.get_resource(session, hidden)


def test_a_list_is_of_one_theme_and_one_basin(database: Database) -> None:
    create(database, resource("deuil-nord"))
    create(database, resource("deuil-region", basins=["region"]))
    create(database, resource("vaccin-nord", themes=["vaccination", "grief"]))
    create(database, resource("vaccin-sud", themes=["vaccination"], basins=["sud"]))
    with database.read() as session:

        def ids(**filters: Any) -> list[str]:
            return [found["id"] for found in catalogue.list_resources(session, **filters)]

        assert ids(theme="vaccination") == ["vaccin-nord", "vaccin-sud"]
        assert ids(basin="nord") == ["deuil-nord", "vaccin-nord"]
        assert ids(theme="grief", basin="region") == ["deuil-region"]
        assert ids(theme="vaccination", basin="region") == []


def test_a_long_list_comes_in_batches_sorted_by_character(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "BATCH", 3)
    wanted = sorted(["aab", "aa-c", "aa-b", "aa1", "a1a", "b-b", "bb0", "ba-a"])
    with database.write() as session:
        for id_ in reversed(wanted):
            catalogue.create_resource(session, resource(id_), ALICE)
    with database.read() as session:
        assert [found["id"] for found in catalogue.list_resources(session)] == wanted


def test_a_list_keeps_its_view_while_others_write(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "BATCH", 1)
    create(database, resource("premier"))
    create(database, resource("second"))
    with database.read() as session:
        listed = catalogue.list_resources(session)
        seen = [next(listed)["title"]["fr"]]
        revise(database, resource("second", "Changé", version=1))
        create(database, resource("troisieme"))
        seen += [found["title"]["fr"] for found in listed]
    assert seen == ["Un titre", "Un titre"]


def test_the_day_of_arrival_survives_revisions(database: Database) -> None:
    first = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    create(database, resource(), Change("alice", "new", first))
    revise(database, resource(title="Un autre", version=1))
    with database.read() as session:
        assert catalogue.added_at(session, ["une-ressource", "unknown"]) == {"une-ressource": first}


def test_of_two_who_create_the_same_id_at_once_one_is_told_so(database: Database) -> None:
    for number in range(10):
        results = at_once(*[lambda n=number: create(database, resource(f"course-{n}"))] * 4)
        created = [result for result in results if isinstance(result, dict)]
        refused = [result for result in results if isinstance(result, ResourceExists)]
        assert (len(created), len(refused)) == (1, 3), results
    assert counts(database) == (10, 10, 10)


def test_of_two_who_put_the_same_id_at_once_both_succeed_one_after_the_other(database: Database) -> None:
    def put(title: str) -> str:
        with database.write() as session:
            return catalogue.put_resource(session, resource(title=title), ALICE)

    outcomes = at_once(*[lambda n=number: put(f"Titre {n}") for number in range(4)])
    assert sorted(outcomes) == ["created", "revised", "revised", "revised"]
    assert read(database, "une-ressource")["version"] == 4


def test_of_two_who_edit_the_same_version_at_once_one_is_told_so(database: Database) -> None:
    create(database, resource())
    results = at_once(*[lambda n=n: revise(database, resource(title=f"Titre {n}", version=1)) for n in range(4)])
    assert sum(isinstance(result, VersionConflict) for result in results) == 3, results
    assert read(database, "une-ressource")["version"] == 2


def test_eight_threads_of_fifty_edits_each_lose_none_and_never_find_the_database_locked(database: Database) -> None:
    create(database, resource(keywords=["0"]))

    def count_up() -> None:
        for _ in range(50):
            with database.write() as session:
                document = catalogue.get_resource(session, "une-ressource", for_update=True)
                document["keywords"] = [str(int(document["keywords"][0]) + 1)]
                catalogue.revise_resource(session, document, ALICE)

    assert at_once(*[count_up] * 8) == [None] * 8
    assert read(database, "une-ressource")["keywords"] == ["400"]
    assert counts(database) == (1, 401, 401)
