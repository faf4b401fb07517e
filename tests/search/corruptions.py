"""Queries as they are really typed: one slip a word, accents left out, apostrophes of every kind, the plural for the singular."""

from __future__ import annotations

import random
import re
import unicodedata

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONG = re.compile(r"[^\W\d_]{5,}")


def corrupt(query: str, rng: random.Random) -> str:
    """The query with one kind of slip; the same where it offers no place for any."""
    kinds = [_slip, _without_accents, _other_apostrophe, _plural]
    rng.shuffle(kinds)
    return next((changed for kind in kinds if (changed := kind(query, rng)) != query), query)


def _slip(query: str, rng: random.Random) -> str:
    """One edit, not of the first letter, in a word of five letters or more."""
    if not (found := [*_LONG.finditer(query)]):
        return query
    match = rng.choice(found)
    word, at = match.group(), rng.randrange(1, len(match.group()))
    edits = [
        word[:at] + word[at + 1 :],
        word[:at] + rng.choice(_LETTERS) + word[at:],
        word[:at] + rng.choice(_LETTERS) + word[at + 1 :],
        word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at > 1 else word[:at] + word[at + 1 :],
    ]
    return query[: match.start()] + rng.choice(edits) + query[match.end() :]


def _without_accents(query: str, rng: random.Random) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", query) if not unicodedata.combining(c))


def _other_apostrophe(query: str, rng: random.Random) -> str:
    """The other kind of apostrophe, or none: "l'aide" → "l’aide", "l aide"."""
    return re.sub("['’]", lambda match: rng.choice([" ", "’" if match.group() == "'" else "'"]), query)


def _plural(query: str, rng: random.Random) -> str:
    found = [match for match in _LONG.finditer(query) if match.group()[-1] not in "sxz"]
    if not found:
        return query
    match = rng.choice(found)
    return query[: match.end()] + "s" + query[match.end() :]
