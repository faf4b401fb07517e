"""Bulk import of resources from JSON Lines, CSV and XLSX, and export as JSON Lines.

JSON Lines: one resource a line, UTF-8; a line replaces what stands as a whole. Tables: see `exchange.tables`.
"""

from __future__ import annotations

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
    FileRefused,
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
from directory.exchange.json_lines import Line, parse_line, read_lines
from directory.exchange.mapping import remember_mapping
from directory.models import Resource, Revision
from directory.schemas import dump_resource, load_resource, named_id

#: What becomes of an entry: "created", "revised" or "unchanged"; where not everybody decides alone also "to_confirm" or
#: "proposed". Takes the document and what `lock_resources` gave, as `put_resource` does, and raises the same.
Put = Callable[[Session, dict[str, Any], Change, Mapping[str, Resource]], str]
WAITING = ("to_confirm", "proposed")  #: outcomes that leave the catalogue as it is


@dataclass(frozen=True)
class EntryChange:
    """What a dry run found for one entry. `fields`: {field: [before, after]}; empty for a new one."""

    resource_id: str
    outcome: str
    fields: dict[str, Any]
    title: dict[str, str]


@dataclass
class ImportReport:
    """What an import did (or, in a dry run, would do)."""

    created: int = 0
    revised: int = 0
    unchanged: int = 0
    to_confirm: int = 0
    proposed: int = 0
    problems: list[LineProblem] = field(default_factory=list)
    rejected: dict[str, list[str]] = field(default_factory=dict)  #: file → its bad lines
    headings: dict[str, str] = field(default_factory=dict)  #: file → its first line, for tables
    changes: list[EntryChange] = field(default_factory=list)  #: of a dry run only

    @property
    def rejected_lines(self) -> list[str]:
        """The bad lines of all files."""
        return [line for lines in self.rejected.values() for line in lines]

    @property
    def counts(self) -> dict[str, int]:
        """What changed, by outcome; what waits only where something does."""
        waiting = {outcome: getattr(self, outcome) for outcome in WAITING if getattr(self, outcome)}
        return {"created": self.created, "revised": self.revised, **waiting}


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
    put: Put | None = None,
    max_lines: int | None = None,
    also: Callable[[Session], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Import files in one transaction: all lines of all files, or none.

    With `skip_invalid` the good lines are imported and the report holds the bad ones. `mapping`: what the columns of
    tables mean (`exchange.mapping`), remembered once the import is done. `put`: what is done with each entry; everything
    is put where None is given. `also` is done in the same transaction, before the first line. `progress` is told how many
    lines were taken since the last time. Raises ImportRejected naming every bad line, FileRefused (also for a file of more
    than `max_lines`), OSError where a file cannot be read.
    """
    report = ImportReport()
    paths = list(files)
    try:
        with database.write() as session:
            if also:
                also(session)
            importer = _Importer(session, change, report, put or _put_alone, dry_run=dry_run)
            taken = 0
            for path in paths:
                entries = _read_table(path, session, mapping or {}, report) if tables.is_table(path) else _parsed(path)
                while batch := list(islice(entries, BATCH)):
                    taken += len(batch)
                    if max_lines is not None and taken > max_lines:
                        raise FileRefused(str(path), f"has over {max_lines:,} lines; divide it.")
                    importer.take(batch)
                    if progress:
                        progress(len(batch))
            if report.problems and not skip_invalid:
                raise ImportRejected(report.problems)
            if dry_run:
                raise _DryRun
            if any(report.counts.values()):
                subject = ", ".join(path.name for path in paths)
                detail = {**report.counts, "reason": change.reason}
                audit.record(session, change.author, "catalogue.imported", subject, detail, at=change.at)
    except _DryRun:
        pass
    return report


def export_lines(session: Session) -> Iterator[str]:
    """Every resource, archived and drafts too, sorted by id: the same catalogue gives the same bytes."""
    for document in list_resources(session, public=False):
        yield json.dumps(document, ensure_ascii=False) + "\n"


class _Importer:
    """Takes lines into one transaction, batch by batch, and keeps the report."""

    def __init__(self, session: Session, change: Change, report: ImportReport, put: Put, *, dry_run: bool) -> None:
        self._session, self._change, self._report, self._put, self._dry_run = session, change, report, put, dry_run
        self._first_seen: dict[str, str] = {}  # resource id → file:line

    def take(self, entries: list[_Entry]) -> None:
        """Import the good lines, name what is wrong with the others."""
        locked = lock_resources(self._session, {entry.resource_id for entry in entries if entry.resource_id})
        outcomes: dict[str, str] = {}
        for entry in entries:
            problems = list(entry.problems) or self._take_one(entry, locked, outcomes)
            if problems:
                self._report.problems += problems
                raw = entry.line.raw.decode("utf-8", "replace")
                self._report.rejected.setdefault(entry.line.file, []).append(raw)
        if self._dry_run:
            self._report.changes += self._changes(outcomes)

    def _take_one(self, entry: _Entry, locked: Mapping[str, Resource], outcomes: dict[str, str]) -> list[LineProblem]:
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
            outcome = self._put(self._session, document, self._change, locked)
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
        if outcome in WAITING and self._dry_run:
            self._report.changes.append(_waiting_change(document, locked.get(resource_id or ""), outcome))
        elif outcome != "unchanged" and resource_id:
            outcomes[resource_id] = outcome
        return []

    def _changes(self, outcomes: Mapping[str, str]) -> list[EntryChange]:
        """What the batch changed, as the revisions that it made tell it."""
        latest = (
            sa.select(sa.func.max(Revision.id)).where(Revision.resource_id.in_(outcomes)).group_by(Revision.resource_id)
        )
        rows = self._session.execute(
            sa.select(Revision.resource_id, Revision.changes, Revision.document)
            .where(Revision.id.in_(latest))
            .order_by(Revision.id)
        )
        return [
            EntryChange(
                row.resource_id,
                outcomes[row.resource_id],
                row.changes if outcomes[row.resource_id] == "revised" else {},
                row.document["title"],
            )
            for row in rows
        ]


def _parsed(path: Path) -> Iterator[_Entry]:
    """The entries of a JSON Lines file."""
    for line in read_lines(path):
        document, problem = parse_line(line)
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


def _put_alone(session: Session, document: dict[str, Any], change: Change, locked: Mapping[str, Resource]) -> str:
    return put_resource(session, document, change, locked=locked)


def _waiting_change(document: dict[str, Any], present: Resource | None, outcome: str) -> EntryChange:
    """What an entry would say once somebody has decided."""
    after = dump_resource(load_resource(document))
    before = dump_resource(records.read_values(present)) if present else {}
    differing = [name for name in {**before, **after} if name != "version" and before.get(name) != after.get(name)]
    fields = {name: [before.get(name), after.get(name)] for name in differing} if present else {}
    return EntryChange(after["id"], outcome, fields, after["title"])
