"""What the crawler itself needs from a page: its links and what its author says to robots. Fields are read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

from crawler.errors import BadDocument
from crawler.urls import canonical_url, origin_of, parse

MAX_NESTING = 512  #: browsers stop there too; parsers take minutes beyond 10,000
_UNWANTED = frozenset({"nofollow", "ugc", "sponsored"})
MAX_LINKS = 2000  #: of one page; the largest real listing seen has some hundreds
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml"})
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
#: Elements without content, and those whose end tag may be left out (they do not nest in themselves).
_FLAT = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup tr td th "
    b"thead tbody tfoot colgroup rp rt html head body".split()
)
_ROOTED = re.compile(r"/(?![/\\])")  #: a link that leads to the same place from every page of a host
_ROBOTS_AGENTS = frozenset({"robots", "senne"})
#: Files that hold no text for readers; not worth a request.
_NOT_READ = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|m?js|json|woff2?|ttf|eot|zip|gz|tgz|rar|7z|exe|dmg|apk"
    r"|mp[34]|m4[av]|avi|mov|webm|ogg|wav|docx?|xlsx?|pptx?|od[tsp]|ics|vcf|xml|rss|atom)$",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Every address is canonical. `links` in the page's order, each once, without those marked nofollow."""

    links: tuple[str, ...] = ()
    canonical: str | None = None
    noindex: bool = False
    nofollow: bool = False  #: of the whole page: `links` is empty then
    feeds: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    wordpress_api: str | None = None  #: the root of its REST interface


def read_outline(body: bytes, *, url: str, charset: str | None, headers: Mapping[str, str]) -> Outline:
    """The outline of an HTML page that came from `url`. Raises BadDocument when it is nested too deeply."""
    check_nesting(body)
    tree = LexborHTMLParser(_text(body, charset))
    base = _base(tree, url)
    noindex, nofollow = _header_directives(headers.get("x-robots-tag", ""))
    canonical = None
    feeds: list[str] = []
    calendars: list[str] = []
    wordpress_api = _link_header(headers.get("link", ""), base)
    for node in tree.css("meta[name], link[rel]"):
        if node.tag == "meta":
            if (node.attributes.get("name") or "").strip().lower() in _ROBOTS_AGENTS:
                said = _directives(node.attributes.get("content") or "")
                noindex, nofollow = noindex or said[0], nofollow or said[1]
            continue
        target = canonical_url(node.attributes.get("href") or "", base)
        relations = (node.attributes.get("rel") or "").lower().split()
        kind = (node.attributes.get("type") or "").lower().strip()
        if target is None:
            continue
        if "canonical" in relations:
            canonical = canonical or target
        elif "https://api.w.org/" in relations:
            wordpress_api = wordpress_api or target
        elif "alternate" in relations and kind in FEED_TYPES:
            feeds.append(target)
        elif "alternate" in relations and kind == "text/calendar":
            calendars.append(target)
    return Outline(
        links=() if nofollow else tuple(_links(tree, base)),
        canonical=_believable(canonical, url),
        noindex=noindex,
        nofollow=nofollow,
        feeds=tuple(dict.fromkeys(feeds)),
        calendars=tuple(dict.fromkeys(calendars)),
        wordpress_api=wordpress_api,
    )


def check_nesting(body: bytes) -> None:
    """Refuse what parsers choke on, before they see it. Raises BadDocument."""
    if body.count(b"<") - body.count(b"</") <= MAX_NESTING:
        return
    depth = 0
    for closing, name in _TAG.findall(body):
        if name.lower() in _FLAT:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > MAX_NESTING:
            raise BadDocument("nested_too_deeply", f"the page nests more than {MAX_NESTING} elements")


def is_worth_a_request(href: str) -> bool:
    """Whether the address may hold a page or a PDF, as far as its ending tells."""
    return _NOT_READ.search(parse(href).path) is None


def header_directives(headers: Mapping[str, str]) -> tuple[bool, bool]:
    """(noindex, nofollow) of the X-Robots-Tag header, for documents that are no HTML."""
    return _header_directives(headers.get("x-robots-tag", ""))


def _text(body: bytes, charset: str | None) -> bytes | str:
    if charset is None or charset.lower() in {"utf-8", "utf8"}:
        return body
    try:
        return body.decode(charset, "replace")
    except LookupError:
        return body


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (canonical_url(node.attributes.get("href") or "", url) if node is not None else None) or url


def _links(tree: LexborHTMLParser, base: str) -> dict[str, None]:
    found: dict[str, None] = {}
    origin = origin_of(base) + "/"
    for node in tree.css("a[href], area[href], iframe[src], frame[src], link[rel=next], link[hreflang]"):
        attributes = node.attributes  # built anew at every access
        if _is_followed(attributes) and (raw := attributes.get("href") or attributes.get("src")):
            # Nearly all links of a site are alike on all its pages: what does not depend on the page is kept.
            where = "" if raw.startswith(("http://", "https://")) else origin if _ROOTED.match(raw) else base
            if (href := _follow(raw, where)) is not None:
                found[href] = None
                if len(found) >= MAX_LINKS:
                    break
    return found


@lru_cache(maxsize=20_000)
def _follow(raw: str, base: str) -> str | None:
    """Where a link leads, if it may be a page or a PDF."""
    if raw.startswith(("#", "mailto:", "tel:", "javascript:", "data:")):
        return None
    href = canonical_url(raw, base or None)
    return href if href is not None and is_worth_a_request(href) else None


def _is_followed(attributes: Mapping[str, str | None]) -> bool:
    relations = attributes.get("rel")
    return not relations or _UNWANTED.isdisjoint(relations.lower().split())


def _believable(canonical: str | None, url: str) -> str | None:
    """Some templates name the home page as the canonical address of every page; that is not believed."""
    if canonical is None:
        return None
    told, asked = parse(canonical), parse(url)
    return None if told.path == "/" and not told.query and (asked.path != "/" or asked.query) else canonical


def _directives(text: str) -> tuple[bool, bool]:
    words = {word.strip().lower() for word in text.replace(";", ",").split(",")}
    return bool(words & {"noindex", "none"}), bool(words & {"nofollow", "none"})


def _header_directives(text: str) -> tuple[bool, bool]:
    """X-Robots-Tag: parts may be meant for one crawler only (`otherbot: noindex`)."""
    noindex = nofollow = False
    agent = "robots"
    for part in text.split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip().lower() != "unavailable_after" and " " not in name.strip():
            agent, part = name.strip().lower(), rest
        if agent in _ROBOTS_AGENTS:
            said = _directives(part)
            noindex, nofollow = noindex or said[0], nofollow or said[1]
    return noindex, nofollow


def _link_header(text: str, base: str) -> str | None:
    """The REST root that WordPress names in its Link header."""
    match = re.search(r"<([^<>]{1,500})>\s*;\s*rel=\"?https://api\.w\.org/\"?", text)
    return canonical_url(match.group(1), base) if match else None
