"""The catalogue that comes with Senne: where a new directory starts from."""

from __future__ import annotations

from importlib.resources import as_file, files

from directory.catalogue import Change, count_resources
from directory.database import Database
from directory.imports import import_files

FILE = "catalogue.jsonl"
_CHANGE = Change("senne", "the catalogue that comes with Senne")


def load_shipped_catalogue(database: Database) -> int:
    """Load it where the catalogue is empty; how many entries came in.

    Where there is anything, nothing is touched: what curators changed or took out must not come back.
    """
    with database.read() as session:
        if count_resources(session, public=False):
            return 0
    with as_file(files("directory").joinpath("data", FILE)) as path:
        return import_files(database, [path], _CHANGE).created
