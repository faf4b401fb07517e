"""Bulk import and export of resources as JSON Lines: one resource a line, UTF-8."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from directory.catalogue import BATCH, Change, list_resources, lock_resources, put_resource
from directory.database import Database
from directory.errors import ImportRejected, InvalidResource, LineProblem, VersionConflict, walk_messages
from directory.models import Resource
from directory.schemas import named_id


@dataclass
class ImportReport:
    """What an import did (or, in a dry run, would do)."""

    created: int = 0
    revised: int = 0
    unchanged: int = 0
    problems: list[LineProblem] = field(default_factory=list)
    rejected_lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Line:
    """A line of a file; numbers count from 1. `raw` is without its line break."""

    file: str
    number: int
    raw: bytes

    def problem(self, message: str, resource_id: str | None = None, field_name: str | None = None) -> LineProblem:
        """What is wrong with this line."""
        return LineProblem(self.file, self.number, resource_id, field_name, message)


class _DryRun(Exception):
    """Ends a transaction without keeping it."""


def import_files(
    database: Database,
    files: Iterable[Path],
    change: Change,
    *,
    dry_run: bool = False,
    skip_invalid: bool = False,
) -> ImportReport:
    """Import JSON Lines files in one transaction: all lines of all files, or none.

    With `skip_invalid` the good lines are imported and the report holds the bad ones. Raises ImportRejected
    naming every bad line, OSError where a file cannot be read.
    """
    report = ImportReport()
    try:
        with database.write() as session:
            importer = _Importer(session, change, report)
            lines = chain.from_iterable(map(read_lines, files))
            while batch := list(islice(lines, BATCH)):
                importer.take(batch)
            if report.problems and not skip_invalid:
                raise ImportRejected(report.problems)
            if dry_run:
                raise _DryRun
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

    def __init__(self, session: Session, change: Change, report: ImportReport) -> None:
        self._session, self._change, self._report = session, change, report
        self._first_seen: dict[str, str] = {}  # resource id → file:line

    def take(self, lines: list[Line]) -> None:
        """Import the good lines, name what is wrong with the others."""
        parsed = [(line, *_parse(line)) for line in lines]
        ids = {resource_id for _, document, _ in parsed if document and (resource_id := named_id(document))}
        locked = lock_resources(self._session, ids)
        for line, document, problem in parsed:
            problems = [line.problem(problem)] if document is None else self._put(line, document, locked)
            if problems:
                self._report.problems += problems
                self._report.rejected_lines.append(line.raw.decode("utf-8", "replace"))

    def _put(self, line: Line, document: dict[str, Any], locked: Mapping[str, Resource]) -> list[LineProblem]:
        resource_id = named_id(document)
        if resource_id and resource_id in self._first_seen:
            return [line.problem(f"stands in {self._first_seen[resource_id]} too; keep one.", resource_id, "id")]
        if resource_id:
            self._first_seen[resource_id] = f"{line.file}:{line.number}"
        try:
            outcome = put_resource(self._session, document, self._change, locked=locked)
        except InvalidResource as error:
            return [
                line.problem(message, resource_id, field_name or None)
                for field_name, message in walk_messages(error.messages)
            ]
        except VersionConflict as error:
            message = f"is {error.seen}, the catalogue is at {error.present}: export it again, then repeat the edit."
            return [line.problem(message, resource_id, "version")]
        setattr(self._report, outcome, getattr(self._report, outcome) + 1)
        return []


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
