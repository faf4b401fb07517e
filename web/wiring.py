"""Puts the parts together: the one place that knows which engine and database are used."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from directory.database import Database
from directory.settings import Settings
from search.engine import SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.indexer import Indexer


@dataclass(frozen=True)
class Services:
    """What pages, API and commands work with. Safe to share between threads; one per process."""

    settings: Settings
    database: Database
    engine: SearchEngine
    indexer: Indexer


def wire(settings: Settings) -> Services:
    """Build the services. Opens no connection yet. Raises SettingError."""
    database = Database(settings.sqlalchemy_url)
    engine = EmbeddedEngine(settings.index_dir)
    return Services(settings, database, engine, Indexer(database, engine, settings.data_dir))


def get_services() -> Services:
    """The services of the running app."""
    found: Services = current_app.extensions["senne"]
    return found
