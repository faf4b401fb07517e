"""Words of French, Dutch and English text, folded so that spelling habits do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_LIGATURES = {"œ": "oe", "æ": "ae", "ø": "o"}  # the others come apart by themselves
_SHORT = 64  #: characters up to which a folded text is kept
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")  # accents may stand apart from their letter
_APOSTROPHES = "'’ʼ‘´`"
#: What French elides before a vowel ("l'écoute", "jusqu'à"): carries no meaning of its own.
_ELIDED = frozenset(["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu"])
_ENDING = "(?:[eè]re|e?l?le|nn?e|te|v?e|sse|[lr]?euse|eure|t?rice)s?|s"
#: What belongs to the word before it: the endings of inclusive writing, after a middle dot ("professionnel·les",
#: "acteur·rice·s"), a full stop, a hyphen or in brackets ("usager-ère-s", "patient(e)s"), and a plural or
#: possessive 's ("foto's"). The plainer the mark, the fewer the endings it may bring: "rendez-vous" stays two words.
_ENDINGS = re.compile(
    r"(?<=\w)[·•‧∙⋅][a-zà-ÿ]{1,6}(?:[·•‧∙⋅]s)?(?!\w)"
    rf"|(?<=\w\w\w)\((?:{_ENDING})\)s?(?!\w)"
    rf"|(?<=\w\w\w)\.(?:{_ENDING})(?:\.s)?(?![\w.])"
    r"|(?<=\w\w\w)-(?:[eè]re|ne|te|e|euse|t?rice)(?:-?s)?(?![\w-])|(?<=el)-le(?:-?s)?(?![\w-])"
    r"|(?<=\w)['’]s(?!\w)",
    re.IGNORECASE,
)
#: What such an ending begins with: a mark after a letter or digit. Most texts have none.
_MARK = re.compile(
    r"[·•‧∙⋅(.'’-](?<=\w.)(?:(?<=[·•‧∙⋅(])|(?<=['’])s(?!\w)|(?<=\.)\w|(?<=-)(?:[eènt]|le|rice))", re.IGNORECASE
)


class Word(NamedTuple):
    """A word and its place: `text[start:end]` is how it was written, `folded` how it is compared."""

    folded: str
    start: int
    end: int


_new_word = tuple.__new__  # half the time of Word(…): a catalogue of 100,000 entries holds ten million


def fold(text: str) -> str:
    """Lower case, without accents, ligatures spelt out. Never raises; folding twice changes nothing."""
    return _fold_once(text) if len(text) <= _SHORT else _fold(text)  # long ones do not come again


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    for character in set(folded):  # a text has few different ones: replacing each is quicker than looking at all
        if unicodedata.combining(character):
            folded = folded.replace(character, "")
        elif character in _LIGATURES:
            folded = folded.replace(character, _LIGATURES[character])
    return folded


_fold_once = lru_cache(maxsize=65_536)(_fold)


def words(text: str) -> list[Word]:
    """The words in reading order. Elided articles are left out, inclusive and plural endings belong to their word.

    "l'écoute des professionnel·les" → ecoute, des, professionnel.
    """
    return _words(text) if unicodedata.is_normalized("NFC", text) else _words_apart(text)


def _words(text: str) -> list[Word]:
    endings = _endings(text)
    found: list[Word] = []
    after = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if start < after:
            continue
        word = match.group()
        folded = _fold_once(word) if end - start <= _SHORT else _fold(word)
        if not folded:
            continue
        if folded in _ELIDED and text[end : end + 1] in _APOSTROPHES and text[end + 1 : end + 2].isalpha():
            continue
        after = endings.get(end, end) if endings else end
        found.append(_new_word(Word, (folded, start, after)))
    return found


def _words_apart(text: str) -> list[Word]:
    """The words of a text whose accents stand apart from their letters, or not in the usual order; places are its own."""
    composed: list[str] = []
    places: list[tuple[int, int]] = []  #: of each composed character: start and end of what it was written with
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]):
            piece = unicodedata.normalize("NFC", text[start:end])
            composed.append(piece)
            places += [(start, end)] * len(piece)
            start = end
    found = _words("".join(composed))
    return [_new_word(Word, (word.folded, places[word.start][0], places[word.end - 1][1])) for word in found]


def _endings(text: str) -> dict[int, int]:
    """start → end of the endings that belong to the word before them."""
    found: dict[int, int] = {}
    after = 0
    for mark in _MARK.finditer(text):
        if mark.start() >= after and (ending := _ENDINGS.match(text, mark.start())) is not None:
            found[mark.start()] = after = ending.end()
    return found


def clean(text: str) -> str:
    """Text a person typed, fit for a database and a page: NFC, no control characters, single spaces."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", kept).split())
