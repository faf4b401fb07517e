"""What is wrong with an imported file, in the curator's words. The code's own messages are English and for programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from directory.errors import FileRefused, LineProblem
from directory.exchange.columns import COLUMNS
from web.curation.refusals import tell_field
from web.curation.wording import field_label

Say = Callable[..., str]

#: What readers of files say of a whole file → how it is told. Groups are handed on as values.
_FILES: Sequence[tuple[str, Say]] = [
    (r"has (\d+) MB; at most (\d+) MB", lambda had, most: _("The file has %(had)s MB; at most %(most)s MB are read. Divide it.", had=had, most=most)),
    (r"has over ([\d,]+) (?:lines|rows)", lambda most: _("The file has over %(most)s lines. Divide it, or have it imported by the command line.", most=most)),
    (r"is an old or protected Excel file", lambda: _("This is an old or protected Excel file. Save it as .xlsx without a password.")),
    (r"is no workbook, whatever", lambda: _("This is no workbook, whatever its name says. If it is a CSV file, name it .csv.")),
    (r"is no workbook that can be read", lambda: _("This workbook cannot be read. Open it in a spreadsheet program and save it as .xlsx.")),
    (r"unpacks to", lambda: _("Unpacked, this workbook is far too large. Remove images and other sheets.")),
    (r"has no sheet", lambda: _("The workbook has no sheet with a table.")),
    (r"is empty; the first row", lambda: _("The file is empty. Its first row must name the columns.")),
    (r"row (\d+) has over (\d+) columns", lambda row, most: _("Row %(row)s has over %(most)s columns. Remove those that are not needed.", row=row, most=most)),
    (r"is neither UTF-8 nor", lambda: _("The signs of this file cannot be read. Save it as UTF-8.")),
]  # fmt: skip
#: What they say of one line, beside what the form says of fields.
_LINES: Sequence[tuple[str, Say]] = [
    (r"holds a formula", lambda: _("This cell holds a formula. Copy the column and paste it as values.")),
    (r"holds the error (\S+);", lambda error: _("This cell holds the error %(error)s. Correct or empty it.", error=error)),
    (r"stands in .*:(\d+) too", lambda line: _("The same entry stands in line %(line)s too. Keep one.", line=line)),
    (r"is empty, and '([^']*)' exists", lambda id_: _("The line names no address, and %(id)s exists. Name it to change that entry, another to add one.", id=id_)),
    (r"is (\d+), the catalogue is at (\d+)", lambda seen, present: _("This line was made on version %(seen)s, the entry is at version %(present)s. Export it again, then repeat the change.", seen=seen, present=present)),
    (r"was merged into '([^']*)'", lambda to: _("This entry was merged into %(to)s. Use that address.", to=to)),
    (r"has (\d+) cells, the first row only (\d+)", lambda had, most: _("The line has %(had)s cells, the first row only %(most)s.", had=had, most=most)),
    (r"has (\d+) parts in", lambda had: _("The cell has %(had)s parts in one line. Write one item a line, and \\| for a | in a text.", had=had)),
    (r"the columns '(.*)' and '(.*)' say the same", lambda one, other: _("The columns “%(one)s” and “%(other)s” say the same. Leave one out.", one=one, other=other)),
    (r"the column '(.*)' is not known", lambda name: _("The column “%(name)s” is not known. Say below what it holds, or leave it out.", name=name)),
    (r"opens a quotation mark", lambda: _("A quotation mark is opened here and never closed. Close it, or write it twice where it belongs to the text.")),
    (r"has text after a closing quotation mark", lambda: _("There is text after a closing quotation mark. Write a quotation mark inside a text twice.")),
    (r"has a cell of over|cannot be cut into cells", lambda: _("From here on the file cannot be cut into cells. A quotation mark is probably never closed.")),
    (r"is not UTF-8", lambda: _("The signs of this line cannot be read. Save the file as UTF-8.")),
    (r"is not JSON|is nested too deeply|is not a JSON object|thousands of digits", lambda: _("This line is no JSON object. Write one entry a line.")),
    (r"names the field '([^']*)' twice", lambda name: _("The line names the field %(name)s twice. Keep one.", name=name)),
    (r"^'([^']*)' is not a known .* Did you mean '([^']*)'", lambda value, near: _("“%(value)s” is not in the list. “%(near)s”, perhaps?", value=value, near=near)),
    (r"^'([^']*)' is not a known", lambda value: _("“%(value)s” is not in the list; the second sheet of the empty table names what is.", value=value)),
    (r"is not a field of this shape", lambda: _("Entries have no such field. Check its spelling, or remove it.")),
]  # fmt: skip


def tell_file(error: FileRefused) -> str:
    """Why a file is not read."""
    reason = str(error).removeprefix(f"{error.file}: ")
    for pattern, say in _FILES:
        if found := re.search(pattern, reason):
            return str(say(*found.groups()))
    return str(_("This file cannot be read: %(reason)s", reason=reason))


def tell_line(problem: LineProblem) -> str:
    """What is wrong with one line, and what to do."""
    for pattern, say in _LINES:
        if found := re.search(pattern, problem.message, re.DOTALL):
            return str(say(*found.groups()))
    return tell_field(problem.message)


def column_label(name: str, lang: str) -> str:
    """What a column is called where people choose it: the name of its field, with its own, which stands in templates."""
    return f"{field_label('.'.join(COLUMNS[name].path), lang)} · {name}"


def problem_field(problem: LineProblem, lang: str) -> str:
    """The field or column that a problem is about, "" where it is the whole line."""
    if not problem.field:
        return ""
    return column_label(problem.field, lang) if problem.field in COLUMNS else field_label(problem.field, lang)
