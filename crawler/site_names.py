"""What a site calls itself, from the surest sign to the weakest; for titles, which do without it, and organisations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from crawler import json_ld
from crawler.findings import Line
from crawler.head import Head
from crawler.html import Node, absolute, css_path, text_of, tokens
from directory.text import fold

_SEPARATOR = re.compile(r"\s+[|–—·•»:-]\s+|\s*[|»•]\s*|\s+::\s+")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:\d{4}(?:\s?[-–]\s?\d{4})?)?\s*[-–—|,:]?\s*([^|.,;–—©\d]{3,60}?)(?:\s*(?:[-–—|.,;©]|\d{4}|tous droits|all rights|alle rechten|$))",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"((?:[A-ZÀ-Þ][\w'’&.-]*)(?:\s(?:[A-ZÀ-Þ][\w'’&.-]*|d[eu]s?|la|le|les|l['’]\w+|d['’]\w+|en|et|à|aux?|van|voor|het|der|den|pour|of|for|the)){0,6}\s(?:asbl|ASBL|vzw|VZW|aisbl|a\.s\.b\.l\.|v\.z\.w\.)"
    r"|(?:[Aa]sbl|ASBL|[Vv]zw|VZW)\s(?:[A-ZÀ-Þ][\w'’&.-]*)(?:\s(?:[A-ZÀ-Þ][\w'’&.-]*|d[eu]s?|la|le|les|en|et|aux?|une?|een|van|voor|het|der|den|pour)){0,5}(?<![a-z ]\sd[eu])(?<!\s[a-z]{2}))"
)
LEGAL_FORM = r"a\.?s\.?b\.?l\.?|v\.?z\.?w\.?|aisbl|ivzw"
_HOME_WORDS = frozenset(
    (
        "accueil",
        "home",
        "onthaal",
        "startpagina",
        "retour a l accueil",
        "retour",
        "terug",
        "logo",
        "menu",
        "skip",
        "fr",
        "nl",
        "en",
        "image",
    )
)
_HOME_PATH = re.compile(r"/(?:(?:fr|nl|en)(?:-be)?/?)?(?:index\.\w+|accueil/?|home/?)?")


@dataclass(frozen=True)
class SiteName:
    """A name, where it stands, and how sure it is that the site is called so."""

    name: str
    quote: str
    place: str
    confidence: float


def find_site_names(
    head: Head, root: Node | None, url: str, framing: list[Line], headings: list[str]
) -> list[SiteName]:
    """The names that a page gives its site, the surest first. `headings`: of the main text, which are about the page."""
    found = [*_told(head), *_brands(root, url), *_of_footer(framing)]
    found += _of_title(head, found, headings)
    return sorted((_seconded(one, found) for one in found), key=lambda one: -one.confidence)


_GAIN = 0.08  #: for each further place that says the same name
_MOST = 0.81  #: what the page itself says of who offers it is surer


def _seconded(name: SiteName, found: Sequence[SiteName]) -> SiteName:
    """A name with what other places add to it; one that is only another's initials steps behind it."""
    others = {one.place for one in found if one.place != name.place and same_name(one.name, name.name)}
    abbreviates = any(_initials(one.name) == name.name for one in found)
    confidence = 0.5 if abbreviates else min(_MOST, name.confidence + _GAIN * len(others))
    return replace(name, confidence=round(confidence, 2))


def _initials(name: str) -> str:
    """ "Newcomers Health Network vzw" → "NHN"; "" for a name of one word."""
    spoken = [
        word
        for word in re.findall(r"[^\W\d_]+", name)
        if word[0].isupper() and not re.fullmatch(LEGAL_FORM, word, re.IGNORECASE)
    ]
    return "".join(word[0] for word in spoken) if len(spoken) > 1 else ""


def _told(head: Head) -> Iterator[SiteName]:
    for item in head.items:
        if set(json_ld.types(item)) & {
            "Organization",
            "NGO",
            "GovernmentOrganization",
            "MedicalOrganization",
            "LocalBusiness",
        } and (name := json_ld.text(item.get("name"))):
            yield SiteName(name, name, "script[type='application/ld+json']", 0.8)
    if head.site_name:
        yield SiteName(head.site_name, head.site_name, "meta[property='og:site_name']", 0.78)


def _brands(root: Node | None, url: str) -> Iterator[SiteName]:
    """The words or the logo that lead home, and what is marked as the site's title."""
    if root is None:
        return
    host = urlsplit(url).hostname
    for number, anchor in enumerate(root.iter("a")):
        if number > 60:
            break
        address = absolute(url, anchor.get("href"))
        parts = urlsplit(address or "")
        if not address or parts.hostname != host or parts.query or not _HOME_PATH.fullmatch(parts.path or "/"):
            continue
        image = anchor.find(".//img")
        name = text_of(anchor) or (image.get("alt") or "" if image is not None else "") or (anchor.get("title") or "")
        name = re.sub(
            r"^(?:logo(?: de| van| of)?|retour à l'accueil de)\s+|\s+logo$", "", name.strip(), flags=re.IGNORECASE
        )
        if name and len(name) <= 80 and fold(name).replace("'", " ").strip(" <>«»‹›") not in _HOME_WORDS:
            yield SiteName(name, name, css_path(anchor), 0.72)
            break
    for node in root.iter("div", "p", "span", "h1", "strong"):
        named = tokens(node)
        if (
            named & {"brand", "logo", "sitename", "sitetitle"}
            or {"site", "title"} <= named
            or {"site", "name"} <= named
        ):
            name = text_of(node)
            if 3 <= len(name) <= 80:
                yield SiteName(name, name, css_path(node), 0.68)
                return


def _of_title(head: Head, known: list[SiteName], headings: list[str]) -> Iterator[SiteName]:
    """The part of the title that is not about the page: the one unlike what Open Graph or the rest says; the last by habit."""
    parts = [part.strip() for part in _SEPARATOR.split(head.title) if part.strip()]
    if len(parts) < 2:
        return
    own = head.meta.get("og:title", "")
    likeness = [fuzz.partial_ratio(fold(part), fold(own)) if own else 0.0 for part in parts]
    if legal := next((part for part in parts if legal_names(part) == [part]), None):
        yield SiteName(legal, head.title, "title", 0.66)
        return
    chosen = parts[-1] if not own or likeness[-1] < 90 else parts[0]
    if not any(same_name(chosen, site.name) for site in known) and any(_names(chosen, heading) for heading in headings):
        chosen = (
            parts[0] if chosen is not parts[0] and not any(_names(parts[0], heading) for heading in headings) else ""
        )
    if len(chosen) <= 60 and any(character.isalpha() for character in chosen):
        yield SiteName(chosen, head.title, "title", 0.6)


def _names(part: str, heading: str) -> bool:
    return len(part) >= 4 and fold(part) in fold(heading)


def _of_footer(framing: list[Line]) -> Iterator[SiteName]:
    for line in framing:
        if match := _COPYRIGHT.search(line.text):
            yield SiteName(match.group(1).strip(), line.text, line.place, 0.64)
            break
    for line in framing:
        if name := signatory(line.text):
            yield SiteName(name, line.text, line.place, 0.66)
            break
    for line in framing:
        if found := legal_names(line.text):
            yield SiteName(found[0], line.text, line.place, 0.66)
            break


_SIGNED = re.compile(r"((?:L['’]|Les? |La |De |Het |The )?[A-ZÀ-Þ0-9][^|,;:·•–—@(]{2,60}?)\s*(?:,|\||·|•|\(|\s[-–—]\s)")
_REACHED = re.compile(r"(?:\d[ ./]?){8}|\S@\S|(?<!\d)1[0-2]\d0 [A-ZÀ-Þ]")


def signatory(text: str) -> str | None:
    """Who signs an imprint: the name before an address, number or mailbox ("Pallia-Docs, boulevard …, 1170 Bruxelles")."""
    match = _SIGNED.match(text)
    if match is None or not _REACHED.search(text, match.end(1)) or len(text) > 400:
        return None
    name = match.group(1).strip()
    plain = any(character.isdigit() for character in name) or len(name.split()) > 8 or _NO_NAME.search(fold(name))
    return None if plain else name


_NO_NAME = re.compile(
    r"^(?:tel|telephone|telefoon|phone|adresse?s?|address|contact|contactez|info|infos|inscriptions?|inschrijving\w*|rue|avenue|av|boulevard|bd|place|chaussee|quai|square|\w+(?:straat|laan|plein|steenweg|kaai|weg)|"
    r"reservations?|renseignements?|inlichtingen|permanence|ouvert|open|copyright|©|e-?mail|courriel|mail|gsm|lieu|ou|where|waar|prix|vragen|questions?|appelez|bel|call|register|siege\w*|bureau\w*|mentions|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|du|le \d)(?![a-z])"
)


def legal_names(text: str) -> list[str]:
    """Names of non-profits in a text: those with their legal form (asbl, vzw)."""
    return [re.sub(r"(?<=\w\w\w)\. .*", "", match.group().strip()) for match in _LEGAL.finditer(text)]


def same_name(first: str, second: str) -> bool:
    """Whether two names are one, legal form, accents and spaces aside."""
    a, b = (re.sub(r"[\W_]+|(?<![a-z])(?:asbl|vzw|aisbl)(?![a-z])", "", fold(name)) for name in (first, second))
    return bool(a) and bool(b) and (a == b or (len(min(a, b, key=len)) >= 6 and fuzz.ratio(a, b) >= 90))
