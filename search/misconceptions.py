"""The misconceptions a query says, recognised by what their statements mean, and what they lift.

Law: a text is given an answer only if it says something, and of the same subject; naming the subject, or asking about
it, is not saying it: a text says something only with words of a claim ("is", "pas", "veroorzaken"; `data/claim_words.txt`).
A statement has a subject (the concepts it tells) and says something of it (its other words, "pas", "trop" and "jamais"
included). Both must be alike; where sentence vectors are at hand, what is said may be said in other words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from directory.misconceptions import Misconception, misconceptions
from directory.thesaurus import Found, thesaurus
from search.analysis import COMMON_WORDS, STOP_WORDS, concepts_asked, concepts_told, kin, raw_words
from search.compounds import load_words

MAX_SHOWN = 2
#: How alike, of 1, the subjects and what is said of them must be together.
MIN_ALIKE = 0.5
#: A second one is shown only if it is nearly as near as the first.
_NEARLY = 0.8
#: Two subjects brought together say something even in other words ("vaccins", "autisme").
_TWO_SUBJECTS = 0.35
#: Likeness at which two sentences begin to say the same, and at which they do (docs/search.md has the measures).
_LIKE_FROM, _LIKE_FULLY = 0.66, 0.8
#: The subject of a text that says the same but names no subject ("si je lui demande…"), or another one.
_UNNAMED = 0.55
#: Who says it in the very words of the statement needs no word of a claim.
_OWN_WORDS = 0.8
#: The concept and the theme of what deals with misconceptions in general.
MISINFORMATION = "misinformation"

_FUNCTION_WORDS = load_words("function_words.txt")
_CLAIM_WORDS = load_words("claim_words.txt")
_ASKING_WORDS = load_words("asking_words.txt")


@dataclass(frozen=True)
class Lift:
    """What misconceptions lift in the hits: the tools they name, then what deals with such misconceptions.

    concepts, themes: of one misconception; a document of a theme in `themes` that means one of `concepts`, or that
    is of the theme misinformation, deals with it.
    """

    tools: tuple[str, ...]
    dealing: tuple[tuple[str, tuple[str, ...]], ...]  #: (theme, concepts)


NO_LIFT = Lift((), ())


@dataclass(frozen=True)
class _Said:
    """What a sentence speaks of, as concepts (`outer`: without those inside longer terms), and what it says."""

    subject: frozenset[str]
    outer: frozenset[str]
    words: frozenset[str]


def said_in(text: str, likeness: Mapping[str, float] | None = None) -> tuple[Misconception, ...]:
    """The misconceptions that a text says, nearest first, at most `MAX_SHOWN`. Never raises.

    likeness: misconception → likeness of the text and its nearest statement (`Semantics.statements`).
    """
    by_words, meant = _likeness(text), likeness or {}
    if not says_something(text):
        by_words, meant = {id_: both for id_, both in by_words.items() if min(both) >= _OWN_WORDS}, {}
    scores = {}
    unnamed = _UNNAMED if _said(text).words else 0.0
    for id_ in by_words.keys() | (meant.keys() & misconceptions().keys()):
        subject, words = by_words.get(id_, (0.0, 0.0))
        same = min(1.0, max(0.0, (meant.get(id_, 0.0) - _LIKE_FROM) / (_LIKE_FULLY - _LIKE_FROM)))
        scores[id_] = math.sqrt(max(subject * max(words, same), unnamed * same))
    best = sorted((id_ for id_, score in scores.items() if score >= MIN_ALIKE), key=lambda id_: (-scores[id_], id_))
    return tuple(misconceptions()[id_] for id_ in best[:MAX_SHOWN] if scores[id_] >= _NEARLY * scores[best[0]])


def says_something(text: str) -> bool:
    """Whether a text makes a claim, and does not begin as a question or a search does."""
    folded = [word.folded for word in raw_words(text)]
    first = next((word for word in folded if word in _ASKING_WORDS or word not in STOP_WORDS), "")
    return first not in _ASKING_WORDS and not _CLAIM_WORDS.isdisjoint(folded)


def lift(ids: Iterable[str]) -> Lift:
    """What these misconceptions lift; unknown ids are ignored."""
    known = [misconceptions()[id_] for id_ in ids if id_ in misconceptions()]
    concept = thesaurus()[MISINFORMATION]
    dealing = {
        one.theme: tuple(
            near for near in (concept.id, *concept.near) if one.theme in thesaurus()[near].themes or near == concept.id
        )
        for one in known
    }
    return Lift(tuple(dict.fromkeys(tool for one in known for tool in one.tools)), tuple(dealing.items()))


@lru_cache(maxsize=1024)
def _likeness(text: str) -> Mapping[str, tuple[float, float]]:
    """Misconception → how alike the subject, and what is said of it, of the text and the nearest statement; 0 to 1.

    Only those that share a subject, or have none like the text.
    """
    asked = _said(text)
    likeness: dict[str, tuple[float, float]] = {}
    if not asked.words:
        return likeness
    weighed = _weight(asked.subject), _weight(asked.words)
    candidates = {number for concept in asked.subject or [""] for number in _by_subject().get(concept, ())}
    for number in sorted(candidates):
        id_, told, subject_weight, words_weight = _statements()[number]
        words = _shared(asked.words & told.words, weighed[1] * words_weight)
        if len(asked.outer & told.outer) > 1:
            words = max(words, _TWO_SUBJECTS)
        subject = _shared(asked.subject & told.subject, weighed[0] * subject_weight) if asked.subject else words
        known = likeness.get(id_, (0.0, 0.0))
        likeness[id_] = max(known, (subject, words), key=lambda both: (both[0] * both[1], both))
    return likeness


def _shared(both: frozenset[str], weights: float) -> float:
    return _weight(both) / math.sqrt(weights) if weights else 0.0


def _said(text: str) -> _Said:
    text_words = raw_words(text)
    found = concepts_told(text, text_words)
    told = {
        position
        for concept in found
        if all(word.folded not in _FUNCTION_WORDS for word in text_words[concept.first : concept.last])
        for position in range(concept.first, concept.last)
    }
    others = (word.folded for position, word in enumerate(text_words) if position not in told)
    said = (word for word in others if word not in _FUNCTION_WORDS and word not in COMMON_WORDS)
    return _Said(
        _ids(found), _ids(concepts_asked(text, text_words)), frozenset(root for word in said for root in kin(word))
    )


def _ids(found: Iterable[Found]) -> frozenset[str]:
    return frozenset(item.concept for item in found)


@cache
def _told() -> tuple[tuple[str, _Said], ...]:
    return tuple((id_, _said(text)) for id_, known in misconceptions().items() for text in known.statement.values())


@cache
def _statements() -> tuple[tuple[str, _Said, float, float], ...]:
    """Misconception, what a statement says, the weights of its subject and of its words."""
    return tuple((id_, told, _weight(told.subject), _weight(told.words)) for id_, told in _told())


@cache
def _by_subject() -> Mapping[str, tuple[int, ...]]:
    """Concept, or "" for none → places in `_statements`."""
    found: dict[str, list[int]] = {}
    for number, (_id, told) in enumerate(_told()):
        for concept in told.subject or [""]:
            found.setdefault(concept, []).append(number)
    return {concept: tuple(numbers) for concept, numbers in found.items()}


@cache
def _rarities() -> tuple[Mapping[str, float], float]:
    counts = Counter(meaning for _id, told in _told() for meaning in told.subject | told.words)
    return {meaning: math.log(len(_told()) / count) for meaning, count in counts.items()}, math.log(len(_told()))


def _weight(meanings: Collection[str]) -> float:
    known, unknown = _rarities()
    return sum(known.get(meaning, unknown) for meaning in meanings)
