"""Who decides alone, and whose change waits for a second person: the rules, without any table.

A curator decides alone for entries whose basins are all theirs. A change to an entry of all Brussels, or to one that lies
in other basins too, waits for a curator of another basin or an admin; spelling and links need no second. An entry that
lies in none of a curator's basins is for them what every entry is for a contributor: they can propose.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Literal

from rapidfuzz.distance import Levenshtein

from directory.accounts import Person
from directory.history import FieldChange, field_changes
from directory.taxonomy import REGION
from directory.text import fold

Verdict = Literal["alone", "confirm", "propose"]
Document = Mapping[str, Any]

_SPELT = re.compile(r"(title|summary|description|how_made\.\w+|cost\.note)\.(fr|nl|en)")
_WORD = re.compile(r"\w+")
_UNJUDGED = frozenset(["version", "verified_on"])


def judge(person: Person, before: Document | None, after: Document) -> Verdict:
    """What this person's change needs. `before`: None for a new entry; both in the outside shape, maybe incomplete."""
    if person.role == "admin":
        return "alone"
    if person.role != "curator":
        return "propose"
    old, new = set((before or {}).get("basins") or ()), set(after.get("basins") or ())
    own = set(person.basins)
    if old and not old & (own | {REGION}):
        return "propose"
    if not (old | new) & (own | {REGION}) and old | new:
        return "propose"
    if old | new <= own or (before is not None and is_small_fix(before, after)):
        return "alone"
    return "confirm"


def may_confirm(person: Person, *, approver: str | None, approver_basins: Collection[str]) -> bool:
    """Whether this person can be the second: an admin, or a curator of a basin that the first does not have."""
    if person.email == approver:
        return False
    return person.role == "admin" or (person.role == "curator" and bool(set(person.basins) - set(approver_basins)))


def changed_fields(before: Document | None, after: Document) -> list[FieldChange]:
    """What differs, value by value; the version, which always does, left out."""
    old = before or {}
    fields = [name for name in {**old, **after} if name != "version"]
    return field_changes({name: [old.get(name), after.get(name)] for name in fields})


def is_small_fix(before: Document, after: Document) -> bool:
    """Whether only spelling, addresses of links and the day of the last check differ."""
    for field in {**before, **after}:
        if field in _UNJUDGED or before.get(field) == after.get(field):
            continue
        if field in {"links", "organisations"}:
            if not _same_but_for_addresses(before.get(field) or [], after.get(field) or []):
                return False
            continue
        changes = field_changes({field: [before.get(field), after.get(field)]})
        if not all(_SPELT.fullmatch(change.field) and is_respelt(change.before, change.after) for change in changes):
            return False
    return True


def is_respelt(before: Any, after: Any) -> bool:
    """The same words in the same order, each at most two letters apart (one in words of four or fewer); no other number."""
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    old, new = _WORD.findall(fold(before)), _WORD.findall(fold(after))
    return len(old) == len(new) and all(map(_near, old, new))


def _near(old: str, new: str) -> bool:
    if old == new:
        return True
    if any(character.isdigit() for character in old + new):
        return False
    most = 1 if min(len(old), len(new)) <= 4 else 2
    return Levenshtein.distance(old, new, score_cutoff=most) <= most


def _same_but_for_addresses(before: list[Any], after: list[Any]) -> bool:
    def rest(items: list[Any]) -> list[Any]:
        return [{key: value for key, value in item.items() if key != "url"} for item in items]

    return rest(before) == rest(after)
