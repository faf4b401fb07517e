"""Search by meaning, as engines use it: never raises, and answers None where it has nothing to say."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from directory.misconceptions import misconceptions
from search.errors import EmbedderAbsent, EmbedderUnavailable, EngineUnavailable
from search.vectors.embedder import Embedder, Vector
from search.vectors.matrix import Similarities, Snapshot, VectorMatrix, unpack
from search.vectors.queries import QueryVectors
from search.vectors.store import VectorStore
from search.vectors.texts import query_text

log = logging.getLogger(__name__)

PATIENCE_S = 0.3  #: for the vector of one query; longer than 4 clients at once need
LOAD_PATIENCE_S = 1.0  #: for the model, by those who search first; on an idle machine it takes 0.3 s

#: Some texts are near to every query (hubs). So this share of what queries have in common, the mean vector of a few
#: sentences that people say, is taken from a query before it is compared. On the tuning queries vectors alone reach an
#: nDCG@10 of 0.704 with it, 0.679 without; a share of 0.45 to 0.8, and 8 to 116 of the sentences, are within 0.01.
#: Source: Radovanović et al., Hubs in space, JMLR 11, 2010.
COMMON_SHARE = 0.6
_SAID = tuple(text for known in misconceptions().values() for text in known.statement.values())[::7]

_KEPT_BYTES = 16_000_000  #: of answers, for the next page or another filter: 16 bytes an entry each
_KEPT_MOST = 512  #: answers

State = Literal["on", "off", "loading", "absent", "broken"]


@dataclass(frozen=True)
class VectorStatus:
    """How search by meaning stands. `embedded` of `total` texts of resources have their vector.

    off: not wanted. absent: not installed, or not for this machine. loading: not yet. broken: see `detail`, a sentence.
    """

    state: State
    detail: str
    embedded: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """How near each resource is to a query: `cosines`, and `likeness`, the same without what all queries share.

    Likeness says which resource is nearer, the cosine whether it is near at all.
    """

    cosines: Similarities
    likeness: Similarities


class VectorSearch:
    """The vectors of resources and the model, together. Safe to use from any thread; one per process."""

    def __init__(self, embedder: Embedder, store: VectorStore, *, patience_s: float | None = None) -> None:
        """patience_s: for a vector and for the model; None means what a reader can wait for."""
        self._embedder, self._store, self._patience_s = embedder, store, patience_s
        self._queries = QueryVectors(embedder)
        self._start_lock, self._refresh_lock = threading.Lock(), threading.Lock()
        self._loaded, self._started_at = threading.Event(), 0.0
        self._failure: EmbedderUnavailable | None = None
        self._common: Vector = np.zeros(embedder.dimensions, dtype=np.float32)
        self._compared: OrderedDict[str, tuple[Snapshot, Compared]] = OrderedDict()
        self._compared_lock = threading.Lock()
        self._reset()

    def start(self) -> None:
        """Load the model, and the vectors there are, in the background. Repeating it changes nothing."""
        with self._start_lock:
            if self._started_at:
                return
            self._started_at = time.monotonic()
        threading.Thread(target=self._load, name="vectors-load", daemon=True).start()

    def scores(self, text: str, *, hurry: bool = False) -> Similarities | None:
        """The cosine of each resource with a query; None where that cannot be said now: search goes on without.

        hurry: only if the query's vector is at hand; for clients that do not wait, such as suggestions.
        """
        compared = self.compare(text, hurry=hurry)
        return None if compared is None else compared.cosines

    def compare(self, text: str, *, hurry: bool = False) -> Compared | None:
        """How near each resource is to a query; None and `hurry` as for `scores`."""
        vector = self._query_vector(text, hurry=hurry)
        snapshot = self._snapshot() if vector is not None else None
        if vector is None or snapshot is None or not snapshot.count:
            return None
        key = query_text(text)
        with self._compared_lock:
            known = self._compared.get(key)
            if known and known[0] is snapshot:
                self._compared.move_to_end(key)
                return known[1]
        found = Compared(snapshot.compare(vector), snapshot.compare(self._distinct(vector)))
        with self._compared_lock:
            self._compared[key] = snapshot, found
            while len(self._compared) > min(_KEPT_MOST, _KEPT_BYTES // (16 * snapshot.count)):
                self._compared.popitem(last=False)
        return found

    def embed_query(self, text: str, *, patience_s: float | None = None) -> list[float] | None:
        """The vector of a query for one who compares by himself; None where it cannot be had now."""
        vector = self._query_vector(text, patience_s=patience_s)
        return None if vector is None else vector.tolist()

    def embed_likeness(self, text: str, *, patience_s: float | None = None) -> Vector | None:
        """The vector of a query without what all queries share, of length 1: their dot products are likeness."""
        vector = self._query_vector(text, patience_s=patience_s)
        return None if vector is None else self._distinct(vector)

    def vectors_for(self, ids: Sequence[str]) -> dict[str, list[list[float]]]:
        """The vectors of these resources, one a language, for an engine that compares by itself.

        Resources without any yet are left out. Raises EngineUnavailable.
        """
        found = self._store.vectors_for(ids)
        return {id_: [unpack(vector).tolist() for vector in vectors] for id_, vectors in found.items()}

    def changed_since(self, revision: int) -> tuple[int, list[str]]:
        """The present revision, and whose vectors changed after `revision` (0: all). Raises EngineUnavailable."""
        present, changed = self._store.changed_since(revision)
        return present, list(changed)

    def status(self) -> VectorStatus:
        """How it stands, for `/readyz`. Never raises."""
        if self._failure:
            state: State = "absent" if isinstance(self._failure, EmbedderAbsent) else "broken"
            return VectorStatus(state, str(self._failure))
        try:
            counts = self._store.counts()
        except EngineUnavailable as error:
            if self._store.generation:
                return VectorStatus("broken", str(error))
            return VectorStatus("loading", "The resources have not been read for their meaning yet.")
        if not self._loaded.is_set():
            return VectorStatus("loading", "The sentence model is being loaded.", counts.embedded, counts.total)
        detail = f"{counts.embedded} of {counts.total} texts can be found by meaning ({self._embedder.name})."
        return VectorStatus("on", detail, counts.embedded, counts.total)

    def _distinct(self, vector: Vector) -> Vector:
        rest: Vector = vector - COMMON_SHARE * self._common
        return rest / (float(np.linalg.norm(rest)) or 1.0)

    def _load(self) -> None:
        try:
            self._embedder.load()
            self._common = np.mean([self._embedder.embed_query(query_text(text)) for text in _SAID], axis=0)
            self._snapshot()
        except EmbedderUnavailable as error:
            self._failure = error
            log.warning("vectors_unavailable", extra={"reason": str(error)})
        except Exception as error:  # whatever a foreign library does, search goes on
            self._failure = EmbedderUnavailable(f"The sentence model cannot be loaded: {error}")
            log.exception("vectors_failed")
        finally:
            self._loaded.set()

    def _query_vector(self, text: str, *, hurry: bool = False, patience_s: float | None = None) -> Vector | None:
        patience_s = self._patience_s if patience_s is None else patience_s
        self.start()
        if not self._loaded.is_set():
            most = LOAD_PATIENCE_S if patience_s is None else patience_s
            left = 0.0 if hurry else self._started_at + most - time.monotonic()
            if left <= 0 or not self._loaded.wait(left):
                return None
        if self._failure or not text.strip():
            return None
        try:
            if hurry:
                return self._queries.find(text)
            return self._queries.get(text, patience_s=PATIENCE_S if patience_s is None else patience_s)
        except EmbedderUnavailable as error:
            self._failure = error
        except Exception:  # a bug must not take search by words down
            log.exception("query_vector_failed")
        return None

    def _reset(self) -> None:
        self._matrix = VectorMatrix(self._embedder.dimensions)
        self._seen: tuple[object, int] = (None, 0)
        self._current: Snapshot | None = None

    def _snapshot(self) -> Snapshot | None:
        """The vectors as they are on disk now; as they were a moment ago while another thread fetches the news."""
        try:
            state = self._store.state()
            if state == self._seen:
                return self._current
            if self._refresh_lock.acquire(blocking=self._current is None):
                try:
                    if state != self._seen:
                        self._refresh(state[0])
                finally:
                    self._refresh_lock.release()
        except EngineUnavailable as error:
            log.info("vectors_unread", extra={"reason": str(error)})
            return None
        return self._current

    def _refresh(self, generation: object) -> None:
        if generation != self._seen[0]:
            self._reset()
        revision, changed = self._store.changed_since(self._seen[1])
        self._matrix.replace(changed)
        self._current = self._matrix.snapshot()
        with self._compared_lock:
            self._compared.clear()  # they would keep the former vectors in memory
        self._seen = (generation, revision)
