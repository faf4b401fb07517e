"""What a resource looks like in an index: one shape for every engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from directory.geography import commune_names

#: What a result shows; kept with the document so that a search needs no database.
CARD_FIELDS = (
    "id",
    "type",
    "title",
    "summary",
    "organisations",
    "languages",
    "themes",
    "basins",
    "audiences",
    "cost",
    "verified_on",
)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A resource as the index holds it: every language together.

    facets: facet name → values. title, summary, description: {language: text}. added: aware UTC.
    contact: telephone number, street, postal code and the commune's names, as written.
    """

    id: str
    card: Mapping[str, Any]
    title: Mapping[str, str]
    summary: Mapping[str, str]
    description: Mapping[str, str]
    organisations: tuple[str, ...]
    keywords: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    verified_on: str  #: ISO date, "" where nobody has checked it yet
    added: datetime
    contact: tuple[str, ...] = ()


def to_document(resource: Mapping[str, Any], *, added: datetime) -> Document:
    """The document of a resource in its outside shape."""
    return Document(
        id=resource["id"],
        card={name: resource[name] for name in CARD_FIELDS if name in resource},
        title=resource["title"],
        summary=resource["summary"],
        description=resource.get("description", {}),
        organisations=tuple(organisation["name"] for organisation in resource["organisations"]),
        keywords=tuple(resource.get("keywords", ())),
        facets={
            "basin": tuple(resource["basins"]),
            "theme": tuple(resource["themes"]),
            "type": (resource["type"],),
            "language": tuple(resource["languages"]),
            "audience": tuple(resource["audiences"]),
            "cost": (resource["cost"]["kind"],),
        },
        verified_on=resource.get("verified_on", ""),
        added=added,
        contact=_contact(resource.get("contact", {})),
    )


def _contact(contact: Mapping[str, Any]) -> tuple[str, ...]:
    address = contact.get("address", {})
    code = address.get("postal_code", "")
    parts = (contact.get("phone"), address.get("street"), code, address.get("commune"), *commune_names(code))
    return tuple(dict.fromkeys(part for part in parts if part))


def content_hash(document: Document) -> str:
    """The same for equal documents only: how an index is compared with the catalogue."""
    text = json.dumps(asdict(document), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
