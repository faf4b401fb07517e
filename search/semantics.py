"""Meaning beside words: how near documents are to a query, as an engine can use it.

Sentence vectors of one model lie close together: their cosines run from 0.75 to 0.9, wherever the meaning. So nearness
is counted in standard deviations above the mean of all documents. Whether the catalogue is what is asked for at all is
another question: a query is compared with what people look for elsewhere, too, and the margin decides (a background
model; Reynolds, Quatieri and Dunn, Digital Signal Processing 10, 2000).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from directory.misconceptions import misconceptions
from directory.text import fold
from directory.thesaurus import thesaurus
from search.analysis import concepts_asked
from search.compounds import load_lines

if TYPE_CHECKING:
    from search.vectors.embedder import Vector
    from search.vectors.matrix import Similarities
    from search.vectors.search import VectorSearch  # which reckons with what stands here


@dataclass(frozen=True)
class Nearness:
    """Likeness of the nearest documents by id (`MAX_LOOKED_AT`), its mean and standard deviation over all documents.

    cosines: of at least the same documents. Likeness ranks, the cosine says whether a document is near at all
    (`vectors.search.Compared`). margin: how much nearer the query is to the documents than to what people look for
    elsewhere; None where that is not known yet.
    """

    likeness: Mapping[str, float]
    mean: float
    deviation: float
    cosines: Mapping[str, float]
    margin: float | None = None


class Semantics(Protocol):
    """What sentence vectors know. Never raises: off, absent or broken it answers None, and search does without."""

    def nearness(self, text: str, lang: str) -> Nearness | None:
        """How near the documents are to a reader's query; None where that cannot be said now."""

    def statements(self, text: str) -> Mapping[str, float] | None:
        """Misconception → likeness of a query and its nearest statement; None where that cannot be said now."""


#: Standard deviations above the mean at which nearness begins to count, and at which it counts in full.
NEAR_FROM, NEAR_FULLY = 1.0, 5.0
#: A document that no word finds is a hit from this nearness on, at most so many beside those that words find. Where
#: words find nothing at all, and the margin is not sure, so many.
HIT_DEVIATIONS, MAX_BESIDE, MAX_LONE = 1.25, 20, 3
#: From this margin on a document is a hit by meaning, from the second on surely (docs/search.md has the measures)…
MARGIN_FROM, MARGIN_SURELY = -0.04, 0.0
#: …below this one words must answer nearly all that is asked.
MARGIN_WORDS = -0.02
#: Documents whose cosines stand for the catalogue in the margin.
_NEAREST = 3
#: Until the margin is known: from which nearness and cosine on a document is a hit, alone or one of few.
UNSURE_DEVIATIONS, LONE_COSINE, FEW_COSINE = 2.0, 0.85, 0.83
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
    elsewhere: bool | None = None  #: nearer to what people look for elsewhere; None where that is not known


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
        deviations = (likeness - nearness.mean) / nearness.deviation
        scores.append((id_, (deviations - NEAR_FROM) / (NEAR_FULLY - NEAR_FROM)))
        is_hit, is_sure = _is_hit(nearness, id_, deviations)
        if is_hit and len(hits) < MAX_BESIDE:
            hits.add(id_)
        if is_hit and (is_sure or len(lone) < MAX_LONE):
            lone.add(id_)
    elsewhere = None if nearness.margin is None else nearness.margin < MARGIN_WORDS
    return Near(tuple(scores), frozenset(hits), frozenset(lone), elsewhere)


def _is_hit(nearness: Nearness, id_: str, deviations: float) -> tuple[bool, bool]:
    """Whether a document is a hit by nearness alone, and whether that is sure."""
    if nearness.margin is not None:
        return (
            deviations >= HIT_DEVIATIONS and nearness.margin >= MARGIN_FROM,
            nearness.margin >= MARGIN_SURELY,
        )
    cosine = nearness.cosines[id_]
    return deviations >= UNSURE_DEVIATIONS and cosine >= FEW_COSINE, cosine >= LONE_COSINE


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


def with_subjects(text: str, lang: str) -> str:
    """A query with the names of the subjects that it means in other words: what the model may not know, it is told.

    On the tuning queries vectors alone reach an nDCG@10 of 0.729 with them, 0.698 without.
    """
    known = thesaurus()
    found = (known[item.concept] for item in concepts_asked(text))
    subjects = dict.fromkeys(concept.label(lang) for concept in found if concept.themes)
    unsaid = ", ".join(subject for subject in subjects if fold(subject) not in fold(text))
    return f"{text}. {unsaid}" if unsaid else text


_Rows = np.ndarray[tuple[int, int], np.dtype[np.float32]]


class VectorSemantics:
    """`Semantics` on sentence vectors. The statements of misconceptions are embedded in the background, once."""

    def __init__(self, vectors: VectorSearch) -> None:
        self._vectors = vectors
        self._lock = threading.Lock()
        self._begun = False
        #: what people say of our subjects, and what they look for elsewhere
        self._said: tuple[_Rows, _Rows] | None = None
        self._statements: tuple[list[str], _Rows] | None = None

    def nearness(self, text: str, lang: str) -> Nearness | None:
        """See Semantics."""
        if self._statements is None:
            self._begin()
        asked = with_subjects(text, lang)
        compared = self._vectors.compare(asked)
        if compared is None:
            return None
        likeness = compared.likeness
        margin = self._margin(asked, compared.cosines)
        return Nearness(likeness.top(MAX_LOOKED_AT), likeness.mean, likeness.deviation, compared.cosines, margin)

    def _margin(self, text: str, cosines: Similarities) -> float | None:
        """See Nearness: the nearest documents and the nearest of what people say of our subjects, in the mean."""
        vector = self._vectors.embed_query(text) if self._said else None
        if vector is None or self._said is None:
            return None
        ours, others = (float((rows @ np.array(vector, dtype=np.float32)).max()) for rows in self._said)
        best = list(cosines.top(_NEAREST).values())
        return (sum(best) / len(best) + ours) / 2 - others

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
        """Embed the statements, and what is looked for elsewhere, now; whether it could be done.

        `nearness` and `statements` do it in the background.
        """
        said = [(known.id, text) for known in misconceptions().values() for text in known.statement.values()]
        vectors: list[Vector] = []
        for _id, text in said:
            vector = self._vectors.embed_likeness(text, patience_s=STATEMENT_PATIENCE_S)
            if vector is None:
                return False
            vectors.append(vector)
        ours, others = self._rows([text for _id, text in said]), self._rows(load_lines("other_subjects.txt"))
        if ours is None or others is None:
            return False
        self._said = ours, others
        self._statements = [id_ for id_, _text in said], np.array(vectors, dtype=np.float32)
        return True

    def _rows(self, texts: Iterable[str]) -> _Rows | None:
        """The vectors of texts as they stand, a row each; None where one cannot be had."""
        vectors: list[list[float]] = []
        for text in texts:
            vector = self._vectors.embed_query(text, patience_s=STATEMENT_PATIENCE_S)
            if vector is None:
                return None
            vectors.append(vector)
        return np.array(vectors, dtype=np.float32)

    def _begin(self) -> None:
        with self._lock:
            if self._begun:
                return
            self._begun = True
        threading.Thread(target=self._embed_or_again, name="statements-embed", daemon=True).start()

    def _embed_or_again(self) -> None:
        if not self.embed_statements():
            self._begun = False  # the next query tries again
