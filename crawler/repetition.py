"""What repeats in a page: blocks of one kind that each lead to a page of their own, as listings have."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.document import Document
from crawler.html import Node, absolute, text_of
from crawler.resource_types import spaced


@dataclass(frozen=True)
class Repetition:
    """The largest group of alike blocks that each lead to a page of their own. share: of the main text's characters."""

    items: int
    share: float
    documents: int  #: of them lead to files
    addresses: frozenset[str]


_BESIDE = re.compile(
    r"(?<![a-z])(?:autres?|aussi|egalement|similaires?|lie(?:e)?s|meme (?:theme|rubrique|sujet)|andere|ook|meer|gerelateerd\w*|related|more|other|also|en savoir plus|pour aller plus loin|lees verder|liens utiles|nuttige links|suivants?|precedents?)(?![a-z])"
)


def leads_beside(heading: str) -> bool:
    """Whether a heading stands over what is beside the page's subject: "autres activités", "lees ook"."""
    return _BESIDE.search(spaced(heading)) is not None


def find_repetition(document: Document) -> Repetition:
    """What repeats in the main text: siblings of one kind, each with a link to another page of the site."""
    if document.main is None:
        return Repetition(0, 0.0, 0, frozenset())
    total = max(len(text_of(document.main)), 1)
    best = Repetition(0, 0.0, 0, frozenset())
    groups: dict[tuple[Node, str, str], list[Node]] = defaultdict(list)
    beside = False  # under a heading such as "our other courses"
    for node in document.main.iter("li", "article", "div", "tr", "section", "h2", "h3", "h4", "dt", "a", "p"):
        if node.tag in {"h2", "h3", "h4"} and node.find(".//a") is None:
            beside = leads_beside(text_of(node))
        parent = node.getparent()
        if parent is not None and not beside:
            groups[(parent, str(node.tag), _look(node))].append(node)
    for (_, tag, _look_of), nodes in groups.items():
        if len(nodes) < 2:
            continue
        addresses: list[str] = []
        size = 0
        for node in nodes:
            if address := _leads_to(node, document):
                addresses.append(address)
                size += _size(node) if tag in {"h2", "h3", "h4"} else len(text_of(node))
        distinct = set(addresses)
        if len(distinct) < 2 or len(distinct) < 0.6 * len(nodes):
            continue
        if tag == "p" and size / len(nodes) > 200:
            continue
        share = min(1.0, size / total)
        if share * min(len(distinct), 6) > best.share * min(best.items + best.documents, 6):
            files = sum(_FILE.search(address) is not None for address in distinct)
            best = Repetition(len(distinct) - files, share, files, frozenset(distinct))
    return best


_FILE = re.compile(r"\.(?:pdf|docx?|pptx?|xlsx?|zip|odt)$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg)$", re.IGNORECASE)


def _look(node: Node) -> str:
    names = (node.get("class") or "").split()
    return Counter(re.sub(r"\d+", "", name) for name in names[:1]).most_common(1)[0][0] if names else ""


def _size(heading: Node) -> int:
    """Characters of a heading and what follows it up to the next of its kind."""
    size = len(text_of(heading))
    for sibling in heading.itersiblings():
        if sibling.tag == heading.tag:
            break
        if isinstance(sibling.tag, str):
            size += len(text_of(sibling))
    return size


def _leads_to(node: Node, document: Document) -> str | None:
    """The page that an item is about: its first link with words to another page of the site."""
    anchors = [node] if node.tag == "a" else list(node.iter("a"))
    host = (urlsplit(document.url).hostname or "").removeprefix("www.")
    for anchor in anchors[:4]:
        address = absolute(document.url, anchor.get("href"))
        if not address or address == document.url or not (text_of(anchor) or anchor.find(".//img") is not None):
            continue
        parts = urlsplit(address)
        if (parts.hostname or "").removeprefix("www.") == host and not _PICTURE.search(parts.path):
            return address
    return None
