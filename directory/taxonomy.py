"""The value lists: types, themes, basins, audiences, cost and link kinds, easy-read levels. They exist once, here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from directory.errors import DataFileError

LANGUAGES = ("fr", "nl", "en")  #: the interface's languages, in the order content falls back
REGION = "region"  #: the basin value of what serves all of Brussels


@dataclass(frozen=True)
class Term:
    """One value of a list. Texts are {language: text}; empty where the list has none."""

    id: str
    label: Mapping[str, str]
    plural: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    site: Mapping[str, str] = field(default_factory=dict)


class TermList(Mapping[str, Term]):
    """Terms by id, in the file's order."""

    def __init__(self, name: str, terms: list[Term]) -> None:
        self.name = name
        self._terms = {term.id: term for term in terms}
        if len(self._terms) != len(terms):
            raise DataFileError("taxonomy.json", f"{name} names a term twice.")

    def __getitem__(self, key: str) -> Term:
        return self._terms[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)


@dataclass(frozen=True)
class Taxonomy:
    """All lists together."""

    type_groups: TermList
    types: TermList
    themes: TermList
    audiences: TermList
    basins: TermList
    cost_kinds: TermList
    link_kinds: TermList
    easy_read_levels: TermList


def load_data(name: str) -> Any:
    """A shipped data file, parsed."""
    return json.loads(files("directory").joinpath("data", name).read_text(encoding="utf-8"))


@cache
def taxonomy() -> Taxonomy:
    """The shipped taxonomy, read once."""
    data = load_data("taxonomy.json")
    return Taxonomy(**{name: TermList(name, [_term(name, item) for item in items]) for name, items in data.items()})


def label(texts: Mapping[str, str], lang: str) -> str:
    """The text in `lang`, else in the first language there is; "" where there is none."""
    return texts[language] if (language := pick_language(texts, lang)) else ""


def pick_language(texts: Mapping[str, Any], lang: str) -> str | None:
    """The language in which a multilingual text is shown to a reader of `lang`; None where it is empty."""
    return next((language for language in (lang, *LANGUAGES) if texts.get(language)), None)


def _term(name: str, item: dict[str, Any]) -> Term:
    missing = [language for language in LANGUAGES if not item.get("label", {}).get(language)]
    if missing:
        raise DataFileError("taxonomy.json", f"{name}/{item.get('id')} has no label in {', '.join(missing)}.")
    site = {"fr": item.get("site"), "nl": item.get("site_nl")}
    return Term(
        id=item["id"],
        label=item["label"],
        plural=item.get("plural", {}),
        short=item.get("short", {}),
        description=item.get("description", item.get("definition", {})),
        group=item.get("group"),
        site={language: url for language, url in site.items() if url},
    )
