"""XLSX workbooks: the first sheet is the table, whatever else a workbook may hold.

A workbook from outside is a zip of XML: its size unpacked, rows and columns are bounded before and while it is read,
and XML entities are refused (defusedxml, used by openpyxl where it is installed).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from directory.errors import FileRefused
from directory.exchange.cells import Cell

MAX_UNPACKED_BYTES = 200_000_000
MAX_PARTS = 2_000
MAX_ROWS = 100_000
BATCH = 500
MAX_COLUMNS = 300
MAX_CELL_CHARACTERS = 32_767  #: in UTF-16. Source: Excel, specifications and limits
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  #: Source: ECMA-376, ST_Xstring
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_BROKEN = "is no workbook that can be read; open it in a spreadsheet program and save it as .xlsx."


def read_rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """(row number, cells) of the first sheet's rows that are not empty. Raises FileRefused."""
    _refuse_bomb(path)
    with path.open("rb") as file, closing(_open(path, file)) as workbook:
        if not workbook.worksheets:
            raise FileRefused(str(path), "has no sheet with a table.")
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        rows = enumerate(sheet.iter_rows(), start=1)
        while batch := _next_rows(path, rows):
            for number, cells in batch:
                if any(cell is not None and cell != "" for cell in cells):
                    yield number, cells


def _open(path: Path, file: IO[bytes]) -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles and extensions that no one needs here
            return load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # a foreign file makes openpyxl raise nearly anything
        raise FileRefused(str(path), _BROKEN) from error


def _next_rows(path: Path, rows: Iterator[tuple[int, Any]]) -> list[tuple[int, list[Cell]]]:
    """The next rows, bounded. Raises FileRefused."""
    batch: list[tuple[int, list[Cell]]] = []
    try:
        with warnings.catch_warnings(action="ignore"):
            for number, row in islice(rows, BATCH):
                if number > MAX_ROWS:
                    raise FileRefused(str(path), f"has over {MAX_ROWS:,} rows; divide it.")
                if len(row) > MAX_COLUMNS:
                    raise FileRefused(
                        str(path), f"row {number} has over {MAX_COLUMNS} columns; remove what is not needed."
                    )
                batch.append((number, [_value(cell) for cell in row]))
    except FileRefused:
        raise
    except Exception as error:  # a foreign file makes openpyxl raise nearly anything
        raise FileRefused(str(path), _BROKEN) from error
    return batch


class Formula(str):
    """A cell that computes; what it would say is not known here."""


class CellError(str):
    """A cell that says #N/A, #REF! or the like."""


def write_workbook(
    file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Cell]], help_rows: Iterable[Sequence[str]]
) -> None:
    """A workbook of two sheets: the table, and what its columns mean. Text is written as text, never as a formula.

    Raises FileRefused where a text is longer than a cell can hold.
    """
    workbook = Workbook(write_only=True)
    try:
        table = workbook.create_sheet("senne")
        table.freeze_panes = "C2"
        table.append([_styled(table, heading) for heading in headings])
        for row in rows:
            table.append([_written(table, cell, headings[position], row[0]) for position, cell in enumerate(row)])
        guide = workbook.create_sheet("help")
        for column, width in zip("ABCD", (24, 44, 44, 90), strict=True):
            guide.column_dimensions[column].width = width
        for line in help_rows:
            guide.append([_written(guide, text, "help", line[0]) for text in line])
    except BaseException:
        workbook.save(io.BytesIO())  # only this closes and removes the draft of each sheet
        raise
    workbook.save(file)


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused(str(path), _BROKEN) from error
    unpacked = sum(part.file_size for part in parts)  # zipfile unpacks no more than a part says of itself
    if unpacked > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
        raise FileRefused(
            str(path),
            f"unpacks to {unpacked // 1_000_000:,} MB in {len(parts):,} parts; at most "
            f"{MAX_UNPACKED_BYTES // 1_000_000} MB in {MAX_PARTS:,} parts are read. Remove images and other sheets.",
        )


def _value(cell: Any) -> Cell:
    value: Any = cell.value
    if cell.data_type == "f":
        return Formula(value)
    if cell.data_type == "e":
        return CellError(value)
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), value).replace("\r\n", "\n")
    known: Cell = value
    return known


def _styled(sheet: Any, heading: str) -> Any:
    cell = _written(sheet, heading, heading, heading)
    cell.font = Font(bold=True)
    return cell


def _written(sheet: Any, value: Cell, heading: str, entry: Cell) -> Any:
    if not isinstance(value, str):
        return value
    text = _TO_ESCAPE.sub(lambda match: f"_x{ord(match.group()):04X}_", value)
    if len(text.encode("utf-16-le")) // 2 > MAX_CELL_CHARACTERS:
        raise FileRefused(
            str(entry),
            f"{heading} is longer than the {MAX_CELL_CHARACTERS:,} characters of a cell; export JSONL or CSV.",
        )
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # or a text that begins with = would be a formula
    return cell
