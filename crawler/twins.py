"""In which languages a resource exists: as its page says, and as other pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.document import Document
from crawler.fields import Labelled
from crawler.findings import Fact, cut_quote
from crawler.html import Node, absolute, text_of
from crawler.languages import languages_beside, primary
from directory.taxonomy import LANGUAGES
from directory.text import fold

_SPOKEN = {
    "fr": r"francais|frans|french", "nl": r"neerlandais|nederlands|dutch", "en": r"anglais|engels|english", "de": r"allemand|duits|german",
    "ar": r"arabe|arabisch|arabic", "tr": r"turc|turks|turkish", "es": r"espagnol|spaans|spanish", "ro": r"roumain|roemeens|romanian",
    "pl": r"polonais|pools|polish", "uk": r"ukrainien|oekraiens|ukrainian", "ru": r"russe|russisch|russian", "pt": r"portugais|portugees|portuguese",
    "it": r"italien|italiaans|italian", "bg": r"bulgare|bulgaars|bulgarian", "fa": r"farsi|persan|perzisch|dari", "so": r"somali\w*", "ps": r"pachto|pasjtoe|pashto",
}  # fmt: skip


_OFFERED = re.compile(
    r"(?<![a-z])(?:disponible|existe|edite|publie|traduit|beschikbaar|verkrijgbaar|bestaat|available)\w*(?: \w+){0,3} (?:en|in(?: het)?) ([^.;!?]{4,120})"
)


def find_languages(document: Document, fields: Sequence[Labelled], sure: float) -> Fact[list[str]]:
    """The page's language, and those that it says the resource is in: behind a label, or as "available in…"."""
    for field in fields:
        if field.name == "language" and (spoken := _languages_in(fold(field.value))):
            return Fact(value=spoken, quote=cut_quote(field.line.text), place=field.line.place, confidence=0.9)
    own = document.language or "fr"
    for line in document.lines[:60]:
        for offered in _OFFERED.finditer(fold(line.text)):
            spoken = _languages_in(offered.group(1))
            if len(spoken) > 1 or (spoken and own not in spoken):
                return Fact(
                    value=list(dict.fromkeys([own, *spoken])),
                    quote=cut_quote(line.text),
                    place=line.place,
                    confidence=0.8,
                )
    texts = [line.text for line in document.lines[:80] if line.link_share < 0.5]
    spoken = [own, *languages_beside(texts, own)] if own in LANGUAGES else [own]
    return Fact(value=spoken, quote=document.first.text[:120], place=document.first.place, confidence=round(sure, 2))


def _languages_in(folded: str) -> list[str]:
    """The languages that a text names, in the order of its words; codes too ("FR/NL")."""
    found = {
        tag: hit.start()
        for tag, pattern in _SPOKEN.items()
        if (hit := re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", folded))
    }
    for tag in ("fr", "nl", "en"):
        if tag not in found and (hit := re.search(rf"(?<![a-z]){tag}(?![a-z])(?! )", folded)):
            found[tag] = hit.start()
    return sorted(found, key=lambda tag: found[tag])


#: What language switches say, folded.
_SWITCH = {
    "nl": "nl", "nederlands": "nl", "nederlandse versie": "nl", "fr": "fr", "francais": "fr", "version francaise": "fr", "en": "en",
    "english": "en", "english version": "en", "lire cette page en francais": "fr", "lees deze pagina in het nederlands": "nl",
    "read this page in english": "en", "en neerlandais": "nl", "in het frans": "fr", "in het nederlands": "nl", "en francais": "fr",
}  # fmt: skip
#: A language in an address: a folder, an ending, a parameter, a host of its own.
_LANGUAGE_IN_ADDRESS = re.compile(
    r"(?:/(?:fr|nl|en|de)(?:-[a-z]{2})?(?=[/?]|$)|[-_.](?:fr|nl|en|de|fra|nld|eng)(?=[/.?]|$)|[?&](?:lang|language|locale|taal|langue|l)=[a-z]{2}|//(?:fr|nl|en|de)\.)",
    re.IGNORECASE,
)
_LANGUAGE_HOME = re.compile(r"/(?:[a-z]{2}(?:-[a-z]{2})?/?)?")


def find_twins(document: Document, root: Node) -> dict[str, str]:
    """The same page in other languages: by hreflang, else by the page's language switch; not where that leads home, or to
    one page that stands for the whole site ("/english.htm")."""
    own = {document.url, document.head.canonical}
    twins: dict[str, str] = {}
    for tag, address in document.head.alternates.items():
        language = primary(tag)
        if language and language != document.language and address not in own and not _leads_home(document, address):
            twins.setdefault(language, address)
    if twins:
        return twins
    for anchor in root.iter("a"):
        switch = _SWITCH.get(fold(text_of(anchor)).strip(" .|"), "")
        address_or_none = absolute(document.url, anchor.get("href")) if switch else None
        if address_or_none is None or switch == document.language or address_or_none in own:
            continue
        told = any(_LANGUAGE_IN_ADDRESS.search(address) for address in (address_or_none, document.url))
        if told and not _leads_home(document, address_or_none):
            twins.setdefault(switch, address_or_none)
    return twins


def _leads_home(document: Document, address: str) -> bool:
    """Whether an address is a site's home, and the page is not."""
    parts = urlsplit(address)
    home = _LANGUAGE_HOME.fullmatch(parts.path or "/") is not None and not parts.query
    return home and not _LANGUAGE_HOME.fullmatch(document.path or "/")
