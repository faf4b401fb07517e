"""What all pages share: the blueprint, rendering of whole pages or one block, caching, language switches."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, Response, g, make_response, render_template, request, url_for
from jinja2_fragments.flask import render_block

from directory.fields import BRUSSELS
from directory.taxonomy import LANGUAGES
from web.i18n import LANGUAGE_NAMES, reader_language
from web.wiring import get_services

PAGE_CACHE = "public, max-age=60"
_LANGUAGE_PREFIX = re.compile(r"^/(?:fr|nl|en)(?=/|$)")

bp = Blueprint("pages", __name__, url_prefix="/<any(fr,nl,en):lang>")


def register(app: Flask) -> None:
    """Give every template, error pages too, what the base template needs."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_shared_context)


def page(template: str, *, block: str | None = None, **context: Any) -> Response:
    """The whole page, or only `block` where htmx refreshes it: one address, one template.

    A fragment is never kept by the browser: going back to its address must show the whole page.
    """
    fragment = block is not None and "HX-Request" in request.headers
    html = render_block(template, block or "", **context) if fragment else render_template(template, **context)
    response = make_response(html)
    if block is not None:
        response.vary.add("HX-Request")
    if fragment:
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.url_value_preprocessor
def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The language of the address, for any blueprint whose addresses begin with one."""
    if values:
        g.lang = values.pop("lang")


@bp.url_defaults
def add_language(_endpoint: str, values: dict[str, Any]) -> None:
    """Links stay in the reader's language unless they name another."""
    values.setdefault("lang", reader_language())


@bp.after_request
def _cache(response: Response) -> Response:
    """Pages are the same for everyone: shared caches may keep them a minute."""
    if response.status_code == 200 and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = PAGE_CACHE
        response.add_etag()
        response.make_conditional(request)
    return response


def _shared_context() -> dict[str, Any]:
    lang = reader_language()
    return {
        "lang": lang,
        "languages": LANGUAGE_NAMES,
        "switches": [(code, LANGUAGE_NAMES[code], switch_path(code)) for code in LANGUAGES],
        "public_url": get_services().settings.public_url,
        "today": datetime.now(UTC).astimezone(BRUSSELS).date(),
    }


def switch_path(lang: str) -> str:
    """This page with its query in another language; the home page where the address has no language."""
    path, found = _LANGUAGE_PREFIX.subn(f"/{lang}", request.path)
    if not found or request.routing_exception is not None:
        return url_for("pages.home", lang=lang)
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query else path
