"""Concepts with their French, Dutch and English words, and the finder that recognises them in text.

Laws of the file: no term belongs to two concepts; `near` concepts are alike but never replace one another
(intervision and supervision; palliative care and euthanasia); an abbreviation marked case_sensitive counts
only when it is written so (an "as" is no "AS").
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
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
    linguistics, used alike on the terms and on the text. `families` goes further: what a word shares with its
    relatives, one key for each part of a compound, none for a word without meaning. By families a concept is
    recognised in other words than its terms ("vacciner contre la grippe"), whatever their order, but only where no
    other concept shares them: what is merely near is not the same.
    """

    def __init__(
        self,
        concepts: Mapping[str, Concept],
        normalise: Callable[[str], str] = str,
        families: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        self._normalise, self._families = normalise, families
        self._terms: dict[tuple[str, ...], set[str]] = {}
        self._loose: dict[tuple[str, ...], set[str]] = {}
        self._capitals: dict[str, set[str]] = {}
        for concept in concepts.values():
            for term in _all_terms(concept):
                self._add(term, concept.id)
            for abbreviation in concept.abbreviations:
                if abbreviation.case_sensitive:
                    self._capitals.setdefault(abbreviation.form, set()).add(concept.id)
                else:
                    self._add(abbreviation.form, concept.id)
        self._loose = {key: ids for key, ids in self._loose.items() if len(ids) == 1}
        self._longest_loose = max(map(len, self._loose), default=0)
        self._starts: dict[str, int] = {}  # first word of a term → the longest term that begins so
        for key in self._terms:
            self._starts[key[0]] = max(len(key), self._starts.get(key[0], 0))
        self._keys: dict[str, set[tuple[str, ...]]] = {}
        for key, ids in self._terms.items():
            for concept_id in ids:
                self._keys.setdefault(concept_id, set()).add(key)
        self._relatives = {root[0]: id_ for root, ids in self._loose.items() if len(root) == 1 for id_ in ids}
        self._loose_roots = frozenset(root for key in self._loose for root in key)

    def _add(self, term: str, concept: str) -> None:
        term_words = [word.folded for word in words(term)]
        key = tuple(map(self._normalise, term_words))
        if not key:
            return
        self._terms.setdefault(key, set()).add(concept)
        if len(key) == 2:  # written as one word: "bien-être", "bienêtre"
            self._terms.setdefault((self._normalise("".join(term_words)),), set()).add(concept)
        if self._families:
            loose = sorted(root for word in term_words for root in self._families(word))
            if len(loose) > 1 or len(key) == 1:
                self._loose.setdefault(tuple(loose), set()).add(concept)

    def terms_of(self, concept: str) -> Set[tuple[str, ...]]:
        """The terms of a concept, each as its words' comparable forms."""
        return self._keys.get(concept, frozenset())

    def families_of(self, concepts: Collection[str]) -> set[str]:
        """The families by which single words mean one of these concepts."""
        return {root for root, concept in self._relatives.items() if concept in concepts}

    def find(self, text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
        """Every concept in the text, in reading order; a long term hides the shorter ones inside it."""
        text_words = words(text) if text_words is None else text_words
        keys = [self._normalise(word.folded) for word in text_words]
        roots = self._roots(text_words)
        found: list[Found] = []
        position = 0
        while position < len(keys):
            written = text[text_words[position].start : text_words[position].end]
            size, ids = self._longest_term(keys, position)
            loose_size, loose_ids = self._longest_loose_term(roots, position)
            if loose_size > size:
                size, ids = loose_size, loose_ids
            if not size:
                size, ids = 1, self._capitals.get(written, set())
            found += [Found(concept, position, position + size) for concept in sorted(ids)]
            position += size
        return found

    def find_all(self, text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
        """Every concept in the text, also the shorter terms inside longer ones: what a document speaks of."""
        text_words = words(text) if text_words is None else text_words
        keys = [self._normalise(word.folded) for word in text_words]
        roots = self._roots(text_words)
        found: dict[Found, None] = {}
        for first in range(len(keys)):
            for last in range(first + 1, min(first + self._starts.get(keys[first], 0), len(keys)) + 1):
                for concept in sorted(self._terms.get(tuple(keys[first:last]), ())):
                    found[Found(concept, first, last)] = None
            if roots and roots[first] and roots[first][0] in self._loose_roots:
                for last, ids in self._loose_terms(roots, first):
                    for concept in ids:
                        found[Found(concept, first, last)] = None
            if text[text_words[first].start].isupper():
                written = text[text_words[first].start : text_words[first].end]
                for concept in sorted(self._capitals.get(written, ())):
                    found[Found(concept, first, first + 1)] = None
        return list(found)

    def _roots(self, text_words: Sequence[Word]) -> list[Sequence[str]]:
        return [self._families(word.folded) for word in text_words] if self._families else []

    def _longest_term(self, keys: Sequence[str], position: int) -> tuple[int, set[str]]:
        for size in range(min(self._starts.get(keys[position], 0), len(keys) - position), 0, -1):
            if ids := self._terms.get(tuple(keys[position : position + size])):
                return size, ids
        return 0, set()

    def _longest_loose_term(self, roots: Sequence[Sequence[str]], position: int) -> tuple[int, set[str]]:
        size, ids = 0, set[str]()
        for last, found in self._loose_terms(roots, position):
            size, ids = last - position, found
        return size, ids

    def _loose_terms(self, roots: Sequence[Sequence[str]], first: int) -> Iterator[tuple[int, set[str]]]:
        """(word after the last, concepts) of the terms that begin at `first` by families, short ones first."""
        if not roots or not roots[first]:
            return
        seen: list[str] = []
        for last, more in enumerate(roots[first : first + 2 * self._longest_loose], start=first + 1):
            if not more:
                continue
            seen = sorted([*seen, *more])
            if len(seen) > self._longest_loose or not self._loose_roots.issuperset(more):
                return
            if ids := self._loose.get(tuple(seen)):
                yield last, ids


def _all_terms(concept: Concept) -> Iterable[str]:
    return (term for terms in concept.terms.values() for term in terms)
