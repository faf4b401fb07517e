"""Where the link of a reminder leads: one entry, three buttons, no account. Opening it changes nothing.

Programs that scan mail open every link; only a button, which they do not press, gives an answer.
"""

from __future__ import annotations

from typing import Any, cast

from flask import Response, abort, g, make_response, redirect, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature

from directory.errors import ReminderOver, ResourceNotFound, VersionConflict
from directory.reminders import ANSWERS, Answer, answer_reminder, get_question
from directory.taxonomy import LANGUAGES
from directory.text import clean
from web.clock import now
from web.pages.rendering import bp, page
from web.pages.resource import make_view
from web.public_forms import signer
from web.wiring import get_services

MAX_MESSAGE = 2000


def reminder_token(reminder_id: str) -> str:
    """What the link carries: the reminder and the day on which it was made, signed."""
    return str(signer("reminder").dumps([reminder_id, now().date().isoformat()]))


@bp.get("/rappel/<token>", endpoint="reminder")
def reminder(token: str) -> Response:
    """The entry as it is now, and the three answers."""
    return _ask(token)


@bp.post("/rappel/<token>", endpoint="reminder_answer")
def reminder_answer(token: str) -> Response:
    """Take the answer, once."""
    reminder_id, answer = _open(token), request.form.get("answer", "")
    version = request.form.get("version", "")
    if answer not in ANSWERS or not (version.isascii() and version.isdigit() and len(version) < 10):
        return _ask(token, problem=_("Choose one of the three answers."), status=422)
    services = get_services()
    message = clean(request.form.get("message", ""))[:MAX_MESSAGE]
    try:
        with services.database.write() as session:
            document = get_question(session, reminder_id, now=now())
            address = services.settings.public_url + url_for("pages.resource", resource_id=document["id"])
            answer_reminder(
                session,
                reminder_id,
                cast(Answer, answer),
                version=int(version),
                message=message,
                page=address,
                now=now(),
            )
    except ReminderOver as error:
        return _over(error.reason)
    except ResourceNotFound:
        return _over("withdrawn")
    except VersionConflict:
        return _ask(
            token, problem=_("The entry was changed in the meantime. Look at it again, then answer."), status=409
        )
    return _private(make_response(redirect(url_for("pages.reminder_thanks"), 303)))


@bp.get("/rappel/merci", endpoint="reminder_thanks")
def reminder_thanks() -> Response:
    """Said after an answer."""
    return _private(page("reminder_thanks.html", alternates=_alternates("pages.reminder_thanks")))


def _ask(token: str, *, problem: str | None = None, status: int = 200) -> Response:
    try:
        with get_services().database.read() as session:
            document = get_question(session, _open(token), now=now())
    except ReminderOver as error:
        return _over(error.reason)
    except ResourceNotFound:
        return _over("withdrawn")
    response = page(
        "reminder.html",
        view=make_view(document, g.lang),
        action=url_for("pages.reminder", token=token),
        resource_url=url_for("pages.resource", resource_id=document["id"]),
        problem=problem,
        max_message=MAX_MESSAGE,
    )
    response.status_code = status
    return _private(response)


def _open(token: str) -> str:
    """The reminder's id; 404 for a token that is not ours."""
    try:
        found: Any = signer("reminder").loads(token[:1000])
    except BadSignature:
        abort(404)
    return str(found[0])


def _over(reason: str) -> Response:
    words = {
        "answered": _("This question has been answered already. Thank you."),
        "expired": _(
            "This link was made more than 30 days ago. When the entry has to be checked again, a new one is sent."
        ),
        "withdrawn": _("This entry is not shown to readers any more, so there is nothing to check."),
    }
    if reason not in words:
        abort(404)
    response = page("reminder_over.html", words=words[reason])
    response.status_code = 410
    return _private(response)


def _alternates(endpoint: str) -> list[tuple[str, str]]:
    return [(lang, url_for(endpoint, lang=lang)) for lang in LANGUAGES]


def _private(response: Response) -> Response:
    """The address is a key: nobody keeps the page, nobody is told where the reader came from."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
