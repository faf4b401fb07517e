"""Whether two resources are the same thing: their titles, their organisations, and what tells editions apart.

Titles that differ in a number, a day, a basin, a commune or the kind of meeting are different things, however alike they look
("Concertation #3" and "#4", "Helpdesk Bassin Nord" and "Sud", intervision and supervision).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from directory.geography import find_places
from directory.text import fold, words

SAME = 0.85  #: from here on two records count as one
_MAX_CANDIDATES = 400
_RARE = 6  #: words of a title that are looked up, the rarest first
_LEGAL = frozenset(
    ("asbl", "vzw", "aisbl", "ivzw", "sa", "nv", "sprl", "bvba", "srl", "bv", "scrl", "fondation", "stichting")
)
_SMALL = frozenset(
    [
        "le",
        "la",
        "les",
        "l",
        "de",
        "des",
        "du",
        "d",
        "un",
        "une",
        "et",
        "en",
        "au",
        "aux",
        "a",
        "pour",
        "par",
        "sur",
        "dans",
        "avec",
        "of",
        "the",
        "a",
        "an",
        "and",
        "for",
        "in",
        "on",
        "to",
        "het",
        "een",
        "van",
        "voor",
        "met",
        "op",
        "bij",
    ]
)
#: Words that make two things of two like titles.
_TELLING = frozenset(
    [
        "nord",
        "noord",
        "sud",
        "zuid",
        "est",
        "oost",
        "ouest",
        "west",
        "centre",
        "centrum",
        "intervision",
        "intervisie",
        "supervision",
        "supervisie",
        "formation",
        "vorming",
        "communaute",
        "adultes",
        "volwassenen",
        "enfants",
        "kinderen",
        "jeunes",
        "jongeren",
        "parents",
        "ouders",
        "aines",
        "seniors",
        "ouderen",
        "debutants",
        "avances",
        "module",
        "niveau",
        "matin",
        "soir",
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
        "printemps",
        "automne",
        "hiver",
        "ete",
        "lente",
        "zomer",
        "herfst",
        "winter",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "francais",
        "neerlandais",
        "anglais",
        "nederlands",
        "frans",
        "engels",
    ]
)


@dataclass(frozen=True)
class _Title:
    text: str
    parts: frozenset[str]
    telling: frozenset[str]


@dataclass(frozen=True)
class _Record:
    id: str
    type: str
    titles: Sequence[_Title]
    organisations: Sequence[str]
    days: frozenset[str]


class RecordIndex:
    """Resources by the words of their titles: looks at a few hundred candidates among any number."""

    def __init__(self, resources: Iterable[Mapping[str, Any]]) -> None:
        self._records = [_record(resource) for resource in resources]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for position, record in enumerate(self._records):
            for word in {word for title in record.titles for word in title.parts}:
                self._by_word[word].append(position)

    def find(self, resource: Mapping[str, Any]) -> list[tuple[str, float]]:
        """(id, score) of the resources that are alike, the likeliest first."""
        wanted = _record(resource)
        shared: Counter[int] = Counter()
        for title in wanted.titles:
            known = sorted(
                (word for word in title.parts if word in self._by_word), key=lambda word: len(self._by_word[word])
            )
            for word in known[:_RARE]:
                shared.update(self._by_word[word][:5000])
        found = []
        for position, _ in shared.most_common(_MAX_CANDIDATES):
            score = _alike(wanted, self._records[position])
            if score > 0.5:
                found.append((self._records[position].id, round(score, 3)))
        return sorted(found, key=lambda item: (-item[1], item[0]))


def same_resource(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """How likely two resources in their outside shape are the same thing, 0 to 1; SAME and more counts as yes."""
    return _alike(_record(first), _record(second))


def _record(resource: Mapping[str, Any]) -> _Record:
    return _Record(
        str(resource.get("id") or ""),
        str(resource.get("type") or ""),
        [_title(text) for text in (resource.get("title") or {}).values() if text],
        [_organisation(str(one.get("name") or "")) for one in resource.get("organisations") or ()],
        frozenset(str(one.get("start"))[:10] for one in resource.get("occurrences") or ()),
    )


def _title(text: str) -> _Title:
    spoken = [word.folded for word in words(text)]
    places = {" ".join(spoken[first:last]) for first, last, _ in find_places(spoken)}
    parts = frozenset(word for word in spoken if word not in _SMALL and len(word) > 1) or frozenset(spoken)
    numbers = {word.lstrip("0") or "0" for word in re.findall(r"\d+", fold(text))}
    telling = {word for word in spoken if word in _TELLING} | numbers | places
    return _Title(" ".join(spoken), parts, frozenset(telling))


def _organisation(name: str) -> str:
    return " ".join(word.folded for word in words(name) if word.folded not in _LEGAL and word.folded not in _SMALL)


def _alike(first: _Record, second: _Record) -> float:
    """Titles of any language compared; then the organisations, and whether their days can be one."""
    title = max((_titles_alike(a, b) for a in first.titles for b in second.titles), default=0.0)
    if title < 0.6:
        return 0.0
    organisations = max((_names_alike(a, b) for a in first.organisations for b in second.organisations), default=None)
    if first.days and second.days and not first.days & second.days:
        return min(title, 0.6)
    if organisations is None:
        score = title - 0.08
    elif organisations >= 0.85:
        score = title + 0.05
    elif organisations < 0.5:
        score = title - 0.2
    else:
        score = title - 0.08
    if first.type and second.type and first.type != second.type:
        score -= 0.04
    return max(0.0, min(1.0, score))


def _titles_alike(first: _Title, second: _Title) -> float:
    if first.telling != second.telling:
        return 0.0
    if first.text == second.text:
        return 1.0 if len(first.parts) > 1 else 0.9
    common = len(first.parts & second.parts)
    smaller, larger = sorted((len(first.parts), len(second.parts)))
    whole = fuzz.ratio(first.text, second.text) / 100
    ordered = fuzz.token_sort_ratio(first.text, second.text) / 100
    covered = common / larger if larger else 0.0
    contained = 0.86 if common == smaller and smaller >= 3 and larger - smaller <= 2 else 0.0
    return max(0.5 * max(whole, ordered) + 0.5 * covered, contained, whole if whole >= 0.93 else 0.0)


def _names_alike(first: str, second: str) -> float:
    if not first or not second:
        return 0.0
    parts = (set(first.split()), set(second.split()))
    if parts[0] <= parts[1] or parts[1] <= parts[0]:
        return 1.0
    initials = ["".join(word[0] for word in name.split()) for name in (first, second)]
    if initials[0] == second.replace(" ", "") or initials[1] == first.replace(" ", ""):
        return 0.95
    return fuzz.token_set_ratio(first, second) / 100 if len(parts[0] & parts[1]) else fuzz.ratio(first, second) / 100
