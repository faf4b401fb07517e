"""Puts the parts together: the one place that knows which engine and database are used."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from directory.database import Database
from directory.settings import Settings
from search.engine import SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.fallback import FallbackEngine
from search.indexer import Indexer, Indexers


@dataclass(frozen=True)
class Services:
    """What pages, API and commands work with. Safe to share between threads; one per process."""

    settings: Settings
    database: Database
    engine: SearchEngine
    indexer: Indexers


def wire(settings: Settings) -> Services:
    """Build the services. Opens no connection yet. Raises SettingError."""
    database = Database(settings.sqlalchemy_url)
    embedded = EmbeddedEngine(settings.index_dir)
    own = Indexer(database, embedded, settings.data_dir)
    if settings.meili_url is None:
        return Services(settings, database, embedded, Indexers([own]))
    from search.engines.meili import MeiliEngine  # only where it is used: its client doubles the time to start

    server = MeiliEngine(settings.meili_url, settings.meili_key, settings.meili_index)
    shared = Indexer(database, server, settings.data_dir, lock_name="indexer-meilisearch.lock", shared=True)
    engine = FallbackEngine(server, embedded, caught_up=lambda: shared.pending() == 0)
    return Services(settings, database, engine, Indexers([own, shared]))


def get_services() -> Services:
    """The services of the running app."""
    found: Services = current_app.extensions["senne"]
    return found
