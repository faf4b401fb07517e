"""Whether a line of an official list and an entry of the catalogue are the same pharmacy. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz

from directory.exchange.pharmacy_rows import Pharmacy
from directory.text import words

_SAME_NAME, _SAME_STREET = 80, 88  #: rapidfuzz, 0 to 100
#: Words of a name that tell no pharmacy from another.
_KIND = frozenset(
    [
        "pharmacie", "pharmacies", "apotheek", "apotheken", "apotheke", "pharmacy", "officine", "sprl", "srl", "bvba",
        "bv", "sa", "nv", "asbl", "vzw",
    ]
)  # fmt: skip


def likeness(pharmacy: Pharmacy, document: Mapping[str, Any]) -> float:
    """How surely a line and an entry of one postal code are one pharmacy; 0 where they are not.

    The same house number, and either street and name alike, or exactly the same name: streets have two names here.
    """
    address = str(address_of(document).get("street", ""))
    number = _house_number(pharmacy.street)
    if number != _house_number(address):
        return 0.0
    street = fuzz.ratio(street_key(pharmacy.street), street_key(address))
    wanted = name_key(pharmacy.name)
    names = [name_key(text) for text in document["title"].values()]
    name = max((100.0 if key == wanted else fuzz.token_set_ratio(wanted, key) for key in names), default=0.0)
    is_same = (street >= _SAME_STREET and name >= _SAME_NAME) or (name == 100 and bool(wanted) and bool(number))
    return float(street + name) if is_same else 0.0


def address_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The address of an entry; empty where it has none."""
    found: Mapping[str, Any] = (document.get("contact") or {}).get("address") or {}
    return found


def house_of(address: Mapping[str, Any]) -> tuple[str, str]:
    """Postal code and house number: entries of different ones are never the same pharmacy."""
    return str(address.get("postal_code", "")), _house_number(str(address.get("street", "")))


def name_key(name: str) -> str:
    """The words of a name that tell it from others."""
    spoken = [word.folded for word in words(name) if word.folded not in _KIND]
    return " ".join(spoken)


def street_key(street: str) -> str:
    """The words of a street with its number, as they are compared."""
    return " ".join(word.folded for word in words(re.sub(r"\b(?:av|ave)\b\.?", "avenue", street, flags=re.IGNORECASE)))


def _house_number(street: str) -> str:
    """The house number: the first number of the address, with its letter."""
    found = re.search(r"\d+\s?[A-Za-z]?\b", street)
    return found.group().replace(" ", "").lower() if found else ""
