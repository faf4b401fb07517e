"""A short extract of a page, between quotation marks: the curator writes the summary in own words."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rapidfuzz import fuzz

from crawler.document import Document
from crawler.findings import Fact, Line
from crawler.people import find_unknown_names, names_person
from directory.text import fold, words

MAX_EXTRACT = 300
_QUOTES = {"fr": ("« ", " »"), "nl": ("‘", "’"), "en": ("“", "”")}
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Þ«“‘0-9])")


def find_extract(document: Document, title: str, language: str) -> Fact[str] | None:
    """The page's description or its opening sentences, marked as an extract; None where it has no prose."""
    description = document.head.meta.get("description") or document.head.meta.get("og:description", "")
    known = {*document.plain_words, *(word.folded for word in words(title))}
    if _is_own(description, document, title, known):
        return Fact(
            value=quoted(description, language),
            quote=description[:MAX_EXTRACT],
            place="meta[name='description']",
            confidence=0.7,
        )
    lines = [line for line in document.lines if _is_prose(line, title, known)]
    if not lines:
        return None
    return Fact(
        value=quoted(_opening(lines), language), quote=lines[0].text[:240], place=lines[0].place, confidence=0.75
    )


def quoted(text: str, language: str) -> str:
    """Text in the quotation marks of its language, cut at a sentence or word; with an ellipsis where it was cut."""
    text = text.strip(' «»“”"‘')
    if len(text) > MAX_EXTRACT:
        cut = text[:MAX_EXTRACT]
        sentence = max(cut.rfind(end) for end in (". ", "! ", "? "))
        text = cut[: sentence + 1] if sentence > 120 else cut.rsplit(" ", 1)[0].rstrip(" ,;:(") + " […]"
    start, end = _QUOTES.get(language, _QUOTES["en"])
    return f"{start}{text}{end}"


def _is_own(description: str, document: Document, title: str, known: Collection[str]) -> bool:
    """Whether a description is the page's, not the site's slogan; its words must stand in the text too."""
    if (
        len(description) < 60
        or fold(description) == fold(title)
        or names_person(description)
        or find_unknown_names(description, known)
    ):
        return False
    spoken = set(re.findall(r"[^\W\d_]{5,}", fold(description)))
    return bool(spoken) and len(spoken & set(re.findall(r"[^\W\d_]{5,}", fold(document.text[:6000])))) >= 0.6 * len(
        spoken
    )


def _is_prose(line: Line, title: str, known: Collection[str]) -> bool:
    text = line.text
    return (
        not line.level
        and len(text) >= 40
        and line.link_share < 0.5
        and " " in text
        and fuzz.ratio(fold(text[:200]), fold(title)) < 85
        and sum(character.isalpha() for character in text) > 0.6 * len(text)
        and not names_person(text[:MAX_EXTRACT])
        and not find_unknown_names(text[:MAX_EXTRACT], known)
        and not re.match(
            r"(?:publi[ée]|post[ée]|mis à jour|gepubliceerd|gepost|posted|updated|©|par |door |by )",
            text,
            re.IGNORECASE,
        )
    )


def _opening(lines: Sequence[Line]) -> str:
    parts: list[str] = []
    for line in lines[:3]:
        for sentence in _SENTENCE.split(line.text):
            if parts and len(" ".join(parts)) + len(sentence) > MAX_EXTRACT:
                return " ".join(parts)
            parts.append(sentence)
        if len(" ".join(parts)) > 140:
            break
    return " ".join(parts)
