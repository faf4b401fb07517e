"""Who may do what: the one table of routes and roles. A route of curation that does not stand here is closed to everyone;
one of the other parts fails a test.

The table says who may come to a route at all. What a curator may decide alone depends on the entry's basins: that is
`directory.curation`, which the services ask again.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, redirect, request, url_for

from directory.accounts import ROLES
from directory.errors import NotAllowed
from web.curation.sessions import current_person

PUBLIC = "public"  #: the role of who has no account, or has not logged in
EVERYONE = frozenset([PUBLIC, *ROLES])
PEOPLE = frozenset(ROLES)
DECIDERS = frozenset(["curator", "admin"])
ADMINS = frozenset(["admin"])

#: Whole parts that are for readers: (part of the endpoint before its last dot).
PUBLIC_PARTS = frozenset(["pages", "api", "api-docs", "widget"])
#: endpoint → roles
RIGHTS: Mapping[str, frozenset[str]] = {
    "asset": EVERYONE,
    "static": EVERYONE,
    "choose_language": EVERYONE,
    "robots_txt": EVERYONE,
    "healthz": EVERYONE,
    "readyz": EVERYONE,
    "metrics": EVERYONE,
    "curation.login": EVERYONE,
    "curation.log_in": EVERYONE,
    "curation.give_code": EVERYONE,
    "curation.invitation": EVERYONE,
    "curation.accept_invitation": EVERYONE,
    "curation.forgotten": EVERYONE,
    "curation.send_link": EVERYONE,
    "curation.log_out": PEOPLE,
    "curation.account": PEOPLE,
    "curation.change_password": PEOPLE,
    "curation.turn_code": PEOPLE,
    "curation.turn_shortcuts": PEOPLE,
    "curation.queue": PEOPLE,
    "curation.accept": DECIDERS,
    "curation.reject": PEOPLE,
    "curation.undo": DECIDERS,
    "curation.decide_several": DECIDERS,
    "curation.dashboard": DECIDERS,
    "curation.basin_board": DECIDERS,
    "curation.entries": PEOPLE,
    "curation.new_entry": PEOPLE,
    "curation.add_entry": PEOPLE,
    "curation.edit_entry": PEOPLE,
    "curation.save_entry": PEOPLE,
    "curation.duplicates": PEOPLE,
    "curation.discard_draft": PEOPLE,
    "curation.edit_proposal": DECIDERS,
    "curation.save_proposal": DECIDERS,
    "curation.choose_merge": DECIDERS,
    "curation.history": PEOPLE,
    "curation.restore": PEOPLE,
    "curation.archive": PEOPLE,
    "curation.merge": PEOPLE,
    "curation.merge_entries": PEOPLE,
    "curation.split": PEOPLE,
    "curation.split_entry": PEOPLE,
    "curation.undo_split": DECIDERS,
    "curation.undo_merge": DECIDERS,
    "curation.imports": PEOPLE,
    "curation.upload": PEOPLE,
    "curation.import_preview": PEOPLE,
    "curation.import_file": PEOPLE,
    "curation.import_rejected": PEOPLE,
    "curation.import_template": PEOPLE,
    "curation.export": PEOPLE,
    "curation.logbook": ADMINS,
    "curation.log_file": ADMINS,
    "curation.people": ADMINS,
    "curation.edit_person": ADMINS,
    "curation.save_person": ADMINS,
    "curation.add_person": ADMINS,
    "curation.turn_person": ADMINS,
    "curation.invite_person": ADMINS,
}


def register(app: Flask) -> None:
    """Ask the table before every request."""
    app.before_request(refuse)


def roles_of(endpoint: str) -> frozenset[str]:
    """Who may come to a route; nobody where it is not declared."""
    if endpoint.partition(".")[0] in PUBLIC_PARTS and "." in endpoint:
        return EVERYONE
    return RIGHTS.get(endpoint, frozenset())


def refuse() -> Response | None:
    """None where the request may go on. Raises NotAllowed; leads who has not logged in to the login."""
    if request.endpoint is None:  # no such address: 404 or 405 follow
        return None
    if request.blueprint != "curation" and request.endpoint not in RIGHTS:
        return None
    allowed = roles_of(request.endpoint)
    if PUBLIC in allowed:
        return None
    person = current_person()
    if person is not None and person.role in allowed:
        return None
    if person is None and request.blueprint == "curation" and allowed:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("curation.login", next=wanted), 303)  # type: ignore[return-value]
    raise NotAllowed("Your account does not reach that far.")
