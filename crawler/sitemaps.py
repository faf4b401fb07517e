"""Reads sitemaps, RSS and Atom feeds, for the addresses they name. Parsing only.

XML is parsed without entities, document types or network: what needs them is refused. Source: sitemaps.org,
RSS 2.0, RFC 4287.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.decoding import gunzip
from crawler.errors import BadDocument
from crawler.inventory import Item
from crawler.urls import canonical_url

MAX_BYTES = 50_000_000
MAX_URLS = 50_000  #: of one sitemap
MAX_CHILDREN = 1_000  #: of one index
MAX_DEPTH = 3
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Sitemap:
    """Pages, or further sitemaps; one of the two is empty. `complete`: nothing was cut."""

    pages: tuple[Item, ...] = ()
    children: tuple[Item, ...] = ()
    complete: bool = True


def read_sitemap(body: bytes, *, base: str) -> Sitemap:
    """A sitemap, an index of sitemaps, or a plain list of addresses; gzip by its first bytes, whatever its name.

    Raises BadDocument; FetchError where it does not decompress within bounds.
    """
    if body.startswith(_GZIP):
        body = gunzip(body, largest=MAX_BYTES)
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _plain_list(body, base)
    pages: list[Item] = []
    children: list[Item] = []
    complete = True
    for element in _elements(body):
        name = _local(element)
        if name in {"url", "sitemap"}:
            found, most = (pages, MAX_URLS) if name == "url" else (children, MAX_CHILDREN)
            item = _item(element, base)
            if item is not None and len(found) < most:
                found.append(item)
            elif item is not None:
                complete = False
            element.clear()
        elif name in {"html", "body"}:
            raise BadDocument("not_a_sitemap", "the sitemap's address answers with a page")
    return Sitemap(tuple(pages), tuple(children), complete)


def read_feed(body: bytes, *, base: str) -> list[Item]:
    """The addresses of an RSS or Atom feed with their time of change. Raises BadDocument."""
    items = []
    for element in _elements(body):
        if _local(element) in {"item", "entry"}:
            link = _feed_link(element)
            url = canonical_url(link, base) if link else None
            if url is not None:
                items.append(Item(url, _child_text(element, "updated", "pubDate", "date", "published")))
            element.clear()
    return items


def _elements(body: bytes) -> Iterator[etree._Element]:
    """The elements as they end. Raises BadDocument for what is no XML, or wants entities or a document type."""
    if b"<!DOCTYPE" in body[:100_000] and b"<html" not in body[:2_000].lower():
        raise BadDocument("unsafe_xml", "the document declares a type of its own, which is not read")
    parser = etree.XMLPullParser(
        events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        for start in range(0, len(body), 65_536):
            parser.feed(body[start : start + 65_536])
            for _, element in parser.read_events():
                yield element
        parser.close()
    except etree.XMLSyntaxError as error:
        raise BadDocument("bad_xml", "the document is not XML as the standard has it") from error


def _plain_list(body: bytes, base: str) -> Sitemap:
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
    urls = [url for line in lines if line.startswith(("http://", "https://")) and (url := canonical_url(line, base))]
    return Sitemap(tuple(Item(url) for url in urls[:MAX_URLS]), complete=len(urls) <= MAX_URLS)


def _item(element: etree._Element, base: str) -> Item | None:
    text = _child_text(element, "loc")
    url = canonical_url(text, base) if text else None
    return Item(url, _child_text(element, "lastmod")) if url is not None else None


def _feed_link(element: etree._Element) -> str | None:
    for child in element:
        if _local(child) == "link":
            if (href := child.get("href")) and child.get("rel", "alternate") == "alternate":
                return str(href)
            if child.text and child.text.strip():
                return str(child.text).strip()
    text = _child_text(element, "guid", "id")
    return text if text and text.startswith(("http://", "https://")) else None


def _child_text(element: etree._Element, *names: str) -> str | None:
    for wanted in names:
        for child in element:
            if _local(child) == wanted and child.text and child.text.strip():
                return str(child.text).strip()[:2000]
    return None


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
