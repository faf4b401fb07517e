"""`senne catalogue …`: entries in bulk, in and out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import click

from directory.catalogue import Change
from directory.errors import ImportRejected, LineProblem
from directory.exchange.columns import COLUMNS
from directory.exports import FORMATS, LOG_FORMATS, TABLE_FORMATS, export_catalogue, write_log, write_template
from directory.fields import BRUSSELS
from directory.freshness import list_due
from directory.history import field_changes
from directory.imports import EntryChange, ImportReport, import_files
from directory.taxonomy import LANGUAGES, label
from web.commands import SenneGroup, cli, print_json
from web.commands.output import OUTPUT, writing
from web.commands.progress import Counter
from web.wiring import get_services

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_VALUE_WIDTH = 60


@cli.group("catalogue", cls=SenneGroup)
def catalogue_group() -> None:
    """The catalogue in bulk: in and out."""


@catalogue_group.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_FILE)
@click.option("--dry-run", is_flag=True, help="Say what would change, entry by entry, and change nothing.")
@click.option("--skip-invalid", is_flag=True, help="Import the good lines, write the others to a file of their own.")
@click.option(
    "--map",
    "said",
    metavar="HEADING=COLUMN",
    multiple=True,
    help="What a column of a table holds; nothing after = leaves it out. Remembered for tables with the same headings.",
)
@click.option("--author", default="import", show_default=True, help="Who is named in the history.")
@click.option("--reason", help="Why, for the history. Default: the names of the files.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_command(
    files: tuple[Path, ...],
    dry_run: bool,
    skip_invalid: bool,
    said: tuple[str, ...],
    author: str,
    reason: str | None,
    as_json: bool,
) -> None:
    """Bring entries in from JSON Lines, CSV or XLSX, by id: new ones are created, others revised. All lines, or none."""
    mapping = read_mapping(said, COLUMNS)
    change = Change(author, reason or f"import of {', '.join(path.name for path in files)}")
    try:
        with Counter("lines") as progress:
            report = import_files(
                get_services().database,
                files,
                change,
                dry_run=dry_run,
                skip_invalid=skip_invalid,
                mapping=mapping,
                progress=progress,
            )
    except ImportRejected as error:
        if as_json:
            print_json(_import_document(ImportReport(problems=error.problems), dry_run, {}))
        _print_problems(error.problems)
        raise
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be read: {error.strerror}.") from error
    kept = {} if dry_run else _write_rejected(report)
    if as_json:
        print_json(_import_document(report, dry_run, kept))
    else:
        _print_report(report, dry_run)
    _print_problems(report.problems)
    for file, rejected in kept.items():
        click.echo(f"The rejected lines of {file} are in {rejected}: mend them there, then import that file.", err=True)


@catalogue_group.command("export")
@click.option("--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True, help="For HSDS.")
@click.option("--excel", is_flag=True, help="CSV with semicolons and a byte order mark, as Excel opens it in Belgium.")
@OUTPUT
def export_command(form: str, lang: str, excel: bool, output: Path | None) -> None:
    """Take every entry out, sorted by id: drafts and archived ones too, but in HSDS, which is public."""
    if excel and form != "csv":
        raise click.UsageError("--excel goes with --format csv.")
    _refuse_terminal(form, output)
    with get_services().database.read() as session, writing(output) as file:
        export_catalogue(session, file, form, lang=lang, for_excel=excel)


@catalogue_group.command("template")
@click.option("--format", "form", type=click.Choice(TABLE_FORMATS), default="xlsx", show_default=True)
@OUTPUT
def template_command(form: str, output: Path | None) -> None:
    """An empty table to fill in and import, with a sheet that says what its columns hold."""
    _refuse_terminal(form, output)
    with writing(output) as file:
        write_template(file, form)


@catalogue_group.command("log")
@click.option("--format", "form", type=click.Choice(LOG_FORMATS), default=LOG_FORMATS[0], show_default=True)
@OUTPUT
def log_command(form: str, output: Path | None) -> None:
    """Export the audit log: who did what, when, oldest first."""
    with get_services().database.read() as session, writing(output) as file:
        write_log(session, file, form)


@catalogue_group.command("due")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As on this day. Default: today.")
@click.option("--basin", help="Only what is offered there.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def due_command(on: datetime | None, basin: str | None, as_json: bool) -> None:
    """The published entries that somebody has to check again, the longest waiting first."""
    today = on.date() if on else datetime.now(BRUSSELS).date()
    with get_services().database.read() as session:
        items = list_due(session, today=today, basin=basin)
    if as_json:
        print_json(
            [
                {
                    "id": item.resource["id"],
                    "state": item.freshness.state,
                    "due_on": item.freshness.due_on.isoformat(),
                    "verified_on": item.resource.get("verified_on"),
                    "verified_by": item.verified_by,
                }
                for item in items
            ]
        )
        return
    for item in items:
        checked = item.resource.get("verified_on")
        told = f"verified on {checked} by {item.verified_by or 'somebody'}" if checked else "never verified"
        title = label(item.resource["title"], LANGUAGES[0])
        click.echo(f"{item.freshness.state:8} {item.freshness.due_on}  {item.resource['id']}  {title} ({told})")
    click.echo(f"{len(items)} to check.", err=True)


def read_mapping(said: Sequence[str], columns: Collection[str]) -> dict[str, str | None]:
    """`--map HEADING=COLUMN` as heading → column; None where a heading is to be left out. Raises BadParameter."""
    mapping: dict[str, str | None] = {}
    for item in said:
        heading, found, column = item.rpartition("=")
        if not found or (column and column not in columns):
            raise click.BadParameter(
                f"{item!r}: write HEADING=COLUMN with one of {', '.join(columns)}.", param_hint="--map"
            )
        mapping[heading.strip()] = column or None
    return mapping


def _refuse_terminal(form: str, output: Path | None) -> None:
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError("A workbook is not for a terminal; name a file with --output.")


def _write_rejected(report: ImportReport) -> dict[str, Path]:
    """The rejected lines beside their file, under a name that nothing has yet; file → where they are."""
    kept: dict[str, Path] = {}
    for name, lines in report.rejected.items():
        heading = report.headings.get(name)
        text = "".join(f"{line}\n" for line in ([heading, *lines] if heading else lines))
        try:
            kept[name] = _write_new(Path(name), ".csv" if heading else ".jsonl", text)
        except OSError as error:  # the good lines are in: the bad ones must not get lost
            click.echo(f"The rejected lines cannot be written beside {name} ({error.strerror}). They are:", err=True)
            click.echo(text, err=True, nl=False)
    return kept


def _write_new(source: Path, suffix: str, text: str) -> Path:
    for number in count(1):
        path = source.with_name(f"{source.stem}.rejected{'' if number == 1 else f'-{number}'}{suffix}")
        with contextlib.suppress(FileExistsError), path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            return path
    raise AssertionError("there is always a next number")


def _import_document(report: ImportReport, dry_run: bool, kept: Mapping[str, Path]) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "created": report.created,
        "revised": report.revised,
        "unchanged": report.unchanged,
        "rejected": len({(problem.file, problem.line) for problem in report.problems}),
        "rejected_files": [str(path) for path in kept.values()],
        "problems": [
            {"file": p.file, "line": p.line, "id": p.resource_id, "field": p.field, "message": p.message}
            for p in report.problems
        ],
        "changes": [
            {
                "id": entry.resource_id,
                "outcome": entry.outcome,
                "fields": [
                    {"field": one.field, "before": one.before, "after": one.after}
                    for one in field_changes(entry.fields)
                ],
            }
            for entry in report.changes
        ],
    }


def _print_report(report: ImportReport, dry_run: bool) -> None:
    for entry in report.changes:
        _print_change(entry)
    would = "would be " if dry_run else ""
    click.echo(
        f"{report.created} {would}created, {report.revised} {would}revised, {report.unchanged} unchanged, "
        f"{len(report.rejected_lines)} rejected."
    )


def _print_change(entry: EntryChange) -> None:
    click.echo(f"{'+' if entry.outcome == 'created' else '~'} {entry.resource_id}")
    for one in field_changes(entry.fields):
        if one.field != "version":
            click.echo(f"    {one.field}: {_short(one.before)} → {_short(one.after)}")


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value).replace("\n", " ")
    return text if len(text) <= _VALUE_WIDTH else f"{text[: _VALUE_WIDTH - 1]}…"


def _print_problems(problems: Sequence[LineProblem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)
