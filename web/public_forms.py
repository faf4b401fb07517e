"""What protects forms that need no account and no cookie: where they come from, when they were made, who sends too many.

A form carries a signed, dated token: sent back within MIN_AGE_S a program has filled it in, after MAX_AGE_S it is
stale. A field that people never see must stay empty. Nothing of the sender is kept beyond the day.
"""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from crawler.addresses import is_public
from directory.suggestions import sender_hash
from web.clock import now, today
from web.wiring import get_services

MIN_AGE_S = 3
MAX_AGE_S = 24 * 3600
TRAP = "website"  #: the field that only programs fill in

Token = Literal["good", "forged", "young", "stale"]


def secret_key() -> bytes:
    """The installation's secret."""
    key = current_app.secret_key or ""
    return key.encode() if isinstance(key, str) else key


def signer(purpose: str) -> URLSafeSerializer:
    """Signs for one purpose: what was signed for another is refused."""
    return URLSafeSerializer(secret_key(), salt=f"senne {purpose}")


def make_token(purpose: str, target: str = "") -> str:
    """A token for a form that is shown now; `target`: what the form is about."""
    return str(signer(purpose).dumps([target, int(now().timestamp())]))


def judge_token(token: str, purpose: str, target: str = "") -> Token:
    """What a token that came back is worth."""
    try:
        found: Any = signer(purpose).loads(token[:1000])
    except BadSignature:
        return "forged"
    if not isinstance(found, list) or len(found) != 2 or found[0] != target or not isinstance(found[1], int):
        return "forged"
    age = now().timestamp() - found[1]
    return "young" if age < MIN_AGE_S else "stale" if age > MAX_AGE_S else "good"


def comes_from_here() -> bool:
    """Whether the browser says that the form stands on our own site.

    Sec-Fetch-Site decides where the browser sends it, else Origin; one of the two must be there.
    Source: OWASP, Cross-Site Request Forgery Prevention Cheat Sheet.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return urlsplit(origin).netloc in {request.host, urlsplit(get_services().settings.public_url).netloc}


def sender() -> str:
    """The sender of this request as a hash of today.

    Where the request comes from a machine of our own network, that is the proxy, which says last whom it speaks for.
    """
    address = request.remote_addr or ""
    if not is_public(address):
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    return sender_hash(address, key=secret_key(), day=today())
