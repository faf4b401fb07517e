"""`senne catalogue`, `senne backup`, `senne restore` as a shell runs them."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.directory.samples import FULL, resource
from tests.web.test_commands import Shell

SHIPPED = Path(str(files("directory").joinpath("data", "catalogue.jsonl")))


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    """A Senne with an empty catalogue."""
    shell = Shell(tmp_path / "var", database_url)
    assert shell.run("init", "--empty").exit_code == 0
    return shell


def write(path: Path, *documents: Any) -> str:
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    return str(path)


def ok(result: Result) -> Result:
    assert result.exit_code == 0, result.output
    return result


def test_what_goes_in_comes_out_byte_for_byte(shell: Shell, tmp_path: Path) -> None:
    ok(shell.run("catalogue", "import", str(SHIPPED)))
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    ok(shell.run("catalogue", "export", "--output", str(first)))
    other = Shell(tmp_path / "other")
    ok(other.run("init", "--empty"))
    assert "224 created" in ok(other.run("catalogue", "import", str(first))).stdout
    ok(other.run("catalogue", "export", "--output", str(second)))
    assert first.read_bytes() == second.read_bytes()
    assert ok(shell.run("catalogue", "export")).stdout_bytes == first.read_bytes()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_goes_out_and_comes_back(shell: Shell, tmp_path: Path, form: str) -> None:
    ok(shell.run("catalogue", "import", write(tmp_path / "in.jsonl", FULL, resource("a-a", "=1+1"))))
    table = tmp_path / f"out.{form}"
    ok(shell.run("catalogue", "export", "--format", form, "--output", str(table)))
    assert "2 unchanged" in ok(shell.run("catalogue", "import", str(table))).stdout


def test_one_json_document_and_nothing_else_on_standard_output(shell: Shell, tmp_path: Path) -> None:
    good, bad = write(tmp_path / "good.jsonl", resource("a-a")), write(tmp_path / "bad.jsonl", {"id": "x"})
    report = json.loads(ok(shell.run("catalogue", "import", good, "--json")).stdout)
    assert (report["created"], report["rejected"], report["problems"]) == (1, 0, [])
    failed = shell.run("catalogue", "import", bad, "--json")
    assert failed.exit_code == 1
    problem = json.loads(failed.stdout)["problems"][0]
    assert (problem["file"], problem["line"], problem["field"]) == (bad, 1, "id")
    assert "is not an id" in problem["message"]
    assert "Nothing was imported" in failed.stderr


def test_a_dry_run_shows_what_would_change(shell: Shell, tmp_path: Path) -> None:
    ok(shell.run("catalogue", "import", write(tmp_path / "1.jsonl", resource("a-a"))))
    file = write(tmp_path / "2.jsonl", resource("a-a", "Changé"), resource("b-b"))
    shown = ok(shell.run("catalogue", "import", file, "--dry-run")).stdout
    assert "~ a-a\n    title.fr: Un titre → Changé\n+ b-b\n" in shown
    assert "1 would be created, 1 would be revised" in shown
    changes = json.loads(ok(shell.run("catalogue", "import", file, "--dry-run", "--json")).stdout)["changes"]
    assert {"field": "title.fr", "before": "Un titre", "after": "Changé"} in changes[0]["fields"]
    assert ok(shell.run("catalogue", "export")).stdout.count("\n") == 1


def test_rejected_lines_have_a_file_of_their_own_ready_to_be_mended(shell: Shell, tmp_path: Path) -> None:
    lines = write(tmp_path / "in.jsonl", resource("a-a"), resource("b-b", basins=["ouest"]))
    table = tmp_path / "in.csv"
    table.write_text(
        "id,titre,thèmes,bassins,type\nc-c,Un,deuil,nord,outil\nd-d,Deux,deuil,ouest,outil\n", encoding="utf-8"
    )
    for again in ("", "-2"):
        result = ok(shell.run("catalogue", "import", lines, str(table), "--skip-invalid"))
        assert f"in.rejected{again}.jsonl" in result.stderr
        assert f"in.rejected{again}.csv" in result.stderr
        assert "in.jsonl:2: [b-b] basins.0" in result.stderr
        assert "in.csv:3: [d-d] basins" in result.stderr
    for name in ("in.rejected.jsonl", "in.rejected.csv"):
        path = tmp_path / name
        path.write_text(path.read_text(encoding="utf-8").replace("ouest", "sud"), encoding="utf-8")
        assert "1 created" in ok(shell.run("catalogue", "import", str(path))).stdout
    assert not list(tmp_path.glob("*.rejected-3.*"))


def test_what_a_heading_means_can_be_said_once(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("id;Blabla;Interne;thèmes;bassins;type\na-a;Un;x;deuil;nord;outil\n", encoding="cp1252")
    unknown = shell.run("catalogue", "import", str(table))
    assert unknown.exit_code == 1
    assert "'Blabla' is not known" in unknown.stderr
    ok(shell.run("catalogue", "import", str(table), "--map", "Blabla=title_fr", "--map", "Interne="))
    table.write_text(table.read_text(encoding="cp1252").replace(";Un;", ";Deux;"), encoding="cp1252")
    assert "1 revised" in ok(shell.run("catalogue", "import", str(table))).stdout
    wrong = shell.run("catalogue", "import", str(table), "--map", "Blabla=nothing")
    assert wrong.exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("catalogue", "import"),
        ("catalogue", "import", "absent.jsonl"),
        ("catalogue", "export", "--format", "pdf"),
        ("catalogue", "export", "--excel"),
        ("restore", "absent.senne"),
        ("backup",),
    ],
)
def test_wrong_usage_exits_with_2(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell.run(*words).exit_code == 2


def test_a_file_that_cannot_be_written_is_a_failure_that_leaves_nothing(shell: Shell, tmp_path: Path) -> None:
    for words in (("catalogue", "export", "--output"), ("backup",)):
        result = shell.run(*words, str(tmp_path / "absent" / "file"))
        assert result.exit_code == 1, result.output
        assert "cannot be written" in result.stderr


def test_templates_can_be_filled_in_and_imported(shell: Shell, tmp_path: Path) -> None:
    header = next(csv.reader(io.StringIO(ok(shell.run("catalogue", "template", "--format", "csv")).stdout)))
    assert {"id", "title_fr", "title_nl", "basins"} <= set(header)
    row = dict.fromkeys(header, "") | {"type": "Outil", "title_nl": "Een titel", "themes": "rouw", "basins": "Noord"}
    path = tmp_path / "filled.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, [row[name] for name in header]])
    report = ok(shell.run("catalogue", "import", str(path), "--json"))
    assert json.loads(report.stdout)["created"] == 1
    ok(shell.run("catalogue", "template", "--output", str(tmp_path / "empty.xlsx")))
    assert "0 created" in ok(shell.run("catalogue", "import", str(tmp_path / "empty.xlsx"))).stdout


def test_excel_gets_its_own_csv(shell: Shell, tmp_path: Path) -> None:
    ok(shell.run("catalogue", "import", write(tmp_path / "in.jsonl", resource("a-a"))))
    exported = ok(shell.run("catalogue", "export", "--format", "csv", "--excel")).stdout_bytes
    assert exported.startswith(b"\xef\xbb\xbfid;type;title_fr;")


def test_a_backup_is_given_back_and_what_stood_is_saved(shell: Shell, tmp_path: Path) -> None:
    file = str(tmp_path / "catalogue.senne")
    ok(shell.run("catalogue", "import", write(tmp_path / "1.jsonl", resource("a-a"))))
    made = json.loads(ok(shell.run("backup", file, "--json")).stdout)
    assert made["resources"] == 1
    ok(shell.run("catalogue", "import", write(tmp_path / "2.jsonl", resource("b-b"))))
    restored = json.loads(ok(shell.run("restore", file, "--json")).stdout)
    assert ok(shell.run("catalogue", "export")).stdout.count("\n") == 1
    found = json.loads(ok(shell.run("search", "titre", "--json")).stdout)
    assert [hit["id"] for hit in found["hits"]] == ["a-a"], "the index follows"
    ok(shell.run("restore", restored["saved"]))
    assert ok(shell.run("catalogue", "export")).stdout.count("\n") == 2


def test_a_backup_starts_a_new_senne(shell: Shell, tmp_path: Path) -> None:
    file = str(tmp_path / "catalogue.senne")
    ok(shell.run("catalogue", "import", write(tmp_path / "1.jsonl", resource("a-a"))))
    ok(shell.run("backup", file))
    other = Shell(tmp_path / "other")
    assert json.loads(ok(other.run("restore", file, "--json")).stdout)["saved"] is None
    assert ok(other.run("catalogue", "export")).stdout == ok(shell.run("catalogue", "export")).stdout


def test_a_damaged_backup_is_a_failure_that_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    ok(shell.run("catalogue", "import", write(tmp_path / "1.jsonl", resource("a-a"))))
    (tmp_path / "broken.senne").write_bytes(b"PK\x03\x04 nothing")
    result = shell.run("restore", str(tmp_path / "broken.senne"))
    assert result.exit_code == 1
    assert "Nothing was changed" in result.stderr
    assert ok(shell.run("catalogue", "export")).stdout.count("\n") == 1


def test_the_log_tells_who_did_what(shell: Shell, tmp_path: Path) -> None:
    ok(shell.run("catalogue", "import", write(tmp_path / "1.jsonl", resource("a-a")), "--author", "alice"))
    told = [json.loads(line) for line in ok(shell.run("catalogue", "log")).stdout.splitlines()]
    assert [(line["actor"], line["action"], line["subject"]) for line in told] == [
        ("alice", "resource.created", "a-a"),
        ("alice", "catalogue.imported", "1.jsonl"),
    ]


def test_what_has_to_be_checked_again_is_listed(shell: Shell, tmp_path: Path) -> None:
    fresh, late = (
        resource(id_, type="helpline", verified_on=day) for id_, day in (("a-a", "2026-06-01"), ("b-b", "2025-01-01"))
    )
    ok(shell.run("catalogue", "import", write(tmp_path / "1.jsonl", fresh, late), "--author", "alice"))
    [item] = json.loads(ok(shell.run("catalogue", "due", "--on", "2026-07-01", "--json")).stdout)
    assert item == {
        "id": "b-b",
        "state": "overdue",
        "due_on": "2025-07-01",
        "verified_on": "2025-01-01",
        "verified_by": "alice",
    }
    assert "verified on 2025-01-01 by alice" in ok(shell.run("catalogue", "due", "--on", "2026-07-01")).stdout


def test_a_list_of_pharmacies_is_tried_then_imported(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Nom;Adresse;Code postal;Vaccine\nPharmacie Dupont;Rue Haute 12;1090;oui\n", encoding="utf-8")
    assert "1 would be created" in ok(shell.run("catalogue", "import-pharmacies", str(path), "--dry-run")).stdout
    done = json.loads(ok(shell.run("catalogue", "import-pharmacies", str(path), "--json")).stdout)
    assert (done["created"], done["dry_run"]) == (["pharmacie-dupont-1090"], False)
    path.write_text("Nom;Adresse;Code postal;Vaccine\nPharmacie Dupont;Rue Haute 12;10;oui\n", encoding="utf-8")
    wrong = shell.run("catalogue", "import-pharmacies", str(path))
    assert wrong.exit_code == 1
    assert "list.csv:2: postal_code:" in wrong.stderr
    assert shell.run("catalogue", "import-pharmacies", str(path), "--map", "Nom=nonsense").exit_code == 2
