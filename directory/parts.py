"""The parts of an entry, each by itself, and two entries made of them: what a split shares out. Pure.

Laws: every part stands in at least one of the two; what is said to stay, go or do both does just that; where everything
stays, the entry that stays is what it was.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from directory.taxonomy import LANGUAGES

Side = Literal["here", "there", "both"]
SIDES: tuple[Side, ...] = ("here", "there", "both")

_TEXTS = ("title", "summary", "description")
_HOW_MADE = ("steps", "partners", "effort", "obstacles")
_LISTS = ("organisations", "links", "occurrences", "languages", "themes", "basins", "audiences", "myths", "keywords")
_WHOLES = ("easy_read", "recurring", "contact", "location", "verified_on")
#: What both have to have, or could not be published: no part of its own.
_SHARED = ("type", "cost", "source", "status")
#: Where the parts of these stand unless somebody says otherwise; the rest stays.
_BOTH = frozenset(["title", "organisations", "languages", "themes", "basins", "audiences"])


@dataclass(frozen=True)
class Part:
    """`key` dotted: "title.fr", "links.0", "contact". `field`: that of the entry; `language`: of a text, or a link."""

    key: str
    field: str
    value: Any
    language: str | None = None


def list_parts(document: Mapping[str, Any]) -> list[Part]:
    """Everything that can go to one side or the other, in the order of the form."""
    found = [_text(name, language, text) for name in _TEXTS for language, text in (document.get(name) or {}).items()]
    for name in _LISTS:
        for number, value in enumerate(document.get(name) or ()):
            language = value.get("language") if isinstance(value, Mapping) else value if name == "languages" else None
            found.append(Part(f"{name}.{number}", name, value, str(language)[:2] if language else None))
    found += [Part(name, name, document[name]) for name in _WHOLES if document.get(name) is not None]
    how_made = document.get("how_made") or {}
    for part in _HOW_MADE:
        found += [_text(f"how_made.{part}", language, text) for language, text in (how_made.get(part) or {}).items()]
    if since := how_made.get("recurring_since"):
        found.append(Part("how_made.recurring_since", "how_made", since))
    return found


def usual_side(part: Part, language: str | None = None) -> Side:
    """Where a part stands unless somebody says otherwise. `language`: the one that is to go there, if one is."""
    if language is not None and part.language is not None:
        return "there" if part.language[:2] == language else "here"
    return "both" if part.field in _BOTH else "here"


def take_apart(
    document: Mapping[str, Any], sides: Mapping[str, Side], *, new_id: str, title: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The entry that stays, with its version, and the new one. A part that `sides` does not name stands where it usually does.

    `title`: texts of the new one's title that are written anew, by language. Both unchecked.
    """
    kept: dict[str, Any] = {"id": document["id"], "version": document["version"]}
    other: dict[str, Any] = {"id": new_id}
    for name in (*_TEXTS, *_LISTS):
        if name in document:
            for made in (kept, other):
                made[name] = {} if name in _TEXTS else []
    for made in (kept, other):
        made |= {name: copy.deepcopy(document[name]) for name in _SHARED if name in document}
    for part in list_parts(document):
        side = sides.get(part.key, usual_side(part))
        for made, wanted in ((kept, "here"), (other, "there")):
            if side in (wanted, "both"):
                _put(made, part)
    written = {**other.get("title", {}), **{language: text for language, text in title.items() if text}}
    other["title"] = {language: written[language] for language in LANGUAGES if language in written}
    return kept, other


def _text(field: str, language: str, text: str) -> Part:
    return Part(f"{field}.{language}", field.partition(".")[0], text, language)


def _put(made: dict[str, Any], part: Part) -> None:
    if part.field in _LISTS:
        made[part.field].append(copy.deepcopy(part.value))
        return
    *path, last = part.key.split(".")
    for name in path:
        made = made.setdefault(name, {})
    made[last] = copy.deepcopy(part.value)
