"""Bulk import of resources from JSON Lines, CSV and XLSX, and export as JSON Lines.

JSON Lines: one resource a line, UTF-8; a line replaces what stands as a whole. Tables: see `exchange.tables`.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import audit, records
from directory.catalogue import BATCH, Change, list_resources, lock_resources, put_resource
from directory.database import Database
from directory.errors import (
    ImportRejected,
    InvalidResource,
    LineProblem,
    ResourceMoved,
    VersionConflict,
    walk_messages,
)
from directory.exchange import csv_files, tables
from directory.exchange.cells import Cell
from directory.exchange.columns import column_of
from directory.exchange.mapping import remember_mapping
from directory.models import Resource, Revision
from directory.schemas import dump_resource, named_id


@dataclass(frozen=True)
class EntryChange:
    """What a dry run found for one entry. `fields`: {field: [before, after]}; empty for a new one."""

    resource_id: str
    outcome: str  #: created or revised
    fields: dict[str, Any]


@dataclass
class ImportReport:
    """What an import did (or, in a dry run, would do)."""

    created: int = 0
    revised: int = 0
    unchanged: int = 0
    problems: list[LineProblem] = field(default_factory=list)
    rejected: dict[str, list[str]] = field(default_factory=dict)  #: file → its bad lines
    headings: dict[str, str] = field(default_factory=dict)  #: file → its first line, for tables
    changes: list[EntryChange] = field(default_factory=list)  #: of a dry run only

    @property
    def rejected_lines(self) -> list[str]:
        """The bad lines of all files."""
        return [line for lines in self.rejected.values() for line in lines]


@dataclass(frozen=True, eq=False)
class Line:
    """A line of a file; numbers count from 1. `raw` is without its line break."""

    file: str
    number: int
    raw: bytes

    def problem(self, message: str, resource_id: str | None = None, field_name: str | None = None) -> LineProblem:
        """What is wrong with this line."""
        return LineProblem(self.file, self.number, resource_id, field_name, message)


@dataclass(frozen=True, eq=False)
class _Entry:
    """A line that was read: a whole document, or (from a table) a row to lay over what stands."""

    line: Line
    document: dict[str, Any]
    row: dict[str, Cell] | None = None
    problems: tuple[LineProblem, ...] = ()

    @property
    def resource_id(self) -> str | None:
        """The id, if it is one."""
        return named_id(self.document if self.row is None else {"id": tables.row_id(self.row)})


class _DryRun(Exception):
    """Ends a transaction without keeping it."""


def import_files(
    database: Database,
    files: Iterable[Path],
    change: Change,
    *,
    dry_run: bool = False,
    skip_invalid: bool = False,
    mapping: Mapping[str, str | None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Import files in one transaction: all lines of all files, or none.

    With `skip_invalid` the good lines are imported and the report holds the bad ones. `mapping`: what the columns of
    tables mean (`exchange.mapping`), remembered once the import is done. `progress` is told how many lines were taken
    since the last time. Raises ImportRejected naming every bad line, FileRefused, OSError where a file cannot be read.
    """
    report = ImportReport()
    paths = list(files)
    try:
        with database.write() as session:
            importer = _Importer(session, change, report, dry_run=dry_run)
            for path in paths:
                entries = _read_table(path, session, mapping or {}, report) if tables.is_table(path) else _parsed(path)
                while batch := list(islice(entries, BATCH)):
                    importer.take(batch)
                    if progress:
                        progress(len(batch))
            if report.problems and not skip_invalid:
                raise ImportRejected(report.problems)
            if dry_run:
                raise _DryRun
            if report.created or report.revised:
                counts = {"created": report.created, "revised": report.revised, "reason": change.reason}
                subject = ", ".join(path.name for path in paths)
                audit.record(session, change.author, "catalogue.imported", subject, counts, at=change.at)
    except _DryRun:
        pass
    return report


def read_lines(path: Path) -> Iterator[Line]:
    """Every line of a file that is not blank, lazily."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            content = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if content.strip():
                yield Line(str(path), number, content.rstrip(b"\r\n"))


def export_lines(session: Session) -> Iterator[str]:
    """Every resource, archived and drafts too, sorted by id: the same catalogue gives the same bytes."""
    for document in list_resources(session, public=False):
        yield json.dumps(document, ensure_ascii=False) + "\n"


class _Importer:
    """Takes lines into one transaction, batch by batch, and keeps the report."""

    def __init__(self, session: Session, change: Change, report: ImportReport, *, dry_run: bool) -> None:
        self._session, self._change, self._report, self._dry_run = session, change, report, dry_run
        self._first_seen: dict[str, str] = {}  # resource id → file:line

    def take(self, entries: list[_Entry]) -> None:
        """Import the good lines, name what is wrong with the others."""
        locked = lock_resources(self._session, {entry.resource_id for entry in entries if entry.resource_id})
        outcomes: dict[str, str] = {}
        for entry in entries:
            problems = list(entry.problems) or self._put(entry, locked, outcomes)
            if problems:
                self._report.problems += problems
                raw = entry.line.raw.decode("utf-8", "replace")
                self._report.rejected.setdefault(entry.line.file, []).append(raw)
        if self._dry_run:
            self._report.changes += self._changes(outcomes)

    def _put(self, entry: _Entry, locked: Mapping[str, Resource], outcomes: dict[str, str]) -> list[LineProblem]:
        line, resource_id = entry.line, entry.resource_id
        if resource_id and resource_id in self._first_seen:
            return [line.problem(f"stands in {self._first_seen[resource_id]} too; keep one.", resource_id, "id")]
        if resource_id:
            self._first_seen[resource_id] = f"{line.file}:{line.number}"
        document = entry.document
        if entry.row is not None:
            present = locked.get(resource_id or "")
            if present is not None and not tables.names_its_id(entry.row):
                message = f"is empty, and {resource_id!r} exists: name that id to change it, another to add an entry."
                return [line.problem(message, resource_id, "id")]
            standing = dump_resource(records.read_values(present)) if present else None
            document, unreadable = tables.lay_over(entry.row, standing)
            if unreadable:
                return [line.problem(message, resource_id, column) for column, message in unreadable]
        try:
            outcome = put_resource(self._session, document, self._change, locked=locked)
        except InvalidResource as error:
            return [
                line.problem(message, resource_id, (column_of(name) if entry.row is not None else name) or None)
                for name, message in walk_messages(error.messages)
            ]
        except VersionConflict as error:
            message = f"is {error.seen}, the catalogue is at {error.present}: export it again, then repeat the edit."
            return [line.problem(message, resource_id, "version")]
        except ResourceMoved as error:
            return [line.problem(f"was merged into {error.to!r}; use that id.", resource_id, "id")]
        setattr(self._report, outcome, getattr(self._report, outcome) + 1)
        if outcome != "unchanged" and resource_id:
            outcomes[resource_id] = outcome
        return []

    def _changes(self, outcomes: Mapping[str, str]) -> list[EntryChange]:
        """What the batch changed, as the revisions that it made tell it."""
        latest = (
            sa.select(sa.func.max(Revision.id)).where(Revision.resource_id.in_(outcomes)).group_by(Revision.resource_id)
        )
        rows = self._session.execute(
            sa.select(Revision.resource_id, Revision.changes).where(Revision.id.in_(latest)).order_by(Revision.id)
        )
        return [
            EntryChange(
                row.resource_id,
                outcomes[row.resource_id],
                row.changes if outcomes[row.resource_id] == "revised" else {},
            )
            for row in rows
        ]


def _parsed(path: Path) -> Iterator[_Entry]:
    """The entries of a JSON Lines file."""
    for line in read_lines(path):
        document, problem = _parse(line)
        yield _Entry(line, document or {}, problems=(line.problem(problem),) if document is None else ())


def _read_table(
    path: Path, session: Session, mapping: Mapping[str, str | None], report: ImportReport
) -> Iterator[_Entry]:
    """The entries of a table. Raises ImportRejected where its headings or a quotation mark make the rest unreadable."""
    file = str(path)
    try:
        table = tables.open_table(path, session, mapping)
        report.headings[file] = csv_files.write_row(table.headings).rstrip("\r\n")
        for number, cells in table.rows:
            row, wrong = tables.read_row(table, cells)
            line = Line(file, number, csv_files.write_row(cells).rstrip("\r\n").encode("utf-8", "replace"))
            resource_id = named_id({"id": tables.row_id(row)})
            problems = tuple(line.problem(message, resource_id, column) for column, message in wrong)
            yield _Entry(line, {}, row, problems)
    except csv_files.BrokenCsv as error:
        broken = LineProblem(file, error.line, None, None, str(error))
        raise ImportRejected([*report.problems, broken]) from error
    if table.said:
        remember_mapping(session, table.headings, table.said, now=datetime.now(UTC))


def _parse(line: Line) -> tuple[dict[str, Any] | None, str]:
    """The line's JSON object, or None and what is wrong with it."""
    try:
        document = json.loads(line.raw.decode("utf-8"), object_pairs_hook=_unique_keys)
    except UnicodeDecodeError as error:
        return None, f"is not UTF-8 (byte {error.start + 1}); save the file as UTF-8."
    except json.JSONDecodeError as error:
        return None, f"is not JSON (column {error.colno}: {error.msg}); write one resource as one JSON object."
    except RecursionError:
        return None, "is nested too deeply; write one resource as one JSON object."
    except _DoubleKey as error:
        return None, f"names the field {error.args[0][:80]!r} twice; keep one."
    except ValueError:  # Python refuses to read integers of more than 4,300 digits
        return None, "holds a number of thousands of digits; correct it."
    if not isinstance(document, dict):
        return None, 'is not a JSON object of the form {"id": …}.'
    return document, ""


class _DoubleKey(ValueError):
    """A JSON object names a key twice."""


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DoubleKey(key)
        found[key] = value
    return found
