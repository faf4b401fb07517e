"""Between a resource's checked values (as `schemas.load_resource` gives them) and its rows."""

from __future__ import annotations

from typing import Any

from directory import models
from directory.models import Resource, ResourceTranslation

_TERM_LISTS: dict[str, type[Any]] = {
    "themes": models.ResourceTheme,
    "basins": models.ResourceBasin,
    "audiences": models.ResourceAudience,
    "languages": models.ResourceLanguage,
    "keywords": models.ResourceKeyword,
    "myths": models.ResourceMyth,
}
_ITEM_LISTS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "organisations": (models.ResourceOrganisation, ("name", "url")),
    "links": (models.ResourceLink, ("url", "language", "kind")),
    "occurrences": (models.ResourceOccurrence, ("start", "end", "place", "url")),
}
_TEXTS = ("title", "summary", "description")
_HOW_MADE = ("steps", "partners", "effort", "obstacles")


def write_values(resource: Resource, values: dict[str, Any]) -> None:
    """Make the rows say exactly what `values` say; `version` and the times are the caller's."""
    cost, contact = values["cost"], values.get("contact") or {}
    address, location = contact.get("address") or {}, values.get("location") or {}
    how_made, source = values.get("how_made") or {}, values["source"]
    resource.type, resource.status = values["type"], values["status"]
    resource.cost_kind = cost["kind"]
    resource.cost_amount_cents = _cents(cost.get("amount_eur"))
    resource.cost_bim_amount_cents = _cents(cost.get("bim_amount_eur"))
    resource.cost_checked_on = cost.get("checked_on")
    resource.easy_read, resource.recurring = values.get("easy_read"), values.get("recurring")
    resource.recurring_since = how_made.get("recurring_since")
    resource.contact_phone, resource.contact_email = contact.get("phone"), contact.get("email")
    resource.address_street = address.get("street")
    resource.address_postal_code = address.get("postal_code")
    resource.address_commune = address.get("commune")
    resource.latitude, resource.longitude = location.get("latitude"), location.get("longitude")
    resource.source_kind, resource.source_url = source["kind"], source.get("url")
    resource.source_citation, resource.source_retrieved_on = (
        source.get("citation"),
        source.get("retrieved_on"),
    )
    resource.verified_on = values.get("verified_on")
    for name, row in _TERM_LISTS.items():
        _replace(getattr(resource, name), row, [{"value": value} for value in values.get(name) or ()])
    for name, (row, columns) in _ITEM_LISTS.items():
        items = [{column: item.get(column) for column in columns} for item in values.get(name) or ()]
        _replace(getattr(resource, name), row, items)
    _write_translations(resource, values, how_made, cost)


def read_values(resource: Resource) -> dict[str, Any]:
    """What the rows say, as `schemas.dump_resource` takes it."""
    texts = {translation.language: translation for translation in resource.translations}

    def by_language(column: str) -> dict[str, str]:
        return {language: text for language, row in texts.items() if (text := getattr(row, column))}

    address = _present(
        street=resource.address_street,
        postal_code=resource.address_postal_code,
        commune=resource.address_commune,
    )
    located = resource.latitude is not None and resource.longitude is not None
    return {
        "id": resource.id,
        "type": resource.type,
        **{column: by_language(column) for column in _TEXTS},
        "how_made": _present(
            **{column: by_language(column) or None for column in _HOW_MADE},
            recurring_since=resource.recurring_since,
        ),
        **{
            name: [_present(**{column: getattr(row, column) for column in columns}) for row in getattr(resource, name)]
            for name, (_, columns) in _ITEM_LISTS.items()
        },
        **{name: [row.value for row in getattr(resource, name)] for name in _TERM_LISTS},
        "cost": _present(
            kind=resource.cost_kind,
            amount_eur=_euros(resource.cost_amount_cents),
            bim_amount_eur=_euros(resource.cost_bim_amount_cents),
            note=by_language("cost_note") or None,
            checked_on=resource.cost_checked_on,
        ),
        "easy_read": resource.easy_read,
        "recurring": resource.recurring,
        "version": resource.version,
        "contact": _present(phone=resource.contact_phone, email=resource.contact_email, address=address or None),
        "location": {"latitude": resource.latitude, "longitude": resource.longitude} if located else None,
        "source": _present(
            kind=resource.source_kind,
            url=resource.source_url,
            citation=resource.source_citation,
            retrieved_on=resource.source_retrieved_on,
        ),
        "verified_on": resource.verified_on,
        "status": resource.status,
    }


def _write_translations(
    resource: Resource, values: dict[str, Any], how_made: dict[str, Any], cost: dict[str, Any]
) -> None:
    columns = {name: values.get(name) or {} for name in _TEXTS}
    columns |= {name: how_made.get(name) or {} for name in _HOW_MADE}
    columns["cost_note"] = cost.get("note") or {}
    rows = {row.language: row for row in resource.translations}
    wanted = {language for texts in columns.values() for language in texts}
    for language, row in rows.items():
        if language not in wanted:
            resource.translations.remove(row)
    for language in sorted(wanted):
        row = rows.get(language) or ResourceTranslation(language=language)
        for column, texts in columns.items():
            setattr(row, column, texts.get(language))
        if language not in rows:
            resource.translations.append(row)


def _replace(rows: list[Any], row_type: type[Any], wanted: list[dict[str, Any]]) -> None:
    """Change rows in place, so that unchanged ones cost no write and keys are never held twice."""
    for row, columns in zip(rows, wanted, strict=False):
        for column, value in columns.items():
            setattr(row, column, value)
    del rows[len(wanted) :]
    rows.extend(row_type(position=i, **wanted[i]) for i in range(len(rows), len(wanted)))


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _cents(euros: float | None) -> int | None:
    return None if euros is None else round(euros * 100)


def _euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
