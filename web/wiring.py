"""Puts the parts together: the one place that knows which engine, vectors and database are used."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from flask import current_app

from directory.database import Database
from directory.settings import Settings
from search import service
from search.engine import SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.fallback import FallbackEngine
from search.indexer import Indexer, Indexers
from search.semantics import VectorSemantics
from search.service import SearchAnswer, SearchRequest
from search.vectors.wiring import LOCK_NAME as VECTORS_LOCK
from search.vectors.wiring import Vectors, open_vectors


@dataclass(frozen=True)
class Services:
    """What pages, API and commands work with. Safe to share between threads; one per process."""

    settings: Settings
    database: Database
    engine: SearchEngine
    indexer: Indexers
    vectors: Vectors
    semantics: VectorSemantics | None

    def search(self, request: SearchRequest) -> SearchAnswer:
        """One search, by words and by meaning. Raises InvalidQuery, EngineUnavailable."""
        return service.search(self.engine, request, self.semantics)

    def keep_up(self, stop: threading.Event) -> None:
        """Keep every index, and the vectors, in step with the catalogue until `stop` is set."""
        filler = self.vectors.filler
        beside = threading.Thread(target=filler.run, args=(stop,), name="vectors") if filler else None
        if beside:
            beside.start()
        self.indexer.run(stop)
        if beside:
            beside.join()

    def close(self) -> None:
        """Give back the connections to catalogue and search server. Nothing may be asked of the services afterwards."""
        if isinstance(self.engine, FallbackEngine):
            self.engine.close()
        self.database.close()


def wire(settings: Settings, *, patience_s: float | None = None) -> Services:
    """Build the services. Opens no connection and loads no model yet. Raises SettingError.

    patience_s: for the vector of a query; None means what a reader can wait for.
    """
    database = Database(settings.sqlalchemy_url)
    vectors = open_vectors(settings.data_dir, wanted=settings.vectors, patience_s=patience_s)
    semantics = VectorSemantics(vectors.search) if vectors.search else None
    embedded = EmbeddedEngine(settings.index_dir, semantics)
    engine: SearchEngine = embedded
    indexers = [Indexer(database, embedded, settings.data_dir)]
    if settings.meili_url is not None:
        from search.engines.meili import MeiliEngine  # only where it is used: its client doubles the time to start

        server = MeiliEngine(settings.meili_url, settings.meili_key, settings.meili_index, semantics)
        shared = Indexer(database, server, settings.data_dir, lock_name="indexer-meilisearch.lock", shared=True)
        engine = FallbackEngine(server, embedded, caught_up=lambda: shared.pending() == 0)
        indexers.append(shared)
    if vectors.index:
        indexers.append(Indexer(database, vectors.index, settings.data_dir, lock_name=VECTORS_LOCK))
    return Services(settings, database, engine, Indexers(indexers), vectors, semantics)


def get_services() -> Services:
    """The services of the running app."""
    found: Services = current_app.extensions["senne"]
    return found
