"""Passwords: argon2id, and which ones are refused.

Parameters: 19 MiB, 2 passes, 1 lane, the floor of OWASP's Password Storage Cheat Sheet; a hash takes some 50 ms of one
core, so that no more than two are made at a time: more would let a flood of logins stop everything else.
"""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200  #: characters
AT_ONCE = 2
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turn = threading.BoundedSemaphore(AT_ONCE)
#: A hash that no password has: an unknown account takes as long as a known one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c2VubmUtbm8tYWNjb3VudA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def hash_password(password: str) -> str:
    """The encoded hash, with its parameters."""
    with _turn:
        return _hasher.hash(_normal(password))


def is_password(encoded: str | None, password: str) -> bool:
    """Whether the password is that of the hash; takes as long where there is none."""
    with _turn:
        try:
            return _hasher.verify(encoded or _NOBODY, _normal(password[:LONGEST])) and encoded is not None
        except (VerificationError, InvalidHashError):
            return False


def find_weakness(password: str, *, known: tuple[str, ...]) -> str | None:
    """What is wrong with a password, as a key: "short", "long", "plain" (few characters, or what others know); None
    where nothing is. `known`: the person's name and address."""
    text = _normal(password)
    if len(text) < SHORTEST:
        return "short"
    if len(text) > LONGEST:
        return "long"
    folded = text.casefold()
    rest = folded
    for word in sorted({part for text in (*known, "senne", "bruxelles", "brussel", "password", "motdepasse", "wachtwoord", "azerty", "qwerty", "123456") for part in _words(text)}, key=len, reverse=True):  # fmt: skip
        rest = rest.replace(word, "")
    return "plain" if len(set(folded)) < 6 or len(set(rest)) < 4 else None


def _words(text: str) -> list[str]:
    parts = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return [part for part in parts if len(part) > 3]


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
