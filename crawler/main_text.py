"""A page's own text as blocks (headings, paragraphs, items, cells), without what frames it.

What frames a page: navigation, site header and footer, side columns, cookie banners, sharing, related links. It
is told by element and role first, then by the words in id and class; never removed where it holds the page's
heading or most of its text, because themes name their wrappers carelessly ("has-sidebar", "menu-open").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from crawler.html import INLINE, SILENT, Node, squeeze, text_of, tokens, word_set
from directory.text import fold

_FRAME_TAGS = word_set("nav aside footer header form dialog menu select button")
_FRAME_ROLES = word_set("navigation banner contentinfo search dialog alertdialog menu menubar tablist complementary")
#: Words of ids and classes that mark a frame by themselves.
_FRAME_WORDS = word_set(
    "nav navbar navigation menu submenu breadcrumb breadcrumbs ariane cookie cookies consent gdpr rgpd sidebar aside footer "
    "masthead topbar share sharing partage partager social socials socialmedia related relatedposts similar newsletter pager pagination "
    "paginate comments comment commentlist respond popup modal offcanvas skip skiplink toolbar langswitch languages "
    "lang language switcher toc sommaire recommended subscribe searchform advert advertisement pub ads banner colophon printonly "
    "voiraussi seealso lireaussi metanav pied kruimelpad kruimel zijbalk taalkeuze delen footnav bas breadcrumbtrail "
    "cmplz complianz onetrust didomi axeptio tarteaucitron klaro usercentrics iubenda cybotcookiebotdialog"
)
#: Words that mark it only beside another ("site-header", "page-footer").
_FRAME_PAIRS = (
    (word_set("site page global main top"), word_set("header head foot bottom")),
    (word_set("search"), word_set("form box block bar")),
    (word_set("skip"), word_set("link content to")),
    (word_set("screen"), word_set("reader")),
    (word_set("side"), word_set("bar column col")),
    (word_set("prev previous next"), word_set("post posts article nav link links")),
    (word_set("back"), word_set("top")),
    (word_set("voir lire see read lees zie"), word_set("aussi also ook")),
    (word_set("fil"), word_set("ariane")),
)
#: A side column's box, not the "elementor-widget" that page builders put around every text.
_WIDGET = re.compile(r"(?:^|\s)widgets?(?:[-_](?!wrap|content|text|inner)[\w-]+)?(?=\s|$)")
_HEADING = re.compile(r"h[1-6]")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAIN_WORDS = word_set("main content contenu inhoud entry post article texte text body page")
_LITTLE = 100  #: characters outside links
MAX_TEXT = 200_000  #: characters of main text that are looked at


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text. tag: its block element; level: 1–6 for headings, else 0; link_share: of its characters in links."""

    text: str
    node: Node
    tag: str
    level: int
    link_share: float


@dataclass(frozen=True)
class MainText:
    """The main element of a page and its blocks in reading order. `frames`: what was left out."""

    node: Node
    blocks: Sequence[Block]
    frames: frozenset[Node]

    @property
    def text(self) -> str:
        """The blocks, one a line."""
        return "\n".join(block.text for block in self.blocks)[:MAX_TEXT]


def find_main(root: Node, *, main: Sequence[str] = (), drop: Sequence[str] = ()) -> MainText:
    """The main text of a page. `main`, `drop`: CSS selectors of a profile, tried before the general rules."""
    body = root.find("body")
    body = root if body is None else body
    frames = find_frames(body) | {node for selector in drop for node in root.cssselect(selector)}
    node = next((found[0] for selector in main if (found := root.cssselect(selector))), None)
    if node is None:
        node = _main_element(body, frames)
    return MainText(node, read_blocks(node, frames), frozenset(frames))


def find_frames(body: Node) -> set[Node]:
    """The elements that frame the content (outermost ones; what is inside them goes with them)."""
    total = max(len(text_of(body)), 1)
    frames: set[Node] = set()
    walk = etree.iterwalk(body, events=("start",))
    for _, node in walk:
        if node is body or not isinstance(node.tag, str):
            continue
        if node.tag in SILENT or _is_hidden(node) or (_is_frame(node) and not _holds_content(node, total)):
            frames.add(node)
            walk.skip_subtree()
    return frames


def _is_hidden(node: Node) -> bool:
    return node.get("hidden") is not None or bool(_HIDDEN_STYLE.search(node.get("style") or ""))


def _is_frame(node: Node) -> bool:
    tag = node.tag
    if (tag in INLINE and tag != "button") or _HEADING.fullmatch(tag):
        return False
    if (node.get("role") or "").lower() in _FRAME_ROLES:
        return True
    if tag in {"header", "footer"}:
        return next(node.iterancestors("article", "main", "section"), None) is None
    if tag in _FRAME_TAGS:
        return True
    if tag in {"article", "main"}:
        return False
    named = tokens(node)
    if (
        named & _FRAME_WORDS
        or any(word.startswith("cookie") for word in named)
        or _WIDGET.search((node.get("class") or "").lower())
    ):
        return not (tag in {"h1", "h2", "h3", "p"} and named & {"banner", "page"})
    return any(named & first and named & second for first, second in _FRAME_PAIRS)


def _holds_content(node: Node, total: int) -> bool:
    """Whether a frame by its name holds the page's content by its looks."""
    if node.tag == "nav":
        return False
    if node.tag not in _FRAME_TAGS and _holds_heading(node):
        return True
    length = len(text_of(node))
    if next(node.iter("main"), None) is not None or (node.tag != "header" and length > 0.5 * total):
        return _link_share(node, length) < 0.6
    if node.tag == "form":
        return length > 0.35 * total
    return False


def _holds_heading(node: Node) -> bool:
    """Whether it holds the only h1 of the page, and that is what the page's title begins with ("page-banner")."""
    own = node.find(".//h1")
    root = node.getroottree().getroot()
    if own is None or own.find(".//a") is not None or sum(1 for _ in root.iter("h1")) != 1:
        return False
    title = root.find(".//title")
    text = fold(text_of(own))
    return len(text) > 3 and title is not None and fold(text_of(title)).startswith(text)


def _link_share(node: Node, length: int) -> float:
    return sum(len(text_of(link)) for link in node.iter("a")) / max(length, 1)


def _main_element(body: Node, frames: set[Node]) -> Node:
    """The element of the content: `main`, the only large `article`, else the deepest that holds nearly all text."""
    marked = list(body.iter("main")) + [
        node for node in body.iter() if isinstance(node.tag, str) and (node.get("role") or "").lower() == "main"
    ]
    best = max(marked, key=lambda node: len(text_of(node)), default=None)
    if best is not None and (len(text_of(best)) >= 80 or best.find(".//h1") is not None):
        return best
    lengths = _own_lengths(body, frames)
    whole = lengths.get(body, 0)
    if whole < _LITTLE:  # nearly all is in links: cards of a list
        return body
    node = body
    while True:
        child = max((child for child in node if child in lengths), key=lambda child: lengths[child], default=None)
        if (
            child is None
            or lengths[child] < 0.85 * whole
            or child.tag in INLINE
            or child.tag in {"p", "ul", "ol", "table"}
        ):
            return node
        if _loses_heading(node, child, frames):
            return node
        node = child


def _loses_heading(node: Node, child: Node, frames: set[Node]) -> bool:
    """Whether going down to `child` would leave the page's first heading behind."""
    inside = set(child.iter("h1", "h2"))
    for heading in node.iter("h1", "h2"):
        if heading in inside:
            return False
        if not any(ancestor in frames for ancestor in heading.iterancestors()):
            return bool(heading.tag == "h1")
    return False


def _own_lengths(body: Node, frames: set[Node]) -> dict[Node, int]:
    """Characters of text outside links and frames, for each element with what is inside it."""
    lengths: dict[Node, int] = {}
    walk = etree.iterwalk(body, events=("start", "end"))
    links = 0
    for event, node in walk:
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            if node in frames:
                walk.skip_subtree()
                continue
            links += node.tag == "a"
            lengths[node] = 0 if links else len(squeeze(node.text or ""))
        elif node not in frames:
            links -= node.tag == "a"
            parent = node.getparent()
            if node is not body and parent is not None and parent in lengths:
                lengths[parent] += lengths[node] + (0 if links else len(squeeze(node.tail or "")))
    return lengths


_LABELLED = re.compile(r"\s*[^\W\d][^:|\n]{1,30}\s?:\s?")


def _ends_line(br: Node, before: str) -> bool:
    """Whether a line break parts two things ("Prix : 5 €<br>Lieu : Jette"), not a sentence or an address."""
    following, tail = br.getnext(), (br.tail or "").strip()
    if not tail and following is not None and following.tag in {"b", "strong"}:
        return True
    return (
        len(squeeze(before)) > 200
        or _LABELLED.match(tail) is not None
        or (_LABELLED.match(before) is not None and tail[:1].isupper())
    )


def read_blocks(node: Node, frames: Iterable[Node] = ()) -> list[Block]:
    """The runs of text inside an element, in reading order; frames are left out, repeated neighbours kept once."""
    skipped = frames if isinstance(frames, set | frozenset) else set(frames)
    blocks: list[Block] = []
    pieces: list[str] = []
    linked = links = size = 0
    owners: list[Node] = [node]

    def flush() -> None:
        nonlocal linked, size
        text = squeeze("".join(pieces))
        pieces.clear()
        if any(character.isalnum() for character in text):
            owner = owners[-1]
            level = int(owner.tag[1]) if re.fullmatch(r"h[1-6]", owner.tag) else 0
            if not (blocks and blocks[-1].text == text):
                blocks.append(Block(text, owner, owner.tag, level, min(1.0, linked / max(len(text), 1))))
                size += len(text)
        linked = 0

    walk = etree.iterwalk(node, events=("start", "end", "comment"))
    for event, element in walk:
        if event == "comment":
            pieces.append(element.tail or "")
            continue
        if not isinstance(element.tag, str):
            continue
        inline = element.tag in INLINE
        if event == "start":
            if element is not node and (element in skipped or element.tag in SILENT):
                walk.skip_subtree()
                continue
            if element.tag == "br":
                flush() if _ends_line(element, "".join(pieces)) else pieces.append(" ")
            elif not inline:
                flush()
                if element is not node:
                    owners.append(element)
            links += element.tag == "a"
            piece = element.text or ""
        else:
            hidden = element is not node and (element in skipped or element.tag in SILENT)
            if not hidden:
                links -= element.tag == "a"
                if not inline and element.tag != "br" and element is not node:
                    flush()
                    owners.pop()
            elif not inline:
                flush()
            piece = "" if element is node else element.tail or ""
        pieces.append(piece)
        linked += len(piece.strip()) if links else 0
        if size > MAX_TEXT:
            break
    flush()
    return blocks
