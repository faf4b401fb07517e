"""Marks in a text what the reader asked for, whatever way it matched: the word, its start, a typo, a synonym.

Works on the original text by our own analysis, so that it is the same on every engine and accents survive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import NamedTuple

from directory.text import Word
from search.analysis import concept_finder, kin, normalise, raw_words
from search.plan import Plan
from search.spelling import allowed_distance, within_distance

MIN_PREFIX = 2  #: letters from which an unfinished word marks the words it starts


class _Told(NamedTuple):
    """What a word of a text is to a plan: its form, whether it is marked by itself, the terms that begin with it."""

    form: str
    matches: bool
    terms: Sequence[tuple[str, ...]]


class Highlighter:
    """Marks what one plan asks for."""

    def __init__(self, plan: Plan) -> None:
        finder = concept_finder()
        concepts = {concept for need in plan.needs for concept in (*need.concepts, *need.inner)}
        self._exact = {form for need in plan.needs for form in need.forms}
        self._prefixes = tuple(
            need.forms[-1] for need in plan.needs if need.prefix and len(need.forms[-1]) >= MIN_PREFIX
        )
        self._kin = {root for need in plan.needs for root in (*need.kin, *need.parts)} | finder.families_of(concepts)
        self._terms: dict[str, list[tuple[str, ...]]] = {}
        for key in sorted({key for concept in concepts for key in finder.terms_of(concept)}):
            self._terms.setdefault(key[0], []).append(key)
        plain = [form for need in plan.needs if not need.concepts and not need.weak for form in need.forms]
        self._misspelt = [(form, limit) for form in plain if (limit := allowed_distance(form))]
        # the words of a page are few, and come again and again
        self._told = cache(self._tell)
        self._nearly_matches = cache(self._is_nearly_one)

    def mark(self, text: str, text_words: Sequence[Word] | None = None) -> str:
        """The text as HTML: escaped, the matching parts in <mark>. text_words: its `raw_words`, where they are known."""
        text_words = raw_words(text) if text_words is None else text_words
        told = [self._told(word.folded) for word in text_words]
        hit = [word.matches for word in told]
        for first, word in enumerate(told):
            for key in word.terms:
                if tuple(next_word.form for next_word in told[first : first + len(key)]) == key:
                    hit[first : first + len(key)] = [True] * len(key)
        if not any(hit):
            hit = [self._nearly_matches(word.form) for word in told]
        spans = [(word.start, word.end) for word, marked in zip(text_words, hit, strict=True) if marked]
        return _wrap(text, _join(text, spans))

    def _tell(self, folded: str) -> _Told:
        form = normalise(folded)
        return _Told(form, self._matches(folded, form), self._terms.get(form, ()))

    def _matches(self, folded: str, form: str) -> bool:
        if form in self._exact or form.startswith(self._prefixes):
            return True
        return len(folded) > 2 and not self._kin.isdisjoint(kin(folded))

    def _is_nearly_one(self, form: str) -> bool:
        return any(within_distance(asked, form, limit) for asked, limit in self._misspelt)


def _join(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Marked words with only spaces or an apostrophe between them become one mark."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip(" \u00a0'’"):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _wrap(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, position = [], 0
    for start, end in spans:
        parts += [escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>"]
        position = end
    return "".join([*parts, escape(text[position:])])
