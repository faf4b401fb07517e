"""Filter expressions: what they mean to the server's grammar, and that nothing gets out of its quotes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines import meili_filters as filters
from search.engines.meili_settings import MAX_VALUE
from search.plan import MAX_NEEDS
from tests.fakes.meili_filter import Held, parse_filter

LETTERS = "abcdefghijklmnop"


def holds(condition: str, **document: Any) -> bool:
    """Whether the server would let a document through."""
    return parse_filter(condition, ["id", "facet", "basin"])(Held({"id": "x", **document}))


def test_no_condition_lets_all_through_and_the_impossible_none() -> None:
    assert holds(filters.ALWAYS)
    assert not holds(filters.NEVER)


@pytest.mark.parametrize("value", ["nord", "sud-est", "soins palliatifs", "é", "107", "AND", "(", "[a, b]", "x" * 5000])
def test_a_value_is_found_where_it_is(value: str) -> None:
    held = value[:MAX_VALUE]
    assert holds(filters.is_in("facet", [value]), facet=[held, "other"])
    assert not holds(filters.is_in("facet", [value]), facet=["other"])
    assert holds(filters.starts_with("facet", value), facet=[held])


@pytest.mark.parametrize("value", ["'", "\\", '"', "a' OR id EXISTS OR id = 'x", "\x00", "\ud800", "a\nb", "", " "])
def test_a_value_that_could_leave_its_quotes_matches_nothing(value: str) -> None:
    assert filters.is_in("facet", [value]) == filters.NEVER
    assert filters.starts_with("facet", value) == filters.NEVER
    assert holds(filters.is_in("facet", [value, "nord"]), facet=["nord"])


@given(value=st.text(max_size=80))
@settings(deadline=None)
def test_any_value_gives_a_filter_that_parses_and_lets_no_other_document_through(value: str) -> None:
    assert not holds(filters.is_in("facet", [value]), facet=["nord"]) or value.strip().casefold() == "nord"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 11, MAX_NEEDS])
def test_at_least_so_many_hold(size: int) -> None:
    conditions = [filters.is_in("facet", [letter]) for letter in LETTERS[:size]]
    for wanted in range(size + 2):
        condition = filters.at_least(wanted, conditions)
        assert len(condition) < 40_000
        for met in range(size + 1):
            for shift in (0, 3):
                values = [LETTERS[(number * 7 + shift) % size] for number in range(size)][:met]
                assert holds(condition, facet=values) == (len(set(values)) >= wanted), (size, wanted, values)


@given(size=st.integers(1, 7), wanted=st.integers(0, 8), met=st.sets(st.sampled_from(LETTERS[:7])))
@settings(deadline=None)
def test_at_least_is_counting(size: int, wanted: int, met: set[str]) -> None:
    conditions = [filters.is_in("facet", [letter]) for letter in LETTERS[:size]]
    assert holds(filters.at_least(wanted, conditions), facet=list(met)) == (len(met & set(LETTERS[:size])) >= wanted)


def test_and_or_not() -> None:
    a, b = filters.is_in("facet", ["a"]), filters.is_in("facet", ["b"])
    for values in ([], ["a"], ["b"], ["a", "b"]):
        assert holds(filters.all_of([a, filters.ALWAYS, b]), facet=values) == ({"a", "b"} <= set(values))
        assert holds(filters.any_of([a, filters.NEVER, b]), facet=values) == bool(values)
        assert holds(filters.all_of([a, filters.none_of(b)]), facet=values) == (values == ["a"])
    assert filters.all_of([a, filters.NEVER]) == filters.NEVER
    assert filters.any_of([a, filters.ALWAYS]) == filters.ALWAYS
    assert filters.any_of([]) == filters.NEVER
    assert filters.all_of([]) == filters.ALWAYS
    assert (filters.none_of(filters.ALWAYS), filters.none_of(filters.NEVER)) == (filters.NEVER, filters.ALWAYS)
