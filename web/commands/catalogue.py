"""`senne catalogue import` and `export`: bulk in and out."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click

from directory.catalogue import Change
from directory.errors import ImportRejected, LineProblem
from directory.imports import ImportReport, export_lines, import_files
from web.commands import SenneGroup, cli, print_json
from web.wiring import get_services

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@cli.group("catalogue", cls=SenneGroup)
def catalogue_group() -> None:
    """The catalogue in bulk: in and out."""


@catalogue_group.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_FILE)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--skip-invalid", is_flag=True, help="Import the good lines, write the others to a file of their own.")
@click.option("--author", default="import", show_default=True, help="Who is named in the history.")
@click.option("--reason", help="Why, for the history. Default: the names of the files.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_command(
    files: tuple[Path, ...], dry_run: bool, skip_invalid: bool, author: str, reason: str | None, as_json: bool
) -> None:
    """Bring entries in, by id: new ones are created, those that differ revised. All lines, or none."""
    change = Change(author, reason or f"import of {', '.join(path.name for path in files)}")
    try:
        report = import_files(get_services().database, files, change, dry_run=dry_run, skip_invalid=skip_invalid)
    except ImportRejected as error:
        if as_json:
            print_json(_import_document(ImportReport(problems=error.problems), dry_run, None))
        _print_problems(error.problems)
        raise
    rejected = None
    if report.rejected_lines and not dry_run:
        rejected = _write_rejected(files[0], report.rejected_lines)
    if as_json:
        print_json(_import_document(report, dry_run, rejected))
    else:
        would = "would be " if dry_run else ""
        click.echo(
            f"{report.created} {would}created, {report.revised} {would}revised, {report.unchanged} unchanged, "
            f"{len(report.rejected_lines)} rejected."
        )
    _print_problems(report.problems)
    if rejected:
        click.echo(f"The rejected lines are in {rejected}: mend them there, then import that file.", err=True)


@catalogue_group.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output.")
def export_command(form: str, output: Path | None) -> None:
    """Take every entry out, drafts and archived ones too, sorted by id."""
    with get_services().database.read() as session, _writing(output) as file:
        for line in export_lines(session):
            file.write(line.encode())


@contextlib.contextmanager
def _writing(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file that appears whole or not at all."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    try:
        descriptor, draft = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(output)
    finally:
        Path(draft).unlink(missing_ok=True)


def _write_rejected(first: Path, lines: list[str]) -> Path:
    """The rejected lines beside the first file, under a name that nothing has yet."""
    number = 1
    while True:
        path = first.with_name(f"{first.stem}.rejected{'' if number == 1 else f'-{number}'}.jsonl")
        with contextlib.suppress(FileExistsError), path.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            return path
        number += 1


def _import_document(report: ImportReport, dry_run: bool, rejected: Path | None) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "created": report.created,
        "revised": report.revised,
        "unchanged": report.unchanged,
        "rejected": len(report.rejected_lines) or len({(p.file, p.line) for p in report.problems}),
        "rejected_file": str(rejected) if rejected else None,
        "problems": [
            {"file": p.file, "line": p.line, "id": p.resource_id, "field": p.field, "message": p.message}
            for p in report.problems
        ],
    }


def _print_problems(problems: list[LineProblem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)
