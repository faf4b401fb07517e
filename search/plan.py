"""What a reader's words ask for: a list of needs, the same for every engine.

A need is met by a document that holds its words or means its concepts. Text never reaches an engine's own
query language; engines build their queries from needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from directory.geography import Place, find_places
from directory.text import Word, fold
from directory.thesaurus import thesaurus
from search.analysis import (
    STOP_WORDS,
    concept_vocabulary,
    concepts_asked,
    concepts_by_family,
    kin,
    normalise,
    parts,
    raw_words,
)

MAX_NEEDS = 16  #: more words than this make no search better, only slower


@dataclass(frozen=True)
class Need:
    """One thing asked for.

    forms: its words, comparable; all of them belong together. concepts: ids that mean the same.
    optional: it improves the order but no document has to meet it. prefix: the last form may be unfinished.
    kin: the family of each form, met by related words. parts: the families that together stand for a compound.
    themes: what its concepts belong to; a document of that theme is nearer, but no hit by that alone.
    """

    forms: tuple[str, ...]
    concepts: tuple[str, ...] = ()
    optional: bool = False
    prefix: bool = False
    kin: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The needs in reading order, and the places that are named."""

    needs: tuple[Need, ...]
    places: tuple[Place, ...] = ()

    @property
    def required(self) -> tuple[Need, ...]:
        """The needs that count for whether a document is a hit."""
        return tuple(need for need in self.needs if not need.optional)


@lru_cache(maxsize=4096)
def make_plan(text: str) -> Plan:
    """The plan of a query. Never raises; empty where the text holds no word."""
    text_words = raw_words(text)
    spans: dict[int, tuple[int, tuple[str, ...]]] = {}
    for found in concepts_asked(text, text_words):
        last, concepts = spans.get(found.first, (found.last, ()))
        spans[found.first] = (last, (*concepts, found.concept))
    places = {
        first: (last, place)
        for first, last, place in find_places([word.folded for word in text_words])
        if not _inside_longer_concept(first, last, spans)
    }
    needs: list[Need] = []
    position = 0
    while position < len(text_words):
        if position in places:
            last, _place = places[position]
            needs.append(_need(text_words[position:last], (), optional=True))
        elif position in spans:
            last, concepts = spans[position]
            content = [word for word in text_words[position:last] if word.folded not in STOP_WORDS]
            needs.append(_need(content or text_words[position:last], concepts))
        else:
            last = position + 1
            needs.append(_plain_need(text_words[position]))
        position = last
    return Plan(_finish(needs, text), tuple(place for _last, place in places.values()))


def _need(need_words: Sequence[Word], concepts: tuple[str, ...], *, optional: bool = False) -> Need:
    written = [word.folded for word in need_words]
    return Need(
        forms=tuple(normalise(word) for word in written),
        concepts=concepts,
        optional=optional,
        kin=tuple(kin(word)[0] for word in written),
        parts=parts(written[0]) if len(written) == 1 else (),
        themes=_themes(concepts),
    )


def _themes(concepts: Sequence[str]) -> tuple[str, ...]:
    known = thesaurus()
    return tuple(dict.fromkeys(theme for concept in concepts for theme in known[concept].themes))


def _plain_need(word: Word) -> Need:
    if word.folded in STOP_WORDS:
        return _need([word], (), optional=True)
    corrected = concept_vocabulary().nearest(normalise(word.folded))
    concepts = tuple(found.concept for found in concepts_asked(corrected)) if corrected else ()
    return _need([word], concepts or concepts_by_family(word.folded))


def _finish(needs: list[Need], text: str) -> tuple[Need, ...]:
    """Drop stop words beside real needs, doubles, and what is too much; the last word may be unfinished."""
    meaningful = [need for need in needs if not _is_stop_word(need)]
    needs = meaningful or [replace(need, optional=False) for need in needs]
    needs = list(dict.fromkeys(needs))[:MAX_NEEDS]
    if needs and text[-1:].isalnum():
        last = needs[-1]
        needs[-1] = replace(last, prefix=not (last.concepts and len(last.forms) > 1))
    return tuple(needs)


def _is_stop_word(need: Need) -> bool:
    return need.optional and set(need.forms) <= _STOP_FORMS


_STOP_FORMS = frozenset(normalise(fold(word)) for word in STOP_WORDS)


def _inside_longer_concept(first: int, last: int, spans: Mapping[int, tuple[int, tuple[str, ...]]]) -> bool:
    """A place name that is part of a longer term is no place: "1000 premiers jours"."""
    return any(start <= first and last <= end and end - start > last - first for start, (end, _ids) in spans.items())
