"""Import: a file is uploaded, what it would change is shown, then it is applied, by the code of the command line.

Between the two steps the file waits in the database. Each entry is decided as a single edit of the same person would be.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import secure_filename

from directory import audit, upload_shelf
from directory.catalogue import Change
from directory.curation_tables import UploadedFile
from directory.errors import FileRefused, ImportRejected, UploadNotFound
from directory.exchange import csv_files, tables
from directory.exchange.columns import COLUMNS
from directory.import_decisions import PersonalPut
from directory.imports import EntryChange, ImportReport, import_files
from web.curation import sessions, wording
from web.curation.blueprint import CHUNK_BYTES, MEDIA_TYPES, bp, go_to, with_status
from web.curation.import_wording import column_label, problem_field, tell_file, tell_line
from web.pages.rendering import page
from web.pages.texts import Shown, show
from web.wiring import get_services

MAX_LINES = 5_000  #: an import is one transaction, and others must not wait too long for theirs
MAX_DRAINED_BYTES = 1_000_000_000
SHOWN = 50  #: entries, and problems, on one page
LISTED = 10
LINE_SUFFIXES = frozenset([".jsonl", ".ndjson", ".json"])
OUTCOMES = ("created", "revised", "to_confirm", "proposed", "unchanged")
_CHOOSE = "?"  #: the choice of a column that nobody has made


@dataclass(frozen=True)
class Problem:
    """Something wrong, as it is shown."""

    line: int
    resource_id: str
    field: str
    message: str


@dataclass
class Trial:
    """What a dry run found. `problem`: why the whole file cannot be read."""

    report: ImportReport = field(default_factory=ImportReport)
    problems: list[Problem] = field(default_factory=list)
    headings: list[tables.Heading] = field(default_factory=list)
    problem: str | None = None
    readable: bool = True  #: line by line: then the good lines can be taken without the bad ones


@bp.get("/import", endpoint="imports")
def imports_page() -> Response:
    """Upload, downloads, what waits and what was imported."""
    return _imports_page()


@bp.post("/import", endpoint="upload")
def upload() -> Response:
    """Keep the file, and show what it would change."""
    file, person = request.files.get("file"), sessions.require_person()
    if file is None or not file.filename:
        return _imports_page(problem=_("Choose a file."))
    name = _safe_name(file.filename)
    if name is None:
        return _imports_page(problem=_("Choose a table (.csv, .xlsx) or JSON Lines (.jsonl)."))
    content = file.read()
    if len(content) > tables.MAX_FILE_BYTES:
        return _imports_page(problem=_too_large(), status=413)
    if not content.strip():
        return _imports_page(problem=_("The file is empty."))
    with get_services().database.write() as session:
        kept = upload_shelf.keep(session, person.email, name, content, now=sessions.now())
    return go_to("curation.import_preview", file_id=kept.id)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response | RequestEntityTooLarge:
    """Nothing is kept of it. It is read to its end, though: a browser that is cut off while it sends shows no answer."""
    if request.endpoint != "curation.upload":
        return error
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, MAX_DRAINED_BYTES)
    while left > 0 and (chunk := stream.read(min(left, CHUNK_BYTES))):
        left -= len(chunk)
    return _imports_page(problem=_too_large(), status=413)


@bp.get("/import/<file_id>", endpoint="import_preview")
def import_preview(file_id: str) -> Response:
    """The dry run."""
    return _preview(file_id)


@bp.post("/import/<file_id>", endpoint="import_file")
def import_file(file_id: str) -> Response:
    """What the form asks: columns mean something else, apply, apply without the wrong lines, or leave it."""
    person, act = sessions.require_person(), request.form.get("act", "")
    database = get_services().database
    if act == "drop":
        with database.write() as session:
            upload_shelf.drop(session, file_id, person.email)
        return go_to("curation.imports", done="dropped")
    if act == "map":
        with _placed(file_id) as (row, path):
            chosen = _chosen_columns(_headings(row, path))
        with database.write() as session:
            upload_shelf.set_mapping(
                session, upload_shelf.get_file(session, file_id, person.email, for_update=True), chosen
            )
        return go_to("curation.import_preview", file_id=file_id)
    reason = request.form.get("reason", "").strip()[:300]
    try:
        with _placed(file_id) as (row, path):
            import_files(
                database, [path], Change(person.email, reason or f"import of {row.name}"), mapping=row.mapping,
                put=PersonalPut(person), max_lines=MAX_LINES, skip_invalid=act == "apply-good",
                also=lambda session: upload_shelf.drop(session, file_id, person.email),
            )  # fmt: skip
    except UploadNotFound:
        return go_to("curation.imports", done="gone")
    except (ImportRejected, FileRefused):  # someone changed the catalogue since the page was shown: it says what
        return with_status(_preview(file_id), 409)
    return go_to("curation.imports", done="imported")


@bp.get("/import/<file_id>/refuse", endpoint="import_rejected")
def import_rejected(file_id: str) -> Response:
    """The wrong lines as a file of their own, to be mended."""
    with _placed(file_id) as (row, path):
        trial = _try(row, path)
    heading = next(iter(trial.report.headings.values()), None)
    lines = trial.report.rejected_lines
    text = "".join(f"{line}\n" for line in ([heading, *lines] if heading else lines))
    form = "csv" if heading else "jsonl"
    response = Response(text, content_type=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{Path(row.name).stem}.rejected.{form}"'
    return response


def _too_large() -> str:
    most = tables.MAX_FILE_BYTES // 1_000_000
    return str(_("The file is too large: at most %(most)s MB are read. Divide it.", most=most))


def _imports_page(*, problem: str | None = None, status: int = 422) -> Response:
    person = sessions.require_person()
    with get_services().database.read() as session:
        waiting = upload_shelf.list_files(session, person.email, now=sessions.now())
        done = audit.list_entries(session, action="catalogue.imported", limit=LISTED)
    response = page(
        "curation/imports.html",
        problem=problem,
        waiting=waiting,
        done=[(entry, outcome_words(entry.detail)) for entry in done],
        largest=tables.MAX_FILE_BYTES // 1_000_000,
        most_lines=MAX_LINES,
        suffixes=", ".join(sorted({".csv", ".xlsx"} | LINE_SUFFIXES)),
    )
    return with_status(response, status if problem else 200)


def _preview(file_id: str) -> Response:
    with _placed(file_id) as (row, path):
        trial = _try(row, path)
    lang, report = g.lang, trial.report
    number = request.args.get("page", "1")
    pages = max(1, -(-max(len(report.changes), len(trial.problems)) // SHOWN))
    at = min(int(number), pages) if number.isascii() and number.isdigit() and 0 < len(number) < 6 else 1
    part = slice((max(at, 1) - 1) * SHOWN, max(at, 1) * SHOWN)
    return page(
        "curation/import.html",
        row=row,
        trial=trial,
        counts=[count_text(name, n) for name in OUTCOMES if (n := getattr(report, name))],
        wrong_lines=len({problem.line for problem in trial.problems}),
        changing=sum(report.counts.values()),
        changes=[_shown_change(change, lang) for change in report.changes[part]],
        problems=trial.problems[part],
        at=max(at, 1),
        pages=pages,
        columns=[(name, column_label(name, lang)) for name in COLUMNS],
        choose=_CHOOSE,
    )


def _try(row: UploadedFile, path: Path) -> Trial:
    """The dry run of a file."""
    person, trial = sessions.require_person(), Trial()
    try:
        trial.headings = _headings(row, path) if tables.is_table(path) else []
        trial.report = import_files(
            get_services().database, [path], Change(person.email, "trial"), dry_run=True, skip_invalid=True,
            mapping=row.mapping, put=PersonalPut(person), max_lines=MAX_LINES,
        )  # fmt: skip
        found = trial.report.problems
    except FileRefused as error:
        trial.problem, trial.readable, found = tell_file(error), False, []
    except ImportRejected as error:  # the headings, or a quotation mark
        trial.readable, found = False, error.problems
    trial.problems = [
        Problem(problem.line, problem.resource_id or "", problem_field(problem, g.lang), tell_line(problem))
        for problem in found
    ]
    return trial


@contextmanager
def _placed(file_id: str) -> Iterator[tuple[UploadedFile, Path]]:
    """A kept file, on disk for as long as it is read. Raises UploadNotFound."""
    with get_services().database.read() as session:
        row = upload_shelf.get_file(session, file_id, sessions.require_person().email)
    with tempfile.TemporaryDirectory(prefix="senne-import-") as folder:
        path = Path(folder) / row.name
        path.write_bytes(row.content)
        yield row, path


def _headings(row: UploadedFile, path: Path) -> list[tables.Heading]:
    try:
        with get_services().database.read() as session:
            return tables.read_headings(path, session, row.mapping)
    except csv_files.BrokenCsv:  # the dry run says where
        return []


def _chosen_columns(headings: list[tables.Heading]) -> dict[str, str | None]:
    """What the form says of the columns. One that nobody has chosen for stays open."""
    chosen: dict[str, str | None] = {}
    for position, heading in enumerate(headings):
        column = request.form.get(f"column-{position}", _CHOOSE)
        if heading.text and (not column or column in COLUMNS):
            chosen[heading.text] = column or None
    return chosen


def _shown_change(change: EntryChange, lang: str) -> tuple[str, Shown, str, list[wording.Line]]:
    """(id, title, outcome, what differs)."""
    before = {name: values[0] for name, values in change.fields.items()}
    after = {name: values[1] for name, values in change.fields.items()}
    lines = wording.list_lines(before, after, lang) if change.fields else []
    waiting = {"to_confirm": _("to be confirmed by a second person"), "proposed": _("a curator of the basin decides")}
    outcome = waiting.get(change.outcome) or wording.kind_name("new" if change.outcome == "created" else "update")
    return change.resource_id, show(change.title, lang), outcome, lines


def outcome_words(detail: Mapping[str, Any]) -> str:
    """ "3 new, 2 changed": what an import did, from its line in the log."""
    return ", ".join(count_text(name, detail[name]) for name in OUTCOMES if detail.get(name))


def count_text(outcome: str, number: int) -> str:
    """ "3 new"."""
    texts = {
        "created": lambda: ngettext("%(num)d new", "%(num)d new", number),
        "revised": lambda: ngettext("%(num)d changed", "%(num)d changed", number),
        "to_confirm": lambda: ngettext("%(num)d to be confirmed", "%(num)d to be confirmed", number),
        "proposed": lambda: ngettext("%(num)d to be decided", "%(num)d to be decided", number),
        "unchanged": lambda: ngettext("%(num)d unchanged", "%(num)d unchanged", number),
    }
    return str(texts[outcome]())


def _safe_name(given: str) -> str | None:
    """A name for the file that no folder can be left by; None where its ending is none that is read."""
    path = Path(given.replace("\\", "/"))
    suffix = path.suffix.lower()
    if suffix not in tables.SUFFIXES | LINE_SUFFIXES:
        return None
    return f"{secure_filename(path.stem)[:80] or 'import'}{suffix}"
