"""What the tests of the vectors share."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from search.vectors.store import VectorStore
from tests.search.vectors.samples import BagEmbedder


@pytest.fixture
def embedder() -> BagEmbedder:
    return BagEmbedder()


@pytest.fixture
def open_store(tmp_path: Path) -> Any:
    """Opens the store of the test's folder, as each part and each process does for itself."""
    opened: list[VectorStore] = []

    def open_(model_version: str = "bag/1") -> VectorStore:
        opened.append(VectorStore(tmp_path / "vectors", model_version))
        return opened[-1]

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def held() -> Any:
    """An event that is set at the end, so that no thread of the test waits for ever."""
    event = threading.Event()
    yield event
    event.set()
