"""An import by a person: each entry decided as if they had edited it by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from directory import audit, catalogue, decisions, history, upload_shelf
from directory.accounts import Person
from directory.catalogue import Change
from directory.database import Database
from directory.errors import FileRefused, ImportRejected, UploadNotFound
from directory.import_decisions import PersonalPut
from directory.imports import ImportReport, import_files
from directory.models import Proposal
from tests.directory.samples import ALICE, resource

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
NORD = Person(1, "nord@asbl.example", "Nora", "curator", ("nord",))
SUD = replace(NORD, id=2, email="sud@asbl.example", basins=("sud",))
ADMIN = replace(NORD, id=3, email="root@asbl.example", role="admin", basins=())
HELPER = replace(NORD, id=4, email="helper@asbl.example", role="contributor", basins=())
#: Entries as they stand, and what a file makes of them.
STANDING = [
    resource("a-nord"), resource("b-region", basins=["region"]), resource("c-sud", basins=["sud"]),
    resource("d-both", basins=["nord", "sud"]), resource("e-same"),
]  # fmt: skip
FILE = [
    resource("a-nord", "Tout autre chose"), resource("b-region", "Tout autre chose", basins=["region"]),
    resource("c-sud", "Tout autre chose", basins=["sud"]), resource("d-both", "Tout autre chose", basins=["nord", "sud"]),
    resource("e-same"), resource("f-new-nord"), resource("g-new-region", basins=["region"]),
    resource("h-new-sud", basins=["sud"]),
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "entries.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in FILE), encoding="utf-8")
    return path


@pytest.fixture
def standing(database: Database) -> Database:
    with database.write() as session:
        for entry in STANDING:
            catalogue.create_resource(session, entry, ALICE)
    return database


def load(database: Database, person: Person, *files: Path, **options: Any) -> ImportReport:
    return import_files(database, files, Change(person.email, "import"), put=PersonalPut(person), **options)


def proposed(database: Database) -> dict[str, tuple[str, str, int | None]]:
    with database.read() as session:
        rows = session.scalars(sa.select(Proposal))
        return {row.resource["id"]: (row.kind, row.status, row.base_version) for row in rows}


def test_a_curator_decides_for_their_basins_and_proposes_the_rest(standing: Database, file: Path) -> None:
    report = load(standing, NORD, file)
    assert report.counts == {"created": 1, "revised": 1, "to_confirm": 3, "proposed": 2}
    assert report.unchanged == 1
    assert proposed(standing) == {
        "b-region": ("update", "to_confirm", 1),
        "d-both": ("update", "to_confirm", 1),
        "g-new-region": ("new", "to_confirm", None),
        "c-sud": ("update", "pending", 1),
        "h-new-sud": ("new", "pending", None),
    }
    with standing.read() as session:
        there = catalogue.get_resources(session, [entry["id"] for entry in FILE])
        (entry,) = audit.list_entries(session, subject="entries.jsonl")
    assert {id_ for id_, document in there.items() if document["title"]["fr"] == "Tout autre chose"} == {"a-nord"}
    assert "f-new-nord" in there
    assert "h-new-sud" not in there
    assert (entry.actor, entry.action) == (NORD.email, "catalogue.imported")
    assert entry.detail == {"created": 1, "revised": 1, "to_confirm": 3, "proposed": 2, "reason": "import"}


def test_single_edits_are_decided_in_the_same_way(standing: Database, file: Path) -> None:
    outcomes = {}
    for entry in FILE:
        with standing.write() as session:
            outcomes[entry["id"]] = decisions.save(session, {**entry, "version": 1}, NORD, reason="edit").outcome
    edited = proposed(standing)
    with standing.write() as session:
        session.execute(sa.delete(Proposal))
    load(standing, NORD, file)  # what was decided alone is there already
    assert proposed(standing) == edited
    assert {id_ for id_, outcome in outcomes.items() if outcome in ("to_confirm", "proposed")} == set(edited)


def test_what_waits_is_confirmed_by_another_and_then_stands(standing: Database, file: Path) -> None:
    load(standing, NORD, file)
    with standing.write() as session:
        (waiting,) = [row for row in session.scalars(sa.select(Proposal)) if row.resource["id"] == "b-region"]
        decisions.accept(session, waiting.id, ADMIN, reason="yes")
    with standing.read() as session:
        last = catalogue.list_revisions(session, "b-region")[-1]
    assert last.document["title"] == {"fr": "Tout autre chose"}
    assert last.author == NORD.email
    assert ADMIN.email in last.reason


def test_an_admin_decides_everything_and_a_contributor_nothing(standing: Database, file: Path) -> None:
    assert load(standing, HELPER, file).counts == {"created": 0, "revised": 0, "proposed": 7}
    assert load(standing, ADMIN, file).counts == {"created": 3, "revised": 4}


def test_the_same_import_twice_leaves_nothing_twice(standing: Database, file: Path) -> None:
    load(standing, NORD, file)
    before = proposed(standing)
    again = load(standing, NORD, file)
    assert again.counts == {"created": 0, "revised": 0, "to_confirm": 3, "proposed": 2}
    with standing.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == len(before)


def test_a_dry_run_tells_what_would_wait_and_leaves_nothing(standing: Database, file: Path) -> None:
    report = load(standing, NORD, file, dry_run=True)
    told = {change.resource_id: change for change in report.changes}
    assert {id_: change.outcome for id_, change in told.items()} == {
        "a-nord": "revised", "b-region": "to_confirm", "c-sud": "proposed", "d-both": "to_confirm",
        "f-new-nord": "created", "g-new-region": "to_confirm", "h-new-sud": "proposed",
    }  # fmt: skip
    assert told["b-region"].fields == {"title": [{"fr": "Un titre"}, {"fr": "Tout autre chose"}]}
    assert told["h-new-sud"].fields == {}
    assert told["h-new-sud"].title == {"fr": "Un titre"}
    assert proposed(standing) == {}


def test_a_stale_line_is_refused_for_everybody(standing: Database, tmp_path: Path) -> None:
    with standing.write() as session:
        catalogue.revise_resource(session, resource("b-region", "Entre-temps", basins=["region"], version=1), ALICE)
        kept = catalogue.get_resource(session, "a-nord")
        history.merge_resources(session, "e-same", kept, ALICE, retired_version=1)
    path = tmp_path / "stale.jsonl"
    lines = [resource("b-region", "Tout autre chose", basins=["region"], version=1), resource("e-same", "Encore")]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    for person in (NORD, HELPER, ADMIN):
        with pytest.raises(ImportRejected) as caught:
            load(standing, person, path)
        assert [problem.field for problem in caught.value.problems] == ["version", "id"]
    assert proposed(standing) == {}


def test_a_file_of_more_lines_than_may_be_is_refused_whole(standing: Database, file: Path) -> None:
    with pytest.raises(FileRefused, match="has over 7 lines"):
        load(standing, ADMIN, file, max_lines=7)
    assert load(standing, ADMIN, file, max_lines=8, dry_run=True).created == 3


def test_a_file_is_imported_once_and_stays_where_the_import_fails(standing: Database, file: Path) -> None:
    with standing.write() as session:
        kept = upload_shelf.keep(session, NORD.email, "entries.jsonl", file.read_bytes(), now=NOW).id

    def take(session: Any) -> None:
        upload_shelf.drop(session, kept, NORD.email)

    bad = file.with_name("bad.jsonl")
    bad.write_text("{}\n", encoding="utf-8")
    with pytest.raises(ImportRejected):
        load(standing, NORD, file, bad, also=take)
    with standing.read() as session:
        assert upload_shelf.get_file(session, kept, NORD.email).content == file.read_bytes()
    load(standing, NORD, file, also=take)
    with pytest.raises(UploadNotFound):
        load(standing, NORD, file, also=take)


def test_uploaded_files_are_their_persons_own_few_and_short_lived(database: Database) -> None:
    with database.write() as session:
        ids = [
            upload_shelf.keep(session, NORD.email, f"{n}.csv", b"id\n", now=NOW + timedelta(minutes=n)).id
            for n in range(5)
        ]
        with pytest.raises(UploadNotFound):
            upload_shelf.get_file(session, ids[4], SUD.email)
        with pytest.raises(UploadNotFound):
            upload_shelf.drop(session, ids[4], SUD.email)
        listed = [row.name for row in upload_shelf.list_files(session, NORD.email, now=NOW + timedelta(minutes=9))]
        assert listed == ["4.csv", "3.csv", "2.csv"]
        assert upload_shelf.list_files(session, NORD.email, now=NOW + timedelta(days=2)) == []
        upload_shelf.keep(session, SUD.email, "x.csv", b"id\n", now=NOW + timedelta(days=2))
        with pytest.raises(UploadNotFound):
            upload_shelf.get_file(session, ids[4], NORD.email)
