"""Bulk import and export of resources as JSON Lines: one resource a line, UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from directory.catalogue import Change, list_resources, put_resource
from directory.database import Database
from directory.errors import ImportRejected, InvalidResource, LineProblem, VersionConflict, walk_messages


@dataclass
class ImportReport:
    """What an import did (or, in a dry run, would do)."""

    created: int = 0
    revised: int = 0
    unchanged: int = 0
    problems: list[LineProblem] = field(default_factory=list)
    rejected_lines: list[str] = field(default_factory=list)


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
    lines = [line for path in files for line in read_lines(path)]
    report = ImportReport()
    try:
        with database.write() as session:
            _import_lines(session, lines, change, report)
            if report.problems and not skip_invalid:
                raise ImportRejected(report.problems)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def read_lines(path: Path) -> Iterator[tuple[str, int, bytes]]:
    """(file, line number from 1, raw line) of every line that is not blank."""
    for number, raw in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if raw.strip():
            yield str(path), number, raw


def export_lines(session: Session) -> Iterator[str]:
    """Every resource, archived and drafts too, sorted by id: the same catalogue gives the same bytes."""
    for document in list_resources(session, public=False):
        yield json.dumps(document, ensure_ascii=False) + "\n"


def _import_lines(
    session: Session, lines: Iterable[tuple[str, int, bytes]], change: Change, report: ImportReport
) -> None:
    first_seen: dict[str, tuple[str, int]] = {}
    for file, number, raw in lines:
        problems, document = _parse(file, number, raw)
        resource_id = document.get("id") if document else None
        if isinstance(resource_id, str):
            if resource_id in first_seen:
                other = "{}:{}".format(*first_seen[resource_id])
                problems.append(LineProblem(file, number, resource_id, "id", f"stands in {other} too; keep one."))
            first_seen.setdefault(resource_id, (file, number))
        if not problems and document is not None:
            try:
                outcome = put_resource(session, document, change)
                setattr(report, outcome, getattr(report, outcome) + 1)
                continue
            except InvalidResource as error:
                problems += [
                    LineProblem(file, number, error.resource_id, field_name or None, message)
                    for field_name, message in walk_messages(error.messages)
                ]
            except VersionConflict as error:
                message = (
                    f"is {error.seen}, the catalogue is at {error.present}: export it again, then repeat the edit."
                )
                problems.append(LineProblem(file, number, error.resource_id, "version", message))
        report.problems += problems
        report.rejected_lines.append(raw.decode("utf-8", "replace").rstrip("\r"))


def _parse(file: str, number: int, raw: bytes) -> tuple[list[LineProblem], dict[str, Any] | None]:
    def wrong(message: str) -> tuple[list[LineProblem], None]:
        return [LineProblem(file, number, None, None, message)], None

    try:
        document = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique_keys)
    except UnicodeDecodeError as error:
        return wrong(f"is not UTF-8 (byte {error.start + 1}); save the file as UTF-8.")
    except json.JSONDecodeError as error:
        return wrong(f"is not JSON (column {error.colno}: {error.msg}); write one resource as one JSON object.")
    except RecursionError:
        return wrong("is nested too deeply; write one resource as one JSON object.")
    except _DoubleKey as error:
        return wrong(f"names the field {error.args[0]!r} twice; keep one.")
    if not isinstance(document, dict):
        return wrong('is not a JSON object of the form {"id": …}.')
    return [], document


class _DoubleKey(ValueError):
    """A JSON object names a key twice."""


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DoubleKey(key)
        found[key] = value
    return found
