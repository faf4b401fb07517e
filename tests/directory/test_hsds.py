"""HSDS: every exported service has what version 3.0 requires, and says what the entry says."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from directory import catalogue
from directory.database import Database
from directory.exchange.hsds import to_service
from directory.exports import export_catalogue
from directory.imports import import_files
from directory.schemas import dump_resource, load_resource
from tests.directory.samples import ALICE, FULL, one_kind_of_database, resource

SHIPPED = Path(str(files("directory").joinpath("data", "catalogue.jsonl")))
#: What each object must have. Source: HSDS 3.0, schema reference.
REQUIRED = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "location": {"id", "location_type"},
    "address": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
    "phone": {"id", "number"},
    "taxonomy_term": {"id", "name", "description"},
    **{
        name: {"id"}
        for name in ("service_at_location", "service_area", "language", "cost_option", "schedule", "attribute")
    },
}
INSIDE = {
    "organization": "organization",
    "location": "location",
    "addresses": "address",
    "phones": "phone",
    "schedules": "schedule",
    "service_areas": "service_area",
    "service_at_locations": "service_at_location",
    "languages": "language",
    "cost_options": "cost_option",
    "attributes": "attribute",
    "taxonomy_term": "taxonomy_term",
}
ENUMS = {
    "status": {"active", "inactive", "defunct", "temporarily closed"},
    "location_type": {"physical", "postal", "virtual"},
    "address_type": {"physical", "postal", "virtual"},
}


def faults(kind: str, item: dict[str, Any], path: str = "service") -> Iterator[str]:
    """What HSDS would refuse."""
    yield from (f"{path} lacks {name}" for name in sorted(REQUIRED[kind] - item.keys()))
    for key, value in item.items():
        if value in (None, "", []) and key in REQUIRED[kind]:
            yield f"{path}.{key} is empty"
        if key == "id" or key.endswith("_id"):
            uuid.UUID(value)
        if key in ENUMS and value not in ENUMS[key]:
            yield f"{path}.{key} is {value!r}"
        if key in INSIDE:
            for part in value if isinstance(value, list) else [value]:
                yield from faults(INSIDE[key], part, f"{path}.{key}")
        else:
            assert isinstance(value, str | int | float) or value == [], (
                f"{path}.{key}: an object that HSDS does not know"
            )


def export(database: Database, lang: str = "fr") -> dict[str, Any]:
    buffer = io.BytesIO()
    with database.read() as session:
        export_catalogue(session, buffer, "hsds", lang=lang)
    page: dict[str, Any] = json.loads(buffer.getvalue())
    return page


def service(document: dict[str, Any], lang: str = "fr") -> dict[str, Any]:
    return to_service(dump_resource(load_resource(document)), lang)


def test_the_check_finds_what_is_missing() -> None:
    assert list(
        faults("service", {"id": str(uuid.uuid4()), "name": "x", "status": "open", "phones": [{"number": "1"}]})
    ) == [
        "service.status is 'open'",
        "service.phones lacks id",
    ]


@one_kind_of_database
def test_the_shipped_catalogue_is_exported_as_hsds_wants_it(database: Database) -> None:
    import_files(database, [SHIPPED], ALICE)
    for lang in ("fr", "nl", "en"):
        page = export(database, lang)
        assert (page["total_items"], len(page["contents"]), page["empty"]) == (224, 224, False)
        assert [fault for item in page["contents"] for fault in faults("service", item)] == []


@one_kind_of_database
def test_only_what_is_public_goes_out_and_an_empty_catalogue_is_a_page_too(database: Database) -> None:
    assert export(database)["empty"] is True
    with database.write() as session:
        for document in (resource("a-a"), resource("b-b", status="draft"), resource("c-c", status="archived")):
            catalogue.create_resource(session, document, ALICE)
    page = export(database)
    assert [item["name"] for item in page["contents"]] == ["Un titre"]
    assert page["contents"][0]["last_modified"].endswith("+00:00")


def test_a_service_says_what_the_entry_says() -> None:
    told = service(FULL)
    assert list(faults("service", told)) == []
    assert told["name"] == "Atelier « deuil »"
    assert told["description"] == "Trois matinées.\n\nPremier alinéa.\n\n- un\n- deux"
    assert told["assured_date"] == "2026-11-20"
    assert told["organization"]["name"] == "Une asbl"
    assert [area["name"] for area in told["service_areas"]] == ["Bassin Sud", "Bassin Nord"]
    assert [(option["option"], option["amount"], option["valid_from"]) for option in told["cost_options"]] == [
        ("standard", 12.35, "2026-10-01"),
        ("BIM/RVV", 0.0, "2026-10-01"),
    ]
    [place] = told["service_at_locations"]
    assert place["location"]["latitude"] == 50.8798
    assert place["location"]["addresses"][0]["postal_code"] == "1090"
    assert [language["code"] for language in told["languages"]] == ["fr", "nl"]
    assert {item["taxonomy_term"]["code"] for item in told["attributes"] if item["link_type"] == "themes"} == {
        "grief",
        "end_of_life",
    }
    assert [schedule["dtstart"] for schedule in told["schedules"]] == ["2026-06-02", "2026-12-01"]


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_languages_have_the_same_ids_so_that_they_can_be_put_side_by_side(lang: str) -> None:
    def ids(item: Any) -> Iterator[str]:
        if isinstance(item, dict):
            yield from (value for key, value in item.items() if key == "id")
            yield from (found for value in item.values() for found in ids(value))
        elif isinstance(item, list):
            yield from (found for value in item for found in ids(value))

    assert list(ids(service(FULL, lang))) == list(ids(service(FULL)))
    assert service(FULL, lang)["name"] == FULL["title"][lang]


def test_an_address_without_street_is_left_out_rather_than_made_up() -> None:
    told = service(resource(contact={"address": {"postal_code": "1000"}}))
    assert "service_at_locations" not in told
    assert "organization" not in service(resource(status="draft", organisations=[]))
