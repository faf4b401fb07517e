"""Signed, dated links that let a person choose a password: by invitation, or when it is forgotten. Each works once."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from directory.curation_tables import Account
from web.curation.sessions import secret_key
from web.mail import Letter, can_send, send
from web.wiring import get_services

INVITATION_LIFE_S = 7 * 24 * 3600
RESET_LIFE_S = 3600
_LIVES = {"invitation": INVITATION_LIFE_S, "reset": RESET_LIFE_S}


@dataclass(frozen=True)
class Claim:
    """What a link claims: this account, as it stood when the link was made."""

    account_id: int
    stamp: int


def make_link(account: Account, kind: str) -> str:
    """The absolute address; `kind`: invitation or reset. Stamp the account first (`accounts.stamp_link`)."""
    token = _serializer().dumps([kind, account.id, account.link_stamp])
    path = url_for("curation.invitation", lang=account.language, token=token)
    return get_services().settings.public_url + path


def read_link(token: str) -> Claim | None:
    """What the link claims; None where it is forged, damaged or too old."""
    try:
        (kind, account_id, stamp), made = _serializer().loads(token, max_age=INVITATION_LIFE_S, return_timestamp=True)
        _serializer().loads(token, max_age=_LIVES[kind])
    except (BadSignature, ValueError, TypeError, KeyError):
        return None
    return Claim(account_id, stamp) if made and isinstance(account_id, int) and isinstance(stamp, int) else None


def deliver(account: Account, link: str, kind: str) -> bool:
    """Send the link by mail, in the person's language; False where no mail can be sent: then it must be shown."""
    settings = get_services().settings
    if not can_send(settings):
        return False
    with force_locale(account.language):
        if kind == "invitation":
            subject, text = (
                _("Your account at Senne"),
                _(
                    "Hello %(name)s,\n\nyou have an account at Senne. Choose your password within seven days:\n\n%(link)s\n",
                    name=account.name,
                    link=link,
                ),
            )
        else:
            subject, text = (
                _("A new password for Senne"),
                _(
                    "Hello %(name)s,\n\nchoose a new password within an hour:\n\n%(link)s\n\n"
                    "If you did not ask for it, do nothing: your password stays as it is.\n",
                    name=account.name,
                    link=link,
                ),
            )
    return send(settings, Letter(account.email, subject, text))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(), salt="senne link")
