"""A page or PDF as the extractors see it: lines of text with their places, links, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from crawler.findings import Line
from crawler.head import Head
from crawler.html import Node, absolute, text_of
from crawler.main_text import MainText, read_blocks
from crawler.site_names import SiteName
from directory.text import words

MAX_READ = 60_000  #: characters; 25 printed pages
MAX_LINE = 3_000
MAX_WORD = 200
_ENDLESS = re.compile(rf"\S{{{MAX_WORD + 1},}}")


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the main text. address: absolute, http(s), without fragment."""

    address: str
    text: str
    line: str  #: the text of the block around it, for "Inscription : ici"
    node: Node | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is read. `framing`: lines of header, footer and side columns: who the site belongs to, how to reach it."""

    url: str
    lines: Sequence[Line]
    head: Head
    source: Mapping[str, Any]
    fetched_on: date
    links: Sequence[Link] = ()
    framing: Sequence[Line] = ()
    root: Node | None = None
    main: Node | None = None
    is_pdf: bool = False
    language: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    site_names: Sequence[SiteName] = ()  #: the surest first

    @property
    def text(self) -> str:
        """What is read of the main text, one line of it a line."""
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def plain_words(self) -> frozenset[str]:
        """Folded words that the page writes in small letters, or that name the site: none of them is a person's name."""
        small = {word.folded for line in self.lines for word in line.words if line.text[word.start].islower()}
        named = {word.folded for name in self.site_names for word in words(name.name)}
        return frozenset(small | named)

    @property
    def host(self) -> str:
        """The host without `www.`."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def origin(self) -> str:
        """The site's address."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/"

    @property
    def path(self) -> str:
        """The path of the address, as it is."""
        return urlsplit(self.url).path

    @property
    def first(self) -> Line:
        """The first line, to point at where nothing better is known."""
        return self.lines[0] if self.lines else Line("", node=self.main)


def lines_of(main: MainText) -> list[Line]:
    """The blocks of a main text as lines."""
    return readable([Line(block.text, block.tag, block.level, block.link_share, block.node) for block in main.blocks])


def readable(lines: Sequence[Line]) -> list[Line]:
    """The lines that fields are looked for in: the first MAX_READ characters, none longer than MAX_LINE, no endless word.

    Patterns take time by the square of a line's length; no sentence comes near these limits.
    """
    found: list[Line] = []
    size = 0
    for line in lines:
        for text in _pieces(_ENDLESS.sub(lambda word: word.group()[:MAX_WORD], line.text)):
            found.append(line if text == line.text else replace(line, text=text))
            size += len(text)
            if size > MAX_READ:
                return found
    return found


def _pieces(text: str) -> Iterator[str]:
    """A text cut at spaces into pieces of at most MAX_LINE characters."""
    while len(text) > MAX_LINE:
        cut = text.rfind(" ", 1, MAX_LINE)
        cut = cut if cut > 0 else MAX_LINE
        yield text[:cut]
        text = text[cut:].strip()
    yield text


def framing_lines(main: MainText, body: Node) -> list[Line]:
    """The text outside the main element, without menus and scripts."""
    inside = set(main.node.iter())
    lines: list[Line] = []
    for frame in body.iter("footer", "address", "header", "aside", "div"):
        if frame in inside or (frame.tag == "div" and frame not in main.frames):
            continue
        skip = set(frame.iter("nav", "form", "script", "style"))
        lines += [
            Line(block.text, block.tag, block.level, block.link_share, block.node)
            for block in read_blocks(frame, skip)
            if block.link_share < 0.9 or any(character.isdigit() or character == "@" for character in block.text)
        ]
        if len(lines) > 200:
            break
    return readable(lines)


def links_of(main: MainText, url: str) -> list[Link]:
    """The links in the main text, in reading order, each address once."""
    seen: dict[str, Link] = {}
    for anchor in main.node.iter("a"):
        if any(ancestor in main.frames for ancestor in anchor.iterancestors()) or anchor in main.frames:
            continue
        address = absolute(url, anchor.get("href"))
        if address and address not in seen:
            parent = anchor.getparent()
            around = text_of(parent)[:200] if parent is not None else ""
            text = text_of(anchor)[:200] or (anchor.get("title") or anchor.get("aria-label") or "")[:200]
            seen[address] = Link(address, text, around, anchor)
        if len(seen) >= 500:
            break
    return list(seen.values())


_IMPRINT = re.compile(
    r"©|\(c\)|copyright|tous droits|all rights|alle rechten|mentions légales|n° d['’]entreprise|ondernemingsnummer|\bBCE\b|\bKBO\b|\bTVA\b|\bBTW\b|politique de confidentialité|privacyverklaring",
    re.IGNORECASE,
)
_MAX_IMPRINT = 6  #: lines at the end of a page without a footer element


def without_imprint(lines: Sequence[Line], names: Sequence[str]) -> tuple[list[Line], list[Line]]:
    """(lines of the page's own, lines of the site's imprint at their end), for pages that mark no footer.

    The imprint begins where one of the last lines names the site with an address or number, or speaks of rights.
    """
    kept = list(lines)
    for position in range(max(3, len(kept) - _MAX_IMPRINT), len(kept)):
        text = kept[position].text
        named = any(name and text.casefold().startswith(name.casefold()) for name in names)
        if (named and any(character.isdigit() for character in text) and not kept[position].level) or _IMPRINT.search(
            text[:200]
        ):
            return kept[:position], kept[position:]
    return kept, []
