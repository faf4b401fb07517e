"""The page that says what Senne is, how entries are checked, what the crawler does, and what is kept (nothing)."""

from __future__ import annotations

from flask import Response, g, url_for

from directory.taxonomy import LANGUAGES, label, taxonomy
from web.pages.rendering import bp, page

CRAWLER_NAME = "Senne"  #: the product token of RFC 9309 that our crawler obeys


@bp.get("/a-propos", endpoint="about")
@bp.get("/about", endpoint="about_alias")
def about() -> Response:
    """Both addresses show it; the French one is canonical."""
    return page(
        "about.html",
        crawler_name=CRAWLER_NAME,
        basins=[
            {"id": term.id, "name": label(term.label, g.lang), "site": label(term.site, g.lang)}
            for term in taxonomy().basins.values()
        ],
        canonical=url_for("pages.about", lang=g.lang),
        alternates=[(lang, url_for("pages.about", lang=lang)) for lang in LANGUAGES],
    )
