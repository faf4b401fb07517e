"""What is suggested while a reader types: concepts, titles and organisations that go on as the text begins.

Words alone decide here, so that an answer is there before the next key; engines find the entries, this module says
what of them fits and in which order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from directory.taxonomy import LANGUAGES, pick_language
from directory.text import words
from directory.thesaurus import thesaurus
from search.engine import Suggestion

MIN_LETTERS = 2  #: what is shorter begins too many words
MAX_CONCEPTS, MAX_ORGANISATIONS = 2, 2  #: of one answer
_MAX_SCANNED = 200  #: terms that begin alike, looked at for one answer


@dataclass(frozen=True, order=True)
class _Term:
    """A term of the thesaurus from one of its words on: `key` is folded, `first` the place of that word."""

    key: str
    first: int
    text: str
    language: str
    concept: str


def typed_words(text: str) -> list[str]:
    """The words typed so far, folded, the last one perhaps unfinished; none where that is too short to go on."""
    folded = [word.folded for word in words(text)]
    return folded if folded and len(" ".join(folded)) >= MIN_LETTERS else []


def concepts_beginning(text: str, lang: str, limit: int = 3 * MAX_CONCEPTS) -> list[Suggestion]:
    """Concepts with a term, or a word of one, that begins so; in the reader's language, those that begin so first."""
    typed = " ".join(typed_words(text))
    if not typed:
        return []
    order = {language: place for place, language in enumerate((lang, *LANGUAGES))}
    start = bisect_left(_terms(), typed, key=lambda term: term.key)
    found = [term for term in islice(_terms(), start, start + _MAX_SCANNED) if term.key.startswith(typed)]
    shown: dict[str, Suggestion] = {}
    for term in sorted(found, key=lambda term: (term.first, order[term.language], len(term.text), term)):
        label = term.text if term.language == lang else thesaurus()[term.concept].label(lang)
        shown.setdefault(term.concept, Suggestion(text=label, kind="concept", id=term.concept))
    return list(shown.values())[:limit]


def arrange(
    text: str, cards: Iterable[Mapping[str, Any]], concepts: Sequence[Suggestion], lang: str, limit: int
) -> list[Suggestion]:
    """Concepts, titles and organisations in the order shown, each once: what begins as the text does before the rest.

    cards: of entries in which every word typed begins a word of the title or of an organisation, best first.
    """
    typed = typed_words(text)
    titles: list[tuple[bool, Suggestion]] = []
    organisations: dict[str, Suggestion] = {}
    for card in cards:
        language = pick_language(card["title"], lang)
        title = card["title"][language] if language else ""
        if _goes_on(typed, title):
            titles.append((not _begins(typed, title), Suggestion(text=title, kind="resource", id=card["id"])))
        for organisation in card["organisations"]:
            if _goes_on(typed, organisation["name"]):
                suggestion = Suggestion(text=organisation["name"], kind="organisation")
                organisations.setdefault(" ".join(_folded(organisation["name"])), suggestion)
    named = {
        " ".join(_folded(title.text)) for _later, title in titles
    }  # a tool that is a concept too is shown as the tool
    concepts = [concept for concept in concepts if " ".join(_folded(concept.text)) not in named]
    beside = [*concepts[:MAX_CONCEPTS], *list(organisations.values())[:MAX_ORGANISATIONS]]
    room = max(limit - len(beside), limit // 2)
    chosen = [suggestion for _later, suggestion in sorted(titles, key=lambda item: item[0])][:room]
    return [*concepts[:MAX_CONCEPTS], *chosen, *list(organisations.values())[:MAX_ORGANISATIONS]][:limit]


def _goes_on(typed: Sequence[str], text: str) -> bool:
    """Whether every word typed begins a word of the text."""
    known = _folded(text)
    return all(any(word.startswith(beginning) for word in known) for beginning in typed)


def _begins(typed: Sequence[str], text: str) -> bool:
    return " ".join(_folded(text)).startswith(" ".join(typed))


@lru_cache(maxsize=4096)  # names come again with each letter typed
def _folded(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words(text))


@cache
def _terms() -> list[_Term]:
    """Every term from each of its words on, sorted."""
    terms = []
    for concept in thesaurus().values():
        for language, texts in concept.terms.items():
            for text in texts:
                folded = [word.folded for word in words(text)]
                terms += [
                    _Term(" ".join(folded[first:]), first, text, language, concept.id) for first in range(len(folded))
                ]
    return sorted(terms)
