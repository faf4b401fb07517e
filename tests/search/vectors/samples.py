"""A small sentence model that needs no package: words that texts share make them alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from directory.text import words
from search.documents import Document, to_document
from search.vectors.embedder import Matrix, Vector

ADDED = datetime(2026, 11, 1, tzinfo=UTC)


class BagEmbedder:
    """`Embedder` that adds up one random direction a word; counts what it is asked."""

    name = "bag of words"
    dimensions = 64

    def __init__(self, model_version: str = "bag/1") -> None:
        self.model_version = model_version
        self.passages: list[str] = []
        self.queries: list[str] = []
        self.before_query: Callable[[], object] = lambda: None
        self.failure: Exception | None = None

    def load(self) -> None:
        if self.failure:
            raise self.failure

    def embed_query(self, text: str) -> Vector:
        self.load()
        self.before_query()
        self.queries.append(text)
        return _bag(text, self.dimensions)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        self.load()
        self.passages += texts
        return np.stack([_bag(text, self.dimensions) for text in texts])


def _bag(text: str, dimensions: int) -> Vector:
    total = np.full(dimensions, 1e-3, dtype=np.float32)
    for word in words(text):
        seed = int.from_bytes(hashlib.sha256(word.folded.encode()).digest()[:8])
        total += np.random.default_rng(seed).normal(size=dimensions).astype(np.float32)
    return total / np.linalg.norm(total)


def document(id_: str, title: str | dict[str, str] = "Un titre", **changes: Any) -> Document:
    resource = {
        "id": id_, "type": "unlabelled", "title": {"fr": title} if isinstance(title, str) else title, "summary": {}, "organisations": [], "languages": ["fr"],
        "themes": [], "basins": ["nord"], "audiences": [], "cost": {"kind": "free"}, **changes,
    }  # fmt: skip
    return to_document(resource, added=ADDED)
