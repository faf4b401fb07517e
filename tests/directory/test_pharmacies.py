"""An official list over the catalogue: matched by name and address, nothing of the curators' lost, nothing gone by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from directory import audit, proposals
from directory.catalogue import count_resources, get_resource, list_resources, revise_resource
from directory.database import Database
from directory.errors import FileRefused, ImportRejected
from directory.exchange.pharmacy_rows import guess_column
from directory.imports import export_lines
from directory.pharmacies import PharmacyReport, import_pharmacies
from tests.directory.samples import ALICE, one_kind_of_database

HEADINGS = ["Nom", "Adresse", "Code postal", "Commune", "Téléphone", "Latitude", "Longitude", "Vaccine", "Langues"]
DUPONT = ["Pharmacie Dupont", "Rue Haute 12", "1090", "Jette", "02 555 01 01", 50.8798, 4.3289, "oui", "FR/NL"]
MARTIN = ["Apotheek Martin", "Place Cardinal Mercier 3", "1090", "Jette", "", "", "", "oui", "nl"]
CENTRE = ["Pharmacie du Centre", "Rue Neuve 7b", "1000", "Bruxelles", "", "", "", "oui", "français, anglais"]


def csv(tmp_path: Path, *rows: list[Any], headings: list[str] | None = None, coding: str = "utf-8") -> Path:
    path = tmp_path / "list.csv"
    lines = [";".join(str(cell) for cell in row) for row in (headings or HEADINGS, *rows)]
    path.write_bytes("\r\n".join(lines).encode(coding))
    return path


def xlsx(tmp_path: Path, *rows: list[Any], headings: list[str] | None = None) -> Path:
    workbook = Workbook()
    for row in (headings or HEADINGS, *rows):
        workbook.active.append(row)  # type: ignore[union-attr]
    workbook.save(tmp_path / "list.xlsx")
    return tmp_path / "list.xlsx"


def take(database: Database, path: Path, **options: Any) -> PharmacyReport:
    return import_pharmacies(database, path, ALICE, page_of=lambda id_: f"https://senne.example/{id_}", **options)


def pharmacies(database: Database) -> dict[str, dict[str, Any]]:
    with database.read() as session:
        return {document["title"]["fr"]: document for document in list_resources(session, public=False)}


def pending(database: Database) -> list[dict[str, Any]]:
    with database.read() as session:
        return proposals.list_proposals(session, status="pending", source="pharmacies")


def state(database: Database) -> list[str]:
    with database.read() as session:
        return list(export_lines(session))


@pytest.mark.parametrize("write", [csv, xlsx])
def test_a_list_becomes_entries_with_everything_it_says(database: Database, tmp_path: Path, write: Any) -> None:
    report = take(database, write(tmp_path, DUPONT, MARTIN))
    assert (len(report.created), report.problems) == (2, [])
    found = pharmacies(database)["Pharmacie Dupont"]
    assert found["id"] == "pharmacie-dupont-1090"
    assert found["contact"] == {
        "phone": "+3225550101",
        "address": {"street": "Rue Haute 12", "postal_code": "1090", "commune": "Jette"},
    }
    assert found["location"] == {"latitude": 50.8798, "longitude": 4.3289}
    assert (found["languages"], found["basins"], found["themes"]) == (["fr", "nl"], ["nord"], ["vaccination"])
    assert (found["type"], found["status"], found["organisations"]) == (
        "pharmacy",
        "published",
        [{"name": "Pharmacie Dupont"}],
    )
    with database.read() as session:
        assert [entry.action for entry in audit.list_entries(session)] == ["pharmacies.imported"]


def test_the_same_list_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = csv(tmp_path, DUPONT, MARTIN, CENTRE)
    take(database, path)
    before = state(database)
    report = take(database, path)
    assert (report.created, report.revised, report.unchanged, report.gone) == ([], [], 3, [])
    assert state(database) == before


@pytest.mark.parametrize(
    "line",
    [
        ["PHARMACIE DUPONT SRL", "rue haute, 12", "1090", "Jette", "+32 2 555 01 01", "", "", "ja", ""],
        ["Dupont", "Rue Haute 12", "B-1090", "", "", "", "", "x", ""],
        ["Pharmacie Dupont", "Hoogstraat 12", "1090", "Jette", "", "", "", "1", ""],
        ["Pharmacie Dupond", "Rue Haute 12", "1090", "Jette", "", "", "", "oui", ""],
    ],
)
def test_lines_are_matched_however_they_are_written(database: Database, tmp_path: Path, line: list[Any]) -> None:
    take(database, csv(tmp_path, DUPONT, MARTIN))
    report = take(database, csv(tmp_path, line, MARTIN))
    assert (report.created, report.gone) == ([], [])
    with database.read() as session:
        assert count_resources(session) == 2


@pytest.mark.parametrize(
    "line",
    [
        ["Pharmacie Dupont", "Rue Haute 14", "1090", "", "", "", "", "oui", ""],  # next door
        ["Pharmacie Dupont", "Rue Haute 12", "1080", "", "", "", "", "oui", ""],
        ["Pharmacie Lambert", "Rue Haute 12", "1090", "", "", "", "", "oui", ""],  # taken over by someone else
    ],
)
def test_another_pharmacy_is_another_entry(database: Database, tmp_path: Path, line: list[Any]) -> None:
    take(database, csv(tmp_path, DUPONT))
    assert len(take(database, csv(tmp_path, DUPONT, line)).created) == 1


def test_an_update_takes_what_the_list_says_and_keeps_what_curators_wrote(database: Database, tmp_path: Path) -> None:
    take(database, csv(tmp_path, CENTRE))
    before = pharmacies(database)["Pharmacie du Centre"]
    written = {"summary": {"fr": "Sonnez."}, "title": {"fr": "Pharmacie du Centre", "nl": "Apotheek van het Centrum"}}
    with database.write() as session:
        revise_resource(session, {**before, **written, "basins": ["nord"], "keywords": ["grippe"]}, ALICE)
    changed = [*CENTRE[:4], "02 555 02 02", *CENTRE[5:]]
    report = take(database, csv(tmp_path, changed))
    after = pharmacies(database)["Pharmacie du Centre"]
    assert (report.revised, after["version"]) == ([before["id"]], 3)
    assert after["contact"]["phone"] == "+3225550202"
    assert (after["summary"], after["title"], after["basins"], after["keywords"]) == (
        {"fr": "Sonnez."}, written["title"], ["nord"], ["grippe"],
    )  # fmt: skip


def test_a_postal_code_of_several_basins_gives_all_of_them_and_is_named(database: Database, tmp_path: Path) -> None:
    report = take(database, csv(tmp_path, CENTRE, DUPONT))
    found = pharmacies(database)["Pharmacie du Centre"]
    assert len(found["basins"]) > 1
    assert report.ambiguous == [found["id"]]


def test_what_the_list_no_longer_names_is_proposed_as_gone_and_stays(database: Database, tmp_path: Path) -> None:
    take(database, csv(tmp_path, DUPONT, MARTIN, CENTRE))
    before = state(database)
    report = take(database, csv(tmp_path, DUPONT))
    assert report.gone == ["pharmacie-martin-1090"]  # the list says nothing of 1000
    [proposal] = pending(database)
    assert (proposal["kind"], proposal["matches"]) == ("gone", ["pharmacie-martin-1090"])
    assert state(database) == before
    take(database, csv(tmp_path, DUPONT, MARTIN))
    assert pending(database) == []  # named again: taken back
    take(database, csv(tmp_path, DUPONT))
    assert len(pending(database)) == 1


def test_a_curator_who_accepts_archives_it_and_one_who_refuses_is_not_asked_again(
    database: Database, tmp_path: Path
) -> None:
    take(database, csv(tmp_path, DUPONT, MARTIN))
    shorter = csv(tmp_path, DUPONT)
    take(database, shorter)
    with database.write() as session:
        proposals.reject(session, pending(database)[0]["id"], ALICE)
    assert take(database, shorter).gone == []
    assert pending(database) == []


def test_a_pharmacy_that_does_not_vaccinate_is_no_entry_and_one_that_stopped_is_proposed(
    database: Database, tmp_path: Path
) -> None:
    stopped = [*DUPONT[:7], "non", "FR"]
    first = take(database, csv(tmp_path, stopped))
    assert (first.created, first.not_vaccinating) == ([], 1)
    take(database, csv(tmp_path, DUPONT))
    assert take(database, csv(tmp_path, stopped)).gone == ["pharmacie-dupont-1090"]


def test_a_list_that_leaves_out_too_many_is_not_believed(database: Database, tmp_path: Path) -> None:
    rows = [[f"Pharmacie Numéro{n}", f"Rue Haute {n}", "1090", "", "", "", "", "oui", ""] for n in range(1, 21)]
    take(database, csv(tmp_path, *rows))
    report = take(database, csv(tmp_path, *rows[:5]))
    assert (report.gone, len(report.held_back), pending(database)) == ([], 15, [])
    assert len(take(database, csv(tmp_path, *rows[:17])).gone) == 3


def test_a_line_that_cannot_be_read_is_not_taken_for_missing(database: Database, tmp_path: Path) -> None:
    take(database, csv(tmp_path, DUPONT, MARTIN))
    broken = csv(tmp_path, DUPONT, [*MARTIN[:7], "peut-être", "nl"])
    report = take(database, broken, skip_invalid=True)
    assert (report.gone, report.held_back, len(report.problems)) == ([], ["pharmacie-martin-1090"], 1)


def test_lines_outside_brussels_are_left_out(database: Database, tmp_path: Path) -> None:
    report = take(
        database, csv(tmp_path, DUPONT, ["Pharmacie de Namur", "Rue de Fer 1", "5000", "", "", "", "", "oui", ""])
    )
    assert (len(report.created), report.outside) == (1, 1)


def test_a_dry_run_says_the_same_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    take(database, csv(tmp_path, DUPONT, MARTIN))
    before = state(database)
    path = csv(tmp_path, [*DUPONT[:4], "02 555 09 09", *DUPONT[5:]], CENTRE)
    tried = take(database, path, dry_run=True)
    assert (state(database), pending(database)) == (before, [])
    assert tried == take(database, path)
    assert (len(tried.created), len(tried.revised), len(tried.gone)) == (1, 1, 1)


@one_kind_of_database
@pytest.mark.parametrize(
    ("place", "cell", "column"),
    [
        (0, "", "name"),
        (2, "10", "postal_code"),
        (5, 150000, "latitude"),  # metres of the Belgian grid
        (7, "peut-être", "vaccinates"),
        (8, "klingon", "languages"),
        (4, "12", "contact.phone"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_written(
    database: Database, tmp_path: Path, place: int, cell: Any, column: str
) -> None:
    wrong = [*DUPONT]
    wrong[place] = cell
    with pytest.raises(ImportRejected) as error:
        take(database, csv(tmp_path, MARTIN, wrong))
    assert [(problem.line, problem.field) for problem in error.value.problems] == [(3, column)]
    assert state(database) == []


@one_kind_of_database
def test_one_pharmacy_twice_in_a_list_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ImportRejected, match="1 wrong line"):
        take(database, csv(tmp_path, DUPONT, MARTIN, DUPONT))


@one_kind_of_database
def test_headings_are_understood_in_three_languages_and_old_encodings(database: Database, tmp_path: Path) -> None:
    dutch = ["Naam apotheek", "Straat", "Huisnummer", "Postcode", "Gemeente", "Vaccineert", "Gesproken talen"]
    row = ["Apotheek Géry", "Sint-Katelijneplein", "5", "1000", "Brussel", "ja", "Frans en Nederlands"]
    take(database, csv(tmp_path, row, headings=dutch, coding="cp1252"))
    found = pharmacies(database)["Apotheek Géry"]
    assert found["contact"]["address"]["street"] == "Sint-Katelijneplein 5"
    assert found["languages"] == ["fr", "nl"]
    assert [guess_column(heading) for heading in ("Pharmacy name", "House number", "Zip code", "Spoken colours")] == [
        "name", "number", "postal_code", None,
    ]  # fmt: skip


@one_kind_of_database
def test_a_list_without_needed_columns_says_which_and_takes_a_persons_word(database: Database, tmp_path: Path) -> None:
    headings = ["Enseigne", *HEADINGS[1:]]
    with pytest.raises(ImportRejected) as error:
        take(database, csv(tmp_path, DUPONT, headings=headings))
    assert "name" in str(error.value.problems[0])
    assert len(take(database, csv(tmp_path, DUPONT, headings=headings), mapping={"Enseigne": "name"}).created) == 1


@one_kind_of_database
def test_a_file_that_is_no_table_is_refused(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(FileRefused):
        take(database, path)


@one_kind_of_database
def test_a_thousand_lines_go_in_and_come_back_unchanged(database: Database, tmp_path: Path) -> None:
    codes = ["1000", "1020", "1030", "1070", "1080", "1090", "1180", "5000", "9000"]
    rows: list[list[Any]] = [
        [f"Pharmacie {name} {n}", f"Rue {name} {n}", codes[n % len(codes)], "", "", "", "", "oui", "FR"]
        for n in range(1, 201)
        for name in ("Haute", "Basse", "Neuve", "Vieille", "du Parc")
    ]
    path = xlsx(tmp_path, *rows)
    first = take(database, path)
    assert len(first.created) + first.outside == len(rows) == 1000
    again = take(database, path)
    assert (again.created, again.revised, again.gone, again.unchanged) == ([], [], [], len(first.created))
    with database.read() as session:
        assert get_resource(session, first.created[0])["type"] == "pharmacy"
