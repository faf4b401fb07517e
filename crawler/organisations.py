"""Who offers what a page presents: structured data, a label, else the site itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from crawler import json_ld
from crawler.document import Document
from crawler.fields import Labelled
from crawler.findings import Fact, best, cut_quote
from crawler.html import absolute, word_set
from crawler.people import find_people, names_person
from crawler.site_names import legal_names, same_name, signatory
from directory.text import fold

Organisation = dict[str, str]
_BY = re.compile(
    r"(?<!\w)(?i:organis[ée]e?s? (?:conjointement )?par|une? (?:initiative|projet|service|outil|publication|r[ée]alisation) (?:de|du|des|d['’])|propos[ée]e?s? par|r[ée]alis[ée]e?s? par|[ée]dit[ée]e?s? par|"
    r"d[ée]velopp[ée]e?s? par|port[ée]e?s? par|publi[ée]e?s? par|mis en place par|een (?:initiatief|project|dienst|uitgave|aanbod|organisatie) van|georganiseerd door|aangeboden door|ontwikkeld door|uitgegeven door|"
    r"organi[sz]ed by|run by|offered by|published by|developed by|made by|produced by|an initiative of|(?:organisateur|organisatrice|organisation|organisatie|organisator|organi[sz]er|[ée]diteur(?: responsable)?|uitgever|publisher)\s?:)\s+(?:l['’]|la\s+|le\s+|les\s+|de\s+|het\s+|the\s+|d['’])?"
)
_CAPITAL = r"(?:l['’]|d['’])?[A-ZÀ-Þ0-9&][\w'’&+/-]*(?:\.(?=\w)[\w'’&+/-]*)*"
_SMALL_WORDS = (  #: that names of organisations hold in small letters
    r"asbl|vzw|quartier|m[ée]dicales?|sant[ée]|social(?:es?)?|sociaux|mentale|bruxellois\w*|palliatifs?|soins|aide|aides|accueil|jour|familial(?:es?)?|familles?|planning|culturel(?:le)?|communal\w*|public\w*|services?|jeunes|enfants|"
    r"a[îi]n[ée]s|aidants|proches|femmes|patients?|repos|domicile|pr[ée]vention|promotion|formation|documentation|coordination|r[ée]seau|pharmacies?|action|int[ée]gration|logement|emploi|insertion|"
    r"mentale|zorg|welzijn|gezondheid|centrum|huis|dienst|netwerk|mantelzorg|thuiszorg|health|network|centre|community"
)
_NAME = re.compile(
    rf"(?:(?:commune|ville|gemeente|stad|r[ée]gion)\s(?:de\s|d['’]|van\s)?{_CAPITAL}|{_CAPITAL}|asbl|vzw)(?:\s+(?:(?:de|du|des|la|le|les|l['’]|d['’]|en|et|à|a|van|voor|het|der|den|pour|sur|aux|au|of|for|the|&|-|–)\s+)*(?:(?:l['’]|d['’])?(?:{_SMALL_WORDS})(?!\w)|{_CAPITAL}))*"
)
#: "La Maison médicale du Tilleul a conçu…", "Brusano – Zorgzone Zuid maakt…": who does it, as a sentence's subject.
_DOES = re.compile(
    r"\s+(?:vous |leur |t['’]|l['’])?(?:propose|organise|a (?:con[çc]u|[ée]dit[ée]|publi[ée]|r[ée]alis[ée]|d[ée]velopp[ée]|cr[ée]{2}|lanc[ée]|mis en place)|ont (?:con[çc]u|publi[ée]|r[ée]alis[ée]|d[ée]velopp[ée]|cr[ée]{2})|lance|publie|[ée]dite|met à (?:votre )?disposition|accueille|offre|"
    r"biedt|organiseert|ontwikkelde|maakt|maakte|publiceerde|geeft uit|lanceert|bundelt|stelt voor|"
    r"offers|runs|organi[sz]es|has (?:published|developed|made)|published|developed|provides)(?!\w)"
)
_NO_ORGANISATION = frozenset(
    ("nous", "wij", "ons", "equipe", "team", "copyright", "all rights reserved", "admin", "wordpress", "drupal")
)


def find_organisations(
    document: Document, fields: Sequence[Labelled], title: Fact[str] | None, *, type_: str
) -> Fact[list[Organisation]] | None:
    """The organisations, the surest statement of the page first; the site's own name where it says nothing.

    The title of a page that presents a service may be its name, for want of another; a pharmacy's surely is.
    """
    named: list[Fact[list[Organisation]]] = []
    if title is not None and type_ in _SERVICES:
        own = re.split(r"\s+[|–—-]\s+|\s*:\s|,\s", title.value)[0]
        if one := _organisation(own, "", document):
            named.append(
                Fact(
                    value=[one],
                    quote=title.quote,
                    place=title.place,
                    confidence=0.85 if type_ == "pharmacy" and _PHARMACY.search(fold(own)) else 0.45,
                )
            )
    found = [*_structured(document), *_labelled(document, fields), *_stated(document), *_doing(document, title)]
    return best([*found, *_signed(document), *_of_site(document), *named])


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
            person = name is not None and any(
                start < name.end() and name.start() < end for start, end in find_people(line.text)
            )
            if name and not person and (one := _organisation(name.group(), "", document)):
                yield Fact(
                    value=[one],
                    quote=cut_quote(line.text, match.start(), name.end()),
                    place=line.place,
                    confidence=0.84,
                )
                return


def _doing(document: Document, title: Fact[str] | None) -> Iterator[Fact[list[Organisation]]]:
    """Who makes or offers it, as the subject of one of the first sentences; the thing itself is not its maker."""
    heading = fold(title.value) if title is not None else ""
    for line in [line for line in document.lines if not line.level and len(line.text) > 40][:4]:
        for sentence in re.finditer(r"(?:^|(?<=[.!?] ))(?:L['’]|La |Le |Les |De |Het |The )?", line.text[:600]):
            name = _NAME.match(line.text, sentence.end())
            if name is None or _DOES.match(line.text, name.end()) is None:
                continue
            text = line.text[sentence.end() : name.end()]
            led = sentence.end() > sentence.start()
            one = _organisation(text, "", document)
            if one and fold(one["name"]) not in heading and (led or _looks_named(text)):
                yield Fact(
                    value=[one],
                    quote=cut_quote(line.text, sentence.start(), name.end()),
                    place=line.place,
                    confidence=0.83,
                )
                return


_SERVICES = frozenset(("service", "pharmacy", "helpline"))
_PHARMACY = re.compile(r"(?<![a-z])(?:pharmacie|apotheek|pharmacy|officine)(?![a-z])")
_PLAIN = word_set(
    "nous vous ils elles il elle on ce cet cette ces chaque tous toutes notre votre leur son sa ses mon ma mes un une des qui quand si pour avec dans depuis wij we je jullie hij zij ze dit deze dat die elke elk onze ons een wie als voor met sinds "
    "our we you they this that these each every your it a an in with since who formation atelier projet outil guide brochure vorming opleiding project training workshop"
)


def _looks_named(text: str) -> bool:
    """Whether a text is a name by its look, without an article before it: no plain word in a capital for the sentence's sake."""
    return fold(text.split()[0].strip(",;:'’")) not in _PLAIN


#: What a PDF's properties name as its author for want of one.
_SOFTWARE = re.compile(
    r"\.\w{2,4}$|_|^\S*\d|(?<![a-z])(?:user|admin\w*|microsoft|adobe|canva|office|utilisateur|gebruiker|owner|pc|windows)(?![a-z])"
)


def _signed(document: Document) -> Iterator[Fact[list[Organisation]]]:
    """What a PDF says of its author, and who signs at its end with a number or address."""
    if not document.is_pdf:
        return
    author = document.head.meta.get("author", "")
    if not names_person(author) and not _SOFTWARE.search(fold(author)) and (one := _organisation(author, "", document)):
        spoken = fold(author) in fold(document.text)  # else it may be who laid it out
        yield Fact(value=[one], quote=one["name"], place="page 1", confidence=0.78 if spoken else 0.57)
    times = Counter(line.text for line in document.lines)
    for line in document.lines:  # what runs at the head or foot of each page
        running = re.split(r"\s[-–—|]\s", line.text)[0].strip()
        named = times[line.text] > 1 and line.text != running and not any(c.isdigit() for c in running)
        if named and running[:1].isupper() and (one := _organisation(running, "", document)) and len(running) <= 60:
            yield Fact(value=[one], quote=cut_quote(line.text), place=line.place, confidence=0.56)
            break
    signed = [(line, name) for line in document.lines[-6:] if (name := signatory(line.text))]
    if len(signed) == 1:
        line, name = signed[0]
        if one := _organisation(name.split(" / ")[0], "", document):
            yield Fact(value=[one], quote=cut_quote(line.text), place=line.place, confidence=0.6)


def _of_site(document: Document) -> Iterator[Fact[list[Organisation]]]:
    """The site itself: its profile, what it calls itself, a non-profit named in the text, the source's name."""
    if profile := document.profile.get("organisation"):
        yield Fact(value=[dict(profile)], quote=document.host, place="source", confidence=0.88)
    for site in document.site_names:
        if one := _organisation(_in_language(site.name, document.language), "", document, own=True):
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


_FRENCH = re.compile(
    r"(?<!\w)(?:[Ll]a|[Ll]es?|[Dd]u|[Dd]es|[Aa]ux?|[Ee]t|[Ll]['’]|[Dd]['’]|[Mm]aison|[Cc]entre|[Ss]ant[ée]|[Rr][ée]seau|[Aa]ide|[Ss]oins|asbl|ASBL)(?!\w)"
)
_DUTCH = re.compile(
    r"(?<!\w)(?:De|[Hh]et|[Vv]an|[Vv]oor|[Ee]n|[Hh]uis|[Zz]org\w*|\w*huis|[Nn]etwerk|[Dd]ienst|[Gg]ezondheid\w*|\w*werk|vzw|VZW)(?!\w)"
)


def _in_language(name: str, language: str | None) -> str:
    """The half of a bilingual name that is in the page's language ("La Ruche du Canal / De Kanaalkorf"); else the name."""
    halves = [half for half in re.split(r"\s+[/|]\s+", name) if len(half) >= 4]
    if len(halves) != 2 or language not in {"fr", "nl"}:
        return name
    lean = [len(_FRENCH.findall(half)) - len(_DUTCH.findall(half)) for half in halves]
    if lean[0] == lean[1]:
        return name
    return halves[lean.index(max(lean) if language == "fr" else min(lean))]


def _organisation(name: str, url: str, document: Document, *, own: bool = False) -> Organisation | None:
    """An organisation's outside shape; None where the text is no name. `own`: it is the site's."""
    name = re.sub(r"^(?:l['’]|la |le |les |de |het |the )(?=[A-ZÀ-Þ])", "", name.strip(" \t.,;:–—-|()«»\"'"))
    if (
        not (3 <= len(name) <= 120)
        or fold(name) in _NO_ORGANISATION
        or re.search(r"https?:|@|\d{5}", name)
        or (names_person(name) and len(name.split()) <= 3)
    ):
        return None
    name = f"{name[0].upper()}{name[1:]}" if re.match(r"(?:commune|ville|gemeente|stad|r[ée]gion)\s", name) else name
    address = absolute(document.url, url) if url else None
    if address is None and (own or any(same_name(name, site.name) for site in document.site_names)):
        address = document.origin
    return {"name": name[:200], **({"url": address} if address else {})}
