"""Communes and postal codes, and the basins they lie in.

A basin is not a union of communes: Bruxelles-Ville is split over several and 1000 is only partly known. A
place therefore has one or more candidate basins, never "the" basin. "Nord" alone is no place: it names a
quarter in two basins and a basin.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from directory.taxonomy import load_data
from directory.text import words


@dataclass(frozen=True)
class Place:
    """A commune, a part of one, or a postal code, with the basins it may lie in (in the taxonomy's order)."""

    value: str
    basins: tuple[str, ...]

    @property
    def ambiguous(self) -> bool:
        """True where several basins are possible."""
        return len(self.basins) > 1


@cache
def _places() -> dict[tuple[str, ...], Place]:
    data = load_data("geography.json")
    order = [basin["id"] for basin in data["basins"]]
    uncertain = {code for fact in data["uncertain"] for code in fact["postal_codes"]}
    split = next(commune for commune in data["communes"] if commune["basin"] is None)
    candidates: dict[tuple[str, ...], set[str]] = {}
    names: dict[tuple[str, ...], str] = {}

    def add(name: str, basins: Iterable[str]) -> None:
        key = tuple(word.folded for word in words(name))
        names.setdefault(key, name)
        candidates.setdefault(key, set()).update(basins)

    for commune in data["communes"]:
        aliases = [alias for language in ("fr", "nl") for alias in commune.get("aliases", {}).get(language, [])]
        for name in (commune["commune_fr"], commune["commune_nl"], *aliases):
            add(name, commune["basins"])
        if commune is not split:
            for code in commune["postal_codes"]:
                add(code, commune["basins"])
    for part in split["split"]:
        for name in (part["part_fr"], part["part_nl"], part["postal_code"]):
            add(name, [part["basin"]])
    for code in split["postal_codes"]:
        if code in uncertain:  # outside the known part, any basin the commune touches may be meant
            add(code, split["basins"])
    return {
        key: Place(names[key], tuple(basin for basin in order if basin in basins)) for key, basins in candidates.items()
    }


def find_place(text: str) -> Place | None:
    """The place that the whole text names (commune in French or Dutch, alias, part, postal code), or None."""
    return _places().get(tuple(word.folded for word in words(text)))


def find_places(folded: list[str]) -> list[tuple[int, int, Place]]:
    """Places inside folded words: (first word, word after the last, place), the longest names first taken."""
    found, position = [], 0
    places = _places()
    longest = max(map(len, places))
    while position < len(folded):
        for size in range(min(longest, len(folded) - position), 0, -1):
            if place := places.get(tuple(folded[position : position + size])):
                found.append((position, position + size, place))
                position += size - 1
                break
        position += 1
    return found


def place_names() -> list[str]:
    """Every name and code that `find_place` knows, sorted: for messages."""
    return sorted({place.value for place in _places().values()})


def commune_names(postal_code: str) -> tuple[str, ...]:
    """The names, French and Dutch, of the commune or part of one that has this postal code; () where unknown."""
    return _names_by_code().get(postal_code, ())


@cache
def _names_by_code() -> dict[str, tuple[str, ...]]:
    communes = load_data("geography.json")["communes"]
    parts = [
        (part["postal_code"], (part["part_fr"], part["part_nl"]))
        for commune in communes
        for part in commune.get("split") or ()
    ]
    whole = [
        (code, (commune["commune_fr"], commune["commune_nl"]))
        for commune in communes
        for code in commune["postal_codes"]
    ]
    names: dict[str, tuple[str, ...]] = {}
    for code, both in [*parts, *whole]:
        names[code] = tuple(dict.fromkeys((*names.get(code, ()), *both)))
    return names
