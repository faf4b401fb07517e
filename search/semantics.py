"""Meaning beside words: how near documents are to a query, as an engine can use it.

Sentence vectors of one model lie close together: their cosines run from 0.75 to 0.9, wherever the meaning. So nearness
is counted in standard deviations above the mean of all documents, and an absolute floor, measured on queries that
nothing answers (docs/search.md), says when the nearest is still far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Nearness:
    """Cosines of the nearest documents by id, and the mean and standard deviation over all documents."""

    cosines: Mapping[str, float]
    mean: float
    deviation: float


class Semantics(Protocol):
    """What sentence vectors know. Never raises: off, absent or broken it answers None, and search does without."""

    def nearness(self, text: str) -> Nearness | None:
        """How near the documents are to a query; None where that cannot be said now."""


#: Standard deviations above the mean at which nearness begins to count, and at which it counts in full.
NEAR_FROM, NEAR_FULLY = 1.0, 4.0
#: A document that no word finds is a hit from this nearness on…
HIT_DEVIATIONS, HIT_COSINE = 2.0, 0.84
#: …or, where words find nothing at all, from this cosine on.
LONE_COSINE = 0.85
#: Nearness in full is worth this much of all that the words can give.
BLEND = 0.5
#: More near documents than this say nothing.
MAX_NEAR = 60


@dataclass(frozen=True)
class Near:
    """What nearness gives a query: `scores` (0 to 1) by id, and the ids near enough to be hits by that alone."""

    scores: Mapping[str, float]
    hits: frozenset[str]
    lone_hits: frozenset[str]


NOTHING_NEAR = Near({}, frozenset(), frozenset())


def weigh(nearness: Nearness | None) -> Near:
    """Cosines as strengths."""
    if nearness is None or nearness.deviation <= 0:
        return NOTHING_NEAR
    best = sorted(nearness.cosines.items(), key=lambda item: (-item[1], item[0]))[:MAX_NEAR]
    scores, hits, lone = {}, set(), set()
    for id_, cosine in best:
        deviations = (cosine - nearness.mean) / nearness.deviation
        strength = (deviations - NEAR_FROM) / (NEAR_FULLY - NEAR_FROM)
        if strength <= 0:
            break
        scores[id_] = strength
        if deviations >= HIT_DEVIATIONS and cosine >= HIT_COSINE:
            hits.add(id_)
        if deviations >= HIT_DEVIATIONS and cosine >= LONE_COSINE:
            lone.add(id_)
    return Near(scores, frozenset(hits), frozenset(lone))
