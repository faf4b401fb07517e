"""Whether two resources are the same thing: their titles, addresses, organisations, days and numbers.

Titles that differ in an edition, a year, a basin, a commune, the kind of meeting or the people it is for are different
things, however alike they look ("Concertation #3" and "#4", intervision and supervision). Nothing counts alone but
the same title: an address may be a list, an organisation has many things, and many things have one name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from crawler.title_words import LEGAL, SMALL, Title, overlap, read_title
from crawler.urls import canonical_url
from directory.geography import find_place
from directory.text import fold, words

SAME = 0.68  #: from here on two records count as one
_MAX_CANDIDATES = 80
_COMMON_KEY = 2000  #: a word in more titles than this is looked up only where no rarer one is
_RARE = 8  #: words of a title that are looked up, the rarest first


@dataclass(frozen=True)
class Record:
    """What is compared of a resource."""

    id: str
    type: str
    titles: Sequence[tuple[str, Title]]  #: (language, title)
    languages: frozenset[str]
    organisations: Sequence[str]
    pages: frozenset[str]
    hosts: frozenset[str]
    days: frozenset[str]
    basins: frozenset[str]
    commune: str
    phone: str


class RecordIndex:
    """Resources by the words of their titles: looks at a few hundred candidates among any number."""

    def __init__(self, resources: Iterable[Mapping[str, Any]] = ()) -> None:
        self._records: dict[str, Record] = {}
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for resource in resources:
            self.put(resource)

    def put(self, resource: Mapping[str, Any]) -> None:
        """Add or replace a resource by its id."""
        record = read_record(resource)
        self.drop(record.id)
        self._records[record.id] = record
        for key in _keys(record):
            self._by_word[key].add(record.id)

    def drop(self, resource_id: str) -> None:
        """Take a resource out; unknown ids are ignored."""
        record = self._records.pop(resource_id, None)
        for key in _keys(record) if record is not None else ():
            self._by_word[key].discard(resource_id)

    def find(self, resource: Mapping[str, Any]) -> list[tuple[str, float]]:
        """(id, score) of the resources that are alike, the likeliest first."""
        wanted = read_record(resource)
        shared: Counter[str] = Counter()
        known = sorted(
            (key for key in _keys(wanted) if self._by_word.get(key)), key=lambda key: len(self._by_word[key])
        )
        for key in known[:_RARE]:
            if len(self._by_word[key]) <= _COMMON_KEY or not shared:
                shared.update(dict.fromkeys(self._by_word[key], 1 + (key[:5] == "page ")))
        found = [
            (one, round(score, 3))
            for one, _ in shared.most_common(_MAX_CANDIDATES)
            if (score := alike(wanted, self._records[one])) > 0.5
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))


def _keys(record: Record) -> set[str]:
    return {
        word for _, title in record.titles for word in (*title.parts, *(f"concept {one}" for one in title.concepts))
    } | {f"page {page}" for page in record.pages}


def same_resource(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """How likely two resources in their outside shape are the same thing, 0 to 1; SAME and more counts as yes."""
    return alike(read_record(first), read_record(second))


def speaks_other_language(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether one side is in a language that the other does not have."""
    a, b = read_record(first).languages, read_record(second).languages
    return bool(a and b and (not a & b))


def read_record(resource: Mapping[str, Any]) -> Record:
    """The parts of a resource in its outside shape that are compared; absent fields are no obstacle."""
    links = [link for link in resource.get("links") or () if link.get("kind", "page") != "registration"]
    addresses = [str(link.get("url") or "") for link in links] + [str((resource.get("source") or {}).get("url") or "")]
    contact = resource.get("contact") or {}
    titles = resource.get("title") or {}
    pages = {page for address in addresses if address and (page := page_key(address))}
    return Record(
        id=str(resource.get("id") or ""),
        type=str(resource.get("type") or ""),
        titles=[(str(language), read_title(str(text))) for language, text in titles.items() if text],
        languages=frozenset(str(tag)[:2] for tag in resource.get("languages") or titles),
        organisations=[_organisation(str(one.get("name") or "")) for one in resource.get("organisations") or ()],
        pages=frozenset(pages),
        hosts=frozenset(page.split("/")[0] for page in pages),
        days=frozenset(str(one.get("start"))[:10] for one in resource.get("occurrences") or ()),
        basins=frozenset(resource.get("basins") or ()),
        commune=str((contact.get("address") or {}).get("commune") or ""),
        phone=str(contact.get("phone") or ""),
    )


def page_key(address: str) -> str:
    """An address without scheme, `www.`, session, tracking and final slash; "" for a site's home or no address."""
    parts = urlsplit(canonical_url(address) or "")
    path = parts.path.rstrip("/")
    if not parts.hostname or (re.fullmatch(r"(?:/[a-z]{2})?", path) and not parts.query):
        return ""
    return parts.hostname.removeprefix("www.") + path + (f"?{parts.query}" if parts.query else "")


def _organisation(name: str) -> str:
    return " ".join(word.folded for word in words(name) if word.folded not in LEGAL and word.folded not in SMALL)


def alike(first: Record, second: Record) -> float:
    """The likelihood that two records are one thing."""
    pairs = [(a, b) for a in first.titles for b in second.titles]
    return max((_score(a, b, first, second, differ=x != y) for (x, a), (y, b) in pairs), default=0.0)


def _score(a: Title, b: Title, first: Record, second: Record, *, differ: bool) -> float:
    page = bool(first.pages & second.pages)
    days = (first.days | a.days, second.days | b.days)
    day = bool(days[0] & days[1])
    organisation = max((_names_alike(x, y) for x in first.organisations for y in second.organisations), default=None)
    owner = (organisation or 0.0) >= 0.85 or bool(first.hosts & second.hosts)
    if _told_apart(a, b, first, second, page=page, owner=owner) or (all(days) and not day):
        return 0.0
    if a.edition != b.edition and not day and ((a.edition and b.edition) or not page):
        return 0.0
    held, shared, common = overlap(a, b, languages_differ=differ)
    if a.text == b.text:
        held = shared = 1.0
    equal = shared >= 0.99 and (common >= 4.0 or a.text == b.text) and not differ
    named = first.type == second.type and _same_name(a, b, first, second, differ=differ)
    if differ and not (owner or page or day or named):
        return 0.0  # in two languages likeness is in the meaning, and many offer the same
    stranger = organisation is not None and organisation < 0.5 and not owner
    score = 0.5 * held + 0.5 * shared
    shortens = a.text == b.text or _may_shorten(a, b, first, second)
    if owner and held >= 0.95 and common >= 2.5 and shortens:
        score = max(score, 0.8)  # the whole name of one inside the other's
    if differ and owner and first.type == second.type and _shares_name(a, b, first, second):
        score = max(score, 0.7)
    if named:
        return 0.75
    score -= 0.15 * (not shortens) + 0.3 * (a.groups != b.groups and not differ)
    score += 0.05 * bool(a.places and a.places == b.places)
    score += (0.3 if common >= 2.0 and shared >= 0.4 else 0.1) * page + 0.12 * owner + 0.2 * day
    whole = held >= 0.95 and common >= 4.0 and bool(a.places) and a.places == b.places  # told of by another house
    score -= (0.1 if whole else 0.3) * (stranger and not equal)
    score += 0.1 * bool(first.phone and first.phone == second.phone)
    score -= (0.3 if differ else 0.2) * bool(first.type and second.type and first.type != second.type)
    if common < (2.5 if shared < 0.4 else 2.0) and not page and a.text != b.text:
        score -= 0.3  # one ordinary word in common
    return max(0.0, min(1.0, score))


def _same_name(a: Title, b: Title, first: Record, second: Record, *, differ: bool) -> bool:
    """Whether one title is a proper name and the other begins with it ("Born in Brussels: pregnancy and…"), or, in two
    languages, both give the same abbreviation ("… (RAQ)"). What is only the name of an organisation does not count.
    """
    named = (a.is_head or b.is_head) and len(a.head) >= 6 and fuzz.ratio(a.head, b.head) >= 95
    shared = a.acronyms & b.acronyms if differ else frozenset()
    if not named and not shared:
        return False
    owners = {word for name in (*first.organisations, *second.organisations) for word in name.split()}
    if {one for one in shared if fold(one) not in owners}:
        return True
    telling = {word for word, weight in a.parts.items() if word in a.head and weight >= _TELLING and word not in owners}
    name = a if a.is_head else b
    untranslated = differ and len(name.text.split()) > 1  # the same words in two languages are a name
    return named and (bool(telling) or untranslated or name.is_address)


_TELLING = 2.5  #: the weight of a word that few titles hold


def _may_shorten(a: Title, b: Title, first: Record, second: Record) -> bool:
    """Whether the shorter title can be a short form: not where it is only the name of an organisation that offers more."""
    shorter = min((a, b), key=lambda title: len(title.parts))
    if shorter.is_address:
        return False
    owners = {word for name in (*first.organisations, *second.organisations) for word in name.split()}
    return first.type == second.type or not {word for word in shorter.text.split() if word not in SMALL} <= owners


def _shares_name(a: Title, b: Title, first: Record, second: Record) -> bool:
    """Whether two titles hold one rare word, written alike in both languages, that is no organisation's: a proper name."""
    owners = {word for name in (*first.organisations, *second.organisations) for word in name.split()}
    return any(
        weight >= 2.5 and len(word) >= 4 and word not in owners for word, weight in a.parts.items() if word in b.parts
    )


def _told_apart(a: Title, b: Title, first: Record, second: Record, *, page: bool, owner: bool) -> bool:
    """Whether something that a reader would go by differs."""
    if a.years and b.years and a.years != b.years:
        return True
    if a.kinds and b.kinds and not a.kinds & b.kinds:
        return True
    if not (a.groups <= b.groups or b.groups <= a.groups):
        return True
    if a.text != b.text and (a.is_address or b.is_address) and not page and not {*a.parts} & {*b.parts} - {"info"}:
        return True
    if a.acronyms and b.acronyms and not a.acronyms & b.acronyms and first.languages & second.languages:
        return True
    if _elsewhere(a, b, first, second, page=page, owner=owner):
        return True
    only_a, only_b = a.themes - b.themes, b.themes - a.themes
    return bool(only_a and only_b and not page and first.languages & second.languages)


def _elsewhere(a: Title, b: Title, first: Record, second: Record, *, page: bool, owner: bool) -> bool:
    if a.places and b.places and not a.places & b.places:
        return True
    if bool(a.places) != bool(b.places) and not page:
        where, other = (a, second) if a.places else (b, first)
        known = {*other.basins, other.commune} - {""}
        if (known and not known & (where.places | _basins_of(where.places))) or not (known or owner):
            return True
    if first.commune and second.commune and first.commune != second.commune and not page:
        return True
    basins = [{basin for basin in one.basins if basin != "region"} for one in (first, second)]
    return bool(basins[0] and basins[1] and not basins[0] & basins[1])


def _basins_of(places: Iterable[str]) -> set[str]:
    """The basins in which communes lie."""
    return {basin for name in places if (place := find_place(name)) is not None for basin in place.basins}


def _names_alike(first: str, second: str) -> float:
    """How alike two organisations' names are, also across languages ("Bassin Sud", "Zorgzone Zuid")."""
    if not first or not second:
        return 0.0
    named = (read_title(first), read_title(second))
    if named[0].places and named[0].places == named[1].places and not (named[0].parts and named[1].parts):
        return 1.0
    if overlap(*named, languages_differ=True, by_concept=False)[1] >= 0.75:
        return 0.9
    parts = (set(first.split()), set(second.split()))
    if parts[0] <= parts[1] or parts[1] <= parts[0]:
        return 1.0
    initials = ["".join(word[0] for word in name.split()) for name in (first, second)]
    if initials[0] == second.replace(" ", "") or initials[1] == first.replace(" ", ""):
        return 0.95
    return float(fuzz.token_set_ratio(first, second) if parts[0] & parts[1] else fuzz.ratio(first, second)) / 100
