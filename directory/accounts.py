"""Accounts: who may log in, as what, and the sessions of those who did. Each function is part of one transaction.

Roles: a *contributor* proposes; a *curator* decides for their basins (the rule is in `curation`); an *admin* decides
everything and keeps the accounts. The public has no account.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp
import sqlalchemy as sa
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory import audit
from directory.curation_tables import Account, AccountSession
from directory.errors import AccountExists, AccountNotFound, InvalidAccount
from directory.fields import EmailAddress
from directory.passwords import find_weakness, hash_password
from directory.taxonomy import LANGUAGES, REGION, taxonomy
from directory.text import clean

ROLES = ("contributor", "curator", "admin")
SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=60)
_TOUCH = timedelta(minutes=1)  #: how exactly the last use of a session is kept
_CODE_STEP_S = 30
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts. `basins`: a curator's own."""

    id: int
    email: str
    name: str
    role: str
    basins: tuple[str, ...]
    language: str = "fr"
    shortcuts: bool = True
    has_code: bool = False


def person_of(row: Account) -> Person:
    """The account without its secrets."""
    return Person(
        row.id, row.email, row.name, row.role, tuple(row.basins), row.language, row.shortcuts,
        row.totp_secret is not None,
    )  # fmt: skip


def add_account(
    session: Session, *, email: str, name: str, role: str, basins: Collection[str], language: str, by: str
) -> Account:
    """A new account, without password: an invitation lets its person choose one. Raises InvalidAccount, AccountExists."""
    address, name = normal_email(email), clean(name)
    problems: dict[str, list[str]] = {}
    if not name or len(name) > 100:
        problems["name"] = ["needs 1 to 100 characters."]
    if language not in LANGUAGES:
        problems["language"] = [f"is not a language; choose among {', '.join(LANGUAGES)}."]
    problems |= _wrong_reach(role, basins)
    if problems:
        raise InvalidAccount(problems)
    row = Account(
        email=address, name=name, role=role, basins=_in_order(basins), language=language,
        link_stamp=0, shortcuts=True, enabled=True, created_at=datetime.now(UTC),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise AccountExists(address) from error
    audit.record(session, by, "account.added", address, {"role": role, "basins": row.basins})
    return row


def set_reach(session: Session, email: str, *, role: str, basins: Collection[str], by: str) -> Account:
    """Another role, or other basins; it counts from the person's next click. Raises InvalidAccount, AccountNotFound."""
    row = get_account(session, email)
    if problems := _wrong_reach(role, basins):
        raise InvalidAccount(problems)
    before, after = {"role": row.role, "basins": row.basins}, {"role": role, "basins": _in_order(basins)}
    if changed := {name: [before[name], after[name]] for name in after if before[name] != after[name]}:
        row.role, row.basins = role, _in_order(basins)
        audit.record(session, by, "account.reach_changed", row.email, changed)
    return row


def get_account(session: Session, email: str) -> Account:
    """The account of an address, locked. Raises AccountNotFound."""
    row = find_account(session, email, for_update=True)
    if row is None:
        raise AccountNotFound(email[:254])
    return row


def find_account(session: Session, email: str, *, for_update: bool = False) -> Account | None:
    """The account of an address, also of one that is disabled; None where there is none."""
    query = sa.select(Account).where(Account.email == clean(email).lower())
    return session.scalar(query.with_for_update() if for_update else query)


def list_accounts(session: Session) -> list[Account]:
    """All accounts by address."""
    return list(session.scalars(sa.select(Account).order_by(Account.email)))


def set_enabled(session: Session, email: str, *, enabled: bool, by: str) -> Account:
    """Let an account log in, or not: then its sessions and links end at once. Raises AccountNotFound."""
    row = get_account(session, email)
    if row.enabled != enabled:
        row.enabled = enabled
        audit.record(session, by, "account.enabled" if enabled else "account.disabled", row.email)
    if not enabled:
        row.link_stamp += 1
        end_sessions(session, row.id)
    return row


def stamp_link(session: Session, email: str) -> Account:
    """Ready for a new link: those given before end. Raises AccountNotFound."""
    row = get_account(session, email)
    row.link_stamp += 1
    session.flush()
    return row


def account_of_link(session: Session, account_id: int, stamp: int) -> Account | None:
    """The account that a link was made for; None where the link was used, replaced, or its account disabled."""
    row = session.get(Account, account_id, with_for_update=True)
    return row if row is not None and row.enabled and row.link_stamp == stamp else None


def set_password(session: Session, row: Account, password: str) -> None:
    """A new password; all sessions and links of the account end. Raises InvalidAccount with a key of `find_weakness`."""
    if weakness := find_weakness(password, known=(row.name, row.email)):
        raise InvalidAccount({"password": [weakness]})
    row.password_hash = hash_password(password)
    row.link_stamp += 1
    end_sessions(session, row.id)
    audit.record(session, row.email, "account.password_set", row.email)


def new_totp_secret() -> str:
    """A secret for a program that makes codes, base32."""
    return pyotp.random_base32()


def totp_address(email: str, secret: str) -> str:
    """The otpauth:// address that such a program reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Senne")


def set_totp(session: Session, row: Account, secret: str | None) -> None:
    """Ask for a code at login from now on, or (None) no more."""
    row.totp_secret, row.totp_step = secret, None
    audit.record(session, row.email, "account.code_on" if secret else "account.code_off", row.email)


def take_code(row: Account, code: str, *, now: datetime) -> bool:
    """Whether the code is that of now or of the step before or after; each is taken once. Source: RFC 6238 §5.2."""
    step = find_step(row.totp_secret or "", code, now=now)
    if step is None or (row.totp_step is not None and step <= row.totp_step):
        return False
    row.totp_step = step
    return True


def find_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step that the code belongs to; None where it is none of the last, this and the next."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // _CODE_STEP_S
    typed = "".join(code.split())
    steps = (present - 1, present, present + 1)
    return next((step for step in steps if secrets.compare_digest(totp.generate_otp(step), typed)), None) if typed.isascii() else None  # fmt: skip


def start_session(session: Session, account_id: int, *, now: datetime) -> str:
    """A new login: the token for the browser. Sessions that ended are swept out."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.execute(sa.delete(AccountSession).where(_ended(now)))
    session.add(AccountSession(token_hash=hash_token(token), account_id=account_id, created_at=now, seen_at=now))
    session.flush()
    return token


def find_session(session: Session, token: str, *, now: datetime) -> tuple[Person, bool] | None:
    """Who holds this token, and whether its last use should be noted (`touch_session`); None where it has ended."""
    query = (
        sa.select(Account, AccountSession.seen_at)
        .join(AccountSession, AccountSession.account_id == Account.id)
        .where(AccountSession.token_hash == hash_token(token), Account.enabled, sa.not_(_ended(now)))
    )
    found = session.execute(query).first()
    return (person_of(found[0]), now - found[1] > _TOUCH) if found else None


def touch_session(session: Session, token: str, *, now: datetime) -> None:
    """The session is in use."""
    session.execute(sa.update(AccountSession).where(AccountSession.token_hash == hash_token(token)).values(seen_at=now))


def end_session(session: Session, token: str) -> None:
    """Log out."""
    session.execute(sa.delete(AccountSession).where(AccountSession.token_hash == hash_token(token)))


def end_sessions(session: Session, account_id: int) -> None:
    """Log out everywhere."""
    session.execute(sa.delete(AccountSession).where(AccountSession.account_id == account_id))


def hash_token(token: str) -> str:
    """What the database knows of a token: it cannot be used to log in."""
    return hashlib.sha256(token.encode()).hexdigest()


def normal_email(email: str) -> str:
    """The address in lower case. Raises InvalidAccount."""
    try:
        return str(EmailAddress().deserialize(clean(email))).lower()
    except ValidationError as error:
        raise InvalidAccount({"email": ["is not an e-mail address."]}) from error


def _basins() -> list[str]:
    """Those that a curator can have, in the order of the taxonomy."""
    return [basin for basin in taxonomy().basins if basin != REGION]


def _in_order(basins: Collection[str]) -> list[str]:
    return [basin for basin in _basins() if basin in basins]


def _wrong_reach(role: str, basins: Collection[str]) -> dict[str, list[str]]:
    """What is wrong with a role and its basins, by field."""
    problems: dict[str, list[str]] = {}
    if role not in ROLES:
        problems["role"] = [f"is not a role; choose among {', '.join(ROLES)}."]
    if set(basins) - set(_basins()):
        problems["basins"] = [f"choose among {', '.join(_basins())}."]
    elif (role == "curator") != bool(basins):
        problems["basins"] = ["a curator has at least one basin, the other roles have none."]
    return problems


def _ended(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(AccountSession.created_at <= now - SESSION_LIFE, AccountSession.seen_at <= now - SESSION_IDLE)
