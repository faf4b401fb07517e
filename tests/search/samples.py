"""Catalogue entries and engines for the tests of the indexer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from directory import catalogue
from directory.catalogue import Change
from directory.database import Database
from search.documents import Document
from search.engines.embedded import EmbeddedEngine
from search.errors import EngineUnavailable

ALICE = Change("alice", "a test")


def entry(id_: str, title: str = "Un titre", **changes: Any) -> dict[str, Any]:
    """A published resource in its outside shape."""
    return {
        "id": id_, "type": "tool", "title": {"fr": title}, "summary": {"fr": "Un résumé."}, "status": "published",
        "organisations": [{"name": "Une asbl"}], "themes": ["grief"], "basins": ["nord"], **changes,
    }  # fmt: skip


def add(database: Database, *entries: dict[str, Any]) -> None:
    """Save entries, each new or changed."""
    with database.write() as session:
        for item in entries:
            catalogue.put_resource(session, item, ALICE)


def eventually(condition: Callable[[], bool], ceiling_s: float = 20) -> bool:
    """Whether the condition comes true before the ceiling."""
    end = time.monotonic() + ceiling_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


class Interruptible(EmbeddedEngine):
    """An engine whose every call fails while `failure` is set; `after` documents of a rebuild it breaks off."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.failure: Exception | None = None
        self.break_off_after: int | None = None
        self.updates: list[list[str]] = []

    def status(self) -> Any:
        self._fail()
        return super().status()

    def update(self, documents: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        self._fail()
        documents, deleted = list(documents), list(deleted)
        self.updates.append(sorted([*(document.id for document in documents), *deleted]))
        super().update(documents, deleted)

    def rebuild(self, documents: Iterable[Document]) -> None:
        self._fail()
        super().rebuild(self._some(documents))

    def _some(self, documents: Iterable[Document]) -> Iterator[Document]:
        for number, document in enumerate(documents):
            if number == self.break_off_after:
                raise EngineUnavailable("The server broke off.")
            yield document

    def _fail(self) -> None:
        if self.failure:
            raise self.failure
