"""Which texts want a vector: follows the catalogue through the outbox, as the indexes do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from search.documents import Document, content_hash
from search.engine import IndexStatus
from search.vectors.store import Entry, VectorStore
from search.vectors.texts import passages

_BATCH = 500  #: documents a transaction


class VectorIndex:
    """What an `Indexer` keeps in step with the catalogue; the vectors themselves come later (`filler`).

    Writes are quick and change no vector that stays: only texts that are new wait for one.
    """

    def __init__(self, store: VectorStore) -> None:
        self._store = store

    @property
    def name(self) -> str:
        """Under which it follows the outbox."""
        return self._store.name

    def update(self, documents: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """Add or replace by id, delete by id. Durable on return. Raises EngineUnavailable."""
        self._store.put(map(_entry, documents))
        self._store.remove(deleted)

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Hold exactly these; what was embedded before stays so. A damaged file is begun anew."""
        self._store.create()
        seen: set[str] = set()
        entries = map(_entry, documents)
        while batch := list(islice(entries, _BATCH)):
            self._store.put(batch)
            seen.update(entry.id for entry in batch)
        self._store.remove([id_ for id_, _fingerprint in self._store.fingerprints() if id_ not in seen])

    def status(self) -> IndexStatus:
        """How many documents it follows. Raises EngineUnavailable where it has to be rebuilt."""
        return IndexStatus(documents=sum(1 for _ in self._store.fingerprints()), generation=self._store.generation)

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """Id and `documents.content_hash` of every document it follows: for the nightly audit."""
        return self._store.fingerprints()


def _entry(document: Document) -> Entry:
    return Entry(document.id, content_hash(document), passages(document))
