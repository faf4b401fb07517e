"""Bulk import and export."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import catalogue, imports
from directory.database import Database
from directory.errors import ImportRejected
from directory.imports import ImportReport, export_lines, import_files
from tests.directory.samples import ALICE, FULL, one_kind_of_database, resource

SHIPPED = Path(str(files("directory").joinpath("data", "catalogue.jsonl")))


def write(path: Path, *documents: dict[str, Any] | bytes) -> Path:
    lines = [d if isinstance(d, bytes) else json.dumps(d, ensure_ascii=False).encode() for d in documents]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def load(database: Database, *paths: Path, **options: Any) -> ImportReport:
    return import_files(database, paths, ALICE, **options)


def export(database: Database) -> list[str]:
    with database.read() as session:
        return list(export_lines(session))


def outcome(report: ImportReport) -> tuple[int, int, int]:
    return report.created, report.revised, report.unchanged


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "entries.jsonl"


def test_an_export_imported_elsewhere_and_exported_again_has_the_same_bytes(database: Database, file: Path) -> None:
    entries = [
        FULL,
        resource("archivee", status="archived", version=7),
        resource("brouillon", status="draft", organisations=[]),
        resource("zero", cost={"kind": "paid", "amount_eur": 0.1}, location={"latitude": -0.5, "longitude": 0}),
        resource("minuit", occurrences=[{"start": "2026-10-25T02:30:00"}, {"start": "2026-07-01T00:00:00Z"}]),
    ]
    write(file, *entries)
    load(database, file)
    first = export(database)
    assert [json.loads(line)["id"] for line in first] == sorted(entry["id"] for entry in entries)
    assert json.loads(first[1]) == FULL
    again = file.with_name("again.jsonl")
    again.write_text("".join(first), encoding="utf-8")
    other = Database(f"sqlite:///{file.with_name('other.sqlite3')}")
    other.migrate()
    assert outcome(load(other, again)) == (5, 0, 0)
    assert export(other) == first
    assert outcome(load(database, again)) == (0, 0, 5)
    other.close()


def test_the_shipped_catalogue_loads_and_loads_again_without_a_change(database: Database, tmp_path: Path) -> None:
    assert outcome(load(database, SHIPPED)) == (224, 0, 0)
    assert outcome(load(database, SHIPPED)) == (0, 0, 224)
    exported = tmp_path / "exported.jsonl"
    exported.write_text("".join(export(database)), encoding="utf-8")
    assert outcome(load(database, exported)) == (0, 0, 224)


def test_a_line_that_differs_revises_the_entry(database: Database, file: Path) -> None:
    load(database, write(file, resource("a-a"), resource("b-b")))
    assert outcome(load(database, write(file, resource("a-a", "Changé"), resource("b-b"), resource("c-c")))) == (
        1,
        1,
        1,
    )
    assert [json.loads(line)["version"] for line in export(database)] == [2, 1, 1]


def test_a_new_id_keeps_its_version_and_a_higher_one_is_taken_over(database: Database, file: Path) -> None:
    load(database, write(file, resource(version=5)))
    load(database, write(file, resource(title="Changé", version=9)))
    load(database, write(file, resource(title="Encore", version=9)))
    assert json.loads(export(database)[0])["version"] == 10


def test_a_higher_version_alone_is_no_change(database: Database, file: Path) -> None:
    load(database, write(file, resource(version=5)))
    assert outcome(load(database, write(file, resource(version=9)))) == (0, 0, 1)


def test_a_lower_version_is_a_conflict_that_names_both(database: Database, file: Path) -> None:
    load(database, write(file, resource(version=5)))
    with pytest.raises(ImportRejected) as rejected:
        load(database, write(file, resource("nouvelle"), resource(title="Changé", version=4)))
    [problem] = rejected.value.problems
    assert (problem.line, problem.resource_id, problem.field) == (2, "une-ressource", "version")
    assert "4" in problem.message
    assert "5" in problem.message
    assert len(export(database)) == 1


@one_kind_of_database
def test_one_bad_line_rejects_the_whole_file_and_every_bad_line_is_named(database: Database, file: Path) -> None:
    bad: list[tuple[bytes | dict[str, Any], str]] = [
        (b"{", "is not JSON (column 2"),
        (b"[1]", "is not a JSON object"),
        (b'{"id": "x\xff"}', "is not UTF-8 (byte 10)"),
        (b'{"id": "aaa", "id": "bbb"}', "names the field 'id' twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"version": ' + b"9" * 5000 + b"}", "thousands of digits"),
        (resource("bonne"), ""),
        (resource("bonne"), "stands in"),
        (resource("Mauvais Id"), "is not an id"),
        (resource("theme", themes=["grif"]), "Did you mean 'grief'?"),
        ({**resource("sans-titre"), "title": {}}, "at least one language"),
        ({**resource("date"), "verified_on": "hier"}, "write it as 2026-11-24"),
        ({**resource("titre"), "title": {"fr": 1}}, "is not a text"),
        ({"id": "rien"}, "is missing"),
        (resource("champ", titel={"nl": "x"}), "is not a field of this shape"),
    ]
    write(file, *[line for line, _ in bad])
    with pytest.raises(ImportRejected) as rejected:
        load(database, file)
    named = {problem.line: problem for problem in rejected.value.problems}
    assert sorted(named) == [n for n, (_, message) in enumerate(bad, start=1) if message]
    for number, problem in named.items():
        assert bad[number - 1][1] in problem.message, problem
        assert str(problem).startswith(f"{file}:{number}:")
    assert export(database) == []


@one_kind_of_database
def test_the_rest_is_imported_where_bad_lines_may_be_left_out(database: Database, file: Path) -> None:
    write(file, resource("a-a"), b'{"id": "x', resource("b-b", basins=["ouest"]), resource("c-c"))
    report = load(database, file, skip_invalid=True)
    assert (outcome(report), len(report.problems)) == ((2, 0, 0), 2)
    assert report.rejected_lines == file.read_text(encoding="utf-8").splitlines()[1:3]
    assert [json.loads(line)["id"] for line in export(database)] == ["a-a", "c-c"]


@one_kind_of_database
def test_rejected_lines_once_mended_can_be_imported(database: Database, file: Path) -> None:
    report = load(database, write(file, resource("a-a"), resource("b-b", basins=["ouest"])), skip_invalid=True)
    mended = report.rejected_lines[0].replace("ouest", "sud")
    file.write_text(mended, encoding="utf-8")
    assert outcome(load(database, file)) == (1, 0, 0)


@one_kind_of_database
def test_a_dry_run_tells_what_would_happen_and_does_nothing(database: Database, file: Path) -> None:
    load(database, write(file, resource("a-a")))
    write(file, resource("a-a", "Changé"), resource("b-b"))
    assert outcome(load(database, file, dry_run=True)) == (1, 1, 0)
    assert len(export(database)) == 1
    assert json.loads(export(database)[0])["title"] == {"fr": "Un titre"}


@one_kind_of_database
def test_files_from_windows_and_empty_lines_are_read(database: Database, file: Path) -> None:
    one, two = (json.dumps(resource(id_)).encode() for id_ in ("a-a", "b-b"))
    file.write_bytes(b"\xef\xbb\xbf" + one + b"\r\n\r\n  \n" + two)
    assert outcome(load(database, file)) == (2, 0, 0)


@one_kind_of_database
def test_several_files_are_one_import(database: Database, file: Path) -> None:
    first, second = write(file.with_name("1.jsonl"), resource("a-a")), write(file.with_name("2.jsonl"), resource("a-a"))
    with pytest.raises(ImportRejected) as rejected:
        load(database, first, second)
    assert str(rejected.value.problems[0]).startswith(f"{second}:1: [a-a] id: stands in {first}:1 too")
    assert export(database) == []


@one_kind_of_database
def test_a_file_that_cannot_be_read_leaves_nothing_behind(database: Database, file: Path) -> None:
    write(file, resource("a-a"))
    with pytest.raises(FileNotFoundError):
        load(database, file, file.with_name("absent.jsonl"))
    assert export(database) == []


@one_kind_of_database
def test_what_a_message_repeats_from_a_file_cannot_drive_a_terminal(database: Database, file: Path) -> None:
    nasty = "\x1b[2J\ud800\n"
    write(file, json.dumps({**resource(nasty), nasty: 1, "themes": [nasty], "status": nasty}).encode())
    with pytest.raises(ImportRejected) as rejected:
        load(database, file)
    for problem in rejected.value.problems:
        assert str(problem).isprintable(), ascii(str(problem))
        str(problem).encode()
    assert len(rejected.value.problems) == 4


def test_a_long_import_does_not_hold_on_to_what_it_wrote(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 10)
    templates = [json.loads(line) for line in SHIPPED.read_text(encoding="utf-8").splitlines()]
    big = write(
        tmp_path / "big.jsonl", *[{**templates[n % 224], "id": f"entree-{n:05}", "version": 1} for n in range(200)]
    )
    path = tmp_path / "catalogue.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    database = Database(f"sqlite:///{path}")
    held: list[int] = []

    def look(session: Session, _context: Any) -> None:
        held.append(len(session.identity_map))

    sa.event.listen(Session, "after_flush_postexec", look)
    try:
        assert outcome(load(database, big)) == (200, 0, 0)
        assert outcome(load(database, big)) == (0, 0, 200)
    finally:
        sa.event.remove(Session, "after_flush_postexec", look)
    assert max(held[200:]) <= 2 * max(held[:50]), "rows pile up in memory"
    with database.read() as session:
        assert catalogue.count_resources(session, public=False) == 200
    database.close()
