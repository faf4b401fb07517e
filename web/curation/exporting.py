"""Export: the whole catalogue as a file, and the empty table to fill in, by the code of the command line."""

from __future__ import annotations

from typing import IO

from flask import Response, abort, g, request

from directory.exports import FORMATS, TABLE_FORMATS, export_catalogue, write_template
from web.curation import sessions
from web.curation.blueprint import as_file, bp
from web.wiring import get_services


@bp.get("/export/<form>", endpoint="export")
def export(form: str) -> Response:
    """Every entry as a file, drafts and archived ones too; HSDS holds the published ones."""
    if form not in FORMATS:
        abort(404)
    excel = request.args.get("excel") == "1" and form == "csv"

    def write(file: IO[bytes]) -> None:
        with get_services().database.read() as session:
            export_catalogue(session, file, form, lang=g.lang, for_excel=excel)

    return as_file(write, form, f"senne-{sessions.now():%Y-%m-%d}.{'hsds.jsonl' if form == 'hsds' else form}")


@bp.get("/import/modele.<form>", endpoint="import_template")
def import_template(form: str) -> Response:
    """An empty table that says what its columns hold."""
    if form not in TABLE_FORMATS:
        abort(404)
    return as_file(lambda file: write_template(file, form), form, f"senne.{form}")
