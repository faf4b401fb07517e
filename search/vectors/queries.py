"""Vectors of queries: one computed at a time, first come first served, the last ones remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from search.vectors.embedder import Embedder, Vector
from search.vectors.texts import query_text

REMEMBERED = 2048  #: queries; 3 MB of vectors of 384 dimensions
MAX_WAITING = 8  #: queries; who comes behind is better served without a vector


class QueryVectors:
    """Embeds what people look for.

    The model uses all the cores it can, so that two queries at once take as long as one after the other. A lock would
    let one client overtake the others for seconds (measured: 5 s among 4); a queue is fair.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._awaited: dict[str, Future[Vector]] = {}
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="query-vectors")

    def find(self, text: str) -> Vector | None:
        """The vector of a query asked before; None otherwise. Costs microseconds."""
        with self._lock:
            return self._recall(query_text(text))

    def get(self, text: str, *, patience_s: float) -> Vector | None:
        """The vector of a query; None where it takes longer than that. Raises EmbedderUnavailable.

        Queries that differ in spaces only share a vector, and while it is on its way the wait for it.
        """
        key = query_text(text)
        with self._lock:
            if (vector := self._recall(key)) is not None:
                return vector
            awaited = self._awaited.get(key)
            if awaited is None:
                if len(self._awaited) >= MAX_WAITING:
                    return None
                try:
                    awaited = self._awaited[key] = self._worker.submit(self._embed, key)
                except RuntimeError:  # the process is ending, and takes no more work
                    return None
        try:
            return awaited.result(patience_s)
        except TimeoutError:
            with self._lock:
                if awaited.cancel():  # nobody has begun
                    self._awaited.pop(key, None)
            return None
        except CancelledError:  # by one who asked the same before
            return None

    def _embed(self, key: str) -> Vector:
        try:
            vector = self._embedder.embed_query(key)
            with self._lock:
                self._known[key] = vector
                if len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
            return vector
        finally:
            with self._lock:
                self._awaited.pop(key, None)

    def _recall(self, key: str) -> Vector | None:
        vector = self._known.get(key)
        if vector is not None:
            self._known.move_to_end(key)
        return vector
