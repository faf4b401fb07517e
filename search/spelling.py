"""Distances between words: what a typo may have meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator

MIN_LENGTH = 5  #: shorter words have too many neighbours to guess from
MAX_LENGTH = 40  #: no word in use is longer; what finds its neighbours grows with the length, to megabytes


def allowed_distance(form: str) -> int:
    """How many edits a word of this length forgives: none below 5 letters, one below 9, then two; none above 40."""
    if not MIN_LENGTH <= len(form) <= MAX_LENGTH or form.isdigit():
        return 0
    return 1 if len(form) < 9 else 2


def within_distance(one: str, other: str, limit: int) -> bool:
    """Whether `limit` edits (insert, delete, replace, swap neighbours) turn one word into the other."""
    if abs(len(one) - len(other)) > limit:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        previous, row = row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if before and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return False
        before = previous
    return row[-1] <= limit


class Vocabulary:
    """Known words, arranged so that the near ones are found without comparing all."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = frozenset(known)
        self._by_length: dict[int, list[tuple[int, str]]] = {}
        for word in sorted(self._known):
            if len(word) >= MIN_LENGTH - 1:
                self._by_length.setdefault(len(word), []).append((letter_bits(word), word))

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def nearest(self, form: str) -> str | None:
        """The one known word that a mistyped word may have meant; None for a known or hopeless one.

        Where several are equally near, one with the same first letter and length is taken.
        """
        limit = allowed_distance(form)
        if not limit or form in self._known:
            return None
        letters = letter_bits(form)
        candidates = [
            word
            for length in range(len(form) - limit, len(form) + limit + 1)
            for word_letters, word in self._by_length.get(length, ())
            if (letters ^ word_letters).bit_count() <= 2 * limit
        ]
        for distance in range(1, limit + 1):
            if near := [word for word in candidates if within_distance(form, word, distance)]:
                return min(near, key=lambda word: (word[0] != form[0], abs(len(word) - len(form)), word))
        return None


def letter_bits(word: str) -> int:
    """Which characters occur, one bit each: one edit changes at most two bits."""
    bits = 0
    for character in word:
        bits |= 1 << (ord(character) % 64)
    return bits
