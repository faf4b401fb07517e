"""How to reach an organisation: phone, e-mail, address. What belongs to a person is dropped."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from urllib.parse import unquote

import phonenumbers
from phonenumbers import shortnumberinfo

from crawler import json_ld
from crawler.document import Document
from crawler.findings import Fact, Line
from crawler.html import Node, css_path, word_set
from crawler.people import find_people, find_unknown_names, is_first_name, is_known_word, names_person
from directory.geography import find_places
from directory.text import fold, words

_PHONE = re.compile(r"(?<![\w.,/+-])(?:\+|00)?\(?\d[\d\s./()\u2011\u2013-]{5,20}\d(?![\w€%])")
_PHONE_WORD = re.compile(
    r"(?:t[ée]l|tel|phone|telefoon|t[ée]l[ée]phone|gsm|appel|bel|call|☎|📞|📱|\bt\s*[.:]|num[ée]ro|nummer|number|mobile|ligne|lijn)",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?:num[ée]ro|nummer|number|appelez|bel|composez|formez|call|dial|t[ée]l)\W{0,4}(?:le |het |the |nummer |num[ée]ro |gratis |gratuit )*(\d{3,4})(?![\d./ -]*\d)",
    re.IGNORECASE,
)
_EMERGENCY = frozenset(("100", "101", "110", "112"))  #: everyone's, nobody's own
_FAX = re.compile(r"fax\W{0,4}$", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}(?!\w)"
)
_HIDDEN_AT = re.compile(r"\s*(?:\[|\()\s*(?:at|arobase|à|@|apenstaartje)\s*(?:\]|\))\s*", re.IGNORECASE)
#: Local parts that belong to a desk, not to a person.
_DESKS = word_set(
    "info infos contact secretariat secretariaat accueil onthaal reception admin administration mail email hello bonjour hallo inscription "
    "inscriptions inschrijving inschrijvingen formation formations vorming vormingen training helpdesk support aide hulp office bureau asbl vzw "
    "communication communicatie permanence service sociale social equipe team coordination coordinatie direction dienst prevention sante "
    "gezondheid zorg soins welzijn documentation documentatie bibliotheque centre centrum maison huis bassin zorgzone reservation reservations "
    "events evenement evenements agenda outils tools benevolat vrijwilligers presse pers partenariat ecoute aidants mantelzorg noord nord sud zuid est oost ouest west"
)
STREET = re.compile(
    r"((?:rue|avenue|av\.|boulevard|bd\.?|bld|place|pl\.|square|chauss[ée]e|ch[ée]e|quai|all[ée]e|clos|drève|impasse|galerie|esplanade|parvis|sentier|cours|venelle)"
    r"\s[^\d,;|\n]{2,60}?,?\s*\d{1,4}\s?[a-zA-Z]?(?:[-/]\d{1,4})?(?:\s?(?:bte|boîte|bus)\s?\w{1,4})?"
    r"|[A-ZÀ-Þ][\w'’.-]*(?:\s[\w'’.-]+){0,4}?(?:straat|laan|plein|steenweg|weg|lei|kaai|dreef|plaats|markt|square)\s?\d{1,4}\s?[a-zA-Z]?(?:[-/]\d{1,4})?(?:\s?bus\s?\w{1,4})?"
    r"|\d{1,4}[a-z]?,?\s(?:rue|avenue|boulevard|place|square|chauss[ée]e|quai)\s[^\d,;|\n]{2,60}?(?=\s*[,–-]|\s*\||\s+(?:B-?)?\d{4}))",
    re.IGNORECASE,
)
_POSTAL = re.compile(
    r"(?<![\d./+-])(?:B-)?(1[012]\d\d)(?:\s|\u00a0)+([A-ZÀ-Þ][\w'’-]+(?:[ -](?:[A-ZÀ-Þ][\w'’-]*|ten|aux|le|la|de|over)){0,3})"
)


def find_phone(document: Document) -> Fact[str] | None:
    """The number to call, in E.164 or as a short number; what only stands in the site's frame is not the resource's."""
    found = [
        (sure, -index, number, line, start, end)
        for index, line in enumerate(document.lines)
        for number, start, end, sure in phones_in(line.text)
    ]
    if found:
        sure, _, number, line, start, end = max(found, key=lambda one: one[:2])
        return Fact(
            value=number, quote=line.text[start:end].strip(), place=line.place, confidence=round(0.92 * sure, 2)
        )
    for item in own_items(document):
        for holder in (
            item,
            *json_ld.objects(item.get("contactPoint")),
            *json_ld.objects(item.get("organizer")),
            *json_ld.objects(item.get("provider")),
        ):
            if "Person" not in json_ld.types(holder) and (number := _e164(json_ld.text(holder.get("telephone"))) or ""):
                return Fact(
                    value=number,
                    quote=json_ld.text(holder.get("telephone")),
                    place="script[type='application/ld+json']",
                    confidence=0.85,
                )
    return None


def own_items(document: Document) -> list[json_ld.Item]:
    """The structured data about the page's subject, without what describes the site."""
    return document.head.items_of("Event", "Course", "Service", "CourseInstance", "Clinic", "Pharmacy", "Place")


def phones_in(text: str) -> Iterator[tuple[str, int, int, float]]:
    """Phone numbers of organisations in a text: (number, start, end, how sure)."""
    if not any(character.isdigit() for character in text):
        return
    for match in _PHONE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _FAX.search(before):
            continue
        number = _e164(match.group())
        if number is None:
            continue
        near = text[max(0, match.start() - 60) : match.end() + 20]
        if names_person(near):
            continue
        mobile = re.match(r"\+324[5-9]", number) is not None
        labelled = _PHONE_WORD.search(before) is not None
        signed = _EMAIL.search(text) is not None and len(text) < 200
        sure = 1.0 if labelled else 0.88 if signed else 0.8
        yield number, match.start(), match.end(), sure * (0.75 if mobile else 1.0)
    for match in _SHORT.finditer(text):
        parsed = phonenumbers.parse(match.group(1), "BE")
        known = shortnumberinfo.is_valid_short_number_for_region(parsed, "BE")
        if known and match.group(1) not in _EMERGENCY:
            yield match.group(1), match.start(1), match.end(1), 0.95


def can_be_dialled(number: str) -> bool:
    """Whether a number that was read exists: a free number with a digit too many still tells that a page has one."""
    return not number.startswith("+") or phonenumbers.is_valid_number(phonenumbers.parse(number))


def _e164(text: str) -> str | None:
    digits = re.sub(r"\D", "", text)
    if not 8 <= len(digits) <= 13 or re.search(
        r"\b(?:19|20)\d\d[-/.]\d\d[-/.]\d\d\b|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d", text
    ):
        return None
    if not digits.startswith("0") and not text.lstrip("( ").startswith("+") and not digits.startswith("32"):
        return None
    cleaned = re.sub(r"\(0\)", "", text).replace("\u2011", "-")
    if digits.startswith("32") and not cleaned.lstrip().startswith(("+", "0")):
        cleaned = "+" + cleaned.lstrip()
    try:
        number = phonenumbers.parse(cleaned, "BE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) and not (digits.startswith("0800") and len(digits) == 10):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def find_email(document: Document) -> Fact[str] | None:
    """The organisation's e-mail address in the main text, the first that is no person's."""
    surnames = {
        fold(word)
        for line in document.lines
        for start, end in find_people(line.text)
        for word in re.split(r"[\s.-]+", line.text[start:end])
        if len(word) > 2
    }
    linked = {line.node: line for line in document.lines if line.node is not None}
    if document.main is not None:
        for anchor in document.main.iter("a"):
            address = _mail_link(anchor)
            inside = anchor in linked or any(node in linked for node in anchor.iterancestors())
            if address and inside and is_desk(address, surnames):
                return Fact(value=address, quote=address, place=css_path(anchor), confidence=0.92)
    for line in document.lines:
        for match in _EMAIL.finditer(_HIDDEN_AT.sub("@", line.text)):
            if is_desk(match.group(), surnames):
                return Fact(
                    value=match.group().lower(),
                    quote=match.group(),
                    place=line.place,
                    confidence=0.9,
                )
    return None


def _mail_link(anchor: Node) -> str | None:
    href = (anchor.get("href") or "").strip()
    if not href.lower().startswith("mailto:"):
        return None
    match = _EMAIL.search(unquote(href[7:]))
    return match.group().lower() if match else None


def is_desk(address: str, surnames: Collection[str] = ()) -> bool:
    """Whether an address is an organisation's and no person's. `surnames`: folded names of people on the page."""
    local, _, domain = fold(address).partition("@")
    parts = [part for part in re.split(r"[^a-z]+", local) if part]
    if not parts or len(local) < 2:
        return False
    if set(parts) & _DESKS or any(
        part.startswith(("info", "contact", "secr", "inscri", "inschr", "forma", "vorm")) for part in parts
    ):
        return True
    if is_first_name(parts[0]) or any(name in part for part in parts for name in surnames if len(name) > 3):
        return False
    if len(parts) == 2 and (len(parts[0]) == 1 or len(parts[1]) == 1):  # m.dupont
        return False
    owner = re.sub(r"[^a-z]", "", domain.rsplit(".", 1)[0])
    if len(owner) >= 4 and any(len(part) >= 3 and (part in owner or owner in part) for part in parts):
        return True
    if re.search(r"(?:gmail|hotmail|outlook|skynet|yahoo|live|telenet|proximus|scarlet|icloud|msn)\.", domain):
        return False  # a house's own box there can not be told from a person's
    if re.fullmatch(r"[a-z]+[._][a-z]+", local):  # first name and name, of which neither is known
        return any(len(part) > 4 and is_known_word(part) for part in parts)
    return True


def find_address(lines: Sequence[Line]) -> Fact[dict[str, Any]] | None:
    """A postal address in Brussels: street where it is written, postal code, commune."""
    for index, line in enumerate(lines):
        for match in _POSTAL.finditer(line.text):
            commune = _commune(match.group(2))
            if commune is None and not re.match(r"(?:Bruxelles|Brussel|Brussels)", match.group(2)):
                continue
            before = line.text[max(0, match.start() - 110) : match.start()]
            street = _street(before) or (_street(lines[index - 1].text) if index and len(before) < 6 else None)
            address: dict[str, Any] = {
                "postal_code": match.group(1),
                "commune": commune or match.group(2).split(" ")[0],
            }
            if street:
                address = {"street": street, **address}
            return Fact(
                value=address,
                quote=f"{street or ''} {match.group()}".strip(),
                place=line.place,
                confidence=0.88 if street else 0.7,
            )
    return None


def _commune(text: str) -> str | None:
    found = find_places([word.folded for word in words(text)])
    return found[0][2].value if found and found[0][0] == 0 else None


def _street(text: str) -> str | None:
    matches = list(STREET.finditer(text))
    return matches[-1].group().strip(" ,")[:200] if matches else None


def without_persons(text: str, known: Collection[str] | None = None) -> str:
    """A quote without names, addresses and numbers of private persons, each replaced by an ellipsis. `known`: as in
    find_unknown_names, to hide all that may be a name."""
    hidden = [match.span() for match in _EMAIL.finditer(text) if not is_desk(match.group())]
    people = find_people(text)
    if known is not None:
        people += [
            (start, end)
            for start, end in find_unknown_names(text, known)
            if not any(begin < end and start < stop for begin, stop in people)
        ]
    for _, end in people:  # the number that stands by a name is the person's
        after = _PHONE.search(text[end : end + 40])
        if after and not re.search(
            r"[;|.]", text[end : end + after.start()].replace("tél.", "").replace("Tél.", "").replace("T.", "")
        ):
            hidden.append((end + after.start(), end + after.end()))
    for start, end in sorted([*hidden, *people], reverse=True):
        text = f"{text[:start]}…{text[end:]}"
    return text
