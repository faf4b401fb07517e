"""What the search page shows of an answer: tiers, chips, pages, notices, and ways out of an empty result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from directory.taxonomy import REGION
from search.alternatives import Alternative, alternatives
from search.engine import FACETS, SORTS, Query, SearchEngine
from search.service import SearchAnswer, SearchRequest
from web.labels import basin_name, value_label
from web.pages.cards import Card, card_of_hit
from web.pages.facets import Facet, facet_label, make_facets
from web.pages.links import misconception_url, search_url, without
from web.pages.texts import Shown, show

PAGE_WINDOW = 2  #: pages linked before and after the present one


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another state of the search. `count`: what it would find, where that is known."""

    label: str
    url: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number, or (None) a gap."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Misbelief:
    """A misconception as shown beside results; `tools`: ids of hits on this page that help to answer it."""

    statement: Shown
    answer: Shown
    sources: tuple[str, ...]
    url: str
    tools: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything the block `answer` of `search.html` draws."""

    asked: SearchRequest
    total: int
    headline: str
    local_note: str
    local: tuple[Card, ...]
    regional: tuple[Card, ...]
    tiers: tuple[str, str] | None  #: headings of the two tiers; None where there is one tier only
    facets: list[Facet]
    chips: list[Link]
    clear_url: str
    sorts: list[tuple[str, str, bool]]
    can_be_local: bool
    pages: list[PageLink]
    previous_url: str | None
    next_url: str | None
    first_url: str
    place: str | None
    place_basins: list[Link]
    cut: bool
    degraded: bool
    suggestion: Link | None
    misbeliefs: list[Misbelief]
    none_verified: bool

    @property
    def empty(self) -> bool:
        """Nothing at all was found."""
        return self.total == 0


def make_results(asked: SearchRequest, answer: SearchAnswer) -> Results:
    """The view of an answer. `asked` is what the reader's address says, before places were turned into basins."""
    lang, hits = asked.lang, answer.hits
    cards = [card_of_hit(hit, lang) for hit in hits.hits]
    local = tuple(card for card in cards if not card.regional)
    regional = tuple(card for card in cards if card.regional)
    basins = [basin for basin in answer.query.values("basin") if basin != REGION]
    pages = -(-hits.total // asked.per_page)
    return Results(
        asked=asked,
        total=hits.total,
        headline=ngettext("%(num)d resource", "%(num)d resources", hits.total),
        local_note=_local_note(basins, hits.local, lang) if basins else "",
        local=local if basins else tuple(cards),
        regional=regional if basins else (),
        tiers=(_in_basins(basins, lang), _("For all of Brussels")) if basins else None,
        facets=make_facets(hits.facets, answer.query.filters, lang),
        chips=list(_chips(asked)),
        clear_url=search_url(asked, filters={}, place=None, local_only=False),
        sorts=_sorts(asked),
        can_be_local=asked.local_only or (bool(basins) and REGION not in answer.query.values("basin")),
        pages=_pages(asked, pages),
        previous_url=search_url(asked, page=asked.page - 1) if 1 < asked.page <= pages else None,
        next_url=search_url(asked, page=asked.page + 1) if asked.page < pages else None,
        first_url=search_url(asked),
        place=answer.place.value if answer.place else None,
        place_basins=_place_basins(asked, answer),
        cut=answer.cut,
        degraded=answer.degraded,
        suggestion=Link(answer.suggestion, search_url(asked, text=answer.suggestion)) if answer.suggestion else None,
        misbeliefs=_misbeliefs(answer, cards, lang),
        none_verified=len(cards) > 1 and not any(card.verified_on for card in cards),
    )


def loosenings(engine: SearchEngine, asked: SearchRequest, query: Query) -> list[Link]:
    """What a search that found nothing would find with one demand less, or asked by a near concept; what finds something.

    `query` is what `asked` was searched as. One search for each way: a dozen at most.
    """
    links = [_way(found, asked) for found in alternatives(engine, query)]
    if asked.text and (query.filters or query.local_only):
        changes: dict[str, Any] = {"text": ""}
        total = engine.search(replace(query, text="", page=1, per_page=1, misconceptions=())).total
        if total:
            links.append(Link(_("With these filters, without the words"), search_url(asked, **changes), total))
    return links


def _way(found: Alternative, asked: SearchRequest) -> Link:
    if found.kind == "concept":
        text = found.text or ""
        return Link(_("Search for “%(words)s”", words=text), search_url(asked, text=text), found.total)
    if found.kind == "regional":
        return Link(_("With what serves all of Brussels"), search_url(asked, local_only=False), found.total)
    facet = found.facet or ""
    if facet == "basin" and asked.place:
        changes = {**without(asked, facet), "place": None}
        return Link(_("Without the place “%(place)s”", place=asked.place), search_url(asked, **changes), found.total)
    names = ", ".join(value_label(facet, value, asked.lang) for value in asked.filters.get(facet, ()))
    name = _("Without the filter “%(filter)s”", filter=names) if names else _("Anywhere in Brussels")
    return Link(name, search_url(asked, **without(asked, facet)), found.total)


def _local_note(basins: list[str], count: int, lang: str) -> str:
    if len(basins) == 1:
        return str(_("%(count)d in the %(basin)s basin", count=count, basin=basin_name(basins[0], lang)))
    return str(_("%(count)d in your basins", count=count))


def _in_basins(basins: list[str], lang: str) -> str:
    names = ", ".join(basin_name(basin, lang) for basin in basins)
    if len(basins) == 1:
        return str(_("In the %(basin)s basin", basin=names))
    return str(_("In the basins %(basins)s", basins=names))


def _chips(asked: SearchRequest) -> Iterator[Link]:
    for facet in FACETS:
        for value in asked.filters.get(facet, ()):
            text = value_label(facet, value, asked.lang)
            if facet == "language":
                text = f"{facet_label(facet)}: {text}"
            yield Link(text, search_url(asked, **without(asked, facet, value)))
    if asked.place:
        yield Link(_("Place: %(place)s", place=asked.place), search_url(asked, place=None))
    if asked.local_only:
        yield Link(_("Local only"), search_url(asked, local_only=False))


def _sorts(asked: SearchRequest) -> list[tuple[str, str, bool]]:
    names = {
        "relevance": _("Best match") if asked.text else _("Usual order"),
        "title": _("Title"),
        "verified_on": _("Last check"),
        "added": _("Newest first"),
    }
    return [(sort, names[sort], sort == asked.sort) for sort in SORTS]


def _pages(asked: SearchRequest, count: int) -> list[PageLink]:
    if count < 2:
        return []
    wanted = {1, count, *range(asked.page - PAGE_WINDOW, asked.page + PAGE_WINDOW + 1)}
    links: list[PageLink] = []
    for number in sorted(number for number in wanted if 1 <= number <= count):
        if links and links[-1].number != number - 1:
            links.append(PageLink(None))
        links.append(PageLink(number, search_url(asked, page=number), number == asked.page))
    return links


def _place_basins(asked: SearchRequest, answer: SearchAnswer) -> list[Link]:
    """For a place in several basins: one link to each of them."""
    if not answer.place or not answer.place.ambiguous:
        return []
    chosen = dict(asked.filters)
    return [
        Link(basin_name(basin, asked.lang), search_url(asked, place=None, filters={**chosen, "basin": (basin,)}))
        for basin in answer.place.basins
    ]


def _misbeliefs(answer: SearchAnswer, cards: list[Card], lang: str) -> list[Misbelief]:
    by_id = {card.id: card for card in cards}
    return [
        Misbelief(
            show(item.statement, lang),
            show(item.answer, lang),
            item.sources,
            misconception_url(item, lang),
            tuple(by_id[tool] for tool in item.tools if tool in by_id),
        )
        for item in answer.misconceptions
    ]
