"""What the fake Meilisearch holds and how it searches it; see `meili_server`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from search.spelling import within_distance
from tests.fakes.meili_filter import Held, InvalidFilter, normalize, parse_filter, values_of

_RULES = {"words", "typo", "proximity", "attribute", "attributeRank", "wordPosition", "sort", "exactness"}
_SETTINGS = {
    "displayedAttributes": ["*"], "searchableAttributes": ["*"], "filterableAttributes": [], "sortableAttributes": [],
    "foreignKeys": [], "rankingRules": [], "stopWords": [], "nonSeparatorTokens": [], "separatorTokens": [],
    "dictionary": [], "synonyms": {}, "distinctAttribute": None, "proximityPrecision": "byWord", "typoTolerance": {},
    "faceting": {"maxValuesPerFacet": 100}, "pagination": {"maxTotalHits": 1000}, "embedders": {},
    "searchCutoffMs": None, "localizedAttributes": None, "facetSearch": True, "prefixSearch": "indexingTime",
    "chat": {},
}  # fmt: skip
_SEARCH = {
    "q", "offset", "limit", "page", "hitsPerPage", "attributesToRetrieve", "filter", "sort", "facets", "indexUid",
}  # fmt: skip


class Refusal(Exception):
    """An error as the server gives it."""

    def __init__(self, status: int, code: str, message: str, type_: str = "invalid_request") -> None:
        super().__init__(message)
        link = f"https://docs.meilisearch.com/errors#{code}"
        self.status, self.body = status, {"message": message, "code": code, "type": type_, "link": link}


@dataclass
class Index:
    """Documents and settings; `made` travels with them in a swap."""

    made: str
    documents: dict[str, Held] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(_SETTINGS)))

    def search(self, uid: str, query: dict[str, Any]) -> dict[str, Any]:
        """The answer to one search. Raises Refusal."""
        if unknown := set(query) - _SEARCH:
            raise Refusal(400, "bad_request", f"Unknown field `{unknown.pop()}`: expected one of …")
        for name in ("limit", "offset", "page", "hitsPerPage"):
            if name in query and (not isinstance(query[name], int) or query[name] < 0):
                raise Refusal(400, f"invalid_search_{_snake(name)}", f"Invalid value type at `.{name}`.")
        if query.get("q"):
            raise Refusal(501, "not_faked", "The fake does not search by words.", "internal")
        found = self._matching(uid, query.get("filter", ""))
        for rule in reversed(query.get("sort", ())):
            attribute, _, direction = rule.rpartition(":")
            if attribute not in self.settings["sortableAttributes"]:
                raise Refusal(400, "invalid_search_sort", f"Index `{uid}`: Attribute `{attribute}` is not sortable.")
            found = _sorted(found, attribute, descending=direction == "desc")
        ceiling = self.settings["pagination"]["maxTotalHits"]
        count = min(len(found), ceiling)
        answer: dict[str, Any] = {"query": "", "processingTimeMs": 0}
        if "page" in query or "hitsPerPage" in query:
            size, page = query.get("hitsPerPage", 20), query.get("page", 1)
            start = (page - 1) * size
            pages = -(-count // size) if size else 0
            answer |= {"hitsPerPage": size, "page": page, "totalPages": pages, "totalHits": count}
        else:
            start, size = query.get("offset", 0), query.get("limit", 20)
            answer |= {"limit": size, "offset": start, "estimatedTotalHits": count}
        shown = found[:ceiling][start : start + size] if start >= 0 else []
        answer["hits"] = [retrieve(document, query.get("attributesToRetrieve") or ["*"]) for document in shown]
        if "facets" in query:
            answer |= {"facetDistribution": self._distribution(found, query["facets"]), "facetStats": {}}
        return answer | {"requestUid": "00000000-0000-7000-8000-000000000000"}

    def _matching(self, uid: str, text: Any) -> list[Held]:
        try:
            holds = parse_filter(text, self.settings["filterableAttributes"])
        except InvalidFilter as error:
            raise Refusal(400, "invalid_search_filter", f"Index `{uid}`: {error}") from error
        return [document for document in self.documents.values() if holds(document)]

    def _distribution(self, found: list[Held], facets: list[str]) -> dict[str, dict[str, int]]:
        filterable = self.settings["filterableAttributes"]
        names = filterable if facets == ["*"] else facets
        counts = {}
        for name in names:
            if name not in filterable:
                raise Refusal(400, "invalid_search_facets", f"Invalid facet distribution: `{name}` is not filterable.")
            values = Counter(str(value) for document in found for value in dict.fromkeys(values_of(document, name)))
            counts[name] = dict(values.most_common(self.settings["faceting"]["maxValuesPerFacet"]))
        return counts

    def facet_search(self, uid: str, query: dict[str, Any]) -> dict[str, Any]:
        """Values with a start within the allowed typos, commonest first. Source: milli/src/search/facet/search.rs."""
        name, text = query["facetName"], normalize(query.get("facetQuery", ""))
        if name not in self.settings["filterableAttributes"]:
            raise Refusal(400, "invalid_facet_search_facet_name", f"Attribute `{name}` is not facet-searchable.")
        sizes = self.settings["typoTolerance"].get("minWordSizeForTypos", {"oneTypo": 5, "twoTypos": 9})
        length = len(text.encode())
        typos = 0 if length < sizes["oneTypo"] else 1 if length < sizes["twoTypos"] else 2
        found = self._matching(uid, query.get("filter", ""))
        counts = Counter(str(value) for document in found for value in dict.fromkeys(values_of(document, name)))
        hits = [(value, count) for value, count in counts.items() if _starts_nearly(normalize(value), text, typos)]
        hits.sort(key=lambda hit: (-hit[1], hit[0]))
        kept = hits[: self.settings["faceting"]["maxValuesPerFacet"]]
        values = [{"value": value, "count": count} for value, count in kept]
        return {"facetHits": values, "facetQuery": query.get("facetQuery"), "processingTimeMs": 0}


def check_settings(changes: Mapping[str, Any]) -> None:
    """Raises Refusal for a setting or ranking rule that 1.50 does not know."""
    if unknown := set(changes) - set(_SETTINGS):
        raise Refusal(400, "bad_request", f"Unknown field `{unknown.pop()}`: expected one of …")
    for number, rule in enumerate(changes.get("rankingRules", ())):
        if rule not in _RULES:
            message = f"Invalid value at `.rankingRules[{number}]`: `{rule}` ranking rule is invalid."
            raise Refusal(400, "invalid_settings_ranking_rules", message)


def _sorted(found: list[Held], attribute: str, *, descending: bool) -> list[Held]:
    """Documents without a value come last, whatever the direction."""
    having = [document for document in found if values_of(document, attribute)]
    lacking = [document for document in found if not values_of(document, attribute)]
    pick = max if descending else min
    having.sort(key=lambda document: pick(value.encode() for value in document.normal(attribute)), reverse=descending)
    return [*having, *lacking]


def _starts_nearly(value: str, text: str, typos: int) -> bool:
    lengths = range(max(0, len(text) - typos), min(len(value), len(text) + typos) + 1)
    return any(within_distance(text, value[:length], typos) for length in lengths)


def retrieve(document: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The document, cut to some of its attributes."""
    return dict(document) if names == ["*"] else {name: document[name] for name in names if name in document}


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)
