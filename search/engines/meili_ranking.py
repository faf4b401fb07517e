"""Ranks candidates that Meilisearch found, with the weights and the formula of the embedded engine.

Meilisearch's own ranking rules compare documents word by word through its own tokenizer; it cannot weigh a synonym, a
field and a typo against one another. The score: per need the best field by BM25, and `TIE_BREAKER` of the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from search.engines.meili_documents import FIELDS
from search.engines.meili_filters import MIN_PREFIX
from search.plan import Need, Plan
from search.relevance import CONCEPT_WEIGHTS, FIELD_WEIGHTS, PREFIX_FACTOR, TIE_BREAKER, TYPO_FACTOR

_K1, _B = 1.2, 0.75  #: of BM25, as in tantivy and Lucene
#: Forms in an average field of the shipped catalogue, measured (descriptions are rare there, so they count as
#: long as summaries). BM25 wants the average of the index; the server does not know it.
_AVERAGE_LENGTH = {
    "title": 7,
    "keywords": 4,
    "organisations": 4,
    "summary": 44,
    "description": 44,
    "labels": 32,
    "title_concepts": 2.4,
    "text_concepts": 4,
    "label_concepts": 5.5,
}


@dataclass(frozen=True)
class Rarity:
    """How many documents the index has, and how many of them carry a form or a concept."""

    documents: int
    carrying: Mapping[str, int]

    def weight(self, value: str) -> float:
        """BM25's inverse document frequency."""
        count = self.carrying.get(value, 0)
        return math.log(1 + (max(self.documents, count) - count + 0.5) / (count + 0.5))


def rank(
    found: Iterable[dict[str, Any]], plan: Plan, typos: Mapping[str, tuple[str, ...]], rarity: Rarity
) -> list[dict[str, Any]]:
    """The documents, best first; equal ones by id."""
    return sorted(found, key=lambda entry: (-score(entry[FIELDS], plan, typos, rarity), entry["id"]))


def score(fields: Mapping[str, str], plan: Plan, typos: Mapping[str, tuple[str, ...]], rarity: Rarity) -> float:
    """How well a document answers. fields: field → its forms, joined by spaces."""
    words = {name: fields.get(name, "").split() for name in FIELD_WEIGHTS}
    concepts = {name: fields.get(name, "").split() for name in CONCEPT_WEIGHTS}
    total = 0.0
    for need in plan.needs:
        ways = [_words_score(need, words, typos, rarity)]
        ways += [_term_score(concept, concepts, CONCEPT_WEIGHTS, rarity) for concept in need.concepts]
        total += _best(ways)
    return total


def _words_score(
    need: Need, words: Mapping[str, list[str]], typos: Mapping[str, tuple[str, ...]], rarity: Rarity
) -> float:
    """All the need's words together; 0 where one of them is missing."""
    total = 0.0
    for form in need.forms:
        unfinished = need.prefix and form is need.forms[-1] and len(form) >= MIN_PREFIX
        ways = [_term_score(form, words, FIELD_WEIGHTS, rarity)]
        for name, weight in FIELD_WEIGHTS.items():
            if unfinished and any(word.startswith(form) for word in words[name]):
                ways.append(PREFIX_FACTOR * weight)
            if any(word in typos.get(form, ()) for word in words[name]):
                ways.append(TYPO_FACTOR * weight)
        one = _best(ways)
        if not one:
            return 0.0
        total += one
    return total


def _term_score(value: str, fields: Mapping[str, list[str]], weights: Mapping[str, float], rarity: Rarity) -> float:
    ways = []
    for name, weight in weights.items():
        if count := fields[name].count(value):
            norm = _K1 * (1 - _B + _B * len(fields[name]) / _AVERAGE_LENGTH[name])
            ways.append(weight * count * (_K1 + 1) / (count + norm))
    return _best(ways) * rarity.weight(value) if ways else 0.0


def _best(ways: list[float]) -> float:
    """The best way counts in full, the others a little."""
    best = max(ways, default=0.0)
    return best + TIE_BREAKER * (sum(ways) - best)
