"""Places and the basins they may lie in."""

from __future__ import annotations

from typing import Any

import pytest

from directory.geography import find_place, find_places, place_names
from directory.taxonomy import load_data, taxonomy
from directory.text import words

DATA = load_data("geography.json")
WHOLE = [commune for commune in DATA["communes"] if commune["basin"]]
[SPLIT] = [commune for commune in DATA["communes"] if not commune["basin"]]


def basins(text: str) -> tuple[str, ...]:
    place = find_place(text)
    return place.basins if place else ()


@pytest.mark.parametrize("commune", WHOLE, ids=lambda commune: commune["commune_fr"])
def test_a_commune_is_found_by_every_name_and_postal_code(commune: dict[str, Any]) -> None:
    aliases = [alias for names in commune.get("aliases", {}).values() for alias in names]
    for name in (commune["commune_fr"], commune["commune_nl"], *aliases, *commune["postal_codes"]):
        for spelling in (name, name.upper(), name.lower(), f"  {name} ", name.replace("-", " ")):
            assert basins(spelling) == (commune["basin"],), spelling


@pytest.mark.parametrize("part", [part for part in SPLIT["split"] if part["postal_code"] != "1000"])
def test_a_part_of_bruxelles_ville_is_found_by_name_and_postal_code(part: dict[str, Any]) -> None:
    for name in (part["part_fr"], part["part_nl"], part["postal_code"]):
        assert basins(name) == (part["basin"],)


def test_the_pentagon_is_certain_its_postal_code_is_not() -> None:
    assert basins("Pentagone") == basins("vijfhoek") == ("centre-ouest",)
    place = find_place("1000")
    assert place is not None
    assert place.ambiguous
    assert place.basins == ("nord", "centre-ouest", "sud")


@pytest.mark.parametrize("name", ["Bruxelles-Ville", "Brussel-Stad", "Ville de Bruxelles", "stad brussel"])
def test_bruxelles_ville_lies_in_several_basins(name: str) -> None:
    assert set(basins(name)) == set(SPLIT["basins"])


@pytest.mark.parametrize("name", ["Nord", "noord", "Sud", "Namur", "5000", "1001", "", "-", "10 00"])
def test_what_names_no_place_is_none(name: str) -> None:
    assert find_place(name) is None


def test_the_communes_are_the_nineteen_and_their_basins_are_those_of_the_basin_pages() -> None:
    assert len(DATA["communes"]) == 19
    known = set(taxonomy().basins) - {"region"}
    assert {basin["id"] for basin in DATA["basins"]} == known
    for basin in DATA["basins"]:
        for area in basin["areas"]:
            name = area.get("part_fr") or area["commune_fr"]
            if area["postal_codes"]:
                assert basin["id"] in basins(name), name


def test_places_are_found_among_other_words_the_longest_first() -> None:
    def among(text: str) -> list[tuple[int, int, str]]:
        folded = [word.folded for word in words(text)]
        return [(first, last, place.value) for first, last, place in find_places(folded)]

    assert among("vaccin Woluwe-Saint-Lambert 1030") == [(1, 4, "Woluwe-Saint-Lambert"), (4, 5, "1030")]
    assert among("deuil à Saint-Josse, Ixelles") == [(2, 4, "Saint-Josse"), (4, 5, "Ixelles")]
    assert among("bassin nord") == []


def test_every_name_in_a_message_is_one_that_is_found() -> None:
    assert len(place_names()) > 60
    assert all(find_place(name) for name in place_names())
