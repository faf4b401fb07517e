"""What a resource looks like in an index: one shape for every engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from typing import Any

from directory import catalogue
from directory.database import Database
from directory.geography import commune_names

_BATCH = 500  #: resources read at once

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


def content_hash(document: Document) -> str:
    """The same for equal documents only: how an index is compared with the catalogue."""
    told = {field.name: getattr(document, field.name) for field in fields(document)}
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def public_documents(database: Database) -> Iterator[Document]:
    """Every public resource, in one consistent view of the catalogue."""
    with database.read() as session:
        resources = catalogue.list_resources(session)
        while batch := list(islice(resources, _BATCH)):
            added = catalogue.added_at(session, [resource["id"] for resource in batch])
            yield from (to_document(resource, added=added[resource["id"]]) for resource in batch)


def present_documents(database: Database, ids: Sequence[str]) -> dict[str, Document]:
    """The documents of those of the resources that are public now, by id."""
    with database.read() as session:
        resources = catalogue.get_resources(session, ids)
        added = catalogue.added_at(session, resources)
    return {id_: to_document(resource, added=added[id_]) for id_, resource in resources.items()}


def _contact(contact: Mapping[str, Any]) -> tuple[str, ...]:
    address = contact.get("address", {})
    code = address.get("postal_code", "")
    parts = (contact.get("phone"), address.get("street"), code, address.get("commune"), *commune_names(code))
    return tuple(dict.fromkeys(part for part in parts if part))
