"""`senne catalogue import-pharmacies`: an official list over the pharmacies of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from directory.catalogue import Change
from directory.errors import ImportRejected, LineProblem
from directory.exchange.pharmacy_rows import COLUMNS
from directory.pharmacies import PharmacyReport, import_pharmacies
from directory.taxonomy import LANGUAGES
from web.addresses import resource_address
from web.commands import print_json
from web.commands.catalogue import catalogue_group, read_mapping
from web.wiring import get_services

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@catalogue_group.command("import-pharmacies")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--skip-invalid", is_flag=True, help="Take the good lines, name the others.")
@click.option(
    "--map", "said", metavar="HEADING=COLUMN", multiple=True,
    help=f"What a column holds ({', '.join(COLUMNS)}); nothing after = leaves it out.",
)  # fmt: skip
@click.option("--author", default="import", show_default=True, help="Who is named in the history.")
@click.option("--reason", help="Why, for the history. Default: the name of the file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_command(
    file: Path,
    dry_run: bool,
    skip_invalid: bool,
    said: tuple[str, ...],
    author: str,
    reason: str | None,
    as_json: bool,
) -> None:
    """Take a list of pharmacies (XLSX or CSV): new ones in, known ones updated, missing ones proposed as gone.

    Lines are matched by name and address. Lines outside Brussels are left out. All lines, or none.
    """
    services = get_services()
    try:
        report = import_pharmacies(
            services.database,
            file,
            Change(author, reason or f"import of {file.name}"),
            page_of=lambda id_: resource_address(services.settings.public_url, id_, LANGUAGES[0]),
            mapping=read_mapping(said, COLUMNS),
            dry_run=dry_run,
            skip_invalid=skip_invalid,
        )
    except ImportRejected as error:
        if as_json:
            print_json(_to_document(PharmacyReport(problems=error.problems), dry_run))
        _print_problems(error.problems)
        raise
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be read: {error.strerror}.") from error
    if as_json:
        print_json(_to_document(report, dry_run))
    else:
        _print_report(report, dry_run)
    _print_problems(report.problems)


def _to_document(report: PharmacyReport, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "created": report.created,
        "revised": report.revised,
        "unchanged": report.unchanged,
        "proposed_gone": report.gone,
        "held_back": report.held_back,
        "ambiguous": report.ambiguous,
        "outside": report.outside,
        "not_vaccinating": report.not_vaccinating,
        "problems": [{"file": p.file, "line": p.line, "field": p.field, "message": p.message} for p in report.problems],
    }


def _print_report(report: PharmacyReport, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    click.echo(
        f"{len(report.created)} {would}created, {len(report.revised)} {would}revised, {report.unchanged} unchanged, "
        f"{len(report.gone)} {would}proposed as gone; left out: {report.outside} outside Brussels, "
        f"{report.not_vaccinating} that do not vaccinate."
    )
    for name, ids in (("new", report.created), ("revised", report.revised), ("gone?", report.gone)):
        for id_ in ids:
            click.echo(f"  {name:8} {id_}")
    if report.ambiguous:
        click.echo("In all basins of their postal code, for a curator to choose: " + ", ".join(report.ambiguous))
    if report.held_back:
        click.echo(
            f"{len(report.held_back)} known pharmacies are missing in the list. That is too many to be believed, or some "
            "lines could not be read: none is proposed as gone. Is the list whole?"
        )


def _print_problems(problems: list[LineProblem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)
