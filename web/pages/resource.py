"""The page of one resource: every field that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, g, url_for

from directory.catalogue import get_resource
from directory.freshness import over_on
from directory.misconceptions import misconceptions
from directory.taxonomy import LANGUAGES, label, taxonomy
from search.alternatives import similar
from search.errors import EngineUnavailable
from search.service import SearchRequest
from web.clock import today
from web.i18n import host_of, language_name, write_euros
from web.labels import basin_name
from web.pages.cards import cost_line, make_card, overdue_line
from web.pages.links import misconception_url, search_url
from web.pages.prose import show_prose
from web.pages.rendering import bp, page
from web.pages.structured import json_ld
from web.pages.texts import Shown, show
from web.wiring import get_services


@dataclass(frozen=True, slots=True)
class Outside:
    """A link that leaves Senne: its kind, the site it leads to, the language of what is there."""

    url: str
    host: str
    kind: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Tag:
    """A term with its link."""

    id: str
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ResourceView:
    """What `resource.html` draws; `document` is the outside shape, for plain values."""

    document: Mapping[str, Any]
    type: str
    type_definition: str
    type_url: str
    title: Shown
    summary: Shown
    description: Shown
    how_made: list[tuple[str, Shown]]
    links: list[Outside]
    languages: list[str]
    themes: list[Tag]
    basins: list[Tag]
    audiences: list[str]
    cost: str
    bim: str | None
    cost_note: Shown
    easy_read: str | None
    misbeliefs: list[tuple[Shown, str]]
    source_host: str | None
    overdue: str | None
    over_on: date | None  #: the last day of an event that is over

    @property
    def foreign(self) -> list[str]:
        """Languages other than the reader's in which parts of the page are."""
        texts = (self.title, self.summary, self.description)
        return list(dict.fromkeys(text.lang for text in texts if text.lang))


@bp.get("/ressources/<resource_id>", endpoint="resource")
def resource_page(resource_id: str) -> Response:
    """A published resource. Raises ResourceNotFound, shown as 404."""
    services = get_services()
    with services.database.read() as session:
        document = get_resource(session, resource_id)
    url = url_for("pages.resource", resource_id=resource_id)
    try:
        alike = [make_card(hit.card, g.lang) for hit in similar(services.engine, document, lang=g.lang)]
    except EngineUnavailable:
        alike = []
    return page(
        "resource.html",
        view=make_view(document, g.lang),
        json_ld=json_ld(document, services.settings.public_url + url, g.lang),
        alike=alike,
        canonical=url,
        permalink=services.settings.public_url + url,
        alternates=[(lang, url_for("pages.resource", lang=lang, resource_id=resource_id)) for lang in LANGUAGES],
    )


def make_view(document: Mapping[str, Any], lang: str) -> ResourceView:
    """The view of a resource in its outside shape."""
    lists, cost = taxonomy(), document["cost"]
    kind = lists.types[document["type"]]
    how_made = document.get("how_made") or {}
    source_url = document["source"].get("url")
    return ResourceView(
        document=document,
        type=label(kind.label, lang),
        type_definition=kind.description.get(lang, ""),
        type_url=search_url(SearchRequest(filters={"type": (kind.id,)}, lang=lang)),
        title=show(document["title"], lang),
        summary=show(document.get("summary"), lang),
        description=show_prose(document.get("description"), lang),
        how_made=[(part, text) for part in HOW_MADE if (text := show_prose(how_made.get(part), lang))],
        links=[_outside(link, lang) for link in document["links"]],
        languages=[language_name(code, lang) for code in document["languages"]],
        themes=[
            Tag(theme, label(lists.themes[theme].label, lang), url_for("pages.theme", lang=lang, theme=theme))
            for theme in document["themes"]
        ],
        basins=[
            Tag(basin, basin_name(basin, lang), url_for("pages.basin", lang=lang, basin=basin))
            for basin in document["basins"]
        ],
        audiences=[label(lists.audiences[audience].label, lang) for audience in document["audiences"]],
        cost=cost_line(cost, lang),
        bim=write_euros(cost["bim_amount_eur"], lang) if cost.get("bim_amount_eur") is not None else None,
        cost_note=show(cost.get("note"), lang),
        easy_read=_easy_read(document.get("easy_read"), lang),
        misbeliefs=[
            (show(item.statement, lang), misconception_url(item, lang))
            for item in misconceptions().values()
            if item.id in document.get("myths", ()) or document["id"] in item.tools
        ],
        source_host=host_of(source_url) if source_url else None,
        overdue=overdue_line(document),
        over_on=over_on(document, today=today()),
    )


HOW_MADE = ("steps", "partners", "effort", "obstacles")


def _outside(link: Mapping[str, Any], lang: str) -> Outside:
    kind = label(taxonomy().link_kinds[link["kind"]].label, lang)
    language = link.get("language")
    return Outside(link["url"], host_of(link["url"]), kind, language_name(language, lang) if language else None)


def _easy_read(level: str | None, lang: str) -> str | None:
    return label(taxonomy().easy_read_levels[level].label, lang) if level else None
