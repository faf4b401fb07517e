"""Tables: CSV and XLSX in and out, without loss, whatever people's programs make of them.

Longer than 300 lines: each column and each way in which a table can be wrong has its row.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory import catalogue, history
from directory.database import Database
from directory.errors import FileRefused, ImportRejected
from directory.exchange import cells, csv_files, workbooks
from directory.exchange.columns import COLUMNS, column_of, from_row, split, to_row
from directory.exchange.mapping import guess_column
from directory.exchange.tables import MAX_FILE_BYTES, slug
from directory.exports import export_catalogue, write_template
from directory.imports import ImportReport, export_lines, import_files
from directory.schemas import dump_resource, load_resource
from tests.directory.samples import ALICE, FULL, one_kind_of_database, resource

SHIPPED = Path(str(files("directory").joinpath("data", "catalogue.jsonl")))
ROW = {"id": "a-a", "type": "tool", "title_fr": "Un", "themes": "grief", "basins": "nord"}
#: Texts that programs like to mangle.
NASTY = {
    **FULL,
    "id": "nasty",
    "title": {"fr": "=1+1", "nl": "+cmd|' /C calc'!A0", "en": "#N/A"},
    "summary": {"fr": "'=a; =b", "nl": "-1,\u2028=c", "en": "_x0041_ _x005F_x0041_"},
    "description": {"fr": "a\n- un\n=deux\n\n@trois | \\ \\n \\; fin\\"},
    "organisations": [{"name": "a | b ; c\\"}, {"name": "@d", "url": "https://a.example/;|x?a=1,2"}],
    "keywords": ["a;b", "c\\", "-|", "0012", "TRUE", "1e5", "2026-01-01", "\ufffe"],
    "contact": {"phone": "107", "address": {"postal_code": "1090"}},
}


def load(database: Database, *paths: Path, **options: Any) -> ImportReport:
    return import_files(database, paths, ALICE, **options)


def put(database: Database, *documents: dict[str, Any]) -> None:
    with database.write() as session:
        for document in documents:
            catalogue.create_resource(session, document, ALICE)


def get(database: Database, resource_id: str = "a-a") -> dict[str, Any]:
    with database.read() as session:
        return catalogue.get_resource(session, resource_id, public=False)


def lines(database: Database) -> list[str]:
    with database.read() as session:
        return list(export_lines(session))


def export(database: Database, path: Path, form: str, **options: Any) -> Path:
    with database.read() as session, path.open("wb") as file:
        export_catalogue(session, file, form, **options)
    return path


def table(path: Path, *rows: dict[str, Any], headings: Iterable[str] | None = None) -> Path:
    """A CSV or XLSX file, written by other means than ours."""
    names = list(headings or dict.fromkeys(name for row in rows for name in row))
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active.append(names)
        for row in rows:
            book.active.append([row.get(name) for name in names])
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *[[row.get(name, "") for name in names] for row in rows]])
    return path


def problems(database: Database, *paths: Path) -> list[str]:
    with pytest.raises(ImportRejected) as rejected:
        load(database, *paths)
    return [str(problem).replace(f"{paths[0]}:", "") for problem in rejected.value.problems]


@pytest.fixture
def other(tmp_path: Path, migrated_file: Path) -> Any:
    path = tmp_path / "other.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.mark.parametrize(("form", "options"), [("csv", {}), ("csv", {"for_excel": True}), ("xlsx", {}), ("jsonl", {})])
@one_kind_of_database
def test_every_format_carries_everything(
    database: Database, other: Database, tmp_path: Path, form: str, options: dict[str, Any]
) -> None:
    put(
        database,
        FULL,
        NASTY,
        resource("brouillon", status="draft", organisations=[]),
        resource("fin", status="archived"),
    )
    file = export(database, tmp_path / f"out.{form}", form, **options)
    assert load(other, file).created == 4
    assert lines(other) == lines(database)
    assert load(database, file).unchanged == 4


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
def test_the_shipped_catalogue_goes_out_and_in_byte_for_byte(
    database: Database, other: Database, tmp_path: Path, form: str
) -> None:
    load(database, SHIPPED)
    assert load(other, export(database, tmp_path / f"out.{form}", form)).created == 224
    assert lines(other) == lines(database)


def generated(number: int) -> dict[str, Any]:
    """A resource like the shipped ones, with what they lack."""
    template = json.loads(TEMPLATES[number % len(TEMPLATES)])
    extra = [{}, FULL, NASTY][number % 3]
    parts = {
        name: extra[name]
        for name in ("description", "how_made", "occurrences", "location", "keywords")
        if name in extra
    }
    return {**template, **parts, "id": f"entree-{number:05}", "version": number % 7 + 1}


TEMPLATES = SHIPPED.read_text(encoding="utf-8").splitlines()


@pytest.mark.long
@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
def test_five_thousand_entries_go_out_and_in_byte_for_byte(
    database: Database, other: Database, tmp_path: Path, form: str
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(generated(n)) + "\n" for n in range(5000)), encoding="utf-8")
    assert load(database, source).created == 5000
    first = export(database, tmp_path / f"out.{form}", form)
    assert load(other, first).created == 5000
    assert (
        export(other, tmp_path / "1.jsonl", "jsonl").read_bytes()
        == export(database, tmp_path / "2.jsonl", "jsonl").read_bytes()
    )


def test_every_field_of_the_shape_has_a_column() -> None:
    document, unreadable = from_row(to_row(FULL))
    assert unreadable == []
    assert dump_resource(load_resource(document)) == FULL
    assert [
        name for name, cell in to_row(FULL).items() if cell is None and not name.endswith(("_fr", "_nl", "_en"))
    ] == []


@given(st.lists(st.text("a;|\\\n b", min_size=1, max_size=6).map(str.strip).filter(bool), max_size=4))
def test_a_list_in_a_cell_comes_back_as_it_was(items: list[str]) -> None:
    column = {**resource(), "keywords": items}
    document, _ = from_row({"keywords": to_row(column)["keywords"]})
    assert document.get("keywords", []) == items


@given(st.lists(st.tuples(*[st.text("a;|\\\n b", min_size=1, max_size=6).map(str.strip).filter(bool)] * 2), max_size=4))
def test_objects_in_a_cell_come_back_as_they_were(items: list[tuple[str, str]]) -> None:
    organisations = [{"name": name, "url": url} for name, url in items]
    document, _ = from_row({"organisations": to_row({**resource(), "organisations": organisations})["organisations"]})
    assert document.get("organisations", []) == organisations


@given(st.text(" '=+-@\t\n,;|a＝0\"", max_size=14))
@example("',' =a")
@settings(max_examples=500)
def test_no_text_can_act_as_a_formula_and_none_is_lost(text: str) -> None:
    safe = csv_files.protect(text)
    assert csv_files.unprotect(safe) == text
    assert not re.search(r"(^|[,;\t|\n]) *[=+\-@\t\r＝＋－＠]", safe)


def test_numbers_stay_numbers_in_csv() -> None:
    assert csv_files.write_row(["-1", -0.5, 12, None, True]) == "'-1,-0.5,12,,true\r\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a; b\nc", ["a", "b", "c"]), (r"a\;b", ["a;b"]), ("", [""]), (r"a\\;b", ["a\\", "b"]), (r"a\nb", [r"a\nb"])],
)
def test_items_are_cut_at_separators_that_are_not_escaped(text: str, expected: list[str]) -> None:
    assert split(text, ";\n") == expected


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("date", "24/11/2026", "2026-11-24"),
        ("date", "4.1.2026", "2026-01-04"),
        ("date", datetime(2026, 11, 24), "2026-11-24"),
        ("date", date(2026, 11, 24), "2026-11-24"),
        ("date", "bientôt", "bientôt"),
        ("number", "12,50 €", 12.5),
        ("number", 12, 12),
        ("number", "1.234.5", "1.234.5"),
        ("text", 1090.0, "1090"),
        ("text", 1090, "1090"),
        ("integer", 3.0, 3),
        ("boolean", "Oui", True),
        ("boolean", "nee", False),
        ("boolean", True, True),
        ("boolean", "peut-être", "peut-être"),
        ("phone", "02 555 01 01", "+3225550101"),
        ("phone", "0032 2 555.01.01", "+3225550101"),
        ("phone", 25550101, "+3225550101"),
        ("phone", "107", "107"),
        ("phone", "appeler", "appeler"),
    ],
)
def test_cells_are_read_as_people_write_them(kind: str, cell: Any, value: Any) -> None:
    assert cells.READERS[kind](cell) == value


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("title_fr", "title_fr"),
        ("Titre (FR)", "title_fr"),
        ("Titel NL", "title_nl"),
        ("Nom", "title_fr"),
        ("Beschrijving", "description_nl"),
        ("Description", None),  # of which language?
        ("description néerlandais", "description_nl"),
        ("Code postal", "postal_code"),
        ("E-mail", "email"),
        ("TÉLÉPHONE ", "phone"),
        ("Doelgroep", "audiences"),
        ("Interne", None),
    ],
)
def test_headings_are_understood_in_three_languages(heading: str, column: str | None) -> None:
    assert guess_column(heading) == column


def test_a_message_names_the_column_of_a_field() -> None:
    assert [column_of(field) for field in ("title.fr", "organisations.0.url", "contact.address", "cost.kind", "title")] == [
        "title_fr", "organisations", "street", "cost", "title_fr",
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_terms_are_named_by_id_or_label(database: Database, tmp_path: Path, suffix: str) -> None:
    row = {**ROW, "type": "Outil", "themes": "Rouw; fin de vie et soins palliatifs", "basins": "NOORD"}
    load(database, table(tmp_path / f"in{suffix}", row))
    entry = get(database)
    assert (entry["type"], entry["themes"], entry["basins"]) == ("tool", ["grief", "end_of_life"], ["nord"])


def test_a_column_that_is_not_there_leaves_its_field_as_it_is(database: Database, tmp_path: Path) -> None:
    put(database, FULL)
    load(database, table(tmp_path / "in.csv", {"id": FULL["id"], "title_nl": "Nieuw", "street": ""}))
    changed = get(database, FULL["id"])
    address = {"postal_code": "1090", "commune": "Jette"}
    assert changed == {
        **FULL,
        "version": FULL["version"] + 1,
        "title": {**FULL["title"], "nl": "Nieuw"},
        "contact": {**FULL["contact"], "address": address},
    }


def test_an_empty_cell_never_unpublishes(database: Database, tmp_path: Path) -> None:
    put(database, FULL)
    load(
        database, table(tmp_path / "in.csv", {"id": FULL["id"], "status": "", "type": "", "cost": "", "summary_en": ""})
    )
    changed = get(database, FULL["id"])
    assert (changed["status"], changed["type"], changed["cost"]) == (FULL["status"], FULL["type"], FULL["cost"])
    assert set(changed["summary"]) == {"fr", "nl"}


def test_a_row_that_names_an_old_version_is_a_conflict(database: Database, tmp_path: Path) -> None:
    put(database, resource("a-a", version=5))
    [told] = problems(database, table(tmp_path / "in.csv", {"id": "a-a", "title_fr": "Autre", "version": 4}))
    assert told.startswith("2: [a-a] version: is 4, the catalogue is at 5")


def test_a_row_without_id_is_a_new_entry_named_after_its_title(database: Database, tmp_path: Path) -> None:
    row = {**ROW, "title_fr": "L’écoute des aîné·es à Jette"}
    del row["id"]
    file = table(tmp_path / "in.csv", row)
    load(database, file)
    assert get(database, "ecoute-des-aine-a-jette")["title"] == {"fr": row["title_fr"]}
    [told] = problems(database, file)
    assert "is empty, and 'ecoute-des-aine-a-jette' exists" in told


@given(st.text(max_size=200))
def test_an_id_made_of_a_title_is_one_or_nothing(title: str) -> None:
    made = slug(title)
    assert not made or load_resource({**resource(made)})["id"] == made


def test_the_id_of_a_merged_entry_is_refused_with_where_it_went(database: Database, tmp_path: Path) -> None:
    put(database, resource("a-a"), resource("b-b"))
    with database.write() as session:
        history.merge_resources(session, "a-a", resource("b-b", version=1), ALICE, retired_version=1)
    for suffix in (".csv", ".jsonl"):
        file = tmp_path / f"in{suffix}"
        if suffix == ".csv":
            table(file, ROW)
        else:
            file.write_text(json.dumps(resource("a-a")), encoding="utf-8")
        [told] = problems(database, file)
        assert "[a-a] id: was merged into 'b-b'" in told


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("cp1252", ";"), ("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-8", "|")],
)
@one_kind_of_database
def test_files_of_peoples_programs_are_read(database: Database, tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [
        ["id", "Titre", "thèmes", "bassins", "type"],
        ["a-a", "Café — l’écoute, été", "grief;older_people", "nord", "tool"],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    file = tmp_path / "in.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    load(database, file)
    assert get(database)["title"] == {"fr": "Café — l’écoute, été"}
    assert get(database)["themes"] == ["grief", "older_people"]


@one_kind_of_database
def test_excels_line_about_the_separator_is_understood(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(b"sep=;\r\nid;titre;theme;bassin;type\r\na-a;Un, deux;grief;nord;tool\r\nb-b;x;nope;nord;tool\r\n")
    [told] = problems(database, file)
    assert told.startswith("4: [b-b] themes")


@one_kind_of_database
def test_every_bad_row_is_named_with_its_line_and_column(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text(
        'id,title_fr,themes,basins,type,amount_eur,links\na-a,"Sur\ndeux lignes",grief,nord,tool,,\n'
        "b-b,Un,grif,nord,tool,beaucoup,\nc-c,Un,grief,nord,tool,,,trop\nd-d,Un,grief,nord,tool,,a | b | c | d\n",
        encoding="utf-8",
    )
    told = problems(database, file)
    assert told[0].startswith("2: [a-a] title_fr: contains the control character")
    assert told[1].startswith("4: [b-b] themes: 'grif' is not a known theme. Did you mean 'grief'?")
    assert told[2].startswith("4: [b-b] amount_eur: is not a number")
    assert told[3].startswith("5: [c-c] has 8 cells")
    assert told[4].startswith("6: [d-d] links: has 4 parts")
    assert lines(database) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b'id,title_fr\na-a,"Un\n', "2: opens a quotation mark that is never closed"),
        (b'id,title_fr\nb-b,Un\na-a,"Un"x\n', "3: has text after a closing quotation mark"),
        (b"id,titre,Nom\na-a,x,y\n", "1: the columns 'Nom' and 'titre' say the same"),
        (b"id,titlefr\na-a,x\n", "1: the column 'titlefr' is not known"),
        (b"id,titre\na-a,\x81\n", "line 2 is neither UTF-8 nor Windows-1252"),
        (b"id,titre\na-a," + b"x" * 140_000 + b"\n", "2: has a cell of over 131,072 characters"),
    ],
)
@one_kind_of_database
def test_a_table_that_cannot_be_understood_is_refused(
    database: Database, tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(content)
    with pytest.raises((ImportRejected, FileRefused)) as refused:
        load(database, file, skip_invalid=True)
    told = "\n".join(map(str, getattr(refused.value, "problems", [refused.value])))
    assert message in told
    assert told.startswith(str(file))
    assert lines(database) == []


@one_kind_of_database
def test_too_large_a_table_is_refused_before_it_is_read(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    with file.open("wb") as sparse:
        sparse.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(FileRefused, match="at most 50 MB"):
        load(database, file)


def test_a_mapping_is_remembered_with_the_import_and_not_by_a_dry_run(database: Database, tmp_path: Path) -> None:
    file = table(tmp_path / "in.csv", {**ROW, "Bla": "Titel", "Intern": "x"})
    said = {"Bla": "title_nl", "Intern": None}
    load(database, file, mapping=said, dry_run=True)
    assert len(problems(database, file)) == 2
    load(database, file, mapping=said)
    assert load(database, file).unchanged == 1
    assert get(database)["title"] == {"fr": "Un", "nl": "Titel"}
    assert load(database, file, mapping={"Bla": "title_en"}).revised == 1
    assert load(database, file).unchanged == 1


def test_a_dry_run_says_value_by_value_what_would_change(database: Database, tmp_path: Path) -> None:
    put(database, resource("a-a"))
    report = load(database, table(tmp_path / "in.csv", {**ROW, "title_nl": "Een"}, {**ROW, "id": "b-b"}), dry_run=True)
    assert [(entry.resource_id, entry.outcome) for entry in report.changes] == [("a-a", "revised"), ("b-b", "created")]
    changes = {one.field: (one.before, one.after) for one in history.field_changes(report.changes[0].fields)}
    assert changes == {"title.fr": ("Un titre", "Un"), "title.nl": (None, "Een"), "version": (1, 2)}
    assert len(lines(database)) == 1


# Workbooks


@one_kind_of_database
def test_what_a_workbook_holds_beside_text_is_read(database: Database, tmp_path: Path) -> None:
    row = {**ROW, "postal_code": 1090, "phone": 25550101, "verified_on": date(2026, 11, 24), "recurring": True,
           "amount_eur": 12.5, "cost": "payant", "title_nl": "_x000D_a"}  # fmt: skip
    load(database, table(tmp_path / "in.xlsx", row))
    entry = get(database)
    assert entry["contact"] == {"phone": "+3225550101", "address": {"postal_code": "1090"}}
    assert (entry["verified_on"], entry["recurring"]) == ("2026-11-24", True)
    assert entry["cost"] == {"kind": "paid", "amount_eur": 12.5}


@one_kind_of_database
def test_formulas_and_errors_in_cells_are_named_not_run(database: Database, tmp_path: Path) -> None:
    rows = [{**ROW, "title_fr": '=HYPERLINK("http://a.example")'}, {**ROW, "id": "b-b", "title_fr": "#N/A"}]
    told = problems(database, table(tmp_path / "in.xlsx", *rows))
    assert told == [
        "2: [a-a] title_fr: holds a formula; copy the column and paste it as values.",
        "3: [b-b] title_fr: holds the error #N/A; correct or empty the cell.",
    ]


@one_kind_of_database
def test_no_cell_of_our_workbooks_is_a_formula(database: Database, tmp_path: Path) -> None:
    put(database, NASTY)
    book = openpyxl.load_workbook(export(database, tmp_path / "out.xlsx", "xlsx"))
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "inlineStr", "n", "b"}
    assert book.sheetnames == ["senne", "help"]


@one_kind_of_database
def test_a_text_too_long_for_a_cell_is_refused_not_cut(database: Database, tmp_path: Path) -> None:
    put(database, resource("a-a", keywords=[f"{n:03}-{'x' * 90}" for n in range(400)]))
    with pytest.raises(FileRefused, match="a-a: keywords is longer"):
        export(database, tmp_path / "out.xlsx", "xlsx")
    export(database, tmp_path / "out.csv", "csv")


def workbook(path: Path, sheet: bytes, **parts: bytes) -> Path:
    """A minimal workbook around a sheet's XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", (
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'spreadsheetml.worksheet+xml"/></Types>'))  # fmt: skip
        archive.writestr("_rels/.rels", (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'))  # fmt: skip
        archive.writestr("xl/_rels/workbook.xml.rels", (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>'))  # fmt: skip
        archive.writestr("xl/workbook.xml", (
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>"))  # fmt: skip
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def sheet(rows: str, before: str = "", dimension: str = "") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{before}<worksheet xmlns="{main}">{dimension}<sheetData>{rows}</sheetData></worksheet>'.encode()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = f'<row r="1">{cell("A1", "id")}{cell("B1", "title_fr")}</row>'
ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@one_kind_of_database
def test_the_minimal_workbook_of_these_tests_is_one(database: Database, tmp_path: Path) -> None:
    rows = HEAD + f'<row r="2">{cell("A2", "a-a")}{cell("B2", "Un")}</row>'
    put(database, resource("a-a"))
    size = '<dimension ref="A1:XFD1048576"/>'
    assert load(database, workbook(tmp_path / "in.xlsx", sheet(rows, dimension=size))).revised == 1


@pytest.mark.parametrize(
    ("rows", "before", "message"),
    [
        (HEAD + f'<row r="2">{cell("A2", "&b;")}</row>', ENTITIES, "is no workbook that can be read"),
        (HEAD + f'<row r="1048576">{cell("A1048576", "x")}</row>', "", "has over 100,000 rows"),
        (HEAD + f'<row r="2">{cell("XFD2", "x")}</row>', "", "row 2 has over 300 columns"),
        (HEAD + '<row r="2"><c r="A2"', "", "is no workbook that can be read"),
    ],
)
@one_kind_of_database
def test_a_workbook_made_to_harm_is_refused(
    database: Database, tmp_path: Path, rows: str, before: str, message: str
) -> None:
    with pytest.raises(FileRefused, match=message):
        load(database, workbook(tmp_path / "in.xlsx", sheet(rows, before)))


@one_kind_of_database
def test_a_bomb_is_refused_before_it_is_unpacked(database: Database, tmp_path: Path) -> None:
    blanks = HEAD + " " * (workbooks.MAX_UNPACKED_BYTES + 1)
    bomb = workbook(tmp_path / "in.xlsx", sheet(blanks))
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(FileRefused, match="unpacks to 200 MB"):
        load(database, bomb)
    parts = {f"xl/media/{n}.png": b"" for n in range(workbooks.MAX_PARTS)}
    with pytest.raises(FileRefused, match="in 2,00"):
        load(database, workbook(tmp_path / "parts.xlsx", sheet(HEAD), **parts))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.xlsx", b"id,title_fr\n", "is no workbook, whatever its name says"),
        ("in.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old or protected Excel file"),
        ("in.xlsx", b"PK\x03\x04nothing", "is no workbook that can be read"),
    ],
)
@one_kind_of_database
def test_what_is_no_workbook_is_refused(
    database: Database, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileRefused, match=message):
        load(database, tmp_path / name)


def test_a_thousand_rows_of_a_workbook_after_a_dry_run(database: Database, tmp_path: Path) -> None:
    rows = [{**ROW, "id": f"ligne-{n:04}", "title_fr": f"Titre {n}", "title_nl": f"Titel {n}"} for n in range(1000)]
    file = table(tmp_path / "in.xlsx", *rows)
    assert load(database, file, dry_run=True).created == 1000
    assert lines(database) == []
    assert load(database, file).created == 1000
    assert load(database, file).unchanged == 1000


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_has_the_columns_and_says_what_they_hold(tmp_path: Path, form: str) -> None:
    with (tmp_path / f"t.{form}").open("wb") as file:
        write_template(file, form)
    if form == "xlsx":
        book = openpyxl.load_workbook(tmp_path / "t.xlsx")
        headings = [cell.value for cell in book["senne"][1]]
        told = [row[2].value for row in book["help"].iter_rows()]
        assert {"grief", "nord", "helpline"} <= set(told)
    else:
        headings = (tmp_path / "t.csv").read_text(encoding="utf-8").strip().split(",")
    assert headings == [name for name in COLUMNS if name != "version"]
