"""The home page, and the way to it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, g, make_response, redirect, url_for

from directory.taxonomy import LANGUAGES, REGION, label, taxonomy
from search.errors import EngineUnavailable
from search.service import SearchRequest
from web.i18n import reader_language
from web.labels import basin_name
from web.pages.links import MAX_TYPED
from web.pages.rendering import bp, page
from web.pages.texts import show
from web.pages.topics import Named, theme_links
from web.wiring import get_services


def choose_language() -> Response:
    """From the bare address to the home page in the language that the browser asks for."""
    response = make_response(redirect(url_for("pages.home", lang=reader_language()), 302))
    response.vary.add("Accept-Language")
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@bp.get("/", endpoint="home")
def home() -> Response:
    """Box, basins, themes. Without engine it stands without counts."""
    try:
        hits = get_services().search(SearchRequest(per_page=1, lang=g.lang)).hits
        total, counts = hits.total, hits.facets
    except EngineUnavailable:
        total, counts = None, {}
    return page(
        "home.html",
        total=total,
        basins=_basins(counts.get("basin"), g.lang),
        themes=theme_links(g.lang, counts.get("theme")),
        max_typed=MAX_TYPED,
        alternates=[(lang, url_for("pages.home", lang=lang)) for lang in LANGUAGES],
    )


def _basins(counts: Mapping[str, int] | None, lang: str) -> list[Named]:
    return [
        Named(
            term.id,
            show({lang: basin_name(term.id, lang) if term.id == REGION else label(term.label, lang)}, lang),
            url_for("pages.basin", lang=lang, basin=term.id),
            counts.get(term.id, 0) if counts is not None else None,
        )
        for term in taxonomy().basins.values()
    ]
