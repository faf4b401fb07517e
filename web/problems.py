"""Every error as an answer: a page in the reader's language, or problem details (RFC 9457) for programs."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError

from crawler.errors import FetchError
from directory import errors
from directory.errors import DirectoryError, walk_messages
from search.errors import EmbedderUnavailable, EngineUnavailable, IndexerBusy, InvalidQuery
from search.service import ALLOWED
from web.errors import InvalidParameters
from web.i18n import reader_language
from web.labels import value_label
from web.pages.facets import facet_label

log = logging.getLogger(__name__)

#: An error's status is that of the first of its classes that stands here.
STATUS_OF: Mapping[type[DirectoryError], int] = {
    errors.ResourceNotFound: 404,
    errors.RevisionNotFound: 404,
    errors.ProposalNotFound: 404,
    errors.SourceNotFound: 404,
    errors.AccountNotFound: 404,
    errors.UploadNotFound: 404,
    errors.NotAllowed: 403,
    errors.TooManyAttempts: 429,
    errors.AccountExists: 409,
    errors.UndoRefused: 409,
    errors.InvalidAccount: 422,
    errors.ReminderOver: 410,
    errors.ResourceExists: 409,
    errors.SourceExists: 409,
    errors.VersionConflict: 409,
    errors.ProposalDecided: 409,
    errors.MergeRefused: 422,
    errors.FileRefused: 422,
    errors.BackupRefused: 422,
    errors.InvalidResource: 422,
    errors.InvalidSource: 422,
    errors.ImportRejected: 422,
    InvalidParameters: 422,
    InvalidQuery: 422,
    FetchError: 502,
    errors.CatalogueUnavailable: 503,
    EngineUnavailable: 503,
    EmbedderUnavailable: 503,
    IndexerBusy: 503,
    errors.SettingError: 500,
    errors.DataFileError: 500,
}
RETRY_AFTER_S = "5"
_PROGRAM_PATHS = ("/api/", "/openapi.json", "/healthz", "/readyz", "/metrics")


def register(app: Flask) -> None:
    """Answer every error in the asker's way."""
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(DirectoryError, _on_our_error)
    app.register_error_handler(Exception, _on_bug)


def status_of(error: DirectoryError) -> int:
    """The HTTP status of one of our errors; 500 for one that no reader can cause."""
    return next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)


def wrong_fields(error: DirectoryError) -> list[tuple[str, str]]:
    """(field, message) for every value that an error refuses."""
    if isinstance(error, InvalidQuery):
        return [(error.field, str(error))]
    return walk_messages(getattr(error, "messages", {}))


def _on_http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # a redirect that routing raises
        return make_response(error.get_response())
    response = _answer(error.code, str(error.description or ""), [])
    for name, value in error.get_response().headers.items():
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _on_our_error(error: DirectoryError) -> Response:
    if isinstance(error, errors.ResourceMoved):
        return _lead_on(error)
    status = status_of(error)
    if status >= 500:
        log.error("request_failed", extra={"status": status, "reason": str(error), "path": request.path})
    response = _answer(status, str(error), wrong_fields(error))
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER_S
    return response


def _lead_on(error: errors.ResourceMoved) -> Response:
    """From the address of a merged resource, whose last part is its id, to that of the one it became."""
    path = request.path.removesuffix(error.resource_id) + error.to
    query = request.query_string.decode("ascii", "replace")
    response = make_response(redirect(f"{path}?{query}" if query else path, 301))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _on_bug(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return _on_http_error(error)
    log.exception("request_crashed", extra={"path": request.path})
    return _answer(500, InternalServerError.description, [])


def _answer(status: int, detail: str, fields: Sequence[tuple[str, str]]) -> Response:
    if request.path.startswith(_PROGRAM_PATHS):
        return problem(status, detail, fields)
    lang = reader_language()
    title, message, hint = _words(status)
    html = render_template(
        "error.html",
        status=status,
        title=title,
        message=message,
        hint=hint,
        details=[_field_help(field, lang) for field in dict.fromkeys(field for field, _message in fields)],
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(status: int, detail: str, fields: Sequence[tuple[str, str]] = ()) -> Response:
    """Problem details; `errors` names every wrong field. Source: RFC 9457, about:blank where no type fits."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = detail
    if fields:
        body["errors"] = [{"field": field, "detail": message} for field, message in fields]
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _words(status: int) -> tuple[str, str, str]:
    """Title, what happened, and what to do, for people."""
    if status == 404:
        return (
            _("This page does not exist"),
            _("Nothing stands at this address: it may have been moved or mistyped."),
            _("Search for it, or start from the home page."),
        )
    if status == 403:
        return (
            _("You may not do this"),
            _("Your account does not reach that far, or the form was too old."),
            _("Open the page again and repeat; or ask an administrator."),
        )
    if status == 409:
        return (
            _("Someone was faster"),
            _("What you saw has changed in the meantime. Nothing was overwritten."),
            _("Open the page again, look at what is new, and repeat."),
        )
    if status == 429:
        return (_("Too many attempts"), _("This was tried too often."), _("Wait a quarter of an hour, then try again."))
    if status == 405:
        return (_("This cannot be done here"), _("The address does not take this kind of request."), "")
    if status in {413, 414, 431}:
        return (_("This is too long"), _("The server does not take a request of this size."), _("Use fewer words."))
    if status == 422 or status == 400:
        return (
            _("This search cannot be made"),
            _("The address asks for something that Senne does not know."),
            _("Correct it, or search anew."),
        )
    if status == 503:
        return (
            _("Senne is resting"),
            _("The search does not answer for the moment; nothing is lost."),
            _("Try again in a few seconds."),
        )
    return (
        _("Something went wrong here"),
        _("The fault is ours, and it has been noted."),
        _("Try again in a moment."),
    )


def _field_help(field: str, lang: str) -> str:
    """What a parameter may be, in the reader's language."""
    name = field.split(".", 1)[0]
    if name in ALLOWED:
        values = ", ".join(value_label(name, value, lang) for value in ALLOWED[name])
        return str(_("%(filter)s: choose among %(values)s.", filter=facet_label(name), values=values))
    names = {
        "place": _("Place: name a commune of Brussels or its postal code."),
        "page": _("Page: a whole number from 1."),
        "per_page": _("Resources on a page: a whole number from 1 to 100."),
        "scope": _("“Local only” leaves out what serves all of Brussels, so it cannot go with that choice."),
        "sort": _("Order: best match, title, last check or newest first."),
    }
    return str(names.get(name) or _("The part “%(name)s” of the address.", name=name[:80]))
