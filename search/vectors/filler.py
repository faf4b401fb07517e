"""Computes the vectors of new texts in the background, one process at a time."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from search.errors import EmbedderAbsent, EmbedderUnavailable, EngineUnavailable, IndexerBusy
from search.locks import file_lock
from search.vectors.embedder import Embedder
from search.vectors.matrix import pack
from search.vectors.store import VectorStore

log = logging.getLogger(__name__)

BATCH = 4  #: texts between two commits: about 0.2 s, lost at most when the process is killed
POLL_S = 0.5  #: between two looks for new texts
RETRY_S = 5.0  #: after a failure
_NICENESS = 15  #: readers come first: this thread works when nobody searches


class VectorFiller:
    """Gives every queued text its vector."""

    def __init__(self, embedder: Embedder, store: VectorStore, lock_path: Path) -> None:
        self._embedder, self._store, self._lock_path = embedder, store, lock_path

    def fill(self, progress: Callable[[int], None] = lambda _count: None) -> int:
        """Embed all there is to embed now; how many texts. `progress` is told the number of each step.

        Raises IndexerBusy, EmbedderUnavailable, EngineUnavailable.
        """
        filled = 0
        with file_lock(self._lock_path):
            while count := self._step():
                filled += count
                progress(count)
        return filled

    def run(self, stop: threading.Event) -> None:
        """Compete for the lock and, once it is held, embed what comes until `stop` is set. Outlives failures.

        Returns at once where there is no model. To be run in a thread of its own, whose priority it lowers.
        """
        with suppress(OSError, AttributeError):  # of a thread: Linux only
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        reason = ""
        while not stop.is_set():
            try:
                with file_lock(self._lock_path):
                    self._follow(stop)
            except IndexerBusy:
                stop.wait(POLL_S)
            except EmbedderAbsent:
                return
            except (EmbedderUnavailable, EngineUnavailable, OSError) as error:
                if str(error) != reason:  # an outage of hours is one line, not thousands
                    log.warning("vectors_wait", extra={"reason": str(error)})
                reason = str(error)
                stop.wait(RETRY_S)
            except Exception:  # a bug must not end the filling for ever
                log.exception("vectors_failed")
                stop.wait(RETRY_S)

    def _follow(self, stop: threading.Event) -> None:
        while not stop.is_set():
            if not self._step():
                stop.wait(POLL_S)

    def _step(self) -> int:
        """Embed a few texts; how many."""
        texts = self._store.next_texts(BATCH)
        if texts:
            vectors = np.nan_to_num(self._embedder.embed_passages(list(texts.values())))
            self._store.add_vectors({hash_: pack(vector) for hash_, vector in zip(texts, vectors, strict=True)})
        return len(texts)
