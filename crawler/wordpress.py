"""Reads WordPress' REST interface and The Events Calendar: the cheapest way to know what changed. Parsing only.

One request shows 100 pages with their time of change, so additions, changes and deletions are all seen.
Source: developer.wordpress.org/rest-api; The Events Calendar, REST API v1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.errors import BadDocument
from crawler.inventory import Item
from crawler.urls import canonical_url, parse

PER_PAGE = 100
EVENTS_PER_PAGE = 50  #: its usual cap
MAX_LISTS = 20  #: kinds of content that are asked for
EVENTS = "tribe/events/v1"
_FIELDS = "id,link,modified_gmt"
#: Kinds of content that have no page of their own.
_INTERNAL = ("wp_", "nav_menu_item", "elementor", "acf-", "jet-", "e-", "attachment")


def root_url(api: str) -> str:
    """Where the interface says what it offers."""
    return endpoint(api, "", _fields="namespaces")


def has_events(body: bytes) -> bool:
    """Whether the interface's root names The Events Calendar. Raises BadDocument."""
    namespaces = _object(body).get("namespaces")
    return isinstance(namespaces, list) and EVENTS in namespaces


def types_url(api: str) -> str:
    """Where the kinds of content are listed."""
    return endpoint(api, "wp/v2/types")


def endpoint(api: str, route: str, **query: str) -> str:
    """An address below the interface's root, which is a path (`/wp-json/`) or a parameter (`?rest_route=/`)."""
    parameters = "&".join(f"{name}={value}" for name, value in query.items())
    if "rest_route=" in parse(api).query:
        address = f"{api.rstrip('/')}/{route}"
        return canonical_url(f"{address}&{parameters}" if parameters else address) or api
    address = f"{api.rstrip('/')}/{route}"
    return canonical_url(f"{address}?{parameters}" if parameters else address) or api


def inventory_url(api: str, route: str, page: int) -> str:
    """One page of the list of one kind of content."""
    extra = {"media_type": "application", "mime_type": "application/pdf"} if route == "wp/v2/media" else {}
    fields = f"{_FIELDS},source_url" if route == "wp/v2/media" else _FIELDS
    return endpoint(
        api, route, _fields=fields, per_page=str(PER_PAGE), orderby="modified", order="desc", page=str(page), **extra
    )


def events_url(api: str, page: int) -> str:
    """One page of the events."""
    return endpoint(api, f"{EVENTS}/events", per_page=str(EVENTS_PER_PAGE), page=str(page))


def read_routes(body: bytes) -> list[str]:
    """The routes of the kinds of content that have pages, PDFs among the media last. Raises BadDocument."""
    types = _object(body)
    routes = []
    for name, entry in types.items():
        if isinstance(entry, Mapping) and not str(name).startswith(_INTERNAL):
            base, space = entry.get("rest_base"), entry.get("rest_namespace") or "wp/v2"
            if isinstance(base, str) and isinstance(space, str) and base and "(" not in base:
                routes.append(f"{space.strip('/')}/{base.strip('/')}")
    if not routes:
        raise BadDocument("bad_inventory", "the site's interface names no kind of content")
    return [*routes[:MAX_LISTS], "wp/v2/media"]


def read_items(body: bytes) -> list[Item]:
    """The addresses of one page of a list. Raises BadDocument."""
    entries = _json(body)
    if not isinstance(entries, list):
        raise BadDocument("bad_inventory", "the site's interface answers with something else than a list")
    return list(_items(entries, ("source_url", "link"), "modified_gmt"))


def read_events(body: bytes) -> tuple[list[Item], int]:
    """The events of one page, and how many pages there are. Raises BadDocument."""
    data = _object(body)
    entries, pages = data.get("events"), data.get("total_pages")
    if not isinstance(entries, list):
        raise BadDocument("bad_inventory", "the site's calendar answers with something else than events")
    return list(_items(entries, ("url",), "modified_utc")), pages if isinstance(pages, int) else 1


def total_pages(headers: Mapping[str, str]) -> int | None:
    """How many pages a list has; None where the host does not say."""
    text = headers.get("x-wp-totalpages", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _items(entries: list[Any], names: tuple[str, ...], change: str) -> Iterator[Item]:
    for entry in entries:
        if not isinstance(entry, Mapping):
            continue
        address = next((value for name in names if isinstance(value := entry.get(name), str) and value), None)
        if address is not None and (url := canonical_url(address)) is not None:
            changed = entry.get(change)
            yield Item(url, changed if isinstance(changed, str) and changed else None)


def _object(body: bytes) -> dict[str, Any]:
    data = _json(body)
    if not isinstance(data, dict):
        raise BadDocument("bad_inventory", "the site's interface answers with something else than an object")
    return data


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadDocument("bad_inventory", "the site's interface does not answer in JSON") from error
