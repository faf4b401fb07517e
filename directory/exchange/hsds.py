"""Published resources as services of the Human Services Data Specification, version 3.0.

Source: Open Referral, HSDS 3.0 (https://docs.openreferral.org), schema and API pages. A resource is a `service` of its
first organisation; basins are `service_areas`, the price with BIM/RVV status a second `cost_option`, our term lists
`attributes` with their taxonomy, `verified_on` is `assured_date`. HSDS holds one language: an export is made per
language, with the same ids (UUID 5 of our own keys), so that two can be put side by side.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory.catalogue import count_resources, list_resources
from directory.models import Resource
from directory.taxonomy import label, taxonomy

VERSION = "3.0"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://senne.brussels/hsds")
_TERM_LISTS = {"type": "types", "themes": "themes", "audiences": "audiences", "easy_read": "easy_read_levels"}
_STATUS = {"published": "active", "archived": "inactive"}


def export_services(session: Session, lang: str) -> Iterator[str]:
    """The published resources as one page of services (the shape of HSDS's list answers), piece by piece."""
    total = count_resources(session)
    page = {
        "total_items": total,
        "total_pages": 1,
        "page_number": 1,
        "size": total,
        "first_page": True,
        "last_page": True,
        "empty": total == 0,
    }
    yield json.dumps(page)[:-1] + ', "contents": ['
    changed = {row.id: row.updated_at for row in session.execute(sa.select(Resource.id, Resource.updated_at))}
    for position, document in enumerate(list_resources(session)):
        service = to_service(document, lang) | {"last_modified": changed[document["id"]].isoformat()}
        yield (",\n" if position else "\n") + json.dumps(service, ensure_ascii=False)
    yield "\n]}\n"


def to_service(document: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A resource in its outside shape as an HSDS service in one language."""
    key, cost = document["id"], document["cost"]
    service_id = _id("service", key)
    summary, description = label(document["summary"], lang), label(document.get("description", {}), lang)
    pages = [link["url"] for link in document["links"]]
    organisations = document["organisations"]
    located = _service_at_location(document, service_id, lang)
    return _present(
        id=service_id,
        organization_id=_id("organization", organisations[0]["name"]) if organisations else None,
        name=label(document["title"], lang),
        alternate_name=next((t for t in document["title"].values() if t != label(document["title"], lang)), None),
        description="\n\n".join(text for text in (summary, description) if text),
        url=pages[0] if pages else None,
        email=document.get("contact", {}).get("email"),
        status=_STATUS.get(document["status"], "inactive"),
        fees_description=label(cost.get("note", {}), lang) or label(taxonomy().cost_kinds[cost["kind"]].label, lang),
        assured_date=document.get("verified_on"),
        phones=_phones(document),
        schedules=_schedules(document, service_id),
        service_areas=[_service_area(key, service_id, basin, lang) for basin in document["basins"]],
        service_at_locations=[located] if located else [],
        languages=[
            {"id": _id("language", key, tag), "service_id": service_id, "code": tag.partition("-")[0], "name": tag}
            for tag in document["languages"]
        ],
        organization=_organization(organisations[0], lang) if organisations else None,
        cost_options=_cost_options(key, service_id, cost),
        attributes=_attributes(document, lang),
    )


def _organization(organisation: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """HSDS wants a description, which we do not hold: the name stands for it."""
    name = organisation["name"]
    return _present(id=_id("organization", name), name=name, description=name, website=organisation.get("url"))


def _service_area(key: str, service_id: str, basin: str, lang: str) -> dict[str, Any]:
    term = taxonomy().basins[basin]
    return _present(
        id=_id("service_area", key, basin),
        service_id=service_id,
        name=label(term.label, lang),
        uri=label(term.site, lang),
    )


def _cost_options(key: str, service_id: str, cost: Mapping[str, Any]) -> list[dict[str, Any]]:
    amounts = [("standard", cost.get("amount_eur")), ("BIM/RVV", cost.get("bim_amount_eur"))]
    if cost["kind"] == "free" and amounts[0][1] is None:
        amounts[0] = ("standard", 0)
    return [
        _present(
            id=_id("cost_option", key, option),
            service_id=service_id,
            option=option,
            currency="EUR",
            amount=amount,
            valid_from=cost.get("checked_on"),
        )
        for option, amount in amounts
        if amount is not None
    ]


def _phones(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    number = document.get("contact", {}).get("phone")
    return [{"id": _id("phone", document["id"]), "number": number}] if number else []


def _schedules(document: Mapping[str, Any], service_id: str) -> list[dict[str, Any]]:
    return [
        _present(
            id=_id("schedule", document["id"], occurrence["start"]),
            service_id=service_id,
            dtstart=occurrence["start"][:10],
            until=occurrence.get("end", occurrence["start"])[:10],
            opens_at=occurrence["start"][11:],
            closes_at=occurrence["end"][11:] if "end" in occurrence else None,
            description=occurrence.get("place"),
            schedule_link=occurrence.get("url"),
        )
        for occurrence in document.get("occurrences", [])
    ]


def _service_at_location(document: Mapping[str, Any], service_id: str, lang: str) -> dict[str, Any] | None:
    """Where it takes place, and the address. HSDS wants all of an address: one without street stays out."""
    key, point = document["id"], document.get("location", {})
    address = document.get("contact", {}).get("address", {})
    location_id = _id("location", key)
    whole = address.get("street") and address.get("postal_code")
    if not point and not whole:
        return None
    found = {
        "id": _id("address", key),
        "location_id": location_id,
        "address_1": address.get("street"),
        "city": address.get("commune") or {"fr": "Bruxelles", "nl": "Brussel"}.get(lang, "Brussels"),
        "state_province": "BRU",
        "postal_code": address.get("postal_code"),
        "country": "BE",
        "address_type": "physical",
    }
    location = {"id": location_id, "location_type": "physical", **point, "addresses": [found] if whole else []}
    return {
        "id": _id("service_at_location", key),
        "service_id": service_id,
        "location_id": location_id,
        "location": location,
    }


def _attributes(document: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    found = []
    for field, name in _TERM_LISTS.items():
        value = document.get(field)
        for term_id in value if isinstance(value, list) else [value] if value else []:
            term = getattr(taxonomy(), name)[term_id]
            found.append(
                {
                    "id": _id("attribute", document["id"], name, term_id),
                    "link_id": _id("service", document["id"]),
                    "link_type": field,
                    "link_entity": "service",
                    "taxonomy_term_id": _id("taxonomy_term", name, term_id),
                    "taxonomy_term": {
                        "id": _id("taxonomy_term", name, term_id),
                        "code": term_id,
                        "name": label(term.label, lang),
                        "description": label(term.description, lang) or label(term.label, lang),
                        "taxonomy": name,
                        "language": lang,
                    },
                }
            )
    return found


def _id(*key: str) -> str:
    """The same UUID for the same thing, always."""
    return str(uuid.uuid5(_SPACE, "\n".join(key)))


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}
