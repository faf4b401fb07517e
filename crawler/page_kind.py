"""What a page is: a resource, a list that leads to others, or neither.

Told by its address, its title, what repeats in it and what it holds. Contact, privacy, legal, team, job and login
pages, news archives and home pages are no resources. A "not found" that answers 200 is told by what it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler import json_ld
from crawler.document import Document
from crawler.html import absolute
from crawler.own_life import is_own_life
from crawler.page import PageKind
from crawler.page_names import HOME_PATH, LISTING, LISTING_PATH, NOT_FOUND, OTHER, last_segment, name_of
from crawler.people import find_people, names_person
from crawler.repetition import Repetition, find_repetition
from crawler.resource_types import spaced

MIN_TEXT = 60  #: letters; below, a page has no text of its own


@dataclass(frozen=True)
class Verdict:
    """The kind and how sure it is, 0 to 1."""

    kind: PageKind
    confidence: float


def decide_kind(document: Document, title: str, *, signs: int, is_over: bool = False) -> Verdict:
    """What an HTML page is. `signs`: how many fields of a resource it shows (type in its title, date, cost…); `is_over`: it
    invites to something that took place long ago."""
    letters = sum(character.isalpha() for character in document.text)
    if "error404" in _body_words(document):
        return Verdict("soft_404", 0.97)
    if _is_not_found(document, title, letters):
        return Verdict("soft_404", 0.95)
    if letters < MIN_TEXT:
        return Verdict("empty", 0.9)
    named = name_of(title)
    last = last_segment(document)
    filed = re.search(r"/(?:category|categorie|tag|author|auteur)/", document.path) is not None
    if not filed and (OTHER.fullmatch(named) or OTHER.fullmatch(last)):
        return Verdict("other", 0.93)
    repetition = find_repetition(document)
    listing = _listing_score(document, named, last, repetition)
    if HOME_PATH.fullmatch(document.path) and not urlsplit(document.url).query:
        return _judge_home(document, repetition, listing, signs, letters)
    if listing >= 1.0:
        return Verdict("listing", min(0.95, 0.6 + 0.2 * listing))
    if is_over or _is_about_people(document, title) or _is_own_news(document, named, signs):
        return Verdict("other", 0.75)
    score = 0.5 + 0.09 * min(signs, 4) + 0.1 * (letters > 400) - 0.15 * (letters < 150) - 0.25 * max(listing, 0.0)
    if signs < 2:  # a page of text that offers nothing a directory of help would hold
        return Verdict("other", 0.6)
    return Verdict("resource", round(max(0.05, min(0.97, score)), 2)) if score >= 0.4 else Verdict("other", 0.6)


def _is_not_found(document: Document, title: str, letters: int) -> bool:
    head = spaced(f"{title} | {document.head.title}")
    if re.search(r"(?<!\d)404(?!\d)", head) and letters < 1500:
        return True
    if NOT_FOUND.search(head) and letters < 1500:
        return True
    return (
        letters < 500
        and bool(NOT_FOUND.search(spaced(document.text[:400])))
        and not re.search(r"20\d\d", document.text)
    )


def _body_words(document: Document) -> set[str]:
    """The body's classes: content systems say there what kind of page they made."""
    body = document.root.find("body") if document.root is not None else None
    return set((body.get("class") or "").lower().split()) if body is not None else set()


_LIST_CLASSES = frozenset(
    (
        "archive",
        "blog",
        "category",
        "tag",
        "author",
        "date",
        "search",
        "search-results",
        "post-type-archive",
        "tax",
        "paged",
        "path-search",
        "tribe-events-page-template",
    )
)
_SINGLE_CLASSES = frozenset(
    ("single", "singular", "single-post", "page-template-default", "single-tribe_events", "path-node")
)


def _listing_score(document: Document, named: str, last: str, repetition: Repetition) -> float:
    score = 0.0
    classes = _body_words(document)
    if classes & _LIST_CLASSES and not classes & _SINGLE_CLASSES:
        score += 1.0
    if LISTING.fullmatch(named):
        score += 0.8
    if LISTING.fullmatch(last) or LISTING_PATH.search(
        document.path + ("?" + urlsplit(document.url).query if urlsplit(document.url).query else "")
    ):
        score += 0.5
    if repetition.documents >= 4 and repetition.items < repetition.documents:
        score += 0.4 + (0.4 if repetition.share > 0.5 else 0.0)
    kinds = {name for item in document.head.items for name in json_ld.types(item)}
    if kinds & {"CollectionPage", "SearchResultsPage", "ItemList"}:
        score += 0.5
    if len({json_ld.text(item.get("name")) for item in document.head.items_of("Event")}) > 2:
        score += 0.8
    if repetition.items >= 3:
        score += min(1.4, 0.35 + 1.6 * (repetition.share - 0.3) + 0.06 * min(repetition.items, 10))
    elif repetition.items == 2 and repetition.share > 0.5:
        score += 0.5
    if _leads_to_what_is_below(document):
        score += 0.7
    if "Article" in kinds or "BlogPosting" in kinds or "NewsArticle" in kinds:
        score -= 0.3
    prose = sum(
        len(line.text) for line in document.lines if not line.level and line.link_share < 0.3 and len(line.text) > 150
    )
    if prose > 1500 and repetition.share < 0.5:
        score -= 0.4
    return score


def _leads_to_what_is_below(document: Document) -> bool:
    """Whether most links of the text lead to pages below this one's address: a shelf and what stands on it."""
    shelf = document.path.rstrip("/") + "/"
    host = urlsplit(document.url).hostname
    pages = [parts.path for link in document.links if (parts := urlsplit(link.address)).hostname == host]
    below = [path for path in pages if path.startswith(shelf) and path != shelf]
    return shelf != "/" and len(below) >= 3 and len(below) >= 0.6 * len(pages)


def _judge_home(document: Document, repetition: Repetition, listing: float, signs: int, letters: int) -> Verdict:
    """A home page leads to others, unless it is the only page of a small site that presents one thing."""
    inner = {
        link.address for link in document.links if urlsplit(link.address).hostname == urlsplit(document.url).hostname
    }
    inner.discard(document.url)
    if repetition.items >= 3 or listing >= 0.6 or len(inner) >= 6:
        return Verdict("listing", 0.85)
    menu = _menu_size(document)
    if menu <= 4 and letters > 300 and signs >= 3:
        return Verdict("resource", 0.6)
    return Verdict("other", 0.8)


def _menu_size(document: Document) -> int:
    if document.root is None:
        return 0
    addresses = {absolute(document.url, anchor.get("href")) for anchor in document.root.iter("a")}
    host = urlsplit(document.url).hostname
    return len(
        {address for address in addresses if address and address != document.url and urlsplit(address).hostname == host}
    )


def _is_own_news(document: Document, named: str, signs: int) -> bool:
    """News about the organisation itself, and news that offers nothing."""
    if is_own_life(document, named, signs=signs):
        return True
    crumbs = spaced(
        " ".join(
            [*document.head.breadcrumbs, document.path.replace("-", " ").replace("/", " "), document.first.text[:30]]
        )
    )
    news = re.search(
        r"(?<![a-z])(?:actualites?|actus|nieuws|news|blog|presse|pers)(?![a-z])", crumbs
    ) is not None or bool(
        {"NewsArticle", "BlogPosting"} & {name for item in document.head.items for name in json_ld.types(item)}
    )
    return news and signs < 3


def _is_about_people(document: Document, title: str) -> bool:
    """A page that presents persons: a third of its lines name one, or its title is a person's name."""
    if (people := find_people(title)) and sum(end - start for start, end in people) > 0.6 * len(title):
        return True
    lines = [line for line in document.lines if len(line.text) > 3]
    naming = [line for line in lines if len(line.text) < 400 and names_person(line.text)]
    timed = any(re.search(r"\d{1,2}\s?[hu:]\s?\d{0,2}", line.text) for line in naming)
    return len(naming) >= 3 and len(naming) >= 0.3 * len(lines) and not timed
