"""Dutch compounds taken apart: "zorgplanning" is zorg and planning. Never raises.

A word comes apart where all of it is made of known words (`data/dutch_words.txt` and the Dutch words of the thesaurus),
with a linking s, e, en or er between them. Putting together is the same the other way round: documents are indexed
with the parts of their compounds, so words written apart meet a compound in either direction.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from directory.text import fold, words
from directory.thesaurus import thesaurus
from search.wordforms import normalise

_MIN_PART = 3
_MIN_TERM = 4  #: letters of a thesaurus word that may be a part
_LINKS = ("", "s", "en", "e", "n")
_MAX_LENGTH = 40  #: no Dutch compound in use is longer; what is longer is left whole


def load_words(name: str) -> frozenset[str]:
    """The words of a list in `search/data`, folded; lines that start with # are remarks."""
    return frozenset(fold(word) for line in load_lines(name) for word in line.split())


def load_lines(name: str) -> list[str]:
    """The lines of a file in `search/data`; those that start with # are remarks."""
    lines = files("search").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=16_384)
def split(folded: str) -> tuple[str, ...]:
    """The parts of a compound, without what links them; () where it does not come apart.

    As few parts as possible; among equals the longest last part, which carries the meaning in Dutch.
    """
    if not 2 * _MIN_PART <= len(folded) <= _MAX_LENGTH or not folded.isalpha():
        return ()
    best: list[tuple[str, ...] | None] = [None] * (len(folded) + 1)  # parts of folded[start:]
    for start in range(len(folded) - _MIN_PART, -1, -1):
        for end in range(start + _MIN_PART, len(folded) + 1):
            part = folded[start:end]
            if (start, end) == (0, len(folded)) or not _is_part(part):
                continue
            rest = _rest(folded, end, best)
            if rest is not None and _better((part, *rest), best[start]):
                best[start] = (part, *rest)
    return best[0] or ()


def _rest(folded: str, end: int, best: list[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    """The best parts of what follows a part, after a link or none; () at the end of the word."""
    if end == len(folded):
        return ()
    chosen: tuple[str, ...] | None = None
    for link in _LINKS:
        parts = best[end + len(link)] if folded.startswith(link, end) and end + len(link) < len(folded) else None
        if parts is not None and _better(parts, chosen):
            chosen = parts
    return chosen


def _better(parts: tuple[str, ...], than: tuple[str, ...] | None) -> bool:
    if than is None:
        return True
    return _order(parts) < _order(than)


def _order(parts: tuple[str, ...]) -> tuple[int, int, int]:
    """Few parts, a long last one, and letters in words rather than in links: ouderen|plan, not ouder|en|plan."""
    return len(parts), -len(parts[-1]), -sum(map(len, parts))


def _is_part(word: str) -> bool:
    return word in _parts() or (len(word) > _MIN_TERM and normalise(word) in _normal_parts())


@cache
def _normal_parts() -> frozenset[str]:
    return frozenset(normalise(part) for part in _parts() if len(part) >= _MIN_TERM)


@cache
def _parts() -> frozenset[str]:
    """Words that compounds are made of, folded."""
    terms = (term for concept in thesaurus().values() for term in concept.terms.get("nl", ()))
    known = {word.folded for term in terms for word in words(term) if len(word.folded) >= _MIN_TERM}
    return load_words("dutch_words.txt") | known
