"""The accounts, for admins: add, invite, enable and disable."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _

from directory import accounts
from directory.curation_tables import Account
from directory.errors import AccountExists, AccountNotFound, InvalidAccount
from directory.taxonomy import LANGUAGES, REGION, taxonomy
from web.curation import sessions
from web.curation.account import role_name
from web.curation.blueprint import bp, go_to, with_status
from web.curation.links import deliver, make_link
from web.i18n import LANGUAGE_NAMES
from web.labels import basin_name
from web.pages.rendering import page
from web.wiring import get_services


@bp.get("/comptes", endpoint="people")
def people() -> Response:
    """Everybody who has an account."""
    return _people_page()


@bp.post("/comptes", endpoint="add_person")
def add_person() -> Response:
    """A new account, and its invitation."""
    given: dict[str, Any] = {
        "email": request.form.get("email", "")[:254],
        "name": request.form.get("name", "")[:200],
        "role": request.form.get("role", ""),
        "language": request.form.get("language", ""),
        "basins": request.form.getlist("basins"),
    }
    try:
        with get_services().database.write() as session:
            row = accounts.add_account(session, **given, by=sessions.require_person().email)
    except InvalidAccount as error:
        return _people_page(given=given, problems={field: _problem(field) for field in error.messages})
    except AccountExists:
        return _people_page(given=given, problems={"email": _("This address has an account already.")})
    return _invite(row.email)


@bp.post("/comptes/lien", endpoint="invite_person")
def invite_person() -> Response:
    """A new link; those before it end."""
    return _invite(request.form.get("email", "")[:254])


@bp.post("/comptes/etat", endpoint="turn_person")
def turn_person() -> Response:
    """Let an account in, or not. Nobody locks themselves out."""
    email, enabled = request.form.get("email", "")[:254], request.form.get("turn") == "on"
    person = sessions.require_person()
    if email == person.email:
        return _people_page(problems={"state": _("You cannot disable your own account; ask another administrator.")})
    with get_services().database.write() as session:
        accounts.set_enabled(session, email, enabled=enabled, by=person.email)
    return go_to("curation.people", done="enabled" if enabled else "disabled")


@bp.get("/comptes/<int:account_id>", endpoint="edit_person")
def edit_person(account_id: int) -> Response:
    """Role and basins of an account."""
    return _person_page(_account(account_id))


@bp.post("/comptes/<int:account_id>", endpoint="save_person")
def save_person(account_id: int) -> Response:
    """Another role, or other basins. Nobody changes their own: the last administrator could be lost."""
    row, person = _account(account_id), sessions.require_person()
    role, basins = request.form.get("role", ""), request.form.getlist("basins")
    if row.email == person.email:
        return _person_page(row, problems={"role": _("You cannot change your own role; ask another administrator.")})
    try:
        with get_services().database.write() as session:
            accounts.set_reach(session, row.email, role=role, basins=basins, by=person.email)
    except InvalidAccount as error:
        return _person_page(
            row, role=role, basins=basins, problems={field: _problem(field) for field in error.messages}
        )
    return go_to("curation.people", done="reached")


def _account(account_id: int) -> Account:
    """Raises AccountNotFound."""
    with get_services().database.read() as session:
        row = session.get(Account, account_id)
    if row is None:
        raise AccountNotFound(str(account_id))
    return row


def _person_page(
    row: Account,
    *,
    role: str | None = None,
    basins: list[str] | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    response = page(
        "curation/person.html",
        row=row,
        given={"role": role if role is not None else row.role, "basins": basins if basins is not None else row.basins},
        problems=problems or {},
        **_choices(),
    )
    return with_status(response, 422 if problems else 200)


def _choices() -> dict[str, Any]:
    return {
        "roles": [(role, role_name(role)) for role in accounts.ROLES],
        "basins": [(basin, basin_name(basin, g.lang)) for basin in taxonomy().basins if basin != REGION],
    }


def _invite(email: str) -> Response:
    """The link goes by mail; where that cannot be, the admin sees it, once, and passes it on."""
    with get_services().database.write() as session:
        row = accounts.stamp_link(session, email)
        if not row.enabled:
            raise AccountNotFound(email)
    link = make_link(row, "invitation")
    if deliver(row, link, "invitation"):
        return _people_page(invited=row, link=None)
    return _people_page(invited=row, link=link)


def _people_page(
    *,
    given: dict[str, Any] | None = None,
    problems: dict[str, str] | None = None,
    invited: Account | None = None,
    link: str | None = None,
) -> Response:
    with get_services().database.read() as session:
        rows = accounts.list_accounts(session)
    response = page(
        "curation/people.html",
        rows=[(row, role_name(row.role), ", ".join(basin_name(basin, g.lang) for basin in row.basins)) for row in rows],
        **_choices(),
        account_languages=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        given=given or {"role": "curator", "language": g.lang, "basins": []},
        problems=problems or {},
        invited=invited,
        link=link,
    )
    return with_status(response, 422 if problems else 200)


def _problem(field: str) -> str:
    messages = {
        "email": _("Write the address as name@example.org."),
        "name": _("Write the name, at most 100 characters."),
        "basins": _("A curator has at least one basin; a contributor or an administrator has none."),
    }
    return str(messages.get(field) or _("Choose one of these."))
