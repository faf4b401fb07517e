"""Logging in: password, code, and a brake on guessing that all processes share.

An attempt is counted before the password is looked at and forgotten when it was right, so that many at once gain
nothing. It is counted under the account's address and under the caller's; the latter only as a hash whose key changes
every day, and neither is ever logged. The answer, and the time it takes, do not tell whether an account exists.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts import find_account, take_code
from directory.curation_tables import Account, LoginAttempt
from directory.database import Database
from directory.errors import TooManyAttempts
from directory.passwords import is_password
from directory.text import clean

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10  #: failures in the window
PER_CALLER = 30  #: several people may share an address
_KEPT = timedelta(days=1)


def check_password(
    database: Database, email: str, password: str, *, caller: str, key: bytes, now: datetime
) -> Account | None:
    """The account, where the password is right and it may log in; else None. Raises TooManyAttempts.

    `caller`: the address that asks; `key`: the application's secret.
    """
    keys = _keys(email, caller, key, now)
    with database.write() as session:
        _count(session, keys, now)
        row = find_account(session, email)
    good = is_password(row.password_hash if row else None, password)  # outside a transaction: it takes long
    if row is None or not good or not row.enabled:
        return None
    with database.write() as session:
        _forget(session, keys)
    return row


def check_code(database: Database, account_id: int, code: str, *, caller: str, key: bytes, now: datetime) -> bool:
    """Whether the second factor is right. Raises TooManyAttempts."""
    with database.write() as session:
        row = session.get(Account, account_id, with_for_update=True)
        keys = _keys(row.email if row else "", caller, key, now)
        _count(session, keys, now)
        if row is None or not row.enabled or not take_code(row, code, now=now):
            return False
        _forget(session, keys)
    return True


def record_login(session: Session, email: str) -> None:
    """Note a login in the audit log."""
    audit.record(session, email, "account.login", email)


def _keys(email: str, caller: str, key: bytes, now: datetime) -> tuple[str, str]:
    daily = hmac.digest(key, f"logins {now:%Y-%m-%d}".encode(), "sha256")
    account = hmac.new(key, clean(email).lower().encode(), hashlib.sha256).hexdigest()
    return f"account:{account}", f"caller:{hmac.new(daily, caller.encode(), hashlib.sha256).hexdigest()}"


def _count(session: Session, keys: tuple[str, str], now: datetime) -> None:
    """Add one attempt under each key, or refuse it. Raises TooManyAttempts."""
    session.execute(sa.delete(LoginAttempt).where(LoginAttempt.at <= now - _KEPT))
    for key, most in zip(keys, (PER_ACCOUNT, PER_CALLER), strict=True):
        query = sa.select(LoginAttempt.at).where(LoginAttempt.key == key, LoginAttempt.at > now - WINDOW)
        recent = list(session.scalars(query.order_by(LoginAttempt.at.desc()).limit(most)))
        if len(recent) == most:
            raise TooManyAttempts(max(1, round((recent[-1] + WINDOW - now).total_seconds())))
    session.add_all([LoginAttempt(key=key, at=now) for key in keys])
    session.flush()


def _forget(session: Session, keys: tuple[str, str]) -> None:
    """The account's failures, and one of the caller's: a right login does not excuse guesses at other accounts."""
    session.execute(sa.delete(LoginAttempt).where(LoginAttempt.key == keys[0]))
    last = sa.select(sa.func.max(LoginAttempt.id)).where(LoginAttempt.key == keys[1]).scalar_subquery()
    session.execute(sa.delete(LoginAttempt).where(LoginAttempt.id == last))
