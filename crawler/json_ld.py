"""schema.org data in JSON-LD blocks, read leniently: a damaged block costs itself at most, often nothing.

Seen in the wild: line breaks inside strings, trailing commas, HTML comments and CDATA around the block, two
documents in one block, a byte order mark, escaped entities, a cut end.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup

from crawler.html import Node, squeeze

MAX_BLOCK_CHARACTERS = 256_000
MAX_DEPTH = 64
MAX_ITEMS = 2_000
MAX_PROPERTY_CHARACTERS = 20_000

_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)+|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/|;)+\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_DECODER = json.JSONDecoder(strict=False)

Item = Mapping[str, Any]


def read_items(root: Node) -> list[Item]:
    """Every object with an @type in the page's JSON-LD blocks, outermost first. Never raises."""
    items: list[Item] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            for document in parse_block(script.text or ""):
                items.extend(_flatten(document))
                if len(items) > MAX_ITEMS:
                    return items[:MAX_ITEMS]
    return items


def parse_block(text: str) -> list[Any]:
    """The JSON documents in one block, repaired where needed; an empty list where nothing can be saved."""
    text = text[:MAX_BLOCK_CHARACTERS].strip().lstrip("\ufeff")
    text = _WRAPPING.sub("", text).strip()
    for candidate in (
        text,
        _TRAILING_COMMA.sub(r"\1", text),
        _TRAILING_COMMA.sub(r"\1", html.unescape(text)),
        _closed(text),
    ):
        if _deepest(candidate) <= MAX_DEPTH and (documents := _documents(candidate)):
            return documents
    return []


def _documents(text: str) -> list[Any]:
    """As many whole documents as stand one after the other."""
    documents, position = [], 0
    while position < len(text):
        start = re.compile(r"[\[{]").search(text, position)
        if start is None:
            break
        try:
            document, position = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            break
        documents.append(document)
    return documents


def _closed(text: str) -> str:
    """A block that was cut, closed after its last whole member."""
    cut = text[: text.rfind(",")] if "," in text else text
    stack, quoted, escaped = [], False, False
    for character in cut:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = quoted
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in "{[":
            stack.append("}" if character == "{" else "]")
        elif not quoted and character in "}]" and stack:
            stack.pop()
    return _TRAILING_COMMA.sub(r"\1", cut + ('"' if quoted else "") + "".join(reversed(stack)))


def _deepest(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "}]":
            depth -= 1
    return deepest


def _flatten(document: Any) -> Iterator[Item]:
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value
        elif isinstance(value, dict):
            if types(value):
                yield value
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "subEvent", "about"):
                if isinstance(value.get(key), dict | list):
                    waiting.append(value[key])


def types(item: Item) -> list[str]:
    """The short names of an item's types."""
    value = item.get("@type") or []
    values = value if isinstance(value, list) else [value]
    return [re.split(r"[/#:]", name)[-1] for name in values if isinstance(name, str)]


def text(value: Any) -> str:
    """A property as plain text: the first of several, the name or value of an object; "" where there is none."""
    for _ in range(8):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("value") or ""
        else:
            break
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    plain = html.unescape(str(value)[:MAX_PROPERTY_CHARACTERS])
    if "<" in plain:  # plugins put whole paragraphs of HTML into a description
        with suppress(ParserRejectedMarkup):
            plain = BeautifulSoup(plain, "html.parser").get_text(" ")
    return squeeze(plain)[:2000]


def objects(value: Any) -> list[Item]:
    """The objects in a property that may hold one or several."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]
