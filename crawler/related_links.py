"""The links a resource keeps: its page, what can be downloaded, videos, registration, its other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from crawler.document import Document, Link
from crawler.resource_types import spaced

MAX_DOWNLOADS, MAX_VIDEOS, MAX_REGISTRATIONS = 5, 2, 2
_FILE = re.compile(r"\.(?:pdf|docx?|pptx?|odt|epub|zip|mp3)$", re.IGNORECASE)
_VIDEO = re.compile(r"(?:^|\.)(?:youtube\.com|youtu\.be|vimeo\.com|dailymotion\.com)$")
_FORM_HOST = re.compile(
    r"(?:^|\.)(?:forms\.office\.com|forms\.gle|eventbrite\.\w+|framaforms\.org|billetweb\.fr|weezevent\.com|jotform\.com|typeform\.com|surveymonkey\.com)$|docs\.google\.com$"
)
_REGISTER = re.compile(
    r"(?<![a-z])(?:s inscrire|inscri\w+|je m inscris|reserv(?:er|ez|ation)\w*|inschrijv\w*|schrijf (?:je|u) (?:hier )?in|register|registration|sign up|book (?:now|a place|your)|aanmelden|billetterie|tickets?)(?![a-z])"
)
_NEWSLETTER = re.compile(r"newsletter|nieuwsbrief|infolettre|mailing")


def find_links(document: Document, twins: Mapping[str, str]) -> list[dict[str, Any]]:
    """The links in their outside shape, the page itself first."""
    language = document.language
    links: list[dict[str, Any]] = [_link(document.url, "download" if document.is_pdf else "page", language)]
    counted = {"download": 0, "video": 0, "registration": 0}
    limits = {"download": MAX_DOWNLOADS, "video": MAX_VIDEOS, "registration": MAX_REGISTRATIONS}
    for link in document.links:
        kind = kind_of(link)
        if kind and counted[kind] < limits[kind] and all(link.address != known["url"] for known in links):
            counted[kind] += 1
            links.append(_link(link.address, kind, None))
    for tag, address in twins.items():
        if tag != language and all(address != known["url"] for known in links):
            links.append(_link(address, "page", tag))
    return links


def kind_of(link: Link) -> str | None:
    """What a link in the text leads to, where the resource should keep it; None for any other."""
    host = (urlsplit(link.address).hostname or "").lower()
    text = spaced(f"{link.text} ")
    around = spaced(link.line) if len(link.text) <= 12 else ""
    if _FILE.search(urlsplit(link.address).path):
        return "download"
    if _VIDEO.search(host):
        return "video"
    if (_FORM_HOST.search(host) or _REGISTER.search(text) or _REGISTER.search(around)) and not _NEWSLETTER.search(text):
        return "registration"
    return None


def _link(address: str, kind: str, language: str | None) -> dict[str, Any]:
    return {"url": address, **({"language": language} if language else {}), "kind": kind}
