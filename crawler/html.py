"""HTML bytes to a tree that is safe to walk, and where in it something stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

import lxml.html
from lxml import etree

from crawler.charset import decode
from crawler.errors import BadDocument
from crawler.outline import MAX_NESTING, check_nesting
from crawler.urls import canonical_url

Node: TypeAlias = lxml.html.HtmlElement


def word_set(text: str) -> frozenset[str]:
    """The words of a text: a long set stays readable."""
    return frozenset(text.split())


MAX_CHARACTERS = 5_000_000
MAX_ELEMENTS = 100_000

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f]|&#(?:0*(?:[0-8]|1[1-9]|2\d|3[01])|x0*(?:[0-8]|[bB]|[eEfF]|1[0-9a-fA-F]));"
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSAFE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")


def parse(body: bytes, charset: str | None = None) -> Node | None:
    """The page's tree; None where there is no page in the bytes, or one nested beyond MAX_NESTING. Never raises."""
    text = _XML_DECLARATION.sub("", decode(body[:MAX_CHARACTERS], charset))
    text = _UNSAFE.sub("", _CONTROL.sub(" ", text))
    if not text.strip():
        return None
    try:
        check_nesting(text.encode())
    except BadDocument:
        return None
    try:
        root = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(huge_tree=True, remove_pis=True))
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    if not isinstance(root, lxml.html.HtmlElement):
        return None
    return None if _tree_too_large(root) else root


def _tree_too_large(root: Node) -> bool:
    """What the scan could not foresee: the parser's own idea of the tree."""
    depth = 0
    for count, (event, _) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > 2 * MAX_NESTING or count > 2 * MAX_ELEMENTS:
            return True
    return False


def squeeze(text: str) -> str:
    """Single spaces, no invisible characters."""
    return " ".join(re.sub(r"[\u00ad\u200b-\u200f\u2060\ufeff]", "", text).split())


def text_of(node: Node) -> str:
    """All text inside a node, squeezed; blocks and line breaks separate words."""
    return squeeze("".join(_pieces(node)))


def _pieces(node: Node) -> Iterator[str]:
    for event, element in etree.iterwalk(node, events=("start", "end", "comment")):
        if event == "comment":
            if element is not node:
                yield element.tail or ""
            continue
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag not in SILENT:
                yield " " if tag not in INLINE else ""
                yield element.text or ""
        else:
            yield " " if tag not in INLINE else ""
            if element is not node:
                yield element.tail or ""


#: Elements whose text no reader sees.
SILENT = word_set("script style template noscript head svg math canvas object audio video iframe")
#: Elements inside a line of text.
INLINE = word_set(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong "
    "sub sup time tt u var wbr"
)


#: Classes that say what stands beside, not what an element is.
_STATES = re.compile(
    r"(?<!\S)(?:has|with|without|no|is|avec|sans|met)[-_][\w-]+|(?<!\S)sidebar-(?:left|right|none|both)(?!\S)"
)


def tokens(node: Node) -> set[str]:
    """The words in an element's id and classes: `site-header__logo` is site, header, logo; `has-sidebar` says nothing."""
    named = _STATES.sub(" ", f"{node.get('class') or ''} {node.get('id') or ''}")
    return {token.lower() for token in re.split(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])", named) if token}


def css_path(node: Node) -> str:
    """A CSS selector for one element, from its nearest ancestor with an id: `#main > div:nth-of-type(2) > p`."""
    steps: list[str] = []
    current: Node | None = node
    while current is not None and isinstance(current.tag, str):
        identifier = current.get("id") or ""
        if re.fullmatch(r"[A-Za-z][\w-]{0,60}", identifier):
            steps.append(f"#{identifier}")
            break
        parent = current.getparent()
        step = current.tag
        if parent is not None:
            alike = [child for child in parent if child.tag == current.tag]
            if len(alike) > 1:
                step += f":nth-of-type({alike.index(current) + 1})"
        steps.append(step)
        current = parent
    return " > ".join(reversed(steps))


def absolute(base: str, href: str | None) -> str | None:
    """The canonical http(s) address that a link leads to, without fragment; None for any other link."""
    if not href or len(href) > 2000:
        return None
    return canonical_url(href, base)
