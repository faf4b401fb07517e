"""What all pages of curation share: their address, that nobody keeps them, the check of forms, what templates need."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _

from directory.exchange.tables import MAX_FILE_BYTES
from web.curation.sessions import check_form, current_person, form_token
from web.i18n import LANGUAGE_NAMES
from web.pages.rendering import add_language, take_language

MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 1_000_000  #: with the form around the file
FILE_FORMS = frozenset(["curation.upload"])  #: endpoints whose form may carry a file

CHUNK_BYTES = 65_536
MEDIA_TYPES = {
    "jsonl": "application/jsonl; charset=utf-8",
    "hsds": "application/jsonl; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

bp = Blueprint("curation", __name__, url_prefix="/<any(fr,nl,en):lang>/curation")
bp.url_value_preprocessor(take_language)
bp.url_defaults(add_language)


@bp.before_request
def _let_files_in() -> None:
    """Only where a file is asked for, and only from who may come there: `rights` has been asked before."""
    if request.endpoint in FILE_FORMS:
        request.max_content_length = MAX_UPLOAD_BYTES


bp.before_request(check_form)


@bp.after_request
def _keep_private(response: Response) -> Response:
    """Nothing of curation is kept by anyone, nor told to the next site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Cookie")
    return response


@bp.context_processor
def _context() -> dict[str, Any]:
    context: dict[str, Any] = {
        "person": current_person(),
        "form_token": form_token,
        "notice": find_notice(request.args.get("done", "")),
    }
    if request.method == "POST":  # the address of a form may take nothing else: the other languages start at the queue
        context["switches"] = [
            (code, LANGUAGE_NAMES[code], url_for("curation.queue", lang=code)) for code in LANGUAGE_NAMES
        ]
    return context


def as_file(write: Callable[[IO[bytes]], None], form: str, name: str) -> Response:
    """A file to be kept by who asked for it. `form`: a key of MEDIA_TYPES; `name`: ASCII.

    It is whole before the first byte is sent: a failure half-way is an error page, not half a file.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is sent
    try:
        write(file)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise

    def chunks() -> Iterator[bytes]:
        with file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk

    response = Response(chunks(), content_type=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.content_length = size
    return response


def go_to(endpoint: str, *, done: str | None = None, **values: Any) -> Response:
    """After a form: on to a page, which says what was `done`."""
    return redirect(url_for(endpoint, done=done, **values), 303)  # type: ignore[return-value]


def with_status(response: Response, status: int) -> Response:
    """The same answer with another status."""
    response.status_code = status
    return response


def find_notice(done: str) -> str | None:
    """What was just done, in words; None for anything unknown: the address can be written by anyone."""
    notices = {
        "accepted": _("Accepted and published."),
        "waits": _("Accepted. It waits for a second person to confirm; until then the old version stays public."),
        "saved": _("Saved; the change stands in the history."),
        "merged": _("Merged: the address of the other entry leads here from now on."),
        "split": _("Split: the new entry stands on its own."),
        "joined": _("The split is taken back: the address of the other entry leads here."),
        "unmerged": _("The merge is taken back: this entry stands on its own again."),
        "imported": _("The file is imported; what was done stands below."),
        "dropped": _("The file is dropped; nothing was changed."),
        "gone": _("This file was imported already, or is no longer kept."),
        "proposed": _("Proposed: a curator of the basin decides."),
        "unchanged": _("Nothing was changed."),
        "draft": _("The draft is kept; only you see it."),
        "discarded": _("The draft is discarded."),
        "rejected": _("Rejected; the reason is kept."),
        "undone": _("Undone: the proposal waits again."),
        "password": _("The password is set. You can log in with it."),
        "out": _("You are logged out."),
        "sent": _("If this address has an account, a link is on its way to it."),
        "code-on": _("From now on a code is asked when you log in."),
        "code-off": _("No code is asked any more when you log in."),
        "shortcuts-on": _("The keyboard shortcuts are on."),
        "shortcuts-off": _("The keyboard shortcuts are off."),
        "reached": _("The account is changed; the change stands in the log."),
        "changed": _("Your password is changed. You are logged in anew; your other logins have ended."),
        "enabled": _("The account is enabled."),
        "disabled": _("The account is disabled; its logins have ended."),
    }
    return notices.get(done)
