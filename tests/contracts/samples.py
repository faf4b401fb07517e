"""Documents and reading helpers for the suite that every engine passes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from search.documents import Document, to_document
from search.engine import Hits, Query, SearchEngine

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def documents() -> Sequence[Document]:
    """The shipped catalogue, each entry added a minute after the one before."""
    text = files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8")
    resources = [json.loads(line) | {"version": 1} for line in text.splitlines()]
    return tuple(
        to_document({k: v for k, v in resource.items() if v is not None}, added=EPOCH + timedelta(minutes=number))
        for number, resource in enumerate(resources)
    )


def resource(id_: str, *, added: datetime = EPOCH, **changes: Any) -> Document:
    """A plain document; `changes` are fields of the resource."""
    values = {
        "id": id_, "type": "tool", "title": {"fr": f"Titre {id_}"}, "summary": {"fr": "Un résumé."},
        "organisations": [{"name": "Une asbl"}], "links": [], "languages": ["fr"], "themes": ["grief"],
        "basins": ["nord"], "audiences": ["professionals"], "cost": {"kind": "free"},
    }  # fmt: skip
    return to_document(values | changes, added=added)


def ids(hits: Hits) -> list[str]:
    """The ids of a page."""
    return [hit.id for hit in hits.hits]


def all_ids(engine: SearchEngine, *, per_page: int = 37, **query: Any) -> list[str]:
    """The ids of all pages, in their order."""
    found: list[str] = []
    for page in itertools.count(1):
        hits = engine.search(Query(**query, page=page, per_page=per_page))
        found += ids(hits)
        if not hits.hits:
            return found
    raise AssertionError
