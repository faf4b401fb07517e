"""One's own account: password, second factor, keyboard shortcuts."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from directory import accounts, logins
from directory.curation_tables import Account
from directory.errors import InvalidAccount, TooManyAttempts
from web.curation import sessions
from web.curation.blueprint import bp, go_to, with_status
from web.curation.login import weakness_message
from web.labels import basin_name
from web.pages.rendering import page
from web.wiring import get_services

OFFER_LIFE_S = 900  #: how long a secret that was shown can be confirmed


@bp.get("/compte", endpoint="account")
def account_page() -> Response:
    """What the account is, and what its person may change."""
    return _account_page()


@bp.post("/compte/mot-de-passe", endpoint="change_password")
def change_password() -> Response:
    """A new password, for who knows the old one. All logins end; this browser gets a new one."""
    person, password = sessions.require_person(), request.form.get("password", "")
    problem = _check_present_password(request.form.get("present", ""))
    if not problem and password != request.form.get("again", ""):
        problem = _("The two passwords are not the same.")
    if not problem:
        try:
            with get_services().database.write() as session:
                accounts.set_password(session, accounts.get_account(session, person.email), password)
        except InvalidAccount as error:
            problem = weakness_message(error.messages["password"][0])
    if problem:
        return _account_page(password_problem=problem)
    return sessions.start(go_to("curation.account", done="changed"), person.id)


@bp.post("/compte/code", endpoint="turn_code")
def turn_code() -> Response:
    """Ask for a code at login from now on, or no more."""
    person = sessions.require_person()
    if problem := _check_present_password(request.form.get("present", "")):
        return _account_page(code_problem=problem)
    secret = None
    if request.form.get("turn") == "on":
        try:
            owner, secret = _offers().loads(request.form.get("offer", ""), max_age=OFFER_LIFE_S)
        except BadSignature:
            return _account_page(code_problem=_("That took too long. Here is a new key."))
        code = request.form.get("code", "")[:20]
        if owner != person.id or accounts.find_step(secret, code, now=sessions.now()) is None:
            return _account_page(code_problem=_("This code is not the one of now. Check the clock of your phone."))
    with get_services().database.write() as session:
        accounts.set_totp(session, accounts.get_account(session, person.email), secret)
    return go_to("curation.account", done="code-on" if secret else "code-off")


@bp.post("/compte/raccourcis", endpoint="turn_shortcuts")
def turn_shortcuts() -> Response:
    """Single keys act on the queue, or not: speech input and stray fingers press them too (WCAG 2.1.4)."""
    wanted = request.form.get("turn") == "on"
    with get_services().database.write() as session:
        accounts.get_account(session, sessions.require_person().email).shortcuts = wanted
    return go_to("curation.account", done="shortcuts-on" if wanted else "shortcuts-off")


def role_name(role: str) -> str:
    """What a role is called."""
    names = {"contributor": _("contributor"), "curator": _("curator"), "admin": _("administrator")}
    return str(names[role])


def _account_page(**problems: str) -> Response:
    person = sessions.require_person()
    secret = None if person.has_code else accounts.new_totp_secret()
    response = page(
        "curation/account.html",
        role=role_name(person.role),
        basins=[(basin, basin_name(basin, person.language)) for basin in person.basins],
        secret=secret,
        offer=_offers().dumps([person.id, secret]) if secret else None,
        totp_address=accounts.totp_address(person.email, secret) if secret else None,
        **{"password_problem": None, "code_problem": None, **problems},
    )
    return with_status(response, 422 if problems else 200)


def _check_present_password(password: str) -> str | None:
    """What to say where the password that the account has now was not given right."""
    person = sessions.require_person()
    try:
        row: Account | None = logins.check_password(
            get_services().database,
            person.email,
            password,
            caller=sessions.sender(),
            key=sessions.secret_key(),
            now=sessions.now(),
        )
    except TooManyAttempts:
        return str(_("Too many attempts have failed. Try again in a quarter of an hour."))
    return None if row else str(_("Your present password is not right."))


def _offers() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(sessions.secret_key(), salt="senne code")
