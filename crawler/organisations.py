"""Who offers what a page presents: structured data, a label, else the site itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from crawler import json_ld
from crawler.document import Document
from crawler.fields import Labelled
from crawler.findings import Fact, best, cut_quote
from crawler.html import absolute
from crawler.people import names_person
from directory.text import fold

Organisation = dict[str, str]
_BY = re.compile(
    r"(?<!\w)(?:organis[ée]e?s? (?:conjointement )?par|une? (?:initiative|projet|service|outil|publication|r[ée]alisation) (?:de|du|des|d['’])|propos[ée]e?s? par|r[ée]alis[ée]e?s? par|[ée]dit[ée]e?s? par|"
    r"d[ée]velopp[ée]e?s? par|port[ée]e?s? par|publi[ée]e?s? par|anim[ée]e?s? par|mis en place par|een (?:initiatief|project|dienst|uitgave|aanbod|organisatie) van|georganiseerd door|aangeboden door|ontwikkeld door|uitgegeven door|"
    r"organi[sz]ed by|run by|offered by|published by|developed by|an initiative of)\s+(?:l['’](?:asbl\s+)?|la\s+|le\s+|les\s+|de\s+|het\s+|the\s+|d['’])?"
)
_NAME = re.compile(
    r"(?:(?:l['’]|d['’])?[A-ZÀ-Þ0-9&][\w'’.&+/-]*|asbl|vzw)(?:\s+(?:(?:de|du|des|la|le|les|l['’]|d['’]|en|et|à|a|van|voor|het|der|den|pour|sur|aux|au|of|for|the|&|-)\s+)*(?:(?:l['’]|d['’])?[A-ZÀ-Þ0-9&][\w'’.&+/-]*|asbl|vzw|santé|social|mentale|bruxellois\w*|palliatifs?|soins))*"
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:\d{4}(?:\s?[-–]\s?\d{4})?)?\s*[-–—|,:]?\s*([^|.,;–—©\d]{3,60}?)(?:\s*(?:[-–—|.,;©]|\d{4}|tous droits|all rights|alle rechten|$))",
    re.IGNORECASE,
)
_NO_ORGANISATION = frozenset(
    ("nous", "wij", "ons", "equipe", "team", "copyright", "all rights reserved", "admin", "wordpress", "drupal")
)


def find_organisations(document: Document, fields: Sequence[Labelled]) -> Fact[list[Organisation]] | None:
    """The organisations, the surest statement of the page first; the site's own name where it says nothing."""
    site = list(site_names(document))
    return best([*_structured(document), *_labelled(document, fields), *_stated(document), *site])


def _structured(document: Document) -> Iterator[Fact[list[Organisation]]]:
    for keys, confidence in ((("organizer", "provider"), 0.95), (("publisher",), 0.8)):
        for item in document.head.items:
            for key in keys:
                names = [
                    one
                    for value in json_ld.objects(item.get(key))
                    if "Person" not in json_ld.types(value)
                    and (
                        one := _organisation(json_ld.text(value.get("name")), json_ld.text(value.get("url")), document)
                    )
                ]
                if names:
                    yield Fact(
                        value=names[:5],
                        quote=", ".join(one["name"] for one in names[:5]),
                        place="script[type='application/ld+json']",
                        confidence=confidence,
                    )


def _labelled(document: Document, fields: Sequence[Labelled]) -> Iterator[Fact[list[Organisation]]]:
    for field in fields:
        if field.name != "organisation":
            continue
        parts = re.split(
            r"\s*(?:;|\||,(?=\s*[A-ZÀ-Þ])|\s(?:et|en|and|&)\s(?=(?:l['’]|la |le |de |het )?[A-ZÀ-Þ])|\s/\s)\s*",
            field.value.split(". ")[0][:200],
        )
        names = [one for part in parts if (one := _organisation(part, "", document)) and len(part) <= 90]
        if names:
            yield Fact(value=names[:4], quote=cut_quote(field.line.text), place=field.line.place, confidence=0.93)
            return


def _stated(document: Document) -> Iterator[Fact[list[Organisation]]]:
    for line in document.lines[:40]:
        if match := _BY.search(line.text):
            name = _NAME.match(line.text, match.end())
            if name and (one := _organisation(name.group(), "", document)):
                yield Fact(
                    value=[one],
                    quote=cut_quote(line.text, match.start(), name.end()),
                    place=line.place,
                    confidence=0.82,
                )
                return


def site_names(document: Document) -> Iterator[Fact[list[Organisation]]]:
    """What the site calls itself: profile, og:site_name, its Organization, the end of the page's title, its copyright line."""
    head = document.head
    if profile := document.profile.get("organisation"):
        yield Fact(value=[dict(profile)], quote=document.host, place="source", confidence=0.88)
    for item in head.items_of("Organization", "NGO", "GovernmentOrganization", "MedicalOrganization"):
        if one := _organisation(json_ld.text(item.get("name")), "", document, own=True):
            yield Fact(value=[one], quote=one["name"], place="script[type='application/ld+json']", confidence=0.79)
    if one := _organisation(head.site_name, "", document, own=True):
        yield Fact(value=[one], quote=one["name"], place="meta[property='og:site_name']", confidence=0.78)
    parts = re.split(r"\s+[|–—·»-]\s+|\s*[|»]\s*", head.title)
    if len(parts) > 1 and len(parts[-1]) <= 60 and (one := _organisation(parts[-1], "", document, own=True)):
        yield Fact(value=[one], quote=head.title, place="title", confidence=0.7)
    for line in document.framing:
        match = _COPYRIGHT.search(line.text)
        if match and (one := _organisation(match.group(1), "", document, own=True)):
            yield Fact(value=[one], quote=cut_quote(line.text, *match.span()), place=line.place, confidence=0.62)
            break
    name = document.host.rsplit(".", 1)[0].split(".")[-1]
    if (
        document.host
        and not document.host.replace(".", "").isdigit()
        and document.host != "localhost"
        and len(name) > 2
    ):
        yield Fact(
            value=[{"name": document.host, "url": document.origin}],
            quote=document.host,
            place="source",
            confidence=0.35,
        )


def _organisation(name: str, url: str, document: Document, *, own: bool = False) -> Organisation | None:
    """An organisation's outside shape; None where the text is no name. `own`: it is the site's."""
    name = re.sub(r"^(?:l['’]asbl|l['’]|la |le |les |de |het |the )(?=[A-ZÀ-Þ])", "", name.strip(" \t.,;:–—-|()«»\"'"))
    if (
        not (3 <= len(name) <= 120)
        or fold(name) in _NO_ORGANISATION
        or re.search(r"https?:|@|\d{5}", name)
        or (names_person(name) and len(name.split()) <= 3)
    ):
        return None
    address = absolute(document.url, url) if url else None
    known = document.head.site_name
    if address is None and (own or (known and fuzz.ratio(fold(known), fold(name)) >= 90)):
        address = document.origin
    return {"name": name[:200], **({"url": address} if address else {})}
