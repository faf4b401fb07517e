"""Answers of the local sites that are more than a file: inventories, conditional requests, endless months."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug import Request, Response

Json = dict[str, Any]


def inventory_answer(
    request: Request, inventory: Json, folder: Path, base: str, gone: Collection[str]
) -> Response | None:
    """WordPress's REST lists and The Events Calendar's, paged as the real ones.

    None when the address is no inventory of this site's. `gone` are paths taken away.
    """
    wordpress = re.fullmatch(r"/wp-json/wp/v2/(posts|pages)", request.path)
    if wordpress and "wordpress" in inventory:
        items = [_wordpress_item(item, base) for item in inventory["wordpress"] if item["kind"] == wordpress[1]]
        items.sort(key=lambda item: str(item["date"]), reverse=True)
        fields = request.args.get("_fields")
        if fields:
            wanted = {field.split(".")[0].strip() for field in fields.split(",")}
            items = [{key: value for key, value in item.items() if key in wanted} for item in items]
        return _paged(request, items, "rest_post_invalid_page_number", 400)
    if request.path.rstrip("/") == "/wp-json/tribe/events/v1/events" and "events" in inventory:
        text = (folder / inventory["events"]).read_text("utf-8").replace("{{base}}", base)
        events = [event for event in json.loads(text) if urlsplit(event["url"]).path not in gone]
        return _paged(request, events, "event-archive-page-not-found", 404, key="events")
    return None


def _wordpress_item(item: Json, base: str) -> Json:
    return {
        "id": item["id"], "date": item["date"], "date_gmt": item["date"], "modified": item["modified"],
        "modified_gmt": item["modified"], "slug": item["path"].strip("/").rpartition("/")[2], "status": "publish",
        "type": item["kind"][:-1], "link": base + item["path"], "title": {"rendered": item["title"]},
    }  # fmt: skip


def _paged(request: Request, items: list[Json], code: str, status: int, key: str | None = None) -> Response:
    page, size = request.args.get("page", 1, int), min(request.args.get("per_page", 10, int), 100)
    pages = -(-len(items) // size)
    if page > max(pages, 1):
        body: Any = {"code": code, "message": "Page not found", "data": {"status": status}}
        return Response(json.dumps(body), status, content_type="application/json; charset=UTF-8")
    part = items[(page - 1) * size : page * size]
    body = part if key is None else {key: part, "total": len(items), "total_pages": pages}
    response = Response(json.dumps(body), content_type="application/json; charset=UTF-8")
    response.headers["X-WP-Total"] = str(len(items))
    response.headers["X-WP-TotalPages"] = str(pages)
    return response


def validate(request: Request, response: Response, validators: str, etag: str, modified: datetime) -> None:
    """Send validators; turn the answer to a matching conditional request into a 304 without body (RFC 9110 §13)."""
    if validators in ("etag", "both"):
        response.headers["ETag"] = etag
    if validators in ("last-modified", "both"):
        response.headers["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    if request.method not in ("GET", "HEAD"):
        return
    known_etag = request.headers.get("If-None-Match")
    since = request.headers.get("If-Modified-Since")
    fresh = False
    if known_etag is not None and "ETag" in response.headers:
        fresh = etag in [tag.strip().removeprefix("W/") for tag in known_etag.split(",")]
    elif since is not None and "Last-Modified" in response.headers:
        fresh = parsedate_to_datetime(since) >= modified.replace(microsecond=0)
    if fresh:
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Type"]


def month_values(groups: tuple[str | Any, ...]) -> dict[str, str]:
    """What a calendar's page needs, from a pattern's year and month groups; nothing without them."""
    if len(groups) < 2:
        return {str(place): value for place, value in enumerate(groups, 1)}
    year, month = int(groups[0]), int(groups[1])
    after = (year + month // 12, month % 12 + 1)
    before = (year - (month == 1), (month - 2) % 12 + 1)
    months = {"month": (year, month), "next": after, "previous": before}
    return {
        name + mark: f"{at[0]:04d}{mark or '-'}{at[1]:02d}" for name, at in months.items() for mark in ("", "/")
    }  # {{next}} is 2027-01, {{next/}} is 2027/01
