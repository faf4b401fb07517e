"""The parts of search by meaning, put together on a data folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search.errors import EmbedderAbsent
from search.vectors.e5 import E5Embedder
from search.vectors.embedder import Embedder
from search.vectors.filler import VectorFiller
from search.vectors.index import VectorIndex
from search.vectors.search import VectorSearch, VectorStatus
from search.vectors.store import VectorStore

LOCK_NAME = "indexer-vectors.lock"  #: of the indexer that follows the catalogue for the vectors


@dataclass(frozen=True)
class Vectors:
    """Search by meaning on one data folder. Where `search` is None it is off or absent; `status` says which."""

    search: VectorSearch | None
    index: VectorIndex | None
    filler: VectorFiller | None
    _without: VectorStatus | None = None

    def status(self) -> VectorStatus:
        """How it stands. Never raises."""
        if self.search is not None:
            return self.search.status()
        return self._without or VectorStatus("off", "Search by meaning is switched off (SENNE_VECTORS).")


def open_vectors(
    data_dir: Path, *, wanted: bool, embedder: Embedder | None = None, patience_s: float | None = None
) -> Vectors:
    """Build the parts; loads no model and opens no file yet. Never raises.

    wanted: SENNE_VECTORS. embedder: None means the one that is installed. patience_s: see VectorSearch.
    """
    if not wanted:
        return Vectors(None, None, None)
    model: Embedder = embedder or E5Embedder()
    try:
        version = model.model_version
    except EmbedderAbsent as error:
        return Vectors(None, None, None, VectorStatus("absent", str(error)))
    folder = data_dir / "vectors"
    reading, following, filling = (VectorStore(folder, version) for _ in range(3))  # each has its own connection
    return Vectors(
        VectorSearch(model, reading, patience_s=patience_s),
        VectorIndex(following),
        VectorFiller(model, filling, data_dir / "vectors.lock"),
    )
