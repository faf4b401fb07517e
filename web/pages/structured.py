"""A resource as schema.org JSON-LD, for search engines: data that browsers do not run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from directory.taxonomy import label, taxonomy

_BY_TYPE = {"training": "Course", "event": "Event", "website": "WebSite", "pharmacy": "Pharmacy"}
_BY_GROUP = {
    "tools_documents": "CreativeWork",
    "learning_exchange": "EducationEvent",
    "services_places": "Service",
    "events_projects": "Project",
}
_NO_EVENT = "CreativeWork"  #: an event's type asks for a date; without one it is not an event to schema.org
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def json_ld(document: Mapping[str, Any], url: str, lang: str) -> Markup:
    """The text of the `<script type="application/ld+json">`; no character in it can end the element."""
    text = json.dumps(structured(document, url, lang), ensure_ascii=False).translate(_ESCAPES)
    return Markup(text)  # noqa: S704 - escaped above


def structured(document: Mapping[str, Any], url: str, lang: str) -> dict[str, Any]:
    """The schema.org shape; what is not known is left out."""
    kind = schema_type(document)
    lists = taxonomy()
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": url,
        "url": url,
        "name": label(document["title"], lang),
        "description": label(document.get("summary") or {}, lang),
        "provider": [_organisation(item) for item in document["organisations"]],
        "areaServed": [label(lists.basins[basin].label, lang) for basin in document["basins"]],
        "audience": [
            {"@type": "Audience", "audienceType": label(lists.audiences[audience].label, lang)}
            for audience in document["audiences"]
        ],
        "keywords": [label(lists.themes[theme].label, lang) for theme in document["themes"]],
        "inLanguage": document["languages"],
        "sameAs": [link["url"] for link in document["links"]],
    }
    if document["cost"]["kind"] == "free":
        data["isAccessibleForFree"] = True
    if document.get("occurrences"):
        first = document["occurrences"][0]
        data |= {"startDate": first["start"], "endDate": first.get("end"), "location": first.get("place")}
    return {key: value for key, value in data.items() if value not in (None, "", [])}


def schema_type(document: Mapping[str, Any]) -> str:
    """The schema.org type that fits, events only where there is a date."""
    term = taxonomy().types[document["type"]]
    kind = _BY_TYPE.get(term.id) or _BY_GROUP[term.group or "tools_documents"]
    return kind if "Event" not in kind or document.get("occurrences") else _NO_EVENT


def _organisation(item: Mapping[str, Any]) -> dict[str, str]:
    found = {"@type": "Organization", "name": item["name"], "url": item.get("url")}
    return {key: value for key, value in found.items() if value}
