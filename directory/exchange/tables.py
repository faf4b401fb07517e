"""Tables from CSV and XLSX files: their headings understood, their rows laid over what stands.

A column that the table does not have leaves its field as it is; an empty cell empties it. A row without id is a new
entry, named after its title.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from directory.errors import FileRefused, ImportRejected, LineProblem
from directory.exchange import csv_files, workbooks
from directory.exchange.cells import Cell, is_empty, read_text
from directory.exchange.columns import COLUMNS, KEPT_WHEN_EMPTY, from_row, to_row
from directory.exchange.mapping import guess_column, near_columns, recall_mapping
from directory.fields import Slug
from directory.taxonomy import LANGUAGES
from directory.text import words

MAX_FILE_BYTES = 50_000_000
SUFFIXES = frozenset([".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls"])  #: everything else is JSON Lines
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Table:
    """A table whose headings are understood. `columns`: position → column; others are left out.

    `said`: what a person said of its headings, now or before.
    """

    headings: list[str]
    said: Mapping[str, str | None]
    columns: Mapping[int, str]
    rows: Iterator[tuple[int, list[Cell]]]  #: (number in the file, cells)


@dataclass(frozen=True)
class Heading:
    """A cell of the first row. `column`: what it was taken for; `problem`: why it cannot be taken as it stands."""

    text: str
    column: str | None
    problem: str | None = None


def is_table(path: Path) -> bool:
    """Whether a file is read as a table, by its name."""
    return path.suffix.lower() in SUFFIXES


def open_table(path: Path, session: Session, mapping: Mapping[str, str | None]) -> Table:
    """Read the headings; the rows follow lazily, and may raise BrokenCsv or FileRefused.

    `mapping` says what headings mean, before what is remembered and what can be guessed. Raises FileRefused,
    ImportRejected (headings that cannot be understood), OSError.
    """
    rows = read_rows(path)
    number, headings = _first_row(path, rows)
    known = recall_mapping(session, headings) | dict(mapping)
    judged = _judge_headings(headings, known)
    if problems := [heading.problem for heading in judged if heading.problem]:
        raise ImportRejected([LineProblem(str(path), number, None, None, message) for message in problems])
    said = {heading: column for heading, column in known.items() if heading in headings}
    columns = {position: heading.column for position, heading in enumerate(judged) if heading.column}
    return Table(headings, said, columns, rows)


def read_headings(path: Path, session: Session, mapping: Mapping[str, str | None]) -> list[Heading]:
    """The first row with what each cell of it would be taken for. Raises FileRefused, BrokenCsv, OSError."""
    _number, headings = _first_row(path, read_rows(path))
    return _judge_headings(headings, recall_mapping(session, headings) | dict(mapping))


def _first_row(path: Path, rows: Iterator[tuple[int, list[Cell]]]) -> tuple[int, list[str]]:
    number, cells = next(rows, (1, []))
    headings = ["" if is_empty(cell) else read_text(cell).strip() for cell in cells]
    if not any(headings):
        raise FileRefused(str(path), "is empty; the first row must name the columns.")
    return number, headings


def _judge_headings(headings: Sequence[str], known: Mapping[str, str | None]) -> list[Heading]:
    judged: list[Heading] = []
    for text in headings:
        column = known[text] if text in known else guess_column(text)
        twin = next((other.text for other in judged if column and other.column == column), None)
        if twin is not None:
            judged.append(Heading(text, None, f"the columns {text!r} and {twin!r} say the same."))
        else:
            unknown = bool(text) and column is None and text not in known
            judged.append(Heading(text, column, _unknown(text) if unknown else None))
    return judged


def read_row(table: Table, cells: Sequence[Cell]) -> tuple[dict[str, Cell], list[tuple[str | None, str]]]:
    """Cells by column, and (column, message) for what cannot be taken."""
    problems: list[tuple[str | None, str]] = []
    if any(not is_empty(cell) for cell in cells[len(table.headings) :]):
        problems.append((None, f"has {len(cells)} cells, the first row only {len(table.headings)}."))
    row: dict[str, Cell] = {}
    for position, column in table.columns.items():
        cell = cells[position] if position < len(cells) else None
        if isinstance(cell, workbooks.Formula):
            problems.append((column, "holds a formula; copy the column and paste it as values."))
        elif isinstance(cell, workbooks.CellError):
            problems.append((column, f"holds the error {cell[:20]}; correct or empty the cell."))
        row[column] = cell
    return row, problems


def row_id(row: Mapping[str, Cell]) -> str:
    """The id that a row names; one made of its title where it names none, "" where it has no title either."""
    if not is_empty(row.get("id")):
        return read_text(row["id"]).strip()
    titles = (row.get(f"title_{language}") for language in LANGUAGES)
    return slug(next((read_text(title) for title in titles if not is_empty(title)), ""))


def names_its_id(row: Mapping[str, Cell]) -> bool:
    """False where `row_id` made it."""
    return not is_empty(row.get("id"))


def lay_over(
    row: Mapping[str, Cell], present: Mapping[str, Any] | None
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The document that a row makes of what stands (None: a new entry), and (column, message) for unreadable cells."""
    standing = to_row(present) if present else {}
    standing.pop("version", None)  # only a row that names a version says which one it saw
    given = {name: cell for name, cell in row.items() if not (is_empty(cell) and name in KEPT_WHEN_EMPTY)}
    return from_row({**standing, **given, "id": row_id(row)})


def slug(text: str) -> str:
    """An id made of a title: "L'écoute à Jette" → "ecoute-a-jette"; "" where nothing can be made."""
    ascii_words = ("".join(c for c in word.folded if c.isascii() and c.isalnum()) for word in words(text))
    made = ""
    for word in ascii_words:
        longer = f"{made}-{word}" if made and word else made or word
        if len(longer) > 80:
            break
        made = longer
    return made if Slug.matches(made) else f"{made}-1" if Slug.matches(f"{made}-1") else ""


def read_rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """(number in the file, cells) of the rows of a CSV or XLSX file. Raises FileRefused; later BrokenCsv too."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise FileRefused(
            str(path), f"has {size / 1e6:.0f} MB; at most {MAX_FILE_BYTES // 1_000_000} MB are read. Divide it."
        )
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD_OFFICE:
        raise FileRefused(str(path), "is an old or protected Excel file; save it as .xlsx without a password.")
    if start == _ZIP:
        return workbooks.read_rows(path)
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}:
        raise FileRefused(str(path), "is no workbook, whatever its name says; if it is CSV, name it .csv.")
    return csv_files.read_rows(path)


def _unknown(heading: str) -> str:
    shown = "".join(c if unicodedata.category(c)[0] != "C" else "?" for c in heading[:60])
    near = near_columns(heading)
    hint = f" Did you mean {' or '.join(near)}?" if near else f" Known: {', '.join(COLUMNS)}."
    return f"the column {shown!r} is not known: say what it holds, or that it is to be left out.{hint}"
