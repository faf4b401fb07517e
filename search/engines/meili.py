"""The Meilisearch engine: the same answers as the embedded one, from a server that machines share.

A search is one or two calls of several searches each (a mistyped word adds one call a word): the first learns
how rare the words are and how far the needs must be relaxed, the last brings hits and facet counts.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from directory.taxonomy import pick_language
from search.documents import Document
from search.engine import FACETS, Hit, Hits, IndexStatus, Query, Suggestion
from search.engines import meili_filters as filters
from search.engines.meili_admin import MeiliAdmin
from search.engines.meili_client import BUDGET_S, CONNECT_S, Deadline, KeyRefused, MeiliClient
from search.engines.meili_documents import CARD, FIELDS, HASH, document_id, read_card, to_index
from search.engines.meili_match import Match, Matcher, count_query, page_query, slice_query, total
from search.engines.meili_ranking import rank
from search.engines.meili_settings import refuse_unsupported, sort_attribute
from search.highlight import Highlighter
from search.plan import Plan, make_plan

log = logging.getLogger(__name__)

#: So many hits of a tier are ranked by score. Where there are more, those with every need in title, keywords or
#: organisation come first; the rest follows by id, after the ranked ones.
RANKED = 300
_RANKING_FIELDS = ["id", CARD, FIELDS]
_SHOWN_FIELDS = ["id", CARD]
_LAST_PAGE = 1_000_000  #: a later one is as empty, and its offset would overflow the server's numbers
_STATUS_S = 3.0  #: for questions that no reader waits for
_AUDIT_PAGE = 1000


class MeiliEngine:
    """`SearchEngine` on an index of a Meilisearch server.

    url: without final slash. key: scoped to `{index}*`, with the rights that docs/decisions/0002 lists; None for a
    server without keys. budget, connect: seconds for a search, and for reaching the server.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        index: str = "senne",
        *,
        budget: float = BUDGET_S,
        connect: float = CONNECT_S,
    ) -> None:
        self._uid = index
        self._client = MeiliClient(url, key, budget=budget, connect=connect)
        self._admin = MeiliAdmin(url, key, index)
        self._version_checked = False
        self.name = f"meilisearch-{index}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"

    def search(self, query: Query) -> Hits:
        """See SearchEngine. Raises EngineUnavailable."""
        deadline = self._client.deadline()
        plan = make_plan(query.text)
        if query.text and not plan.needs:
            return _nothing(query)
        if not query.text:
            return self._listed(query, filters.ALWAYS, plan, deadline)
        within = filters.all_of([filters.facet_filters(query), filters.tier_union(query)])
        match = Matcher(self._client, self._uid, plan, within, deadline).match()
        if query.sort != "relevance":
            return self._listed(query, match.condition, plan, deadline)
        return self._ranked(query, match, deadline)

    def suggest(
        self, prefix: str, *, basins: Collection[str] = (), lang: str = "fr", limit: int = 8
    ) -> list[Suggestion]:
        """See SearchEngine."""
        query = Query(text=prefix, filters={"basin": tuple(basins)} if basins else {}, per_page=limit, lang=lang)
        suggestions = []
        for hit in self.search(query).hits:
            if language := pick_language(hit.card["title"], lang):
                suggestions.append(Suggestion(text=hit.card["title"][language], kind="resource", id=hit.id))
        return suggestions

    def update(self, documents: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """See SearchEngine. Raises EngineUnavailable where there is no index to update, or one of other rules."""
        self._count(self._client.deadline(_STATUS_S))
        self._admin.update(map(to_index, documents), [document_id(resource_id) for resource_id in deleted])

    def rebuild(self, documents: Iterable[Document]) -> None:
        """See SearchEngine."""
        self._check_version(self._client.deadline(_STATUS_S))
        self._admin.rebuild(map(to_index, documents))

    def status(self) -> IndexStatus:
        """See SearchEngine. The generation is the moment its index was made, which a rebuild changes."""
        deadline = self._client.deadline(_STATUS_S)
        self._check_version(deadline)
        documents = self._count(deadline)
        made = self._client.get(f"/indexes/{self._uid}", deadline).get("createdAt", "")
        return IndexStatus(documents=documents, generation=f"{self._uid}@{made}")

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """Id and content hash of every document, as `audit` compares them. Raises EngineUnavailable."""
        offset = 0
        while True:
            path = f"/indexes/{self._uid}/documents"
            deadline = self._client.deadline(_STATUS_S)
            fields = f"{CARD},{HASH}"
            page = self._client.get(path, deadline, fields=fields, limit=_AUDIT_PAGE, offset=offset)["results"]
            yield from ((read_card(entry)["id"], str(entry.get(HASH, ""))) for entry in page)
            if len(page) < _AUDIT_PAGE:
                return
            offset += _AUDIT_PAGE

    def ping(self) -> None:
        """Whether a search could be answered now, within the time that one has. Raises EngineUnavailable."""
        self._count(self._client.deadline())

    def drop(self) -> None:
        """Delete the index, and what an interrupted rebuild left. For tests, and for who moves to another server."""
        self._admin.drop()

    def close(self) -> None:
        """Give back every connection."""
        self._client.close()

    def _count(self, deadline: Deadline) -> int:
        """Documents in the index. The sort names an attribute of ours, so an index of other rules is refused."""
        query = page_query(self._uid, filters.ALWAYS, page=1, size=1, retrieve=["id"], sort=_order("added"))
        return total(self._client.multi_search([query], deadline)[0])

    def _check_version(self, deadline: Deadline) -> None:
        """Raises EngineUnavailable for an unsupported server. A scoped key may not ask: then the settings tell."""
        if self._version_checked:
            return
        try:
            version = str(self._client.get("/version", deadline).get("pkgVersion", ""))
        except KeyRefused as error:
            log.info("meilisearch_version_unknown", extra={"reason": str(error)})
        else:
            refuse_unsupported(version)
        self._version_checked = True

    def _listed(self, query: Query, match: str, plan: Plan, deadline: Deadline) -> Hits:
        """Hits in the order of a key."""
        name = query.sort if query.sort in {"verified_on", "added"} else f"title_{query.lang}"
        page = min(query.page, _LAST_PAGE)
        order, skip = _order(name), (page - 1) * query.per_page
        conditions = _tier_conditions(query, match)
        first = page_query(self._uid, conditions[0], page=page, size=query.per_page, retrieve=_SHOWN_FIELDS, sort=order)
        others = [  # right for page 1 without asking again
            page_query(self._uid, condition, page=1, size=query.per_page, retrieve=_SHOWN_FIELDS, sort=order)
            for condition in conditions[1:]
        ]
        answers, facets = self._with_facets([first, *others], query, match, deadline)
        totals = [total(answer) for answer in answers]
        found = list(answers[0]["hits"])
        for condition, answer, before in zip(conditions[1:], answers[1:], totals, strict=False):
            missing, offset = query.per_page - len(found), max(0, skip - before)
            if offset == 0:
                found += answer["hits"][:missing]
            elif missing:
                more = slice_query(
                    self._uid, condition, offset=offset, limit=missing, retrieve=_SHOWN_FIELDS, sort=order
                )
                found += self._client.multi_search([more], deadline)[0]["hits"]
        return _hits(query, plan, found, totals, facets)

    def _ranked(self, query: Query, match: Match, deadline: Deadline) -> Hits:
        """Hits in the order of their scores."""
        conditions = _tier_conditions(query, match.condition)
        candidates = [
            page_query(self._uid, condition, page=1, size=RANKED, retrieve=_RANKING_FIELDS, sort=["id:asc"])
            for condition in conditions
        ]
        answers, facets = self._with_facets(candidates, query, match.condition, deadline)
        totals = [total(answer) for answer in answers]
        skip, missing = (min(query.page, _LAST_PAGE) - 1) * query.per_page, query.per_page
        found: list[dict[str, Any]] = []
        for condition, answer, count in zip(conditions, answers, totals, strict=True):
            if missing and skip < count:
                if count <= RANKED:
                    taken = rank(answer["hits"], match.plan, match.typos, match.rarity)[skip : skip + missing]
                else:
                    taken = self._window(condition, match, skip, missing, deadline)
                found += taken
                missing -= len(taken)
            skip = max(0, skip - count)
        return _hits(query, match.plan, found, totals, facets)

    def _window(self, tier: str, match: Match, skip: int, size: int, deadline: Deadline) -> list[dict[str, Any]]:
        """A slice of a tier with too many hits to rank them all.

        Its order: telling hits by id, then the others by id; the first `RANKED` of these by score. One order for
        all pages, so none holds a hit twice and none is missing.
        """
        telling = filters.all_of([tier, match.telling])
        others = filters.all_of([tier, filters.none_of(match.telling)])
        options: dict[str, Any] = {"retrieve": _RANKING_FIELDS, "sort": ["id:asc"]}
        first, rest = self._client.multi_search(
            [
                page_query(self._uid, telling, page=1, size=RANKED, **options),
                page_query(self._uid, others, page=1, size=RANKED, **options),
            ],
            deadline,
        )
        candidates = [*first["hits"], *rest["hits"]][:RANKED]
        taken = rank(candidates, match.plan, match.typos, match.rarity)[skip : skip + size]
        missing, position = size - len(taken), skip + len(taken)
        if not missing:
            return taken
        before = total(first)
        first, rest = self._client.multi_search(
            [
                slice_query(self._uid, telling, offset=position, limit=missing, **options),
                slice_query(self._uid, others, offset=max(0, position - before), limit=missing, **options),
            ],
            deadline,
        )
        return [*taken, *[*first["hits"], *rest["hits"]][:missing]]

    def _with_facets(
        self, queries: Sequence[dict[str, Any]], query: Query, match: str, deadline: Deadline
    ) -> tuple[list[dict[str, Any]], Mapping[str, Mapping[str, int]]]:
        """The answers, and the counts of every facet without its own selection; those without one share a search."""
        chosen = [facet for facet in FACETS if query.values(facet)]
        free = [facet for facet in FACETS if facet not in chosen]
        tier = filters.tier_union(query)
        asked = [count_query(self._uid, filters.all_of([match, filters.facet_filters(query), tier]), free)]
        for facet in chosen:
            own_tier = filters.basin_filter_without_selection(query) if facet == "basin" else tier
            within = filters.all_of([match, filters.facet_filters(query, without=facet), own_tier])
            asked.append(count_query(self._uid, within, [facet]))
        answers = self._client.multi_search([*queries, *asked], deadline)
        counts: dict[str, dict[str, int]] = {}
        for answer in answers[len(queries) :]:
            counts |= answer.get("facetDistribution", {})
        for facet in chosen:
            counts[facet] = {**dict.fromkeys(query.values(facet), 0), **counts.get(facet, {})}
        return answers[: len(queries)], {facet: counts.get(facet, {}) for facet in FACETS}


def _tier_conditions(query: Query, match: str) -> list[str]:
    wanted = filters.facet_filters(query)
    return [filters.all_of([match, wanted, tier]) for tier in filters.tiers(query)]


def _order(name: str) -> list[str]:
    """Keys are unique unless cut by the server; then the id decides."""
    return [f"{sort_attribute(name)}:asc", "id:asc"]


def _nothing(query: Query) -> Hits:
    """The answer to text without any word in it."""
    facets = {facet: dict.fromkeys(query.values(facet), 0) for facet in FACETS}
    return Hits(total=0, local=0, hits=(), facets=facets)


def _hits(
    query: Query,
    plan: Plan,
    found: Iterable[Mapping[str, Any]],
    totals: Sequence[int],
    facets: Mapping[str, Mapping[str, int]],
) -> Hits:
    """The answer; marks are our own, on the original text, so what the server holds is never shown as HTML."""
    highlighter = Highlighter(plan)
    hits = []
    for entry in found:
        card = read_card(entry)
        shown = {name: pick_language(card[name], query.lang) for name in ("title", "summary")}
        highlight = {name: highlighter.mark(card[name][language]) for name, language in shown.items() if language}
        hits.append(Hit(id=card["id"], card=card, highlight=highlight))
    return Hits(total=sum(totals), local=totals[0], hits=tuple(hits), facets=facets)
