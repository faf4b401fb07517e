"""A fetched page to what it says: its kind, and for a resource every field with its evidence.

`read` takes any bytes and never raises on content. Fields below THRESHOLD are left out; what it puts in `resource`
the directory's schema accepts.

Longer than 300 lines: the one place where all that is found on a page comes together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from crawler import json_ld
from crawler.audiences import find_audiences
from crawler.basins import find_basins
from crawler.calibration import calibrated
from crawler.contacts import find_address, find_email, find_phone, without_persons
from crawler.costs import find_cost
from crawler.document import Document, framing_lines, lines_of, links_of, readable, without_imprint
from crawler.easy_read import find_easy_read
from crawler.fields import Labelled, read_fields
from crawler.findings import Fact, Line
from crawler.head import Head, read_head
from crawler.html import Node, parse
from crawler.languages import detect, primary
from crawler.main_text import MAX_TEXT, find_main
from crawler.near_duplicates import simhash_of
from crawler.occurrences import find_when
from crawler.organisations import find_organisations
from crawler.page import Page, Reading
from crawler.page_kind import decide_kind, section_words
from crawler.pdf import read_pdf
from crawler.related_links import find_links
from crawler.resource_types import Shape, find_type, spaced
from crawler.site_names import find_site_names
from crawler.site_profiles import find_profile
from crawler.summaries import find_extract
from crawler.themes import find_themes
from crawler.titles import find_title, pdf_title
from crawler.twins import find_languages, find_twins
from directory.errors import InvalidResource
from directory.schemas import load_resource
from directory.taxonomy import LANGUAGES
from directory.text import clean, fold, words

THRESHOLD = 0.3  #: a field that is less sure is left out
_EMPTY_HASH = hashlib.sha256(b"").hexdigest()[:32]
_REPORT = re.compile(
    r"(?<![a-z])(?:retour sur|compte[- ]rendu|verslag|synthese|echos? d|terugblik|pv|proces[- ]verbal|notulen|report of|looking back|bilan)(?![a-z])"
)


def read(page: Page, source: Mapping[str, Any]) -> Reading:
    """What a page says. `source`: the crawl source it belongs to, in its outside shape; its basins and language help."""
    if _is_pdf(page):
        return _read_pdf(page, source)
    if not _may_be_html(page):
        return _nothing("other")
    root = parse(page.body, page.charset)
    if root is None:
        return _nothing("empty")
    return _read_html(page, root, source)


def _is_pdf(page: Page) -> bool:
    return page.body[:1024].lstrip().startswith(b"%PDF-") or (
        page.content_type == "application/pdf" and b"%PDF-" in page.body[:1024]
    )


def _may_be_html(page: Page) -> bool:
    """The content decides, not the declared type: servers say text/plain or nothing at all."""
    if page.content_type in {
        "",
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "application/xml",
        "text/xml",
        "application/octet-stream",
    }:
        head = page.body[:2048].lower()
        return b"\0\0\0" not in head and (page.content_type in {"text/html", "application/xhtml+xml"} or b"<" in head)
    return re.search(rb"<!doctype html|<html[\s>]", page.body[:2048], re.IGNORECASE) is not None


def _nothing(kind: Any) -> Reading:
    return Reading(kind=kind, text="", content_hash=_EMPTY_HASH)


def _read_html(page: Page, root: Node, source: Mapping[str, Any]) -> Reading:
    url = page.final_url or page.url
    head = read_head(root, url)
    profile = find_profile(url)
    main = find_main(root, main=profile.get("main", ()), drop=profile.get("drop", ()))
    body = root.find("body")
    lines = lines_of(main)
    title_and_text = f"{head.title}\n" + "\n".join(line.text for line in lines if line.link_share < 0.8)
    declared = head.language or str(source.get("language") or "")
    language, sure = detect(
        title_and_text if len(lines) < 3 else "\n".join(line.text for line in lines if line.link_share < 0.8), declared
    )
    framing = framing_lines(main, body if body is not None else root)
    names = find_site_names(head, root, url, framing, [line.text for line in lines if line.level])
    lines, imprint = without_imprint(lines, [name.name for name in names])
    document = Document(
        url=url,
        lines=lines,
        head=head,
        site_names=names,
        source=source,
        fetched_on=page.fetched_at.date(),
        links=links_of(main, url),
        framing=[*framing, *imprint],
        root=root,
        main=main.node,
        language=language,
        profile=profile,
    )
    title = find_title(document, root)
    twins = find_twins(document, root)
    return _finish(document, main.text, title, sure, twins)


def _read_pdf(page: Page, source: Mapping[str, Any]) -> Reading:
    pdf = read_pdf(page.body)
    if pdf is None or not pdf.lines:
        return _nothing("empty")
    url = page.final_url or page.url
    language, sure = detect(
        "\n".join(line.text for line in pdf.lines[:60]), pdf.language or str(source.get("language") or "")
    )
    head = Head(title=pdf.title, published=pdf.created)
    document = Document(
        url=url,
        lines=readable(pdf.lines),
        head=head,
        source=source,
        fetched_on=page.fetched_at.date(),
        is_pdf=True,
        language=language,
        profile=find_profile(url),
    )
    text = "\n".join(line.text for line in pdf.lines)[:MAX_TEXT]
    return _finish(document, text, pdf_title(document), sure, {})


def _finish(
    document: Document, text: str, title: Fact[str] | None, language_sure: float, twins: Mapping[str, str]
) -> Reading:
    name = title.value if title is not None else ""
    fields = read_fields(document.lines)
    facts = _find_facts(document, title, fields)
    verdict = decide_kind(document, name, signs=_signs(facts, document, name))
    if verdict.kind != "resource" or title is None:
        kind = verdict.kind if verdict.kind != "resource" else "other"
        return Reading(
            kind=kind,
            text=text,
            content_hash=_content_hash(name, text, {}),
            language=document.language,
            confidence=0.0,
            twins=twins,
        )
    facts["title"] = Fact(
        value={_text_language(document): clean(name)}, quote=title.quote, place=title.place, confidence=title.confidence
    )
    if extract := find_extract(document, name, _text_language(document)):
        facts["summary"] = Fact(
            value={_text_language(document): clean(extract.value)},
            quote=extract.quote,
            place=extract.place,
            confidence=extract.confidence,
        )
    if document.language is not None:
        facts["languages"] = find_languages(document, fields, language_sure)
    resource, kept = _resource(document, facts, name, twins)
    return Reading(
        kind="resource",
        text=text,
        content_hash=_content_hash(name, text, resource),
        language=document.language,
        resource=resource,
        evidence={field: without_persons(fact.quote) for field, fact in kept.items()},
        places={field: fact.place for field, fact in kept.items()},
        field_confidence={field: calibrated(field, fact.confidence) for field, fact in kept.items()},
        confidence=verdict.confidence,
        twins=twins,
    )


def _find_facts(document: Document, heading: Fact[str] | None, fields: list[Labelled]) -> dict[str, Fact[Any]]:
    """Every field that the page gives, but for its texts."""
    title = heading.value if heading is not None else ""
    report = bool(_REPORT.search(fold(title)))
    when = find_when(document, title, fields, is_report=report)
    phone, email, address = find_phone(document), find_email(document), find_address(document.lines)
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
        free_number=phone is not None and (phone.value.startswith("+32800") or not phone.value.startswith("+")),
    )
    labelled_type = " ".join(field.value for field in fields if field.name == "type")[:200]
    section = " | ".join(part for part in (section_words(document), labelled_type) if part)
    tags = [part for field in fields if field.name == "themes" for part in re.split(r"[,;|/]", field.value)]
    kind = find_type(title, document.lines, section=section, shape=shape)
    found: dict[str, Fact[Any] | None] = {
        "type": kind,
        "organisations": find_organisations(document, fields, heading if kind.value in _SERVICES else None),
        "themes": find_themes(title, document.lines, keywords=tags),
        "basins": find_basins(
            document,
            title,
            fields,
            local=when.occurrences is not None or when.recurring is not None or kind.value == "pharmacy",
            places=when.places,
        ),
        "audiences": find_audiences(title, document.lines, fields, type_=kind.value),
        "cost": find_cost(document.lines, fields),
        "easy_read": find_easy_read(title, document.lines),
        "recurring": when.recurring,
        "contact": _contact(phone, email, address),
        "occurrences": when.occurrences,
    }
    return {name: fact for name, fact in found.items() if fact is not None and fact.confidence >= THRESHOLD}


def _signs(facts: Mapping[str, Fact[Any]], document: Document, title: str) -> int:
    """How many things the page has that pages of resources have."""
    kinds = ("occurrences", "cost", "audiences", "easy_read", "recurring")
    signs = sum(name in facts for name in kinds)
    signs += facts["type"].confidence >= 0.6 if "type" in facts else 0
    signs += "themes" in facts and facts["themes"].confidence >= 0.6
    signs += any(not line.level and line.link_share < 0.5 and len(line.text) > 80 for line in document.lines)
    signs += "contact" in facts and "phone" in facts["contact"].value
    return int(signs)


_SERVICES = frozenset(("service", "pharmacy", "helpline"))
_MINUTES = re.compile(
    r"(?<![a-z])(?:participant\w* (?:du|des|de)|\d+ (?:participant|professionnel|deelnemer|aanwezig)\w*|presents? :|excuses? :|aanwezig ?:|verontschuldigd|constats|points abordes|ordre du jour|pistes d action|vaststellingen|agendapunten|retour sur|suivi des)(?![a-z])"
)


def is_minutes(lines: Sequence[Line]) -> bool:
    """Whether a document tells of a meeting: two of the things that minutes hold."""
    return len({hit.group() for line in lines for hit in _MINUTES.finditer(spaced(line.text))}) >= 2


def _contact(
    phone: Fact[str] | None, email: Fact[str] | None, address: Fact[dict[str, Any]] | None
) -> Fact[dict[str, Any]] | None:
    parts = {"phone": phone, "email": email, "address": address}
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


def _text_language(document: Document) -> str:
    """The language under which the texts stand: one of the interface's."""
    for language in (
        document.language,
        primary(document.head.language),
        primary(str(document.source.get("language") or "")),
    ):
        if language in LANGUAGES:
            return str(language)
    return "fr"


def _resource(
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


def _content_hash(title: str, text: str, resource: Mapping[str, Any]) -> str:
    """Equal while title, main text and what was read from them are; its tail is the text's simhash, if it has one.

    The organisation and what comes from the page's frame are left out, so that a changed footer changes nothing.
    """
    spoken = [word.folded for word in words(text)]
    facts = {name: resource.get(name) for name in ("occurrences", "cost")}
    digest = hashlib.sha256(f"{fold(title)}\n{' '.join(spoken)}\n{facts!r}".encode()).hexdigest()[:32]
    near = simhash_of(spoken)
    return digest if near is None else f"{digest}.{near:016x}"
