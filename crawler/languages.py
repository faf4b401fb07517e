"""In which language a text is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: What Brussels' pages are written in; a model free to choose takes short Dutch for Afrikaans.
KNOWN = ("fr", "nl", "en", "de", "es", "it", "pt", "tr", "ar", "ro", "pl", "uk", "ru")
MIN_LETTERS = 25  #: below, no answer is better than a guess
_TEXT_CHARACTERS = 3_000  #: more text changes nothing

_MARKERS = {
    "fr": frozenset("le la les des du un une et est dans pour avec sur nous vous qui que au aux ou par ne pas".split()),  # noqa: SIM905
    "nl": frozenset("de het een en van voor met op is zijn wij je u die dat bij naar niet ook of aan te om".split()),  # noqa: SIM905
    "en": frozenset("the and of to in for with is are you we that on at by from or not your our this".split()),  # noqa: SIM905
}


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(KNOWN))
    return identifier


def detect(text: str, declared: str = "") -> tuple[str | None, float]:
    """The language of a text and how sure that is; (None, 0.0) below MIN_LETTERS letters.

    `declared`: what the page claims (`fr-BE`). It decides where the text is not clear; a clear text overrules it,
    for pages that say one language and are another.
    """
    claimed = primary(declared)
    letters = sum(character.isalpha() for character in text[:_TEXT_CHARACTERS])
    if letters < MIN_LETTERS:
        return None, 0.0
    found, probability = _identifier().classify(text[:_TEXT_CHARACTERS])
    found, probability = str(found), float(probability)
    if found == claimed:
        return found, min(0.99, 0.9 + probability / 10)
    marked = _by_markers(text[:_TEXT_CHARACTERS])
    if claimed in KNOWN:
        # the model must be sure, and the small words must not speak for the claim
        clear = letters >= 60 and probability > 0.9 and marked.get(claimed, 0) < marked.get(found, 0) + 1
        return (found, 0.9 * probability) if clear else (claimed, 0.75)
    best = max(marked, key=lambda language: marked[language], default=found)
    if best != found and marked.get(best, 0) >= 3 + 2 * marked.get(found, 0):
        return best, 0.8
    return found, max(0.5, 0.95 * probability)


_LEAST_SHARE = 0.25  #: of a text that is in two languages, what the lesser has
_LEAST_LETTERS = 100
_SHARED = frozenset(("de", "en", "of", "is", "we", "on", "or", "met", "te"))  #: small words of two of the languages


def languages_beside(lines: Iterable[str], own: str) -> list[str]:
    """Further languages (fr, nl, en) that whole lines of a text are written in, by their small words."""
    letters: Counter[str] = Counter()
    for line in lines:
        size = sum(character.isalpha() for character in line)
        if size < 40:
            continue
        spoken = re.findall(r"[^\W\d_]+", line.lower())
        marked = {language: sum(word in words - _SHARED for word in spoken) for language, words in _MARKERS.items()}
        best, second = sorted(marked, key=lambda language: -marked[language])[:2]
        if marked[best] >= 3 and marked[best] >= marked[second] + 2:
            letters[best] += size
    total = sum(letters.values())
    return [
        language
        for language, size in letters.most_common()
        if language != own and size >= _LEAST_LETTERS and size >= _LEAST_SHARE * total
    ]


def _by_markers(text: str) -> dict[str, int]:
    """How many small words of each language the text holds."""
    spoken = re.findall(r"[^\W\d_]+", text.lower())
    return {language: sum(word in markers for word in spoken) for language, markers in _MARKERS.items()}


def primary(tag: str) -> str:
    """The language of a tag without region: `fr-BE` → fr; "" where it is none."""
    match = re.match(r"[a-z]{2,3}(?=$|[-_])", tag.strip().lower())
    return match.group() if match else ""
