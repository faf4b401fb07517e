"""The parts of an entry: whatever goes where, nothing is lost and nothing is made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import InvalidResource
from directory.parts import SIDES, Side, list_parts, take_apart, usual_side
from directory.schemas import dump_resource, load_resource
from tests.directory.samples import FULL

KEYS = [part.key for part in list_parts(FULL)]
SHARED = ("type", "cost", "source", "status")


def part_values(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Every part without its place in a list."""
    return sorted((part.key.rstrip("0123456789"), repr(part.value)) for part in list_parts(document))


def take(sides: dict[str, Side]) -> tuple[dict[str, Any], dict[str, Any]]:
    return take_apart(FULL, sides, new_id="une-part", title={})


def test_every_field_has_its_parts_or_is_shared() -> None:
    named = {key.partition(".")[0] for key in KEYS}
    assert set(FULL) - named - set(SHARED) == {"id", "version"}
    assert len(KEYS) == len(set(KEYS))


@given(sides=st.fixed_dictionaries({key: st.sampled_from(SIDES) for key in KEYS}))
def test_nothing_is_lost_and_everything_stands_where_it_was_put(sides: dict[str, Side]) -> None:
    kept, other = take(sides)
    for made, wanted in ((kept, "here"), (other, "there")):
        expected = [part for part in list_parts(FULL) if sides[part.key] in (wanted, "both")]
        assert part_values(made) == sorted((part.key.rstrip("0123456789"), repr(part.value)) for part in expected)
        assert {name: made[name] for name in SHARED} == {name: FULL[name] for name in SHARED}
    assert (kept["id"], kept["version"], other["id"]) == (FULL["id"], FULL["version"], "une-part")
    assert "version" not in other


def test_where_everything_stays_the_entry_is_what_it_was() -> None:
    kept, other = take(dict.fromkeys(KEYS, "here"))
    assert dump_resource(load_resource(kept)) == FULL
    with pytest.raises(InvalidResource):
        load_resource(other)  # nothing is left for it


def test_where_everything_goes_to_both_the_new_one_says_the_same() -> None:
    kept, other = take(dict.fromkeys(KEYS, "both"))
    assert dump_resource(load_resource(kept)) == FULL
    assert dump_resource(load_resource({**other, "id": FULL["id"], "version": FULL["version"]})) == FULL


def test_as_usual_both_can_be_published() -> None:
    for language in (None, "nl"):
        sides = {part.key: usual_side(part, language) for part in list_parts(FULL)}
        for document in take_apart(FULL, sides, new_id="une-part", title={"nl": "Rouwatelier"}):
            load_resource(document)


def test_a_language_goes_with_its_texts_and_links() -> None:
    sides = {part.key: usual_side(part, "nl") for part in list_parts(FULL)}
    kept, other = take(sides)
    assert set(kept["title"]) == {"fr", "en"}
    assert set(other["title"]) == set(other["description"]) == {"nl"}
    assert [link["url"] for link in other["links"]] == ["https://asbl.example/rouw.pdf"]


def test_what_is_written_anew_is_the_new_one_s_title_and_neither_shares_anything_with_the_original() -> None:
    kept, other = take_apart(FULL, {"title.fr": "both"}, new_id="une-part", title={"fr": "Autre", "en": ""})
    assert (kept["title"]["fr"], other["title"]["fr"]) == (FULL["title"]["fr"], "Autre")
    other["organisations"].clear()
    kept["organisations"][0]["name"] = "x"
    assert FULL["organisations"][0]["name"] == "Une asbl"
