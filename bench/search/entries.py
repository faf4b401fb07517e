"""Entries by the thousand that keep the real vocabulary's distribution: real clauses of the shipped catalogue, mixed.

A generated entry takes the type, themes, basins, audiences, languages and cost of a real one, and the clauses of real
entries that share a theme with it, in the same order of magnitude of length; words and concepts therefore occur as
often, relatively, as they do in the catalogue. Its title ends with a serial word of its own, so that vocabulary grows.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from search.documents import Document, to_document

_CLAUSE = re.compile(r"[^.;:,()]+[.;:,()]*\s*")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def shipped() -> list[dict[str, Any]]:
    """The real entries."""
    text = files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def generated(count: int, seed: int = 4) -> Iterator[Document]:
    """`count` documents: the real ones first, then mixed ones. The same seed gives the same documents."""
    rng = random.Random(seed)
    real = shipped()
    by_theme: dict[str, list[dict[str, Any]]] = {}
    for entry in real:
        for theme in entry["themes"]:
            by_theme.setdefault(theme, []).append(entry)
    for number in range(count):
        added = _EPOCH + timedelta(minutes=number)
        if number < len(real):
            yield to_document(_without_none(real[number]), added=added)
            continue
        base = rng.choice(real)
        alike = by_theme[rng.choice(base["themes"])]
        yield to_document(_without_none(_mixed(base, alike, number, rng)), added=added)


def _mixed(base: dict[str, Any], alike: list[dict[str, Any]], number: int, rng: random.Random) -> dict[str, Any]:
    title, summary = ({lang: _mix(alike, name, lang, rng) for lang in ("fr", "nl")} for name in ("title", "summary"))
    serial = f"{rng.choice('bcdfgklmnprstv')}{rng.choice('aeiou')}{number:x}".translate(
        str.maketrans("0123456789", "ghijklmnop")
    )
    title = {lang: f"{text.strip(' .,;:()')} {serial}"[:200] for lang, text in title.items() if lang in base["title"]}
    return {
        **base,
        "id": f"entry-{number}",
        "title": title or {"fr": serial},
        "summary": {lang: text[:500] for lang, text in summary.items()},
        "organisations": [{"name": f"{rng.choice(alike)['organisations'][0]['name']} {serial}"}],
        "contact": {},
    }


def _mix(entries: list[dict[str, Any]], name: str, lang: str, rng: random.Random) -> str:
    wanted = len(_CLAUSE.findall(rng.choice(entries)[name].get(lang, ""))) or 1
    clauses = []
    for _ in range(wanted):
        clauses.append(rng.choice(_CLAUSE.findall(rng.choice(entries)[name].get(lang, "")) or [""]))
    return "".join(clauses)


def _without_none(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}
