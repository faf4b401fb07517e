"""A fetched page to what it says: its kind, and for a resource every field with its evidence.

`read` takes any bytes and never raises on content. Fields below THRESHOLD are left out; what it puts in `resource`
the directory's schema accepts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from crawler import json_ld
from crawler.audiences import find_audiences
from crawler.basins import find_basins
from crawler.calibration import calibrated
from crawler.contacts import can_be_dialled, find_address, find_email, find_phone, phones_in, without_persons
from crawler.costs import find_cost
from crawler.document import Document
from crawler.easy_read import find_easy_read
from crawler.fields import Labelled, read_fields
from crawler.findings import Fact, Line
from crawler.occurrences import find_when
from crawler.opening import Opened, open_page
from crawler.organisations import find_organisations
from crawler.page import Page, Reading
from crawler.page_kind import decide_kind
from crawler.page_names import last_segment, section_words
from crawler.resource_shape import content_hash, make_resource, text_language
from crawler.resource_types import Shape, find_type, spaced
from crawler.summaries import find_extract
from crawler.themes import find_themes
from crawler.twins import find_languages
from directory.text import clean, fold, words

THRESHOLD = 0.3  #: a field that is less sure is left out
_EMPTY_HASH = hashlib.sha256(b"").hexdigest()[:32]
_REPORT = re.compile(
    r"(?<![a-z])(?:retour sur|compte[- ]rendu|verslag|synthese|echos? d|terugblik|pv|proces[- ]verbal|notulen|report of|looking back|bilan)(?![a-z])"
)


def read(page: Page, source: Mapping[str, Any]) -> Reading:
    """What a page says. `source`: the crawl source it belongs to, in its outside shape; its basins and language help."""
    opened = open_page(page, source)
    if not isinstance(opened, Opened):
        return Reading(kind=opened, text="", content_hash=_EMPTY_HASH)
    return _read_opened(opened)


def _read_opened(opened: Opened) -> Reading:
    document, title = opened.document, opened.title
    name = title.value if title is not None else ""
    fields = read_fields(document.lines)
    phone = find_phone(document)
    facts = _find_facts(document, title, fields, phone)
    verdict = decide_kind(
        document,
        name,
        signs=_signs(facts, document, has_phone=phone is not None),
        is_over=_is_over(facts, document.fetched_on),
    )
    if verdict.kind != "resource" or title is None:
        kind = verdict.kind if verdict.kind != "resource" else "other"
        return Reading(
            kind=kind,
            text=opened.text,
            content_hash=content_hash(name, opened.text, {}),
            language=document.language,
            confidence=0.0,
            twins=opened.twins,
        )
    facts["title"] = Fact(
        value={text_language(document): clean(name)}, quote=title.quote, place=title.place, confidence=title.confidence
    )
    if extract := find_extract(document, name, text_language(document)):
        facts["summary"] = Fact(
            value={text_language(document): clean(extract.value)},
            quote=extract.quote,
            place=extract.place,
            confidence=extract.confidence,
        )
    if document.language is not None:
        facts["languages"] = find_languages(document, fields, opened.language_sure)
    resource, kept = make_resource(document, facts, name, opened.twins)
    named = [name, *(one["name"] for one in resource.get("organisations", []))]
    known = {*document.plain_words, *(word.folded for text in named for word in words(text))}
    return Reading(
        kind="resource",
        text=opened.text,
        content_hash=content_hash(name, opened.text, resource),
        language=document.language,
        resource=resource,
        evidence={field: without_persons(fact.quote, known) for field, fact in kept.items()},
        places={field: fact.place for field, fact in kept.items()},
        field_confidence={field: calibrated(field, fact.confidence) for field, fact in kept.items()},
        confidence=verdict.confidence,
        twins=opened.twins,
    )


def _find_facts(
    document: Document, heading: Fact[str] | None, fields: list[Labelled], phone: Fact[str] | None
) -> dict[str, Fact[Any]]:
    """Every field that the page gives, but for its texts."""
    title = heading.value if heading is not None else ""
    report = is_report(title)
    when = find_when(document, title, fields, is_report=report)
    email, address = find_email(document), find_address(document.lines)
    if address is not None and when.occurrences is not None:
        address = None  # where it takes place, which its occurrences say
    shape = Shape(
        dated=when.occurrences is not None,
        recurs=when.recurring is not None,
        document=document.is_pdf,
        report=report or (document.is_pdf and is_minutes(document.lines)),
        schema_types=[name for item in document.head.items for name in json_ld.types(item)],
        has_download=any(urlsplit(link.address).path.lower().endswith(".pdf") for link in document.links),
        has_phone=phone is not None and phone.confidence > 0.65,
        many_numbers=_gives_many_numbers(document),
        free_number=phone is not None and (phone.value.startswith("+32800") or not phone.value.startswith("+")),
    )
    labelled_type = " ".join(field.value for field in fields if field.name == "type")[:200]
    section = " | ".join(part for part in (section_words(document), labelled_type) if part)
    tags = [part for field in fields if field.name == "themes" for part in re.split(r"[,;|/]", field.value)]
    kind = find_type(title, document.lines, section=section, slug=last_segment(document), shape=shape)
    audiences = find_audiences(title, document.lines, fields, type_=kind.value)
    found: dict[str, Fact[Any] | None] = {
        "type": kind,
        "organisations": find_organisations(document, fields, heading, type_=kind.value),
        "themes": find_themes(title, document.lines, keywords=tags, audiences=audiences.value if audiences else ()),
        "basins": find_basins(
            document,
            title,
            fields,
            local=when.occurrences is not None or when.recurring is not None or kind.value == "pharmacy",
            places=when.places,
        ),
        "audiences": audiences,
        "cost": find_cost(document.lines, fields),
        "easy_read": find_easy_read(title, document.lines),
        "recurring": when.recurring,
        "contact": _contact(phone, email, address),
        "occurrences": when.occurrences,
    }
    return {name: fact for name, fact in found.items() if fact is not None and fact.confidence >= THRESHOLD}


_MANY_NUMBERS = 4


def _gives_many_numbers(document: Document) -> bool:
    """Whether at least _MANY_NUMBERS phone numbers stand in lines of their own: services that are listed."""
    numbered = [
        next(phones_in(line.text), None) for line in document.lines[:150] if any(c.isdigit() for c in line.text)
    ]
    return len({found[0] for found in numbered if found is not None}) >= _MANY_NUMBERS


#: When something is open or takes place each week: "chaque mardi de 9h à 12h", "every weekday from 10 am".
_OPEN_HOURS = re.compile(
    r"(?<![a-z])(?:ouverte?s?|open|chaque|tous les|toutes les|elke|iedere|every|le|les|du|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|\w{3,6}days?)(?![a-z])[^.;!?]{0,60}"
    r"(?<!\d)\d{1,2}(?:[.:h]\d\d)? ?(?:h|u|uur|am|pm|heures)?\d{0,2} ?(?:a|-|–|tot|to|et|en|until) ?\d{1,2}(?:[.:h]\d\d)? ?(?:h|u|uur|am|pm|heures)(?![a-z])"
)


def _signs(facts: Mapping[str, Fact[Any]], document: Document, *, has_phone: bool) -> int:
    """How many things the page has that pages of resources have."""
    kinds = ("occurrences", "cost", "audiences", "easy_read", "recurring")
    signs = sum(name in facts for name in kinds)
    signs += facts["type"].confidence >= 0.6 if "type" in facts else 0
    signs += "themes" in facts and facts["themes"].confidence >= 0.6
    signs += any(not line.level and line.link_share < 0.5 and len(line.text) > 80 for line in document.lines)
    signs += has_phone
    signs += any(_OPEN_HOURS.search(spaced(line.text)) for line in document.lines[:80])
    return int(signs)


_LONG_AGO = timedelta(days=92)
_LASTING = frozenset(
    ("brochure", "guide", "tool", "card_game", "website", "directory", "service", "helpline", "pharmacy")
)


def _is_over(facts: Mapping[str, Fact[Any]], today: date) -> bool:
    """Whether all that a page invites to took place long ago; what lasts (a guide, a service) is never over."""
    if "occurrences" not in facts or "recurring" in facts or facts["type"].value in _LASTING:
        return False
    days = [one.get("end") or one["start"] for one in facts["occurrences"].value]
    return str(max(days))[:10] < (today - _LONG_AGO).isoformat()


def is_report(title: str) -> bool:
    """Whether a title announces an account of something past: minutes, "retour sur…"."""
    return _REPORT.search(fold(title)) is not None


_MINUTES = re.compile(
    r"(?<![a-z])(?:participant\w* (?:du|des|de)|\d+ (?:participant|professionnel|deelnemer|aanwezig)\w*|presents? :|excuses? :|aanwezig ?:|verontschuldigd|constats|points abordes|ordre du jour|pistes d action|vaststellingen|agendapunten|retour sur|suivi des)(?![a-z])"
)


def is_minutes(lines: Sequence[Line]) -> bool:
    """Whether a document tells of a meeting: two of the things that minutes hold."""
    return len({hit.group() for line in lines for hit in _MINUTES.finditer(spaced(line.text))}) >= 2


def _contact(
    phone: Fact[str] | None, email: Fact[str] | None, address: Fact[dict[str, Any]] | None
) -> Fact[dict[str, Any]] | None:
    parts = {
        "phone": phone if phone is None or can_be_dialled(phone.value) else None,
        "email": email,
        "address": address,
    }
    given = {name: fact for name, fact in parts.items() if fact is not None}
    if not given:
        return None
    surest = max(given.values(), key=lambda fact: fact.confidence)
    return Fact(
        value={name: fact.value for name, fact in given.items()},
        quote=" | ".join(dict.fromkeys(fact.quote for fact in given.values()))[:480],
        place=surest.place,
        confidence=round(min(fact.confidence for fact in given.values()), 2),
    )
