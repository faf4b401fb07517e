"""The Meilisearch engine: the same answers as the embedded one, from a server that machines share.

A search without text is one call of several searches. With text, a few calls first learn how rare its words are and
how far its needs must be relaxed (`meili_match`); the last brings hits and facet counts.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from directory.taxonomy import REGION, pick_language
from search.documents import Document
from search.engine import FACETS, Hit, Hits, IndexStatus, Query, Suggestion
from search.engines import meili_filters as filters
from search.engines.meili_admin import MeiliAdmin
from search.engines.meili_clauses import Clause
from search.engines.meili_client import BUDGET_S, CONNECT_S, Deadline, KeyRefused, MeiliClient
from search.engines.meili_documents import CARD, HASH, document_id, read_card, to_index
from search.engines.meili_match import Lookups, count_query, inside, page_query, read_text, slice_query, total
from search.engines.meili_ranked import Tier, beginning, best_first, candidates_query, ranked_page
from search.engines.meili_settings import refuse_unsupported, sort_attribute, union_attribute
from search.highlight import Highlighter
from search.misconceptions import lift
from search.plan import Plan, make_plan
from search.semantics import NOTHING_NEAR, Semantics, weigh
from search.suggestions import arrange, concepts_beginning, typed_words
from search.text_queries import TextQueries, TextQuery

log = logging.getLogger(__name__)

_SUGGESTED_FROM = 4  #: entries looked at for each suggestion shown
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
        semantics: Semantics | None = None,
        *,
        budget: float = BUDGET_S,
        connect: float = CONNECT_S,
    ) -> None:
        self._semantics = semantics
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
        near = NOTHING_NEAR
        if self._semantics:
            near = weigh(
                self._semantics.nearness(query.text, query.lang), inside(self._client, self._uid, within, deadline)
            )
        lookups = Lookups(self._client, self._uid, within, deadline)
        reading, text = read_text(plan, lookups, query.lang, near, lift(query.misconceptions))
        if query.sort != "relevance":
            return self._listed(query, text.found.condition, plan, deadline)
        return self._ranked(query, plan, reading, text, deadline)

    def suggest(
        self, prefix: str, *, basins: Collection[str] = (), lang: str = "fr", limit: int = 8
    ) -> list[Suggestion]:
        """See SearchEngine. Words only, one call."""
        typed = typed_words(prefix)
        if not typed:
            return []
        within = filters.is_in("basin", [*basins, REGION]) if basins else filters.ALWAYS
        going_on = beginning(typed)
        concepts = [concept for concept in concepts_beginning(prefix, lang) if concept.id]
        meaning = union_attribute("title_concepts")
        asked = [filters.is_in(meaning, [str(concept.id)]) for concept in concepts]
        found, *counts = self._client.multi_search(
            [
                candidates_query(self._uid, filters.all_of([going_on.telling, within])),
                *(count_query(self._uid, filters.all_of([condition, within])) for condition in asked),
            ],
            self._client.deadline(),
        )
        cards = [read_card(hit) for hit in best_first(going_on, found["hits"])[: _SUGGESTED_FROM * limit]]
        known = [concept for concept, answer in zip(concepts, counts, strict=True) if total(answer)]
        return arrange(prefix, cards, known, lang, limit)

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

    def _ranked(
        self, query: Query, plan: Plan, reading: TextQueries[Clause], text: TextQuery[Clause], deadline: Deadline
    ) -> Hits:
        """Hits in the order of their scores."""
        found = text.found
        conditions = _tier_conditions(query, found.condition)
        asked = [candidates_query(self._uid, condition) for condition in conditions]
        answers, facets = self._with_facets(asked, query, found.condition, deadline)
        tiers = [
            Tier(condition, total(answer), answer["hits"])
            for condition, answer in zip(conditions, answers, strict=True)
        ]
        page = ranked_page(
            lambda queries: self._client.multi_search(queries, deadline),
            self._uid,
            tiers,
            reading,
            text,
            skip=(min(query.page, _LAST_PAGE) - 1) * query.per_page,
            size=query.per_page,
        )
        return _hits(query, plan, page, [tier.hits for tier in tiers], facets)

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
