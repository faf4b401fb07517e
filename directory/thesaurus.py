"""Concepts with their French, Dutch and English words, and the finder that recognises them in text.

Laws of the file: no term belongs to two concepts; `near` concepts are alike but never replace one another
(intervision and supervision; palliative care and euthanasia); an abbreviation marked case_sensitive counts
only when it is written so (an "as" is no "AS").
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from directory.errors import DataFileError
from directory.taxonomy import load_data
from directory.text import Word, words

FILE = "thesaurus.json"
EVERYDAY_FILE = "thesaurus_everyday.json"  #: further terms of its concepts, each with its source


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


class Found(NamedTuple):
    """A concept recognised in the words `first` up to, not including, `last`."""

    concept: str
    first: int
    last: int


@dataclass(slots=True)
class _Branch:
    """Terms that begin alike: what they mean if they end here, and the words that go on."""

    concepts: tuple[str, ...] = ()
    further: dict[str, _Branch] = field(default_factory=dict)


class _Told(NamedTuple):
    """What a finder knows of a word: its comparable form, its families, the terms that begin with it, and the
    families that stand in one term with its first one.
    """

    form: str
    roots: Sequence[str]
    branch: _Branch | None
    beside: frozenset[str] | None


@cache
def thesaurus() -> Mapping[str, Concept]:
    """The shipped concepts by id, read once. Raises DataFileError where the file breaks its laws."""
    return load_concepts(with_terms(load_data(FILE), load_data(EVERYDAY_FILE)))


def with_terms(items: Iterable[dict[str, Any]], additions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Concepts with further terms after their own. Raises DataFileError for terms of no concept, or without a source."""
    concepts = {
        item["id"]: {**item, "terms": {lang: [*terms] for lang, terms in item["terms"].items()}} for item in items
    }
    for addition in additions:
        if addition["concept"] not in concepts:
            raise DataFileError(EVERYDAY_FILE, f"{addition['concept']!r} is no concept.")
        if not addition.get("source"):
            raise DataFileError(EVERYDAY_FILE, f"the terms of {addition['concept']!r} name no source.")
        for language, terms in addition["terms"].items():
            concepts[addition["concept"]]["terms"].setdefault(language, []).extend(terms)
    return list(concepts.values())


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
        self._tree = _Branch()
        for key, ids in self._terms.items():
            branch = self._tree
            for form in key:
                branch = branch.further.setdefault(form, _Branch())
            branch.concepts = tuple(sorted(ids))
        self._keys: dict[str, set[tuple[str, ...]]] = {}
        for key, ids in self._terms.items():
            for concept_id in ids:
                self._keys.setdefault(concept_id, set()).add(key)
        self._relatives: dict[str, set[str]] = {}  # concept → families by which a single word means it
        for roots, ids in self._loose.items():
            for concept_id in ids if len(roots) == 1 else ():
                self._relatives.setdefault(concept_id, set()).add(roots[0])
        beside: dict[str, set[str]] = {}
        for roots in self._loose:
            for root in roots:
                beside.setdefault(root, set()).update(roots)
        #: root → all that stand with it in one term, itself included
        self._beside = {root: frozenset(others) for root, others in beside.items()}
        self._told = lru_cache(maxsize=65_536)(self._tell)

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
        return {root for concept in concepts for root in self._relatives.get(concept, ())}

    def find(self, text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
        """Every concept in the text, in reading order; a long term hides the shorter ones inside it."""
        text_words = words(text) if text_words is None else text_words
        told = [self._told(word.folded) for word in text_words]
        found: list[Found] = []
        position = 0
        while position < len(told):
            last: int = position
            ids: Collection[str] = ()
            for term_last, term_ids in chain(self._terms_from(told, position), self._loose_terms(told, position)):
                if term_last > last:
                    last, ids = term_last, term_ids
            if last == position:
                written = text[text_words[position].start : text_words[position].end]
                last, ids = position + 1, self._capitals.get(written, ())
            found += [Found(concept, position, last) for concept in sorted(ids)]
            position = last
        return found

    def find_all(self, text: str, text_words: Sequence[Word] | None = None) -> list[Found]:
        """Every concept in the text, also the shorter terms inside longer ones: what a document speaks of."""
        text_words = words(text) if text_words is None else text_words
        told = [self._told(word.folded) for word in text_words]
        found: dict[Found, None] = {}
        for first, word in enumerate(told):
            if word.branch:
                for last, ids in self._terms_from(told, first):
                    found.update((Found(concept, first, last), None) for concept in ids)
            if word.beside:
                for last, ids in self._loose_terms(told, first):
                    found.update((Found(concept, first, last), None) for concept in ids)
            _folded, start, end = text_words[first]
            if text[start].isupper() and (capitals := self._capitals.get(text[start:end])):
                found.update((Found(concept, first, first + 1), None) for concept in sorted(capitals))
        return list(found)

    def _tell(self, folded: str) -> _Told:
        roots = self._families(folded) if self._families else ()
        form = self._normalise(folded)
        return _Told(form, roots, self._tree.further.get(form), self._beside.get(roots[0]) if roots else None)

    def _terms_from(self, told: Sequence[_Told], first: int) -> Iterator[tuple[int, Collection[str]]]:
        """(word after the last, concepts) of the terms that begin at `first`, short ones first."""
        branch, last = told[first].branch, first + 1
        while branch:
            if branch.concepts:
                yield last, branch.concepts
            branch = branch.further.get(told[last].form) if branch.further and last < len(told) else None
            last += 1

    def _loose_terms(self, told: Sequence[_Told], first: int) -> Iterator[tuple[int, Collection[str]]]:
        """(word after the last, concepts) of the terms that begin at `first` by families, short ones first."""
        beside = told[first].beside
        if not beside:
            return
        seen: list[str] = []
        for last, word in enumerate(told[first : first + 2 * self._longest_loose], start=first + 1):
            more = word.roots
            if not more:
                continue
            if not beside.issuperset(more) or len(seen) + len(more) > self._longest_loose:
                return
            seen = sorted([*seen, *more])
            if ids := self._loose.get(tuple(seen)):
                yield last, ids


def _all_terms(concept: Concept) -> Iterable[str]:
    return (term for terms in concept.terms.values() for term in terms)
