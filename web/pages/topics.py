"""Theme and basin pages: what the word means here, misconceptions, and the resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from flask import Response, abort, g, url_for

from directory.catalogue import get_resources, list_resources
from directory.misconceptions import misconceptions
from directory.taxonomy import LANGUAGES, REGION, label, load_data, taxonomy
from search.errors import EngineUnavailable
from search.service import SearchRequest
from web.pages.cards import Card, card_of_hit, make_card
from web.pages.links import MAX_TYPED, search_url
from web.pages.rendering import bp, page
from web.pages.texts import Shown, show
from web.wiring import get_services

LISTED = 30  #: resources shown on a theme or basin page; the rest through the search page


@dataclass(frozen=True, slots=True)
class Named:
    """A link to a theme, basin or resource; `count` where it is known."""

    id: str
    name: Shown
    url: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A misconception on its theme's page. `tools`: the resources that help to answer it."""

    id: str
    statement: Shown
    answer: Shown
    sources: tuple[str, ...]
    tools: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The first resources of a theme or basin. `resting`: the engine was away, the catalogue answered."""

    cards: tuple[Card, ...]
    total: int | None
    resting: bool = False


@bp.get("/themes/<theme>", endpoint="theme")
def theme_page(theme: str) -> Response:
    """A theme. 404 where it does not exist."""
    term = taxonomy().themes.get(theme)
    if term is None:
        abort(404)
    asked = SearchRequest(filters={"theme": (theme,)}, per_page=LISTED, lang=g.lang)
    return page(
        "theme.html",
        max_typed=MAX_TYPED,
        theme=term,
        name=label(term.label, g.lang),
        description=show(term.description, g.lang),
        answered=_answered(theme, g.lang),
        listing=_listing(asked, theme=theme),
        search_url=search_url(asked, per_page=20),
        alternates=[(lang, url_for("pages.theme", lang=lang, theme=theme)) for lang in LANGUAGES],
        others=theme_links(g.lang),
    )


@bp.get("/bassins/<basin>", endpoint="basin")
def basin_page(basin: str) -> Response:
    """A basin, or all of Brussels (`region`). 404 where it does not exist."""
    term = taxonomy().basins.get(basin)
    if term is None:
        abort(404)
    local = basin != REGION
    asked = SearchRequest(filters={"basin": (basin,)}, local_only=local, per_page=LISTED, lang=g.lang)
    return page(
        "basin.html",
        max_typed=MAX_TYPED,
        basin=term,
        name=label(term.label, g.lang),
        areas=_areas(basin, g.lang),
        uncertain=_uncertain(basin, g.lang),
        site=label(term.site, g.lang),
        listing=_listing(asked, basin=basin),
        search_url=search_url(asked, local_only=False, per_page=20),
        theme_links=_themes_in(basin, g.lang),
        alternates=[(lang, url_for("pages.basin", lang=lang, basin=basin)) for lang in LANGUAGES],
    )


def theme_links(lang: str, counts: Mapping[str, int] | None = None) -> list[Named]:
    """Every theme, by name, with its count where counts are given."""
    links = [
        Named(
            term.id,
            show(term.label, lang),
            url_for("pages.theme", lang=lang, theme=term.id),
            counts.get(term.id, 0) if counts is not None else None,
        )
        for term in taxonomy().themes.values()
    ]
    return sorted(links, key=lambda link: str(link.name.html))


def _listing(asked: SearchRequest, *, theme: str | None = None, basin: str | None = None) -> Listing:
    services = get_services()
    try:
        hits = services.search(asked).hits
        return Listing(tuple(card_of_hit(hit, asked.lang) for hit in hits.hits), hits.total)
    except EngineUnavailable:  # the catalogue itself can still answer
        with services.database.read() as session:
            found = list(islice(list_resources(session, theme=theme, basin=basin), LISTED))
        return Listing(tuple(make_card(document, asked.lang) for document in found), None, resting=True)


def _answered(theme: str, lang: str) -> list[Answered]:
    items = [item for item in misconceptions().values() if item.theme == theme]
    names = resource_links({tool for item in items for tool in item.tools}, lang)
    return [
        Answered(
            item.id,
            show(item.statement, lang),
            show(item.answer, lang),
            item.sources,
            tuple(names[tool] for tool in item.tools if tool in names),
        )
        for item in items
    ]


def resource_links(ids: Iterable[str], lang: str) -> dict[str, Named]:
    """Links to published resources by id; the others are absent."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    with get_services().database.read() as session:
        found = get_resources(session, wanted)
    return {
        id_: Named(id_, show(document["title"], lang), url_for("pages.resource", lang=lang, resource_id=id_))
        for id_, document in found.items()
    }


def _themes_in(basin: str, lang: str) -> list[Named]:
    """The themes with something offered in this basin, most first."""
    asked = SearchRequest(filters={"basin": (basin,)}, local_only=basin != REGION, per_page=1, lang=lang)
    try:
        counts = get_services().search(asked).hits.facets.get("theme", {})
    except EngineUnavailable:
        return []
    links = [
        Named(
            theme,
            show(taxonomy().themes[theme].label, lang),
            search_url(SearchRequest(filters={"basin": (basin,), "theme": (theme,)}, lang=lang)),
            count,
        )
        for theme, count in counts.items()
    ]
    return sorted(links, key=lambda link: (-(link.count or 0), str(link.name.html)))


@cache
def _areas(basin: str, lang: str) -> list[tuple[str, str, str]]:
    """(commune, part of it, postal codes) of a basin. The names exist in French and Dutch only."""
    tongue = "nl" if lang == "nl" else "fr"
    areas = _geography_areas(basin)
    return [
        (area[f"commune_{tongue}"], area.get(f"part_{tongue}", ""), ", ".join(area["postal_codes"])) for area in areas
    ]


@cache
def _uncertain(basin: str, lang: str) -> Shown | None:
    """What is not known about the limits of a basin that holds part of Bruxelles-Ville."""
    data = load_data("geography.json")
    codes = {code for area in _geography_areas(basin) for code in area["postal_codes"]}
    for fact in data["uncertain"]:
        if codes & set(fact["postal_codes"]):
            return show({language: fact[language] for language in ("fr", "nl")}, lang)
    return None


def _geography_areas(basin: str) -> list[dict[str, Any]]:
    basins = load_data("geography.json")["basins"]
    return next((item["areas"] for item in basins if item["id"] == basin), [])
