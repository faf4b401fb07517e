"""Many patterns of folded words looked for at once, each where it first stands.

One expression a name, tried at every letter, costs more than all the rest of reading. Here a pattern is tried only
at the words that begin as one of its alternatives does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_HEAD = 3  #: letters of a word by which its patterns are found
_RUN = re.compile(r"[a-z0-9]+")
_LEADING = re.compile(r"(?:\^|\(\?<[!=][^()]*\))*")  #: anchors and looks behind: they take no letter
_LITERAL = re.compile(r"[a-z0-9](?![?*{])")


class WordPatterns:
    """Alternations of folded words by name ("ateliers?|jeux? de cartes"); each stands between words."""

    def __init__(self, alternations: Mapping[str, str]) -> None:
        self._patterns = {
            name: re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])") for name, words in alternations.items()
        }
        self._names_by_head: dict[str, set[str]] = {}
        for name, words in alternations.items():
            for alternative in _alternatives(words):
                self._names_by_head.setdefault(_head(alternative), set()).add(name)
        self._candidates: dict[str, list[str]] = {}

    def find(self, text: str) -> dict[str, re.Match[str]]:
        """The first match of each name that has one, in the order of the names; `text` is folded."""
        found: dict[str, re.Match[str]] = {}
        for word in _RUN.finditer(text):
            for name in self._starting_as(word.group()[:_HEAD]):
                if name not in found and (match := self._patterns[name].match(text, word.start())) is not None:
                    found[name] = match
        return {name: found[name] for name in self._patterns if name in found} if len(found) > 1 else found

    def _starting_as(self, start: str) -> list[str]:
        names = self._candidates.get(start)
        if names is None:
            heads = [start[:size] for size in range(_HEAD + 1)]
            wanted = {name for head in heads for name in self._names_by_head.get(head, ())}
            names = self._candidates[start] = [name for name in self._patterns if name in wanted]
        return names


def _alternatives(words: str) -> Iterator[str]:
    """The parts of an alternation between its outermost bars."""
    depth, start, escaped = 0, 0, False
    for position, character in enumerate(words):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "|" and depth == 0:
            yield words[start:position]
            start = position + 1
    yield words[start:]


def _head(alternative: str) -> str:
    """The letters that an alternative begins with whatever follows, at most _HEAD; "" where they vary."""
    leading = _LEADING.match(alternative)
    position = start = leading.end() if leading is not None else 0
    while position < start + _HEAD and _LITERAL.match(alternative, position):
        position += 1
    return alternative[start:position]
