"""Misconceptions ("le vaccin donne la grippe"), their answers and the tools that deal with them.

No answer has been reviewed by a curator yet; whoever shows one says so and names its sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from directory.taxonomy import load_data


@dataclass(frozen=True)
class Misconception:
    """`statement` and `answer` are {language: text}; `tools` are resource ids."""

    id: str
    theme: str
    statement: Mapping[str, str]
    answer: Mapping[str, str]
    sources: tuple[str, ...]
    tools: tuple[str, ...]


@cache
def misconceptions() -> Mapping[str, Misconception]:
    """The shipped misconceptions by id, read once."""
    return {
        item["id"]: Misconception(**{**item, "sources": tuple(item["sources"]), "tools": tuple(item["tools"])})
        for item in load_data("misconceptions.json")
    }
