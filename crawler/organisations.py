"""Who offers what a page presents: structured data, a label, else the site itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler import json_ld
from crawler.document import Document
from crawler.fields import Labelled
from crawler.findings import Fact, best, cut_quote
from crawler.html import absolute
from crawler.people import names_person
from crawler.site_names import legal_names, same_name
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
_NO_ORGANISATION = frozenset(
    ("nous", "wij", "ons", "equipe", "team", "copyright", "all rights reserved", "admin", "wordpress", "drupal")
)


def find_organisations(
    document: Document, fields: Sequence[Labelled], title: Fact[str] | None = None
) -> Fact[list[Organisation]] | None:
    """The organisations, the surest statement of the page first; the site's own name where it says nothing.

    `title`: of a page that presents a service, which may be its name, for want of another.
    """
    named: list[Fact[list[Organisation]]] = []
    if title is not None:
        own = re.split(r"\s+[|–—-]\s+|\s*:\s|,\s", title.value)[0]
        if one := _organisation(own, "", document):
            named.append(Fact(value=[one], quote=title.quote, place=title.place, confidence=0.45))
    return best([*_structured(document), *_labelled(document, fields), *_stated(document), *_of_site(document), *named])


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


def _of_site(document: Document) -> Iterator[Fact[list[Organisation]]]:
    """The site itself: its profile, what it calls itself, a non-profit named in the text, the source's name."""
    if profile := document.profile.get("organisation"):
        yield Fact(value=[dict(profile)], quote=document.host, place="source", confidence=0.88)
    for site in document.site_names:
        if one := _organisation(site.name, "", document, own=True):
            yield Fact(value=[one], quote=cut_quote(site.quote), place=site.place, confidence=site.confidence)
    for line in document.lines[:60]:
        for name in legal_names(line.text)[:1]:
            if one := _organisation(name, "", document):
                yield Fact(value=[one], quote=cut_quote(line.text), place=line.place, confidence=0.58)
    name = str(document.source.get("name") or "")
    if one := _organisation(name, "", document, own=True):
        yield Fact(value=[one], quote=name, place="source", confidence=0.4)
    elif document.host:
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
    if address is None and (own or any(same_name(name, site.name) for site in document.site_names)):
        address = document.origin
    return {"name": name[:200], **({"url": address} if address else {})}
