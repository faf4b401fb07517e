"""Who is asking: the session cookie, the token in every form, and where a form may come from.

The cookie holds a random token, the database its hash. It is looked at on pages of curation only; readers never get
one. A form carries a token that is signed, dated and bound to the session, and must come from our own pages.
"""

from __future__ import annotations

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from directory import accounts
from directory.accounts import Person
from directory.errors import NotAllowed
from web.clock import now
from web.public_forms import comes_from_here, secret_key, sender
from web.wiring import get_services

FORM_LIFE_S = 12 * 3600
_ANONYMOUS = "anonymous"  #: what the token of a form is bound to where nobody has logged in
_SAFE = {"GET", "HEAD", "OPTIONS"}

__all__ = ["now", "secret_key", "sender"]


def cookie_name() -> str:
    """`__Host-`: set by this very host, over https, for all of it. Browsers refuse that prefix on plain http."""
    return "__Host-senne" if _is_secure() else "senne_session"


def current_person() -> Person | None:
    """Who has logged in; None on pages that are not of curation."""
    if request.blueprint != "curation":
        return None
    if "person" not in g:
        g.person = _find_person()
    found: Person | None = g.person
    return found


def require_person() -> Person:
    """Who has logged in. Raises NotAllowed."""
    person = current_person()
    if person is None:
        raise NotAllowed("Log in first.")
    return person


def start(response: Response, account_id: int) -> Response:
    """Log in: the old session of this browser ends, a new one begins."""
    with get_services().database.write() as session:
        if old := request.cookies.get(cookie_name()):
            accounts.end_session(session, old)
        token = accounts.start_session(session, account_id, now=now())
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(accounts.SESSION_LIFE.total_seconds()),
        path="/",
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def end(response: Response) -> Response:
    """Log out."""
    if token := request.cookies.get(cookie_name()):
        with get_services().database.write() as session:
            accounts.end_session(session, token)
    response.delete_cookie(cookie_name(), path="/", secure=_is_secure(), httponly=True, samesite="Lax")
    return response


def form_token() -> str:
    """For a hidden field named `token` in every form that changes something."""
    return _serializer().dumps(_bound_to())


def check_form() -> None:
    """Refuse a form that does not come from our pages and this session. Raises NotAllowed."""
    if request.method in _SAFE:
        return
    if not comes_from_here():
        raise NotAllowed("The form does not come from this site.")
    try:
        bound = _serializer().loads(request.form.get("token", ""), max_age=FORM_LIFE_S)
    except BadSignature as error:
        raise NotAllowed("The form is too old, or not ours; open the page again.") from error
    if bound != _bound_to():
        raise NotAllowed("The form belongs to another login; open the page again.")


def _find_person() -> Person | None:
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    database, moment = get_services().database, now()
    with database.read() as session:
        found = accounts.find_session(session, token, now=moment)
    if found is None:
        return None
    person, touch = found
    if touch:
        with database.write() as session:
            accounts.touch_session(session, token, now=moment)
    return person


def _bound_to() -> str:
    token = request.cookies.get(cookie_name())
    return accounts.hash_token(token) if token and current_person() else _ANONYMOUS


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(), salt="senne form")


def _is_secure() -> bool:
    return get_services().settings.public_url.startswith("https://")
