"""Texts that exist in several languages: which one a reader sees, and in which language it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from directory.taxonomy import REGION, pick_language


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as a page shows it. `lang`: its language, None where it is the reader's own."""

    html: Markup
    lang: str | None

    def __bool__(self) -> bool:
        return bool(self.html)

    def __html__(self) -> str:
        return self.html


NOTHING = Shown(Markup(""), None)


def show(texts: Mapping[str, str] | None, lang: str, *, html: str | None = None) -> Shown:
    """The text for a reader of `lang`. `html`: the same text already as safe HTML (a highlight)."""
    language = pick_language(texts or {}, lang)
    if texts is None or language is None:
        return NOTHING
    shown = Markup(html) if html else escape(texts[language])  # noqa: S704 - highlights are escaped by search
    return Shown(shown, None if language == lang else language)


def is_regional(basins: object) -> bool:
    """True where a resource serves all of Brussels."""
    return isinstance(basins, list | tuple) and REGION in basins
