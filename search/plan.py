"""What a reader's words ask for: a list of needs, the same for every engine.

A need is met by a document that holds its words or means its concepts. Text never reaches an engine's own
query language; engines build their queries from needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from directory.geography import Place, find_places
from directory.taxonomy import REGION, taxonomy
from directory.text import Word, fold
from directory.thesaurus import thesaurus
from search.analysis import (
    COMMON_WORDS,
    STOP_WORDS,
    audience_concepts,
    concepts_asked,
    concepts_told,
    correct,
    kin,
    normalise,
    part_concepts,
    parts,
    raw_words,
    type_concepts,
    written_words,
)
from search.compounds import load_lines
from search.relevance import AUDIENCE_FACTOR, COMMON_FACTOR, PEOPLE, PEOPLE_FACTOR, PLAIN_FACTOR, SENTENCE_NEEDS

MAX_NEEDS = 16  #: more words than this make no search better, only slower


@dataclass(frozen=True)
class Need:
    """One thing asked for.

    forms: its words, comparable; all of them belong together. concepts: ids that mean the same.
    optional: it improves the order but no document has to meet it. prefix: the last form may be unfinished.
    corrected: the known word that a mistyped single one may have meant, comparable.
    kin: the family of each form, met by related words. parts: the families that together stand for a compound.
    weak: it places a need but does not make it ("service", "patient", a sort of resource). weight: what it counts
    beside others that are as rare, up to 1. basins: terms of the basins it names.
    inner: concepts that its words, or the parts of a compound, mean by themselves ("deuil après suicide" holds deuil and
    suicide).
    themes: what its concepts belong to; a document of that theme is nearer, but no hit by that alone.
    """

    forms: tuple[str, ...]
    concepts: tuple[str, ...] = ()
    optional: bool = False
    prefix: bool = False
    corrected: str | None = None
    kin: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    weak: bool = False
    weight: float = 1.0
    basins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The needs in reading order, the places that are named, and the text with its mistyped words put right."""

    needs: tuple[Need, ...]
    places: tuple[Place, ...] = ()
    suggestion: str | None = None

    @property
    def required(self) -> tuple[Need, ...]:
        """The needs that count for whether a document is a hit."""
        return tuple(need for need in self.needs if not need.optional)

    @property
    def elsewhere(self) -> bool:
        """Whether at least half of what is asked is what people look for elsewhere (`data/other_subjects.txt`)."""
        strong = [need for need in self.required if not need.weak]
        others = sum(not _other_families().isdisjoint(need.kin) for need in strong)
        return 2 * others >= max(1, len(strong))


@cache
def _other_families() -> frozenset[str]:
    written = {word.folded for line in load_lines("other_subjects.txt") for word in raw_words(line)}
    return frozenset(kin(word)[0] for word in written - STOP_WORDS - COMMON_WORDS)


@lru_cache(maxsize=4096)
def make_plan(text: str) -> Plan:
    """The plan of a query. Never raises; empty where the text holds no word."""
    typed = raw_words(text)
    fixes = [correct(word.folded) for word in typed]
    text_words = [Word(fix or word.folded, word.start, word.end) for word, fix in zip(typed, fixes, strict=True)]
    spans: dict[int, tuple[int, tuple[str, ...]]] = {}
    for found in concepts_asked(text, text_words):
        last, concepts = spans.get(found.first, (found.last, ()))
        spans[found.first] = (last, (*concepts, found.concept))
    places = {
        first: (last, place)
        for first, last, place in find_places([word.folded for word in text_words])
        if not _inside_longer_concept(first, last, spans)
    }
    told = concepts_told(text, text_words)
    basins = _named_basins(text_words)
    needs: list[Need] = []
    position = 0
    while position < len(text_words):
        if position in basins:
            last, basin = basins[position]
            needs.append(Need(("bassin",), optional=True, kin=("basin",), basins=(basin,)))
        elif position in places:
            last, _place = places[position]
            needs.append(_need(text_words[position:last], (), optional=True))
        elif position in spans:
            last, concepts = spans[position]
            content = [word for word in text_words[position:last] if word.folded not in STOP_WORDS]
            told_inside = dict.fromkeys(item.concept for item in told if position <= item.first and item.last <= last)
            need = _need(content or text_words[position:last], concepts)
            needs.append(replace(need, inner=tuple(concept for concept in told_inside if concept not in concepts)))
        else:
            last = position + 1
            is_stop_word = text_words[position].folded in STOP_WORDS
            need = _need(text_words[position:last], (), optional=is_stop_word)
            inner = part_concepts(text_words[position].folded)
            needs.append(replace(need, inner=inner, themes=_themes(inner)))
        if last == position + 1 and fixes[position]:
            needs[-1] = _as_typed(needs[-1], typed[position])
        position = last
    return Plan(_finish(needs, text), tuple(place for _last, place in places.values()), _put_right(text, typed, fixes))


def _as_typed(need: Need, word: Word) -> Need:
    """A need of one corrected word: what was typed counts first, for it may be a name that nobody listed."""
    return replace(need, forms=(normalise(word.folded),), corrected=need.forms[0])


def _put_right(text: str, typed: Sequence[Word], fixes: Sequence[str | None]) -> str | None:
    if not any(fixes):
        return None
    parts, position = [], 0
    for word, fix in zip(typed, fixes, strict=True):
        if fix:
            parts += [text[position : word.start], written_words().get(fix, fix)]
            position = word.end
    return "".join([*parts, text[position:]])


def _need(need_words: Sequence[Word], concepts: tuple[str, ...], *, optional: bool = False) -> Need:
    written = [word.folded for word in need_words]
    is_common = not concepts and COMMON_WORDS.issuperset(written)
    is_audience = bool(concepts) and audience_concepts().issuperset(concepts)
    is_sort = bool(concepts) and type_concepts().issuperset(concepts)
    return Need(
        forms=tuple(normalise(word) for word in written),
        concepts=concepts,
        optional=optional,
        kin=tuple(kin(word)[0] for word in written),
        parts=parts(written[0]) if len(written) == 1 else (),
        themes=_themes(concepts),
        weak=is_common or is_audience or is_sort,
        weight=COMMON_FACTOR if is_common else AUDIENCE_FACTOR if is_audience else 1.0,
    )


def _themes(concepts: Sequence[str]) -> tuple[str, ...]:
    known = thesaurus()
    return tuple(dict.fromkeys(theme for concept in concepts for theme in known[concept].themes))


def _finish(needs: list[Need], text: str) -> tuple[Need, ...]:
    """Drop stop words beside real needs, doubles, and what is too much; the last word may be unfinished."""
    meaningful = [need for need in needs if not _is_stop_word(need)]
    needs = meaningful or [replace(need, optional=False) for need in needs]
    needs = list(dict.fromkeys(needs))[:MAX_NEEDS]
    if not any(need.themes for need in needs):  # without a subject, the sort of resource is what is asked for
        needs = [replace(need, weak=need.weak and need.weight < 1) for need in needs]
    needs = _people_beside(needs)
    has_subject = any(need.concepts and not need.corrected for need in needs)
    if has_subject and sum(not need.optional for need in needs) >= SENTENCE_NEEDS:
        needs = [replace(need, weight=PLAIN_FACTOR) if _is_plain(need) else need for need in needs]
    if needs and text[-1:].isalnum():
        last = needs[-1]
        needs[-1] = replace(last, prefix=not (last.concepts and len(last.forms) > 1))
    return tuple(needs)


def _people_beside(needs: list[Need]) -> list[Need]:
    """The needs, those that are people counting less where something else is asked too."""
    people = [bool(need.concepts) and not need.corrected and PEOPLE.issuperset(need.concepts) for need in needs]
    strong = sum(not need.optional and not need.weak for need in needs)
    if strong < 2:
        return needs
    return [
        replace(need, weight=need.weight * PEOPLE_FACTOR) if is_people else need
        for need, is_people in zip(needs, people, strict=True)
    ]


def _is_plain(need: Need) -> bool:
    """Whether it is a word, rightly typed, that means no concept."""
    return not (need.concepts or need.inner or need.corrected or need.optional or need.weak) and need.weight == 1.0


def _is_stop_word(need: Need) -> bool:
    return need.optional and {need.corrected or need.forms[0], *need.forms[1:]} <= _STOP_FORMS


_STOP_FORMS = frozenset(normalise(fold(word)) for word in STOP_WORDS)


def _named_basins(text_words: Sequence[Word]) -> dict[int, tuple[int, str]]:
    """First word → (word after the last, basin) of "bassin Sud-Est", "zorgzone Zuid": the longest names."""
    found: dict[int, tuple[int, str]] = {}
    folded = tuple(word.folded for word in text_words)
    for first in range(len(folded)):
        for size in range(min(_LONGEST_BASIN, len(folded) - first), 1, -1):
            if basin := _basin_names().get(folded[first : first + size]):
                found[first] = (first + size, basin)
                break
    return found


@cache
def _basin_names() -> dict[tuple[str, ...], str]:
    return {
        tuple(word.folded for word in raw_words(label)): basin.id
        for basin in taxonomy().basins.values()
        if basin.id != REGION
        for label in basin.label.values()
    }


_LONGEST_BASIN = max(map(len, _basin_names()))


def _inside_longer_concept(first: int, last: int, spans: Mapping[int, tuple[int, tuple[str, ...]]]) -> bool:
    """A place name that is part of a longer term is no place: "1000 premiers jours"."""
    return any(start <= first and last <= end and end - start > last - first for start, (end, _ids) in spans.items())
