"""Logging in and out, and choosing a password by a link."""

from __future__ import annotations

import re
import threading
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from directory import accounts, logins
from directory.curation_tables import Account
from directory.errors import AccountNotFound, InvalidAccount, TooManyAttempts
from web.curation import sessions
from web.curation.blueprint import bp, go_to, with_status
from web.curation.links import deliver, make_link, read_link
from web.mail import can_send
from web.pages.rendering import page
from web.wiring import get_services

HALF_WAY_S = 300  #: between the password and the code
MAX_NEXT = 500

RESET_THREAD = "reset"


@bp.get("/connexion", endpoint="login")
def login_page() -> Response:
    """The form; who has logged in goes on to the start."""
    if sessions.current_person():
        return go_to("curation.queue")
    return page("curation/login.html", email="", problem=None, next=_safe_next(request.args.get("next")))


@bp.post("/connexion", endpoint="log_in")
def log_in() -> Response:
    """Password, then (where the account asks for one) the code."""
    email, wanted = request.form.get("email", "")[:254], _safe_next(request.form.get("next"))
    try:
        found = logins.check_password(
            get_services().database,
            email,
            request.form.get("password", ""),
            caller=sessions.sender(),
            key=sessions.secret_key(),
            now=sessions.now(),
        )
    except TooManyAttempts as error:
        return _refused(_too_many(error), email, wanted, 429, error.seconds)
    if found is None:
        problem = _("This address and this password do not go together. Check both, and whether capitals are locked.")
        return _refused(problem, email, wanted, 401)
    if found.totp_secret is not None:
        half = _half_way().dumps([found.id, found.link_stamp])
        return page("curation/code.html", half=half, problem=None, next=wanted)
    return _enter(found.id, found.email, wanted)


@bp.post("/connexion/code", endpoint="give_code")
def give_code() -> Response:
    """The second factor."""
    wanted = _safe_next(request.form.get("next"))
    try:
        account_id, stamp = _half_way().loads(request.form.get("half", ""), max_age=HALF_WAY_S)
        good = logins.check_code(
            get_services().database,
            account_id,
            request.form.get("code", "")[:20],
            caller=sessions.sender(),
            key=sessions.secret_key(),
            now=sessions.now(),
        )
    except BadSignature:
        return _refused(_("That took too long. Log in again."), "", wanted, 401)
    except TooManyAttempts as error:
        return _refused(_too_many(error), "", wanted, 429, error.seconds)
    if not good:
        problem = _("This code is not the one of now, or was used before. Wait for the next one.")
        return with_status(page("curation/code.html", half=request.form["half"], problem=problem, next=wanted), 401)
    with get_services().database.read() as session:
        row = session.get(Account, account_id)
    if row is None or row.link_stamp != stamp:
        return _refused(_("That took too long. Log in again."), "", wanted, 401)
    return _enter(row.id, row.email, wanted)


@bp.post("/deconnexion", endpoint="log_out")
def log_out() -> Response:
    """End this login."""
    return sessions.end(go_to("curation.login", done="out"))


@bp.get("/invitation/<token>", endpoint="invitation")
def invitation(token: str) -> Response:
    """Choose a password, where the link still works."""
    return _invitation_page(_account_of(token))


@bp.post("/invitation/<token>", endpoint="accept_invitation")
def accept_invitation(token: str) -> Response:
    """The new password. The link ends with it."""
    claim, password = read_link(token), request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _invitation_page(_account_of(token), _("The two passwords are not the same."))
    try:
        with get_services().database.write() as session:
            row = accounts.account_of_link(session, claim.account_id, claim.stamp) if claim else None
            if row is not None:
                accounts.set_password(session, row, password)
    except InvalidAccount as error:
        return _invitation_page(_account_of(token), weakness_message(error.messages["password"][0]))
    if row is None:
        return _invitation_page(None)
    return go_to("curation.login", done="password", lang=row.language)


@bp.get("/mot-de-passe", endpoint="forgotten")
def forgotten() -> Response:
    """Ask for a link by mail; where no mail can be sent, the page says whom to ask."""
    return page("curation/forgotten.html", by_mail=can_send(get_services().settings))


@bp.post("/mot-de-passe", endpoint="send_link")
def send_link() -> Response:
    """The same answer, as fast, whether the address has an account or not: the mail goes out beside."""
    if can_send(get_services().settings):
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        arguments = (app, request.form.get("email", "")[:254])
        threading.Thread(target=send_reset, args=arguments, name=RESET_THREAD, daemon=True).start()
    return go_to("curation.login", done="sent")


def send_reset(app: Flask, email: str) -> None:
    """A link to the account of this address, if there is one and it may log in."""
    with app.test_request_context():
        try:
            with get_services().database.write() as session:
                found = accounts.find_account(session, email)
                if found is None or not found.enabled:
                    return
                row = accounts.stamp_link(session, found.email)
        except AccountNotFound:
            return
        deliver(row, make_link(row, "reset"), "reset")


def weakness_message(weakness: str) -> str:
    """What is wrong with a password, and what a good one is."""
    if weakness == "short":
        return str(_("This password is too short: take at least 12 characters. Four words in a row are easy to keep."))
    if weakness == "long":
        return str(_("This password is too long: take at most 200 characters."))
    return str(_("This password is easy to guess. Take words that have nothing to do with you or with Senne."))


def _invitation_page(row: Account | None, problem: str | None = None) -> Response:
    status = 410 if row is None else 422 if problem else 200
    return with_status(page("curation/invitation.html", account=row, problem=problem), status)


def _account_of(token: str) -> Account | None:
    claim = read_link(token)
    if claim is None:
        return None
    with get_services().database.read() as session:
        row = session.get(Account, claim.account_id)
    return row if row is not None and row.enabled and row.link_stamp == claim.stamp else None


def _enter(account_id: int, email: str, wanted: str) -> Response:
    with get_services().database.write() as session:
        logins.record_login(session, email)
    goal = wanted or url_for("curation.queue")
    return sessions.start(redirect(goal, 303), account_id)  # type: ignore[arg-type]


def _refused(problem: str, email: str, wanted: str, status: int, retry_after: int | None = None) -> Response:
    response = with_status(page("curation/login.html", email=email, problem=problem, next=wanted), status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _too_many(error: TooManyAttempts) -> str:
    minutes = -(-error.seconds // 60)
    return str(_("Too many attempts have failed. Try again in %(minutes)d minutes.", minutes=minutes))


def _safe_next(wanted: str | None) -> str:
    """A page of curation of this site; "" for anything else."""
    wanted = (wanted or "")[:MAX_NEXT]
    parts = urlsplit(wanted)
    good = not parts.scheme and not parts.netloc and re.match(r"/(fr|nl|en)/curation(/|$)", parts.path)
    return wanted if good and "\\" not in wanted and wanted.isprintable() else ""


def _half_way() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(sessions.secret_key(), salt="senne login, half way")
