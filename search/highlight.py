"""Marks in a text what the reader asked for, whatever way it matched: the word, its start, a typo, a synonym.

Works on the original text by our own analysis, so that it is the same on every engine and accents survive.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from directory.text import Word
from directory.thesaurus import Found
from search.analysis import concepts_told, forms
from search.plan import Plan
from search.spelling import allowed_distance, within_distance

MIN_PREFIX = 2  #: letters from which an unfinished word marks the words it starts


class Highlighter:
    """Marks what one plan asks for."""

    def __init__(self, plan: Plan) -> None:
        self._exact = {form for need in plan.needs for form in need.forms}
        self._prefixes = tuple(
            need.forms[-1] for need in plan.needs if need.prefix and len(need.forms[-1]) >= MIN_PREFIX
        )
        self._concepts = {concept for need in plan.needs for concept in need.concepts}
        self._misspelt = [(form, limit) for form in self._exact if (limit := allowed_distance(form))]

    def mark(self, text: str) -> str:
        """The text as HTML: escaped, the matching parts in <mark>."""
        text_words, concepts = _analysed(text)
        hit = [self._matches(word.folded) for word in text_words]
        if self._concepts:
            for found in concepts:
                if found.concept in self._concepts:
                    hit[found.first : found.last] = [True] * (found.last - found.first)
        elif not any(hit):
            hit = [self._nearly_matches(word.folded) for word in text_words]
        spans = [(word.start, word.end) for word, marked in zip(text_words, hit, strict=True) if marked]
        return _wrap(text, _join(text, spans))

    def _matches(self, form: str) -> bool:
        return form in self._exact or form.startswith(self._prefixes)

    def _nearly_matches(self, form: str) -> bool:
        return any(within_distance(asked, form, limit) for asked, limit in self._misspelt)


@lru_cache(maxsize=8192)
def _analysed(text: str) -> tuple[list[Word], list[Found]]:
    """Titles and summaries are shown again and again; their analysis costs more than the marks."""
    return forms(text), concepts_told(text)


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
