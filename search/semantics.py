"""Meaning beside words: how near documents are to a query, as an engine can use it.

Sentence vectors of one model lie close together: their cosines run from 0.75 to 0.9, wherever the meaning. So nearness
is counted in standard deviations above the mean of all documents, and an absolute floor, measured on queries that
nothing answers (docs/search.md), says when the nearest is still far.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from directory.misconceptions import misconceptions

if TYPE_CHECKING:
    from search.vectors.embedder import Vector
    from search.vectors.search import VectorSearch  # which reckons with what stands here


@dataclass(frozen=True)
class Nearness:
    """Likeness of the nearest documents by id (`MAX_LOOKED_AT`), its mean and standard deviation over all documents.

    cosines: of at least the same documents. Likeness ranks, the cosine says whether a document is near at all
    (`vectors.search.Compared`).
    """

    likeness: Mapping[str, float]
    mean: float
    deviation: float
    cosines: Mapping[str, float]


class Semantics(Protocol):
    """What sentence vectors know. Never raises: off, absent or broken it answers None, and search does without."""

    def nearness(self, text: str) -> Nearness | None:
        """How near the documents are to a query; None where that cannot be said now."""

    def statements(self, text: str) -> Mapping[str, float] | None:
        """Misconception → likeness of a query and its nearest statement; None where that cannot be said now."""


#: Standard deviations above the mean at which nearness begins to count, and at which it counts in full.
NEAR_FROM, NEAR_FULLY = 1.0, 4.0
#: A document that no word finds is a hit from this nearness on…
HIT_DEVIATIONS, HIT_COSINE = 2.0, 0.83
#: …or, where words find nothing at all, from this cosine on; so many also from a lower one.
LONE_COSINE, FEW_COSINE, MAX_LONE = 0.85, 0.83, 3
#: Nearness in full is worth this much of all that the words can give.
BLEND = 0.8
#: For the vector of a statement, which nobody waits for.
STATEMENT_PATIENCE_S = 60.0
#: More near documents than this say nothing…
MAX_NEAR = 60
#: …but filters may leave few of the nearest: so many are looked at, in steps, each one question to the index.
MAX_LOOKED_AT, _STEP = 1000, 250


@dataclass(frozen=True)
class Near:
    """What nearness gives a query: `scores` (0 to 1) by id, and the ids near enough to be hits by that alone."""

    scores: tuple[tuple[str, float], ...]
    hits: frozenset[str]
    lone_hits: frozenset[str]


NOTHING_NEAR = Near((), frozenset(), frozenset())


def weigh(nearness: Nearness | None, inside: Callable[[Sequence[str]], Collection[str]] | None = None) -> Near:
    """Cosines as strengths, of the nearest documents within the filters.

    inside: which of these ids are within the filters; None where there are no filters.
    """
    if nearness is None or nearness.deviation <= 0:
        return NOTHING_NEAR
    scores: list[tuple[str, float]] = []
    hits: set[str] = set()
    lone: set[str] = set()
    for id_, likeness in _nearest(nearness, inside):
        deviations, cosine = (likeness - nearness.mean) / nearness.deviation, nearness.cosines[id_]
        scores.append((id_, (deviations - NEAR_FROM) / (NEAR_FULLY - NEAR_FROM)))
        if deviations >= HIT_DEVIATIONS and cosine >= HIT_COSINE:
            hits.add(id_)
        if deviations >= HIT_DEVIATIONS and cosine >= (LONE_COSINE if len(lone) >= MAX_LONE else FEW_COSINE):
            lone.add(id_)
    return Near(tuple(scores), frozenset(hits), frozenset(lone))


def _nearest(nearness: Nearness, inside: Callable[[Sequence[str]], Collection[str]] | None) -> list[tuple[str, float]]:
    """At most `MAX_NEAR` documents whose nearness counts, with their likeness, nearest first."""
    least = nearness.mean + NEAR_FROM * nearness.deviation
    near = sorted(
        ((id_, likeness) for id_, likeness in nearness.likeness.items() if likeness > least),
        key=lambda item: (-item[1], item[0]),
    )
    if inside is None:
        return near[:MAX_NEAR]
    found: list[tuple[str, float]] = []
    for start in range(0, len(near), _STEP):
        step = near[start : start + _STEP]
        within = set(inside([id_ for id_, _likeness in step]))
        found += [item for item in step if item[0] in within]
        if len(found) >= MAX_NEAR:
            break
    return found[:MAX_NEAR]


class VectorSemantics:
    """`Semantics` on sentence vectors. The statements of misconceptions are embedded in the background, once."""

    def __init__(self, vectors: VectorSearch) -> None:
        self._vectors = vectors
        self._lock = threading.Lock()
        self._begun = False
        self._statements: tuple[list[str], np.ndarray[tuple[int, int], np.dtype[np.float32]]] | None = None

    def nearness(self, text: str) -> Nearness | None:
        """See Semantics."""
        compared = self._vectors.compare(text)
        if compared is None:
            return None
        likeness = compared.likeness
        return Nearness(likeness.top(MAX_LOOKED_AT), likeness.mean, likeness.deviation, compared.cosines)

    def statements(self, text: str) -> Mapping[str, float] | None:
        """See Semantics."""
        if self._statements is None:
            self._begin()
            return None
        vector = self._vectors.embed_likeness(text)
        if vector is None:
            return None
        ids, matrix = self._statements
        likeness: dict[str, float] = {}
        for id_, alike in zip(ids, (matrix @ vector).tolist(), strict=True):
            likeness[id_] = max(alike, likeness.get(id_, -1.0))
        return likeness

    def embed_statements(self) -> bool:
        """Embed the statements now; whether it could be done. `statements` does it in the background."""
        said = [(known.id, text) for known in misconceptions().values() for text in known.statement.values()]
        vectors: list[Vector] = []
        for _id, text in said:
            vector = self._vectors.embed_likeness(text, patience_s=STATEMENT_PATIENCE_S)
            if vector is None:
                return False
            vectors.append(vector)
        self._statements = [id_ for id_, _text in said], np.array(vectors, dtype=np.float32)
        return True

    def _begin(self) -> None:
        with self._lock:
            if self._begun:
                return
            self._begun = True
        threading.Thread(target=self._embed_or_again, name="statements-embed", daemon=True).start()

    def _embed_or_again(self) -> None:
        if not self.embed_statements():
            self._begun = False  # the next query tries again
