"""How much of what readers need an entry says, as a score from 0 to 100, and what would raise it.

The score is the weight of what an entry has, out of the weight of all that an entry of its type should have. What it is
made of stands in CRITERIA, as data: each criterion has a weight, a test, and the types that it is asked of. Pure: what
the entry itself does not say (its age, dead addresses, the words of its page) is handed in as Facts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from directory.freshness import State
from directory.text import words

PAIRED = ("fr", "nl")  #: the languages in which every entry should stand
SHORT_SUMMARY = 60  #: characters: less is a title, not a summary
_COPIED_WORDS = 8  #: fewer words in the same order say nothing

_TEXTS = ("title", "summary", "description")
_HOW_MADE = ("steps", "partners", "effort", "obstacles")
#: Types of which a reader takes the address or the number: without one the entry leads nowhere.
_REACHED = frozenset(
    [
        "helpline", "service", "pharmacy", "training", "awareness", "intervision", "supervision", "community_of_practice",
        "working_group", "immersion", "project", "campaign", "event",
    ]
)  # fmt: skip
#: Types that a colleague could make again.
_MADE = frozenset(
    [
        "tool", "card_game", "guide", "brochure", "awareness", "campaign", "project", "training", "intervision",
        "supervision", "community_of_practice", "working_group", "immersion",
    ]
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an entry beside itself. `dead`: addresses that are; `quotes`: what was read on its page."""

    state: State = "current"
    dead: Collection[str] = frozenset()
    quotes: tuple[str, ...] = ()


Document = Mapping[str, Any]


@dataclass(frozen=True)
class Criterion:
    """`lacks`: whether the entry does not fulfil it. `types`: whose entries are asked; None for all."""

    id: str
    weight: int
    lacks: Callable[[Document, Facts], bool]
    types: frozenset[str] | None = None


@dataclass(frozen=True)
class Quality:
    """`score`: 0 to 100. `lacks`: ids of criteria, what weighs most first."""

    score: int
    lacks: tuple[str, ...]


def missing_translations(document: Document) -> dict[str, int]:
    """How many texts each of the paired languages lacks that the other has."""
    how_made, cost = document.get("how_made") or {}, document.get("cost") or {}
    texts = [document.get(name) or {} for name in _TEXTS]
    texts += [how_made.get(part) or {} for part in _HOW_MADE] + [cost.get("note") or {}]
    return {
        language: sum(1 for text in texts if not text.get(language) and any(text.get(other) for other in PAIRED))
        for language in PAIRED
    }


def addresses(document: Document) -> tuple[str, ...]:
    """Every web address that an entry shows."""
    items = [item for name in ("links", "organisations", "occurrences") for item in document.get(name) or ()]
    return tuple(item["url"] for item in items if item.get("url"))


def _lacks_language(language: str) -> Callable[[Document, Facts], bool]:
    return lambda document, _facts: missing_translations(document)[language] > 0


def _has_short_summary(document: Document, _facts: Facts) -> bool:
    return max((len(text) for text in (document.get("summary") or {}).values()), default=0) < SHORT_SUMMARY


def _is_copied(document: Document, facts: Facts) -> bool:
    """Whether a summary stands word for word on the page that was read, or the page's words make it up."""
    quotes = [_plain(quote) for quote in facts.quotes]
    for text in (document.get("summary") or {}).values():
        own = _plain(text)
        long_enough = own.count(" ") >= _COPIED_WORDS - 1
        if long_enough and any(own in quote or (quote in own and len(quote) * 2 > len(own)) for quote in quotes):
            return True
    return False


def _plain(text: str) -> str:
    return " ".join(word.folded for word in words(text))


def _has_no_contact(document: Document, _facts: Facts) -> bool:
    contact = document.get("contact") or {}
    return not (contact.get("phone") or contact.get("email") or contact.get("address"))


def _has_no_how(document: Document, _facts: Facts) -> bool:
    return not any((document.get("how_made") or {}).get(part) for part in _HOW_MADE)


#: In the order in which they are told where they weigh the same.
CRITERIA: tuple[Criterion, ...] = (
    Criterion("link_dead", 12, lambda document, facts: any(url in facts.dead for url in addresses(document))),
    Criterion("translation_fr", 12, _lacks_language("fr")),
    Criterion("translation_nl", 12, _lacks_language("nl")),
    Criterion("summary_short", 12, _has_short_summary),
    Criterion("overdue", 10, lambda _document, facts: facts.state == "overdue"),
    Criterion("never_verified", 8, lambda document, _facts: not document.get("verified_on")),
    Criterion("summary_copied", 8, _is_copied),
    Criterion("contact_missing", 8, _has_no_contact, _REACHED),
    Criterion("cost_unknown", 8, lambda doc, _facts: (doc.get("cost") or {}).get("kind", "unknown") == "unknown"),
    Criterion("basin_missing", 6, lambda document, _facts: not document.get("basins")),
    Criterion("link_missing", 6, lambda document, _facts: not document.get("links")),
    Criterion("how_made_missing", 6, _has_no_how, _MADE),
    Criterion("easy_read_missing", 4, lambda document, _facts: document.get("easy_read") is None),
    Criterion("audience_missing", 4, lambda document, _facts: not document.get("audiences")),
    Criterion("languages_missing", 4, lambda document, _facts: not document.get("languages")),
)
_BY_ID = {criterion.id: criterion for criterion in CRITERIA}
#: Those that change without a change of the entry.
DATED = ("overdue", "link_dead")


def assess(document: Document, facts: Facts) -> Quality:
    """What an entry (its outside shape, maybe incomplete) is worth to readers, and what would raise it."""
    asked = _asked(str(document.get("type")))
    return grade(str(document.get("type")), [one.id for one in asked if one.lacks(document, facts)])


def grade(type_: str, lacks: Iterable[str]) -> Quality:
    """The score of an entry of this type that lacks these. Unknown ids, and those not asked of its type, count nothing."""
    return _grade(type_, frozenset(lacks))


@lru_cache(maxsize=4096)
def _grade(type_: str, lacks: frozenset[str]) -> Quality:
    """Kept: thousands of entries lack the same."""
    asked = _asked(type_)
    lost = [one for one in asked if one.id in lacks]
    share = sum(one.weight for one in lost) / sum(one.weight for one in asked)
    ordered = sorted(lost, key=lambda one: -one.weight)  # stable: the order above decides where weights are equal
    return Quality(round(100 * (1 - share)), tuple(one.id for one in ordered))


def gain(type_: str, lack: str) -> int:
    """By how many points the score rises where this one is mended."""
    return round(100 * _BY_ID[lack].weight / sum(one.weight for one in _asked(type_)))


def _asked(type_: str) -> list[Criterion]:
    return [one for one in CRITERIA if one.types is None or type_ in one.types]
