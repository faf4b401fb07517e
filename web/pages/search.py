"""The search page: box, filters, results. Its address is the permalink of its state."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, g, request, url_for

from search.service import SearchRequest
from web.gaps import note_gap
from web.pages.links import MAX_TYPED, search_args
from web.pages.rendering import bp, page
from web.pages.results import loosenings, make_results
from web.pages.topics import theme_links
from web.params import load_params
from web.wiring import get_services


@bp.get("/ressources", endpoint="search")
def search_page() -> Response:
    """Results as one types; the whole page without JavaScript. Wrong filter values are a 422.

    What the reserve engine answered is kept by nobody: the notice on it goes when the outage does.
    """
    asked = replace(load_params(request.args, strict=False), lang=g.lang)
    services = get_services()
    answer = services.search(asked)
    note_gap(answer)
    results = make_results(asked, answer)
    response = page(
        "search.html",
        block="answer",
        results=results,
        asked=asked,
        loosenings=loosenings(services.engine, asked, answer.query) if results.empty else [],
        themes=theme_links(g.lang) if results.empty else [],
        max_typed=MAX_TYPED,
        alternates=_alternates(asked),
        canonical=url_for("pages.search", _external=False, **search_args(asked)),
        is_fragment="HX-Request" in request.headers,
    )
    if answer.degraded:
        response.headers["Cache-Control"] = "no-store"
    return response


def _alternates(asked: SearchRequest) -> list[tuple[str, str]]:
    return [(lang, url_for("pages.search", **{**search_args(asked), "lang": lang})) for lang in ("fr", "nl", "en")]
