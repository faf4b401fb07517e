"""What a page says about itself outside its text: title, Open Graph, JSON-LD, language links, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from crawler import json_ld
from crawler.html import Node, absolute, squeeze, text_of, tokens

_PUBLISHED = (
    "article:published_time", "datepublished", "date", "dc.date", "dcterms.created", "dc.date.issued", "dcterms.issued",
    "pubdate", "og:published_time",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified", "datemodified")


@dataclass(frozen=True, kw_only=True)
class Head:
    """Absent texts are "". meta: names and properties in lower case. alternates: hreflang → absolute address."""

    title: str = ""
    site_name: str = ""
    description: str = ""
    language: str = ""  #: of the html element, as written
    canonical: str | None = None
    alternates: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    items: Sequence[json_ld.Item] = ()
    breadcrumbs: Sequence[str] = ()
    published: date | None = None
    modified: date | None = None

    def items_of(self, *types: str) -> list[json_ld.Item]:
        """The JSON-LD objects whose type ends in one of these names ("Event" finds EducationEvent too)."""
        return [item for item in self.items if any(name.endswith(types) for name in json_ld.types(item))]


def read_head(root: Node, url: str) -> Head:
    """The head of a page that was found at `url`."""
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        if name and element.get("content"):
            meta.setdefault(name, squeeze(element.get("content") or "")[:2000])
    titles = [
        text_of(element)
        for element in root.iter("title")
        if element.getparent() is None or element.getparent().tag != "svg"
    ]
    base = (
        next((absolute(url, element.get("href")) for element in root.iter("base") if element.get("href")), None) or url
    )
    items = json_ld.read_items(root)
    site = meta.get("og:site_name") or _site_of(items) or meta.get("application-name", "")
    return Head(
        title=next((title for title in titles if title), "")[:500],
        site_name=squeeze(site)[:200],
        description=meta.get("description") or meta.get("og:description", ""),
        language=(root.get("lang") or root.get("xml:lang") or meta.get("content-language", "")).strip().lower(),
        canonical=_link(root, base, "canonical"),
        alternates=_alternates(root, base),
        meta=meta,
        items=items,
        breadcrumbs=_breadcrumbs(root, items),
        published=_day(meta, _PUBLISHED, items, "datePublished"),
        modified=_day(meta, _MODIFIED, items, "dateModified"),
    )


def _site_of(items: Sequence[json_ld.Item]) -> str:
    for item in items:
        if "WebSite" in json_ld.types(item) and (name := json_ld.text(item.get("name"))):
            return name
    return ""


def _link(root: Node, base: str, relation: str) -> str | None:
    for element in root.iter("link"):
        if relation in (element.get("rel") or "").lower().split() and (address := absolute(base, element.get("href"))):
            return address
    return None


def _alternates(root: Node, base: str) -> dict[str, str]:
    """Other languages of the page, from link elements, then from links that carry hreflang."""
    found: dict[str, str] = {}
    for element in [*root.iter("link"), *root.iter("a")]:
        language = (element.get("hreflang") or "").strip().lower()
        alternate = element.tag == "a" or "alternate" in (element.get("rel") or "").lower().split()
        if re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", language) and alternate:
            address = absolute(base, element.get("href"))
            if address:
                found.setdefault(language, address)
    return found


def _breadcrumbs(root: Node, items: Sequence[json_ld.Item]) -> list[str]:
    for item in items:
        if "BreadcrumbList" in json_ld.types(item):
            names = [
                json_ld.text(part.get("name") or part.get("item"))
                for part in json_ld.objects(item.get("itemListElement"))
            ]
            return [name for name in names if name][:10]
    for element in root.iter("nav", "div", "ol", "ul", "p"):
        label = f"{element.get('aria-label') or ''}".lower()
        if (
            tokens(element) & {"breadcrumb", "breadcrumbs", "ariane", "kruimelpad"}
            or "breadcrumb" in label
            or "ariane" in label
        ):
            return [part for part in re.split(r"\s*[>»/›|]\s*|\s{2,}", _crumb_text(element)) if part][:10]
    return []


def _crumb_text(element: Node) -> str:
    parts = [text_of(part) for part in element.iter("a", "li", "span")]
    return " > ".join(dict.fromkeys(part.strip(" >»/›|") for part in parts if part)) or text_of(element)


def _day(meta: Mapping[str, str], names: Sequence[str], items: Sequence[json_ld.Item], key: str) -> date | None:
    values = [meta[name] for name in names if name in meta]
    values += [json_ld.text(item.get(key)) for item in items if key in item]
    return next((day for value in values if (day := parse_day(value))), None)


def parse_day(value: str) -> date | None:
    """The day of an ISO 8601 date or time; None for anything else."""
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", value.strip())
    if not match:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def parse_instant(value: str) -> tuple[date, datetime | None] | None:
    """The day of an ISO 8601 value, and its time where it says one (aware only if the value has a zone)."""
    day = parse_day(value)
    if day is None:
        return None
    try:
        return day, datetime.fromisoformat(value.strip().replace("Z", "+00:00")) if "T" in value else None
    except ValueError:
        return day, None
