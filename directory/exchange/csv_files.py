"""CSV: read as people's programs write it, written so that no cell can act as a formula.

Reading: UTF-8, UTF-16 with its mark, else Windows-1252; comma, semicolon, tab or bar; Excel's "sep=" line.

Writing: RFC 4180. A spreadsheet runs a cell that begins with = + - @ as a formula, also where it cuts cells at another
sign than ours. So an apostrophe is put before such a sign at the start of a cell, and after a separator or line break
inside one; reading takes exactly one away again. Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from directory.errors import FileRefused
from directory.exchange.cells import Cell, read_text

_SEPARATORS = ",;\t|"
_BOUNDARY = r"(?:^|(?<=[,;\t|\n\r]))"
_ACTING = r"[=+\-@\t\r＝＋－＠]"
_TO_PROTECT = re.compile(rf"{_BOUNDARY}(?='* *{_ACTING})")
_PROTECTED = re.compile(rf"{_BOUNDARY}'(?='* *{_ACTING})")
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class BrokenCsv(ValueError):
    """The file cannot be cut into cells from `line` on; says why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def protect(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet could take it for a formula."""
    return _TO_PROTECT.sub("'", text)


def unprotect(text: str) -> str:
    """What `protect` was given."""
    return _PROTECTED.sub("", text)


def write_row(cells: Iterable[Cell], *, separator: str = ",") -> str:
    """One line with its line break. Numbers stand bare; they cannot act."""
    buffer = io.StringIO()
    row = [
        cell if isinstance(cell, int | float) and not isinstance(cell, bool) else protect(_text(cell)) for cell in cells
    ]
    csv.writer(buffer, delimiter=separator).writerow(row)
    return buffer.getvalue()


def read_rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """(number of the row's first line, its cells) of every row that is not empty. Raises BrokenCsv, FileRefused."""
    text = _decode(path)
    first = 1
    separator = None
    if match := _SEP_LINE.match(text):
        separator, text, first = match.group(1), text[match.end() :], 2
    separator = separator or _guess_separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = first
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BrokenCsv(start, _plain(error)) from error
        if any(cell.strip() for cell in row):
            yield start, [unprotect(cell) for cell in row]
        start = first + reader.line_num


def _text(cell: Cell) -> str:
    return "" if cell is None else read_text(cell)


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            place = raw.count(b"\n", 0, error.start) + 1
    raise FileRefused(str(path), f"line {place} is neither UTF-8 nor Windows-1252; save the file as UTF-8.")


def _guess_separator(text: str) -> str:
    """The sign that cuts the first line into most cells; a comma where none does."""
    line = text.lstrip("\r\n").partition("\n")[0]

    def cells(separator: str) -> int:
        return max((len(row) for row in csv.reader([line], delimiter=separator)), default=0)

    return max(_SEPARATORS, key=cells)


def _plain(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end" in said:
        return "opens a quotation mark that is never closed; close it, or write it twice where it belongs to the text."
    if "expected after" in said:
        return "has text after a closing quotation mark; write a quotation mark inside a text twice."
    if "field limit" in said:
        return "has a cell of over 131,072 characters, or a quotation mark that is never closed."
    return f"cannot be cut into cells ({said})."
