"""Facts to a resource in its outside shape, and the hash by which the next visit knows that nothing changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from crawler.document import Document
from crawler.findings import Fact
from crawler.languages import primary
from crawler.near_duplicates import simhash_of
from crawler.related_links import find_links
from directory.errors import InvalidResource
from directory.schemas import load_resource
from directory.taxonomy import LANGUAGES
from directory.text import fold, words


def text_language(document: Document) -> str:
    """The language under which the texts stand: one of the interface's."""
    for language in (
        document.language,
        primary(document.head.language),
        primary(str(document.source.get("language") or "")),
    ):
        if language in LANGUAGES:
            return str(language)
    return "fr"


def make_resource(
    document: Document, facts: dict[str, Fact[Any]], title: str, twins: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Fact[Any]]]:
    """The outside shape and the facts in it; what the schema would refuse is left out."""
    values = {name: fact.value for name, fact in facts.items()}
    resource: dict[str, Any] = {
        "id": make_id(title, document, values.get("occurrences")),
        **values,
        "links": find_links(document, twins),
        "source": {"kind": "crawl", "url": document.url, "retrieved_on": document.fetched_on.isoformat()},
    }
    for _ in range(4):
        wrong = _refused(resource)
        if not wrong:
            break
        for name in wrong:
            resource.pop(name, None)
    kept = {name: fact for name, fact in facts.items() if name in resource}
    order = list(_ORDER)
    return dict(sorted(resource.items(), key=lambda item: order.index(item[0]))), kept


_ORDER = (
    "id", "type", "title", "summary", "organisations", "links", "languages", "themes", "basins", "audiences", "cost", "easy_read",
    "recurring", "contact", "occurrences", "source",
)  # fmt: skip


def _refused(resource: Mapping[str, Any]) -> set[str]:
    """The fields that the directory would not take as they are."""
    filled = {"type": "service", "title": {"fr": "-"}, "themes": ["wellbeing"], "basins": ["region"], **resource}
    try:
        load_resource(filled)
    except InvalidResource as error:
        return {name for name in error.messages if name in resource} or (
            {"occurrences", "contact", "cost", "links"} & set(resource)
        )
    return set()


def make_id(title: str, document: Document, occurrences: list[dict[str, Any]] | None) -> str:
    """A slug from the title; with the day of a single event, or the site where the title alone says little."""
    parts = [word.folded for word in words(title)]
    slug = re.sub(r"[^a-z0-9]+", "-", " ".join(parts)).strip("-")
    slug = slug if len(slug) <= 60 else slug[:60].rsplit("-", 1)[0]
    if occurrences and len(occurrences) == 1 and not re.search(r"(?:^|-)20\d\d(?:-|$)", slug):
        slug = f"{slug}-{occurrences[0]['start'][:10]}"
    elif len([part for part in parts if len(part) > 3]) < 3:
        slug = f"{slug}-{re.sub(r'[^a-z0-9]+', '-', fold(document.host.rsplit('.', 1)[0])).strip('-')}"
    slug = slug.strip("-")[:80].strip("-")
    if len(slug) < 3:
        slug = f"page-{hashlib.sha256(document.url.encode()).hexdigest()[:8]}"
    return slug


def content_hash(title: str, text: str, resource: Mapping[str, Any]) -> str:
    """Equal while title, main text and what was read from them are; its tail is the text's simhash, if it has one.

    The organisation and what comes from the page's frame are left out, so that a changed footer changes nothing.
    """
    spoken = [word.folded for word in words(text)]
    facts = {name: resource.get(name) for name in ("occurrences", "cost")}
    digest = hashlib.sha256(f"{fold(title)}\n{' '.join(spoken)}\n{facts!r}".encode()).hexdigest()[:32]
    near = simhash_of(spoken)
    return digest if near is None else f"{digest}.{near:016x}"
