"""`senne backup` and `senne restore`: the whole catalogue with its history in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from directory.backup import write_backup
from directory.catalogue import count_resources
from directory.database import Database
from directory.errors import CatalogueUnavailable
from directory.restore import restore_backup
from web.commands import cli, print_json
from web.commands.progress import Counter
from web.commands.serving import bring_index_up_to_date
from web.wiring import Services, get_services


@cli.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def backup_command(file: Path, as_json: bool) -> None:
    """Write the whole catalogue with its history to FILE, as it is at this moment; Senne may be running.

    The file holds the accounts too: only you can read it, and you should keep it so.
    """
    manifest = _back_up(get_services().database, file)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size, "resources": _resources(manifest), "rows": rows})
    else:
        click.echo(f"{file}: {_resources(manifest)} resources, {rows} rows in all.")


@cli.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--author", default="restore", show_default=True, help="Who is named in the audit log.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def restore_command(file: Path, author: str, as_json: bool) -> None:
    """Put the catalogue of FILE in the place of the present one, in one step; Senne may be running.

    The present one is backed up first, beside the database's other files: the answer says where.
    """
    services = get_services()
    now = datetime.now(UTC)
    saved = _save_present(services, now)
    with Counter("rows") as progress:
        manifest = restore_backup(
            services.database, file, author=author, now=now, progress=lambda _table, rows: progress(rows)
        )
    bring_index_up_to_date(services)
    if as_json:
        print_json(
            {
                "file": str(file),
                "made_at": manifest["made_at"],
                "resources": _resources(manifest),
                "saved": str(saved) if saved else None,
            }
        )
    else:
        click.echo(f"The catalogue is that of {manifest['made_at']}: {_resources(manifest)} resources.")
        if saved:
            click.echo(f"What was there before is in {saved}.")


def _back_up(database: Database, file: Path) -> dict[str, Any]:
    try:
        with Counter("rows") as progress:
            return write_backup(database, file, now=datetime.now(UTC), progress=lambda _table, rows: progress(rows))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error


def _save_present(services: Services, now: datetime) -> Path | None:
    """Where the present catalogue was backed up; None where there is none to save."""
    try:
        services.database.migrate()  # a restore does it too; before, or an older catalogue would not be saved
    except CatalogueUnavailable:
        return None  # the restore itself says why it cannot be
    with services.database.read() as session:
        if not count_resources(session, public=False):
            return None
    folder = services.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"before-restore-{now:%Y%m%dT%H%M%S%f}.senne"
    _back_up(services.database, path)
    return path


def _resources(manifest: dict[str, Any]) -> int:
    return int(manifest["tables"]["resource"]["rows"])
