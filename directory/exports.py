"""The catalogue as a file: JSON Lines, CSV, XLSX or HSDS; the empty table to fill in; the log of who did what."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import IO

from sqlalchemy.orm import Session

from directory import audit
from directory.catalogue import list_resources
from directory.exchange import csv_files, hsds, workbooks
from directory.exchange.cells import Cell
from directory.exchange.columns import COLUMNS, Column, to_row
from directory.imports import export_lines
from directory.taxonomy import LANGUAGES, taxonomy

FORMATS = ("jsonl", "csv", "xlsx", "hsds")
TABLE_FORMATS = ("csv", "xlsx")
LOG_FORMATS = ("jsonl", "csv")
_HOW_TO: dict[str, str] = {
    "list": "Several values: separate them with a semicolon or a new line.",
    "terms": "Several values: separate them with a semicolon or a new line.",
    "objects": "One a line (Alt+Enter): {parts}.",
    "number": "A number.",
    "integer": "A whole number.",
    "boolean": "yes, no or empty (oui/non, ja/nee).",
    "date": "A date such as 2026-11-24 or 24/11/2026.",
    "phone": "Any Belgian notation; it is stored as +3223186055.",
}


def export_catalogue(
    session: Session, file: IO[bytes], form: str, *, lang: str = LANGUAGES[0], for_excel: bool = False
) -> None:
    """Write every resource, sorted by id, in one of FORMATS.

    HSDS: published resources only, in the language `lang`, with others where it has no text. `for_excel`: CSV with
    semicolons and a byte order mark, as Excel opens it in Belgium. Raises FileRefused where the format is too narrow.
    """
    if form == "jsonl":
        for line in export_lines(session):
            file.write(line.encode())
    elif form == "csv":
        _write_csv(file, _rows(session), for_excel=for_excel)
    elif form == "xlsx":
        workbooks.write_workbook(file, list(COLUMNS), _rows(session), _help_rows())
    else:
        for text in hsds.export_services(session, lang):
            file.write(text.encode())


def write_template(file: IO[bytes], form: str) -> None:
    """A table without entries: the columns, and in XLSX a sheet that says what they hold. `form`: a TABLE_FORMATS."""
    headings = [name for name in COLUMNS if name != "version"]  # of an entry that exists; here all are new
    if form == "csv":
        file.write(csv_files.write_row(headings).encode())
    else:
        workbooks.write_workbook(file, headings, (), _help_rows())


def write_log(session: Session, file: IO[bytes], form: str) -> None:
    """The audit log, oldest first. `form`: one of LOG_FORMATS; in CSV `detail` stays JSON, and no cell acts as a formula."""
    if form == "jsonl":
        for text in audit.export_log(session):
            file.write(text.encode())
        return
    file.write(csv_files.write_row(["at", "actor", "action", "subject", "detail"]).encode())
    for line in audit.walk_log(session):
        detail = json.dumps(line["detail"], ensure_ascii=False)
        file.write(csv_files.write_row([line["at"], line["actor"], line["action"], line["subject"], detail]).encode())


def _rows(session: Session) -> Iterator[Sequence[Cell]]:
    return (list(to_row(document).values()) for document in list_resources(session, public=False))


def _write_csv(file: IO[bytes], rows: Iterator[Sequence[Cell]], *, for_excel: bool) -> None:
    separator = ";" if for_excel else ","
    if for_excel:
        file.write(codecs.BOM_UTF8)
    file.write(csv_files.write_row(COLUMNS, separator=separator).encode())
    for row in rows:
        file.write(csv_files.write_row(row, separator=separator).encode())


def _help_rows() -> Iterator[Sequence[str]]:
    yield ["column", "what it holds", "allowed", "FR / NL / EN"]
    for column in COLUMNS.values():
        how = _HOW_TO.get(column.kind, "").format(parts=" | ".join(column.parts))
        yield [column.name, ".".join(column.path), how, ""]
        for term, labels in _terms(column):
            yield ["", "", term, labels]


def _terms(column: Column) -> Iterator[tuple[str, str]]:
    if column.terms:
        for term in getattr(taxonomy(), column.terms).values():
            yield term.id, " / ".join(dict.fromkeys(term.label[language] for language in LANGUAGES))
