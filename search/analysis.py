"""The linguistics of French, Dutch and English, once for every engine: text → comparable forms.

Used alike on documents, on queries and on the terms of the thesaurus, so that what is equal for one is equal
for all. Forms never leave the index; people always see the original text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from directory.geography import place_names
from directory.taxonomy import TermList, taxonomy
from directory.text import Word, words
from directory.thesaurus import ConceptFinder, Found, thesaurus
from search.compounds import load_words, split
from search.spelling import Vocabulary
from search.wordforms import family, normalise

__all__ = [
    "COMMON_WORDS",
    "STOP_WORDS",
    "audience_concepts",
    "concepts_asked",
    "concepts_told",
    "correct",
    "forms",
    "kin",
    "normalise",
    "part_concepts",
    "parts",
    "raw_words",
    "type_concepts",
]

#: Grows when the same text gives other forms than before: an index built by older rules is then rebuilt.
VERSION = 2

#: Words that say nothing about a need, folded. A query of nothing else still searches for them.
STOP_WORDS = load_words("stop_words.txt")
#: Words that place a need but do not make it ("aide", "service"), folded.
COMMON_WORDS = load_words("common_words.txt")

#: Belgian numbers as people write them: +32 2 123 45 67, 0032/2…, (02) 123.45.67, 0800 32 123.
_PHONE = re.compile(r"(?<![\w+])(?:(?:\+|00) ?32[ ./()-]{0,3}(?:\(?0\)?[ ./-]?)?|\(?0)\d(?:[ ./()-]{0,3}\d){6,9}(?!\w)")
_DOUBLED = re.compile(r"(.)\1")
_PHONE_PREFIX = re.compile(r"^(?:0032|32)0?")
_POSTAL_COUNTRY = re.compile(r"(?<!\w)BE?[- ]?(?=1\d{3}(?!\w))", re.IGNORECASE)


def raw_words(text: str) -> list[Word]:
    """The words of a text, a telephone number or postal code being one word in its plainest spelling."""
    text_words = words(text)
    if "0" not in text and "1" not in text:
        return text_words
    numbers = [(match.span(), _plain_number(match.group())) for match in _PHONE.finditer(text)]
    codes = {match.start() for match in _POSTAL_COUNTRY.finditer(text)}
    if not numbers and not codes:
        return text_words
    joined: list[Word] = []
    for word in text_words:
        while numbers and numbers[0][0][1] <= word.start:
            numbers.pop(0)
        if numbers and numbers[0][0][0] <= word.start:
            (start, end), digits = numbers[0]
            if not joined or joined[-1].end <= start:
                joined.append(Word(digits, start, end))
        elif word.start in codes:
            joined += [] if len(word.folded) <= 2 else [Word(word.folded.lstrip("be"), word.start, word.end)]
        else:
            joined.append(word)
    return joined


def _plain_number(written: str) -> str:
    """Only the digits, as dialled in Belgium: +32 2 … → 02…"""
    digits = "".join(c for c in written if c.isdecimal())
    return _PHONE_PREFIX.sub("0", digits) if written.startswith(("+", "00")) else digits


def forms(text: str) -> list[Word]:
    """The words of a text with `folded` replaced by the comparable form. Linear time, never raises."""
    return [Word(normalise(word.folded), word.start, word.end) for word in raw_words(text)]


@lru_cache(maxsize=65_536)
def kin(folded: str) -> tuple[str, ...]:
    """The families of a folded word: its own first, then those of the parts it is composed of, each once."""
    whole = family(normalise(folded))
    parts = (part for outer in split(folded) for part in (outer, *split(outer)))
    return tuple(dict.fromkeys([whole, *(family(normalise(part)) for part in parts)]))


def parts(folded: str) -> tuple[str, ...]:
    """The families that stand for a compound when its parts are written apart; () for any other word."""
    inner = (leaf for outer in split(folded) for leaf in (split(outer) or (outer,)))
    return tuple(dict.fromkeys(family(normalise(part)) for part in inner))


@lru_cache(maxsize=16_384)
def part_concepts(folded: str) -> tuple[str, ...]:
    """The subjects that the parts of a compound mean when they are written apart; () for any other word.

    "borstkankeropsporing" has no term of its own, but is borstkanker and opsporing.
    """
    leaves = [leaf for outer in split(folded) for leaf in (split(outer) or (outer,))]
    found = (item.concept for item in concepts_asked(" ".join(leaves))) if leaves else ()
    return tuple(dict.fromkeys(concept for concept in found if thesaurus()[concept].themes))


@lru_cache(maxsize=65_536)
def meanings(folded: str) -> tuple[str, ...]:
    """The families a word brings to a term: one, several for a compound, none for a stop word."""
    if folded in STOP_WORDS:
        return ()
    return parts(folded) or (family(normalise(folded)),)


@cache
def concept_finder() -> ConceptFinder:
    """Finds the shipped concepts in text, by the forms of this module."""
    return ConceptFinder(thesaurus(), normalise, meanings)


def concepts_asked(text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
    """The concepts of a query: a long term hides the shorter ones inside it ("soins palliatifs" hides "soins")."""
    return concept_finder().find(text, text_words)


def concepts_told(text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
    """The concepts of a document: the shorter terms inside longer ones count too, as their words do."""
    return concept_finder().find_all(text, text_words)


@cache
def type_concepts() -> frozenset[str]:
    """The concepts that are sorts of resource, of no theme: what the labels of the types mean."""
    return _meant_by(taxonomy().types)


@cache
def audience_concepts() -> frozenset[str]:
    """The concepts that are people, of no theme: what the labels of the audiences mean."""
    return _meant_by(taxonomy().audiences)


def _meant_by(terms: TermList) -> frozenset[str]:
    labels = [label for term in terms.values() for label in (*term.label.values(), *term.plural.values())]
    meant = (
        found.concept
        for label in labels
        for found in concepts_asked(label)
        if found.last - found.first == len(words(label))
    )
    return frozenset(concept for concept in meant if not thesaurus()[concept].themes)


@lru_cache(maxsize=16_384)
def correct(folded: str) -> str | None:
    """The known word that a mistyped one may have meant; None for a known, a related or a hopeless one."""
    if folded in _known_words():
        return None
    nearest = _meaningful_words().nearest(folded)
    if family(normalise(folded)) in _known_families() and not (nearest and _same_but_doubled(folded, nearest)):
        return None
    return (
        nearest if nearest and nearest[0] == folded[0] else None
    )  # few miss the first letter, many words differ by it


def _same_but_doubled(one: str, other: str) -> bool:
    """Whether two words differ by doubled letters only: "vacination", "vaccination"."""
    return _DOUBLED.sub(r"\1", one) == _DOUBLED.sub(r"\1", other)


@cache
def written_words() -> dict[str, str]:
    """Folded word → how it is written, accents included, for the words that `correct` may give."""
    spoken = [
        term
        for language in ("en", "nl", "fr")  # where two write it differently, the last one counts
        for concept in thesaurus().values()
        for term in concept.terms.get(language, ())
    ]
    return {
        word.folded: text[word.start : word.end].lower() for text in (*place_names(), *spoken) for word in words(text)
    }


@cache
def _known_words() -> Vocabulary:
    """Words of the thesaurus, of the value lists, of places, and those that mean little, folded."""
    lists = taxonomy()
    labels = [
        text
        for terms in (lists.types, lists.themes, lists.audiences)
        for term in terms.values()
        for text in (*term.label.values(), *term.plural.values())
    ]
    spoken = [term for concept in thesaurus().values() for terms in concept.terms.values() for term in terms]
    known = {word.folded for text in (*spoken, *labels, *place_names()) for word in words(text)}
    return Vocabulary(known | STOP_WORDS | COMMON_WORDS | load_words("dutch_words.txt"))


@cache
def _meaningful_words() -> Vocabulary:
    """Words that a correction is worth to: of the thesaurus, of places, and those that mean little."""
    spoken = [term for concept in thesaurus().values() for terms in concept.terms.values() for term in terms]
    return Vocabulary({word.folded for text in (*spoken, *place_names()) for word in words(text)} | COMMON_WORDS)


@cache
def _known_families() -> frozenset[str]:
    return frozenset(family(normalise(word)) for word in _known_words())
