"""Concepts with their French, Dutch and English words, and the finder that recognises them in text.

Laws of the file: no term belongs to two concepts; `near` concepts are alike but never replace one another
(intervision and supervision; palliative care and euthanasia); an abbreviation marked case_sensitive counts
only when it is written so (an "as" is no "AS").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from directory.errors import DataFileError
from directory.taxonomy import load_data
from directory.text import Word, words

FILE = "thesaurus.json"


@dataclass(frozen=True)
class Abbreviation:
    """`form` as it is written; `language` None where all languages use it."""

    form: str
    language: str | None
    case_sensitive: bool


@dataclass(frozen=True)
class Concept:
    """One meaning. `terms`: {language: words}, the first of each the one to show."""

    id: str
    themes: tuple[str, ...]
    terms: Mapping[str, Sequence[str]]
    abbreviations: tuple[Abbreviation, ...]
    near: tuple[str, ...]

    def label(self, lang: str) -> str:
        """The term to show a reader of `lang`."""
        return next(self.terms[language][0] for language in (lang, "fr", "nl", "en") if self.terms.get(language))


@dataclass(frozen=True, slots=True)
class Found:
    """A concept recognised in the words `first` up to, not including, `last`."""

    concept: str
    first: int
    last: int


@cache
def thesaurus() -> Mapping[str, Concept]:
    """The shipped concepts by id, read once. Raises DataFileError where the file breaks its laws."""
    return load_concepts(load_data(FILE))


def load_concepts(items: Iterable[dict[str, Any]]) -> dict[str, Concept]:
    """Concepts from the file's shape. Raises DataFileError naming both concepts that share a term."""
    concepts = {
        item["id"]: Concept(
            id=item["id"],
            themes=tuple(item["themes"] or ()),
            terms=item["terms"],
            abbreviations=tuple(Abbreviation(**abbreviation) for abbreviation in item["abbreviations"]),
            near=tuple(item["near"]),
        )
        for item in items
    }
    owner: dict[tuple[str, ...], str] = {}
    for concept in concepts.values():
        spoken = [*_all_terms(concept), *(a.form for a in concept.abbreviations if not a.case_sensitive)]
        for key in {tuple(word.folded for word in words(term)) for term in spoken}:
            if not key:
                raise DataFileError(FILE, f"{concept.id!r} has a term without a letter or digit.")
            if (other := owner.setdefault(key, concept.id)) != concept.id:
                raise DataFileError(FILE, f"{' '.join(key)!r} belongs to both {other!r} and {concept.id!r}.")
        if unknown := [near for near in concept.near if near not in concepts]:
            raise DataFileError(FILE, f"{concept.id!r} is near {unknown[0]!r}, which is no concept.")
    return concepts


class ConceptFinder:
    """Recognises the concepts of a text, longest terms first.

    `normalise` turns a folded word into its comparable form (a plural into its singular…): the caller's
    linguistics, used alike on the terms and on the text.
    """

    def __init__(self, concepts: Mapping[str, Concept], normalise: Callable[[str], str] = str) -> None:
        self._normalise = normalise
        self._terms: dict[tuple[str, ...], set[str]] = {}
        self._capitals: dict[str, set[str]] = {}
        for concept in concepts.values():
            for term in _all_terms(concept):
                self._add(term, concept.id)
            for abbreviation in concept.abbreviations:
                if abbreviation.case_sensitive:
                    self._capitals.setdefault(abbreviation.form, set()).add(concept.id)
                else:
                    self._add(abbreviation.form, concept.id)
        self._longest = max(map(len, self._terms), default=1)

    def _add(self, term: str, concept: str) -> None:
        key = tuple(self._normalise(word.folded) for word in words(term))
        if key:
            self._terms.setdefault(key, set()).add(concept)

    def find(self, text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
        """Every concept in the text, in reading order; a long term hides the shorter ones inside it."""
        text_words = words(text) if text_words is None else text_words
        keys = [self._normalise(word.folded) for word in text_words]
        found: list[Found] = []
        position = 0
        while position < len(keys):
            size = self._longest_term(keys, position)
            if size:
                ids = self._terms[tuple(keys[position : position + size])]
            else:
                written = text[text_words[position].start : text_words[position].end]
                ids, size = self._capitals.get(written, set()), 1
            found += [Found(concept, position, position + size) for concept in sorted(ids)]
            position += size
        return found

    def find_all(self, text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
        """Every concept in the text, also the shorter terms inside longer ones: what a document speaks of."""
        text_words = words(text) if text_words is None else text_words
        keys = [self._normalise(word.folded) for word in text_words]
        found: list[Found] = []
        for first in range(len(keys)):
            for last in range(first + 1, min(first + self._longest, len(keys)) + 1):
                found += [
                    Found(concept, first, last) for concept in sorted(self._terms.get(tuple(keys[first:last]), ()))
                ]
            written = text[text_words[first].start : text_words[first].end]
            found += [Found(concept, first, first + 1) for concept in sorted(self._capitals.get(written, ()))]
        return found

    def _longest_term(self, keys: Sequence[str], position: int) -> int:
        for size in range(min(self._longest, len(keys) - position), 0, -1):
            if tuple(keys[position : position + size]) in self._terms:
                return size
        return 0


def _all_terms(concept: Concept) -> Iterable[str]:
    return (term for terms in concept.terms.values() for term in terms)
