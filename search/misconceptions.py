"""The misconceptions a query says, recognised by what their statements mean, and what they lift.

Law: a text is given an answer only if it says something, and of the same subject; naming the subject is not saying it.
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
from search.analysis import COMMON_WORDS, concepts_asked, concepts_told, kin, raw_words
from search.compounds import load_words

MAX_SHOWN = 2
#: How alike, of 1, the subjects and what is said of them must be together.
MIN_ALIKE = 0.5
#: A second one is shown only if it is nearly as near as the first.
_NEARLY = 0.8
#: Two subjects brought together say something even in other words ("vaccins", "autisme").
_TWO_SUBJECTS = 0.35
#: Cosines at which two sentences begin to say the same, and at which they do (docs/search.md has the measures).
_COSINE_FROM, _COSINE_FULLY = 0.875, 0.94
#: The concept and the theme of what deals with misconceptions in general.
MISINFORMATION = "misinformation"

_FUNCTION_WORDS = load_words("function_words.txt")


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


def said_in(text: str, cosines: Mapping[str, float] | None = None) -> tuple[Misconception, ...]:
    """The misconceptions that a text says, nearest first, at most `MAX_SHOWN`. Never raises.

    cosines: misconception → cosine of the text and its nearest statement; None without sentence vectors.
    """
    scores = {}
    for id_, (subject, words) in _likeness(text).items():
        meant = ((cosines or {}).get(id_, 0.0) - _COSINE_FROM) / (_COSINE_FULLY - _COSINE_FROM)
        scores[id_] = math.sqrt(subject * max(words, min(meant, 1.0), 0.0))
    best = sorted((id_ for id_, score in scores.items() if score >= MIN_ALIKE), key=lambda id_: (-scores[id_], id_))
    return tuple(misconceptions()[id_] for id_ in best[:MAX_SHOWN] if scores[id_] >= _NEARLY * scores[best[0]])


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
    """Misconception → how alike the subject, and what is said of it, of the text and the nearest statement; 0 to 1."""
    asked = _said(text)
    if not asked.words:
        return {}
    return {
        id_: max((_alike(asked, told) for told in statements), key=lambda both: (both[0] * both[1], both))
        for id_, statements in _statements().items()
    }


def _alike(asked: _Said, told: _Said) -> tuple[float, float]:
    words = _shared(asked.words, told.words)
    if len(asked.outer & told.outer) > 1:
        words = max(words, _TWO_SUBJECTS)
    if not asked.subject and not told.subject:
        return words, words
    return _shared(asked.subject, told.subject), words


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    both = _weight(one) * _weight(other)
    return _weight(one & other) / math.sqrt(both) if both else 0.0


def _said(text: str) -> _Said:
    text_words = raw_words(text)
    found = concepts_told(text, text_words)
    told = {position for concept in found for position in range(concept.first, concept.last)}
    others = (word.folded for position, word in enumerate(text_words) if position not in told)
    said = (word for word in others if word not in _FUNCTION_WORDS and word not in COMMON_WORDS)
    return _Said(
        _ids(found), _ids(concepts_asked(text, text_words)), frozenset(root for word in said for root in kin(word))
    )


def _ids(found: Iterable[Found]) -> frozenset[str]:
    return frozenset(item.concept for item in found)


@cache
def _statements() -> Mapping[str, tuple[_Said, ...]]:
    return {id_: tuple(map(_said, known.statement.values())) for id_, known in misconceptions().items()}


@cache
def _rarities() -> tuple[Mapping[str, float], float]:
    bags = [told.subject | told.words for statements in _statements().values() for told in statements]
    counts = Counter(meaning for told in bags for meaning in told)
    return {meaning: math.log(len(bags) / count) for meaning, count in counts.items()}, math.log(len(bags))


def _weight(meanings: Collection[str]) -> float:
    known, unknown = _rarities()
    return sum(known.get(meaning, unknown) for meaning in meanings)
