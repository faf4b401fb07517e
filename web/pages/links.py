"""Permalinks: every state of the search page has one address, without empty parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for

from directory.misconceptions import Misconception
from search.engine import FACETS
from search.service import MAX_QUERY_LENGTH, SearchRequest

MAX_TYPED = MAX_QUERY_LENGTH  #: what the box takes; a longer address is still answered, with a notice
_DEFAULTS = SearchRequest()


def search_url(asked: SearchRequest, **changes: Any) -> str:
    """The address of a search, with `changes` to its fields; a changed search starts at its first page."""
    changes.setdefault("page", 1)
    return url_for("pages.search", **search_args(replace(asked, **changes)))


def search_args(asked: SearchRequest) -> dict[str, Any]:
    """The query parameters of a search; what is usual is left out."""
    args: dict[str, Any] = {"lang": asked.lang}
    if asked.text:
        args["q"] = asked.text
    args |= {facet: list(values) for facet in FACETS if (values := asked.filters.get(facet))}
    if asked.local_only:
        args["scope"] = "local"
    if asked.place:
        args["place"] = asked.place
    args |= {
        name: getattr(asked, name)
        for name in ("sort", "page", "per_page")
        if getattr(asked, name) != getattr(_DEFAULTS, name)
    }
    return args


def without(asked: SearchRequest, facet: str, value: str | None = None) -> dict[str, Any]:
    """The change that drops one value of a facet, or (None) the whole facet.

    With the last basin goes `scope=local`: alone it would hide what serves all of Brussels.
    """
    kept = tuple(v for v in asked.filters.get(facet, ()) if value is not None and v != value)
    filters = {name: values for name, values in asked.filters.items() if name != facet}
    if kept:
        filters[facet] = kept
    changes: dict[str, Any] = {"filters": filters}
    if facet == "basin" and not kept and not asked.place:
        changes["local_only"] = False
    return changes


def misconception_url(item: Misconception, lang: str) -> str:
    """Where a misconception stands: on its theme's page."""
    return url_for("pages.theme", lang=lang, theme=item.theme, _anchor=item.id)
