"""The analysed fields of a document, the same for every engine: comparable forms, joined by spaces."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from directory.taxonomy import LANGUAGES, Term, load_data, pick_language, taxonomy
from directory.text import fold
from directory.thesaurus import EVERYDAY_FILE
from directory.thesaurus import FILE as THESAURUS_FILE
from search import analysis
from search.compounds import load_words
from search.documents import Document
from search.kept_words import words_of

_HYPHENS = ("-", "\u2010", "\u2011")


@dataclass(frozen=True)
class _Analysed:
    """What one text holds: comparable forms in reading order, families of words and parts, concepts."""

    forms: tuple[str, ...]
    kin: frozenset[str]
    concepts: frozenset[str]


def text_fields(document: Document) -> dict[str, str]:
    """Field of `relevance.FIELD_WEIGHTS` → its forms in all languages."""
    return {
        "title": _forms(document.title.values()),
        "keywords": _forms([*document.keywords, *document.contact]),
        "organisations": _forms(document.organisations),
        "summary": _forms(document.summary.values()),
        "description": _forms(document.description.values()),
        "labels": " ".join(_labels(document).forms),
    }


def kin_fields(document: Document) -> dict[str, str]:
    """Field of `relevance.KIN_WEIGHTS` → the families of its words and of the parts of its compounds, each once."""
    return {
        "title_kin": _kin([*document.title.values(), *document.keywords, *document.organisations]),
        "text_kin": _kin([*document.summary.values(), *document.description.values()], _labels(document).kin),
    }


def concept_fields(document: Document) -> dict[str, str]:
    """Field of `relevance.CONCEPT_WEIGHTS` → the concepts meant there, each once."""
    return {
        "title_concepts": _concepts([*document.title.values(), *document.keywords, *document.organisations]),
        "text_concepts": _concepts([*document.summary.values(), *document.description.values()]),
        "label_concepts": " ".join(sorted(_labels(document).concepts)),
    }


def sort_fields(document: Document) -> dict[str, str]:
    """Field → key; ascending order of the keys is the order asked for. The id makes every key unique."""
    titles = {language: f"{_title_key(document.title, language)}\x01{document.id}" for language in LANGUAGES}
    newest_first = f"{99_999_999_999 - int(document.added.timestamp()):011d}"
    checked = document.verified_on or "0000-00-00"
    return {
        **{f"title_{language}": key for language, key in titles.items()},
        "verified_on": f"{_invert(checked)}\x01{titles['fr']}",
        "added": f"{newest_first}\x01{titles['fr']}",
    }


@cache
def fingerprint() -> str:
    """Changes whenever the same document would be analysed differently: rules, thesaurus or labels."""
    lists = [sorted(load_words(name)) for name in ("stop_words.txt", "dutch_words.txt")]
    rules = [analysis.VERSION, lists, load_data(THESAURUS_FILE), load_data(EVERYDAY_FILE), load_data("taxonomy.json")]
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:12]


def _forms(texts: Iterable[str]) -> str:
    return " ".join(form for text in texts for form in _analysed(text).forms)


def _kin(texts: Iterable[str], more: frozenset[str] = frozenset()) -> str:
    return " ".join(sorted(more.union(*(_analysed(text).kin for text in texts))))


def _concepts(texts: Iterable[str]) -> str:
    return " ".join(sorted(frozenset[str]().union(*(_analysed(text).concepts for text in texts))))


@lru_cache(maxsize=1024)  # each text is asked for three times in a row
def _analysed(text: str) -> _Analysed:
    """A text's words, those joined by a hyphen also as one (bru-stars, brustars)."""
    text_words = words_of(text)
    folded = [word.folded for word in text_words]
    forms = list(map(analysis.normalise, folded))
    if any(hyphen in text for hyphen in _HYPHENS):
        forms += [
            analysis.normalise(one.folded + other.folded)
            for one, other in pairwise(text_words)
            if other.start == one.end + 1 and text[one.end] in _HYPHENS
        ]
    return _Analysed(
        forms=tuple(forms),
        kin=frozenset[str]().union(*map(analysis.kin, set(folded))),
        concepts=frozenset(found.concept for found in analysis.concepts_told(text, text_words)),
    )


def _labels(document: Document) -> _Analysed:
    """The words of type, themes and audiences, which many documents share."""
    facets = document.facets
    return _analysed_labels(facets["type"], facets["theme"], facets["audience"])


@lru_cache(maxsize=4096)
def _analysed_labels(types: Sequence[str], themes: Sequence[str], audiences: Sequence[str]) -> _Analysed:
    lists = taxonomy()
    terms: list[Term] = [
        known[value]
        for known, values in ((lists.types, types), (lists.themes, themes), (lists.audiences, audiences))
        for value in values
        if value in known
    ]
    groups = [lists.type_groups[term.group] for term in terms if term.group]
    texts = [text for term in (*terms, *groups) for text in (*term.label.values(), *term.plural.values())]
    return _Analysed(
        forms=tuple(form for text in texts for form in _analysed(text).forms),
        kin=frozenset(root for text in texts for root in _analysed(text).kin),
        concepts=frozenset(concept for text in texts for concept in _analysed(text).concepts),
    )


def _title_key(titles: Mapping[str, str], language: str) -> str:
    shown = pick_language(titles, language)
    return " ".join(fold(titles[shown]).split()) if shown else ""


def _invert(date: str) -> str:
    """A key by which later dates come first."""
    return "".join(str(9 - int(c)) if c.isdigit() else c for c in date)
