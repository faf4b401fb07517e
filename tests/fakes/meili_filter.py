"""The filter language of Meilisearch 1.50, as far as Senne uses it: =, !=, IN, TO, STARTS WITH, EXISTS, NOT, AND, OR.

Written from the grammar in the server's filter-parser, and on purpose not from Senne's own filter builder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

Condition = Callable[["Held"], bool]
_TOKEN = re.compile(
    r"\s*(?:(?P<single>'(?:[^'\\]|\\.)*')|(?P<double>\"(?:[^\"\\]|\\.)*\")|(?P<word>[\w.-]+)|(?P<sign>!=|=|[()\[\],]))"
)
_KEYWORDS = {"AND", "OR", "IN", "NOT", "TO", "EXISTS", "IS", "NULL", "EMPTY", "CONTAINS", "STARTS", "WITH"}
_MAX_DEPTH = 200


class InvalidFilter(ValueError):
    """The server's invalid_search_filter."""


def normalize(value: Any) -> str:
    """A facet value as the server compares it: decomposed, lower case; accents stay."""
    return unicodedata.normalize("NFKD", str(value).strip()).lower()


class Held(dict[str, Any]):
    """A document in the fake; remembers the comparable values of its attributes."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self._normal: dict[str, frozenset[str]] = {}

    def normal(self, attribute: str) -> frozenset[str]:
        """The attribute's values as the server compares them."""
        if attribute not in self._normal:
            self._normal[attribute] = frozenset(normalize(value) for value in values_of(self, attribute))
        return self._normal[attribute]


def values_of(document: Mapping[str, Any], attribute: str) -> list[Any]:
    """The values of an attribute; none for null or absent."""
    value = document.get(attribute)
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def parse_filter(text: Any, filterable: list[str]) -> Condition:
    """A filter in any of its forms: a string, or a list (all of) of strings and lists (any of)."""
    if isinstance(text, str):
        return _Parser(text, filterable).parse() if text.strip() else (lambda _document: True)
    parts = [
        _any([parse_filter(inner, filterable) for inner in part])
        if isinstance(part, list)
        else parse_filter(part, filterable)
        for part in text
    ]
    return _all(parts)


def _any(parts: list[Condition]) -> Condition:
    return lambda document: any(part(document) for part in parts)


def _all(parts: list[Condition]) -> Condition:
    return lambda document: all(part(document) for part in parts)


class _Parser:
    def __init__(self, text: str, filterable: list[str]) -> None:
        self._filterable = filterable
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if not found:
                raise InvalidFilter(f"Was expecting an operation near {text[position : position + 40]!r}.")
            kind = str(found.lastgroup)
            value = found[kind]
            if kind in {"single", "double"}:
                value, kind = re.sub(r"\\(.)", r"\1", value[1:-1]), "value"
            elif kind == "word":
                kind = "keyword" if value in _KEYWORDS else "value"
            self._tokens.append((kind, value))
            position = found.end()
        self._at = 0

    def parse(self) -> Condition:
        condition = self._or(0)
        if self._at != len(self._tokens):
            raise InvalidFilter("Found unexpected characters at the end of the filter.")
        return condition

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, kind: str, value: str | None = None) -> str:
        found = self._peek()
        if found[0] != kind or (value is not None and found[1] != value):
            raise InvalidFilter(f"Was expecting {value or 'a ' + kind} but instead got {found[1] or 'nothing'}.")
        self._at += 1
        return found[1]

    def _next_is(self, kind: str, value: str) -> bool:
        if self._peek() == (kind, value):
            self._at += 1
            return True
        return False

    def _or(self, depth: int) -> Condition:
        if depth > _MAX_DEPTH:
            raise InvalidFilter("The filter exceeded the maximum depth limit.")
        parts = [self._and(depth + 1)]
        while self._next_is("keyword", "OR"):
            parts.append(self._and(depth + 1))
        return _any(parts)

    def _and(self, depth: int) -> Condition:
        parts = [self._not(depth + 1)]
        while self._next_is("keyword", "AND"):
            parts.append(self._not(depth + 1))
        return _all(parts)

    def _not(self, depth: int) -> Condition:
        if self._next_is("keyword", "NOT"):
            inner = self._not(depth + 1)
            return lambda document: not inner(document)
        if self._next_is("sign", "("):
            inside = self._or(depth + 2)
            self._take("sign", ")")
            return inside
        return self._condition()

    def _condition(self) -> Condition:
        attribute = self._take("value")
        if attribute not in self._filterable:
            raise InvalidFilter(f"Attribute `{attribute}` is not filterable.")
        if self._next_is("sign", "="):
            return self._equals(attribute, [self._take("value")])
        if self._next_is("sign", "!="):
            equal = self._equals(attribute, [self._take("value")])
            return lambda document: not equal(document)
        if self._next_is("keyword", "EXISTS"):
            return lambda document: attribute in document
        if self._next_is("keyword", "NOT"):
            if self._next_is("keyword", "EXISTS"):
                return lambda document: attribute not in document
            self._take("keyword", "IN")
            inside = self._equals(attribute, self._list())
            return lambda document: not inside(document)
        if self._next_is("keyword", "IN"):
            return self._equals(attribute, self._list())
        if self._next_is("keyword", "STARTS"):
            self._take("keyword", "WITH")
            prefix = normalize(self._take("value"))
            return lambda document: any(value.startswith(prefix) for value in document.normal(attribute))
        low = normalize(self._take("value"))
        self._take("keyword", "TO")
        high = normalize(self._take("value"))
        return lambda document: any(low <= value <= high for value in document.normal(attribute))

    def _list(self) -> list[str]:
        self._take("sign", "[")
        values: list[str] = []
        while not self._next_is("sign", "]"):
            values.append(self._take("value"))
            if not self._next_is("sign", ","):
                self._take("sign", "]")
                break
        return values

    @staticmethod
    def _equals(attribute: str, values: list[str]) -> Condition:
        wanted = {normalize(value) for value in values}
        return lambda document: not wanted.isdisjoint(document.normal(attribute))
