"""What reading finds: a value with the quote it rests on, where that stands, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, TypeVar

from crawler.html import Node, css_path
from directory.text import Word, words

T = TypeVar("T")

MAX_QUOTE = 240  #: characters of evidence: enough to judge, no copy of the page


@dataclass(frozen=True, kw_only=True)
class Fact(Generic[T]):
    """One field's value. confidence: the share of such findings that proved right, 0 to 1."""

    value: T
    quote: str
    place: str
    confidence: float


@dataclass(frozen=True)
class Line:
    """One run of text of a page or PDF.

    tag: its block element ("p", "li", "row"…; "" in a PDF); level: 1–6 for headings, else 0; link_share: of its
    characters in links, 0 to 1; place: where it stands, worked out when asked.
    """

    text: str
    tag: str = "p"
    level: int = 0
    link_share: float = 0.0
    node: Node | None = None
    page: int | None = None

    @cached_property
    def words(self) -> Sequence[Word]:
        """Its words, taken apart once for all who read the line."""
        return words(self.text)

    @property
    def place(self) -> str:
        """CSS path, or `page 3`."""
        return css_path(self.node) if self.node is not None else f"page {self.page or 1}"


def cut_quote(text: str, start: int = 0, end: int | None = None) -> str:
    """The part of a text around a finding, cut at words, at most MAX_QUOTE characters."""
    end = len(text) if end is None else end
    if len(text) <= MAX_QUOTE:
        return text
    room = max(0, MAX_QUOTE - (end - start)) // 2
    first, last = max(0, start - room), min(len(text), max(end, start) + room, max(0, start - room) + MAX_QUOTE)
    if first:
        first = text.find(" ", first) + 1 if " " in text[first:start] else first
    if last < len(text):
        last = text.rfind(" ", end, last) if " " in text[end:last] else last
    return ("… " if first else "") + text[first:last].strip() + (" …" if last < len(text) else "")


def best(facts: Sequence[Fact[T]]) -> Fact[T] | None:
    """The surest of several findings; the first of equals."""
    return max(facts, key=lambda fact: fact.confidence, default=None)


def agreed(
    fact: Fact[T] | None, others: Sequence[T], same: Callable[[T, T], bool], gain: float = 0.1
) -> Fact[T] | None:
    """A finding made surer where others say the same."""
    if fact is None:
        return None
    votes = sum(same(fact.value, other) for other in others)
    return replace(fact, confidence=min(0.99, fact.confidence + gain * votes))
