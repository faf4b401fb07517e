"""The words of a card's texts, kept beside it in the index: marking a page of hits then analyses nothing.

A text's words are their places, as numbers that JSON holds compactly; what a word is compared by follows from the
text, except for the few (telephone numbers, inclusive endings) that are kept as they are. As an index is rebuilt when
the rules of analysis change, what is kept never differs from what an analysis would give.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from directory.text import Word, fold
from search.analysis import raw_words

SHOWN = ("title", "summary")  #: the texts of a card that are marked

#: [gap, length, gap, length…]: characters since the last word and of the word; then {number of a word: compared by}
Kept = tuple[list[int], dict[str, str]]


@lru_cache(maxsize=256)  # a document's texts are looked at again and again while it is indexed
def words_of(text: str) -> Sequence[Word]:
    """`analysis.raw_words`."""
    return raw_words(text)


def keep(card: Mapping[str, Any]) -> bytes:
    """The words of the texts shown, as JSON: field -> language -> `Kept`."""
    kept = {name: {lang: pack(text) for lang, text in card.get(name, {}).items()} for name in SHOWN}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def pack(text: str) -> Kept:
    """The words of a text, to be kept."""
    places: list[int] = []
    others: dict[str, str] = {}
    position = 0
    for number, (folded, start, end) in enumerate(words_of(text)):
        places += (start - position, end - start)
        if fold(text[start:end]) != folded:
            others[str(number)] = folded
        position = end
    return places, others


def unpack(text: str, kept: Kept) -> list[Word]:
    """What `raw_words` gave for the text."""
    places, others = kept
    borders = list(accumulate(places))
    text_words = [
        Word(fold(text[start:end]), start, end) for start, end in zip(borders[::2], borders[1::2], strict=True)
    ]
    for number, folded in others.items():
        text_words[int(number)] = text_words[int(number)]._replace(folded=folded)
    return text_words
