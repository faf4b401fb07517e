"""Word forms of French, Dutch and English without a dictionary: inflection taken off, families of words.

`normalise` makes plural and singular, feminine and masculine one; `family` goes further, to what related words share
("vaccination", "vaccinale", "vaccineren"), and is worth less wherever it is used. No language is asked for: a query
is too short to tell one from the other. The Dutch Snowball stemmer is not used: it makes zon of gezondheid.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: What no rule gives, folded: plural → singular.
_IRREGULAR = {
    "travaux": "travail", "yeux": "oeil", "baux": "bail", "messieurs": "monsieur", "mesdames": "madame",
    "kinderen": "kind", "kinder": "kind", "steden": "stad", "leden": "lid", "jongere": "jongeren", "oudere": "ouderen",
    "gegevens": "gegeven", "kosten": "kost", "musea": "museum", "centra": "centrum",
    "children": "child", "women": "woman", "men": "man", "people": "person", "elderly": "elder",
}  # fmt: skip

_VOWELS = "aeiouy"
_DOUBLE_VOWEL = re.compile(r"(aa|ee|oo|uu)(?=[^aeiouy]$)")
_FEMININE = (("trice", "teu"), ("euse", "eu"), ("eure", "eu"), ("heden", "heid"))


@lru_cache(maxsize=65_536)
def normalise(folded: str) -> str:
    """The comparable form of a folded word: number and gender taken off. Doing it twice changes nothing."""
    form = _IRREGULAR.get(folded, folded)
    while (shorter := _step(form)) != form:
        form = shorter
    return form


def _step(form: str) -> str:
    """One rule applied, or the same form where none fits; no rule makes a word longer."""
    if len(form) < 4 or form.isdigit():
        return form
    if form.endswith("aux") and len(form) > 4 and not form.endswith("eaux"):
        return form[:-3] + "al"
    if form[-1] in "sx" and not form.endswith(("ss", "us", "is")):
        return form[:-1]
    for ending, instead in _FEMININE:
        if form.endswith(ending) and len(form) - len(ending) >= 2:
            return form[: -len(ending)] + instead
    if form.endswith("eur") and len(form) >= 6:
        return form[:-1]
    if len(form) >= 5 and form.endswith("en") and not form.endswith(("eren", "ien", "yen")):
        return _closed(form[:-2])
    if form.endswith("ee"):
        return form[:-1]
    if len(form) >= 6 and form.endswith("e"):
        return _closed(form[:-1])
    if len(form) >= 5 and form.endswith("y") and form[-2] not in _VOWELS:
        return form[:-1] + "i"
    if match := _DOUBLE_VOWEL.search(form):
        return form[: match.start()] + match.group()[0] + form[-1]
    return form


def _closed(stem: str) -> str:
    """A stem whose ending is gone, spelt as if it had never had one: plann → plan, briev → brief, huiz → huis."""
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        return stem[:-1]
    if stem[-1] == "v":
        return stem[:-1] + "f"
    if stem[-1] == "z" and stem[-2] in _VOWELS:
        return stem[:-1] + "s"
    return stem


#: Endings that make one word of another, as they stand after `normalise`; the longest that fits is taken.
_DERIVED = tuple(
    sorted(
        ["ation", "ition", "ion", "ati", "iti", "i", "ement", "iment", "ment", "ant", "ent", "er", "ez", "if", "ief",
         "al", "el", "iel", "ar", "air", "ien", "eu", "teu", "ateu", "ist", "ism", "ag", "abl", "ibl", "anc", "enc",
         "it", "abilit", "ibilit", "arit", "iqu", "isch", "ic", "ing", "heid", "lijk", "eren", "ier",
         "iseren", "isat", "isation", "isering", "isati", "ering", "enc", "anci", "atoir", "atief", "atif", "aar"],
        key=len,
        reverse=True,
    )
)  # fmt: skip
_MIN_ROOT = 5  #: letters that must remain: what is shorter is shared by strangers
_SOUNDS = (("ph", "f"), ("th", "t"), ("qu", "k"), ("y", "i"))
_DOUBLED = re.compile(r"(.)\1")


@lru_cache(maxsize=65_536)
def family(form: str) -> str:
    """What the relatives of a normalised word share, French and Dutch spelling of one sound made alike.

    vaccination, vaccinal, vacciner, vaccineren → vacin; psychologue, psycholoog, psychologie → psicolog.
    """
    if form.isdigit():
        return form
    root = form[:-1] if form.endswith("gu") else form
    for ending in _DERIVED:
        least = _MIN_ROOT - (ending == "ing")
        if form.endswith(ending) and len(form) - len(ending) >= least:
            shorter = normalise(_closed(form[: -len(ending)]))
            root = shorter if len(shorter) >= least else root
            break
    for spelt, sound in _SOUNDS:
        root = root.replace(spelt, sound)
    return _DOUBLED.sub(r"\1", root) if len(form) > _MIN_ROOT else root
