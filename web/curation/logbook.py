"""The log of who did what, for admins: the latest, and all of it as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from flask import Response, abort
from flask_babel import gettext as _

from directory import audit
from directory.exports import LOG_FORMATS, write_log
from web.curation import sessions
from web.curation.blueprint import as_file, bp
from web.pages.rendering import page
from web.wiring import get_services

LISTED = 100


@bp.get("/journal", endpoint="logbook")
def logbook() -> Response:
    """The latest lines. What was said in entries stands in their histories; the files hold both."""
    with get_services().database.read() as session:
        rows = audit.list_entries(session, limit=LISTED)
    return page("curation/logbook.html", rows=[(row, action_name(row.action), detail_text(row.detail)) for row in rows])


@bp.get("/journal/journal.<form>", endpoint="log_file")
def log_file(form: str) -> Response:
    """The whole log, with the revisions, oldest first."""
    if form not in LOG_FORMATS:
        abort(404)

    def write(file: IO[bytes]) -> None:
        with get_services().database.read() as session:
            write_log(session, file, form)

    return as_file(write, form, f"senne-log-{sessions.now():%Y-%m-%d}.{form}")


def action_name(action: str) -> str:
    """What was done, in words; the noun.verb of the log where it has none."""
    names = {
        "account.added": _("account added"),
        "account.code_on": _("code at login turned on"),
        "account.code_off": _("code at login turned off"),
        "account.disabled": _("account disabled"),
        "account.enabled": _("account enabled"),
        "account.login": _("logged in"),
        "account.password_set": _("password set"),
        "account.reach_changed": _("role or basins changed"),
        "catalogue.imported": _("file imported"),
        "catalogue.restored": _("backup restored"),
        "pharmacies.imported": _("list of pharmacies imported"),
        "proposal.undone": _("decision undone"),
        "reminder.answered": _("reminder answered"),
        "resource.merged": _("entries merged"),
        "resource.restored": _("entry restored"),
        "resource.split": _("entry split"),
    }
    return str(names.get(action, action))


def detail_text(detail: Mapping[str, Any]) -> str:
    """ "role: curator → admin, basins: nord → –"."""
    return ", ".join(f"{name}: {_value(value)}" for name, value in detail.items() if value not in (None, "", [], {}))


def _value(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(side, list | str) for side in value):
        return " → ".join(
            _value(side) if not isinstance(side, list) else " ".join(map(str, side)) or "–" for side in value
        )
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
