"""Exact search in memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.vectors.embedder import Vector
from search.vectors.matrix import VectorMatrix, pack, unpack

DIMENSIONS = 16


def vector(seed: int) -> Vector:
    values = np.random.default_rng(seed).normal(size=DIMENSIONS).astype(np.float32)
    return values / np.float32(np.linalg.norm(values))


def expected(held: dict[str, list[int]], query: Vector) -> dict[str, float]:
    return {id_: max(float(vector(seed) @ query) for seed in seeds) for id_, seeds in held.items() if seeds}


@given(st.integers(0, 10_000))
def test_packing_is_off_by_half_a_step_at_most(seed: int) -> None:
    values = vector(seed)
    assert np.abs(unpack(pack(values)) - values).max() <= np.abs(values).max() / 254 * 1.001


def test_a_vector_of_nothing_can_be_packed() -> None:
    assert not unpack(pack(np.zeros(DIMENSIONS, dtype=np.float32))).any()


CHANGES = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.integers(0, 99), max_size=3), max_size=8), max_size=30
)


@given(CHANGES)
def test_after_any_changes_each_resource_has_the_cosine_of_its_best_vector(changes: list[dict[str, list[int]]]) -> None:
    matrix, held = VectorMatrix(DIMENSIONS), {}
    for change in changes:
        matrix.replace({id_: [pack(vector(seed)) for seed in seeds] for id_, seeds in change.items()})
        held |= change
    found = matrix.snapshot().compare(vector(1234))
    assert dict(found) == pytest.approx(expected(held, vector(1234)), abs=0.02)
    assert len(matrix) == sum(len(seeds) for seeds in held.values())


def test_many_vectors_are_compared_block_by_block() -> None:
    held = {f"r{number}": [2 * number, 2 * number + 1] for number in range(1500)}
    matrix = VectorMatrix(DIMENSIONS)
    matrix.replace({id_: [pack(vector(seed)) for seed in seeds] for id_, seeds in held.items()})
    query = vector(99_999)
    assert dict(matrix.snapshot().compare(query)) == pytest.approx(expected(held, query), abs=0.02)


def test_a_snapshot_does_not_change_any_more() -> None:
    matrix = VectorMatrix(DIMENSIONS)
    matrix.replace({"a": [pack(vector(1))], "b": [pack(vector(2))]})
    before = matrix.snapshot()
    told = dict(before.compare(vector(3)))
    matrix.replace({"a": [], "b": [pack(vector(4))], "c": [pack(vector(5))]})
    assert dict(before.compare(vector(3))) == told
    assert set(matrix.snapshot().compare(vector(3))) == {"b", "c"}


def test_the_nearest_come_first_and_equals_by_id() -> None:
    matrix = VectorMatrix(DIMENSIONS)
    matrix.replace({id_: [pack(vector(seed))] for id_, seed in [("far", 1), ("b", 2), ("a", 2), ("c", 2)]})
    found = matrix.snapshot().compare(vector(2))
    assert list(found.top(2)) == ["a", "b"]
    assert list(found.top(9, floor=0.99)) == ["a", "b", "c"]
    assert found.top(0) == {}
    assert found["a"] == pytest.approx(1, abs=0.02)
    assert found.mean == pytest.approx(np.mean(list(found.values())))
    assert found.deviation == pytest.approx(np.std(list(found.values())))
    assert "unknown" not in found


def test_without_vectors_nothing_is_near() -> None:
    found = VectorMatrix(DIMENSIONS).snapshot().compare(vector(1))
    assert (dict(found), found.top(3), found.mean, found.deviation) == ({}, {}, 0.0, 0.0)
