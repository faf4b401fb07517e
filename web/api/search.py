"""GET /api/v1/search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from directory.misconceptions import Misconception
from directory.taxonomy import label
from search.engine import FACETS, Hit
from search.service import SearchAnswer
from web.addresses import misconception_address, resource_address
from web.api import bp, respond
from web.gaps import note_gap
from web.i18n import reader_language
from web.labels import value_label
from web.params import SearchParams, to_request
from web.wiring import get_services


class HitSchema(Schema):
    """A resource found."""

    id = fields.String(required=True)
    type = fields.String(required=True)
    title = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    summary = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    basins = fields.List(fields.String(), required=True)
    themes = fields.List(fields.String(), required=True)
    highlight = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "title and summary as escaped HTML, what matched in <mark>."},
    )
    url = fields.Url(required=True)


class FacetValueSchema(Schema):
    """A value of a facet, and how many entries of this search have it."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)


class MisconceptionSchema(Schema):
    """A misconception that the words resemble. `resources`: tools that help to answer it."""

    id = fields.String(required=True)
    statement = fields.String(required=True)
    answer = fields.String(required=True)
    sources = fields.List(fields.String(), required=True)
    url = fields.Url(required=True)
    resources = fields.List(fields.String(), required=True)


class PlaceSchema(Schema):
    """The commune or postal code that was understood, and the basins it may lie in."""

    value = fields.String(required=True)
    basins = fields.List(fields.String(), required=True)
    ambiguous = fields.Boolean(required=True)


class AnswerSchema(Schema):
    """A page of hits."""

    query = fields.String(required=True)
    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    processing_ms = fields.Integer(required=True)
    hits = fields.List(fields.Nested(HitSchema), required=True)
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(FacetValueSchema)), required=True)
    misconceptions = fields.List(fields.Nested(MisconceptionSchema), required=True)
    suggestion = fields.String(required=True, allow_none=True, metadata={"description": "Other words to try."})
    place = fields.Nested(PlaceSchema, required=True, allow_none=True)
    degraded = fields.Boolean(required=True, metadata={"description": "The fallback engine answered."})
    cut = fields.Boolean(metadata={"description": "True where the words were too long: `query` is what counted."})


@bp.get("/search")
@bp.arguments(SearchParams, location="query")
@bp.response(200, AnswerSchema, content_type="application/json")
def search_resources(values: Mapping[str, Any]) -> Response:
    """Search the directory.

    What is offered in the asked basins comes first, then what serves all of Brussels.
    """
    services = get_services()
    lang = values.get("lang") or reader_language()
    answer = services.search(replace(to_request(values), lang=lang))
    note_gap(answer)
    document = answer_document(answer, services.settings.public_url)
    return respond(document, vary=None if values.get("lang") else "Accept-Language", keep=not answer.degraded)


def answer_document(answer: SearchAnswer, public_url: str) -> dict[str, Any]:
    """The document of an answer, as the API and `senne search --json` give it."""
    query, hits = answer.query, answer.hits
    document = {
        "query": query.text,
        "total": hits.total,
        "page": query.page,
        "per_page": query.per_page,
        "processing_ms": answer.processing_ms,
        "hits": [_hit(hit, public_url, query.lang) for hit in hits.hits],
        "facets": {facet: _values(facet, hits.facets.get(facet, {}), query.lang) for facet in FACETS},
        "misconceptions": [_misconception(item, public_url, query.lang) for item in answer.misconceptions],
        "suggestion": answer.suggestion,
        "place": _place(answer),
        "degraded": answer.degraded,
    }
    return document | {"cut": True} if answer.cut else document


def _hit(hit: Hit, public_url: str, lang: str) -> dict[str, Any]:
    card = hit.card
    return {
        "id": hit.id,
        "type": card["type"],
        "title": card["title"],
        "summary": card.get("summary", {}),
        "basins": card["basins"],
        "themes": card["themes"],
        "highlight": dict(hit.highlight),
        "url": resource_address(public_url, hit.id, lang),
    }


def _values(facet: str, counts: Mapping[str, int], lang: str) -> list[dict[str, Any]]:
    """Most frequent first; the same counts by label."""
    values = [
        {"value": value, "label": value_label(facet, value, lang), "count": count} for value, count in counts.items()
    ]
    return sorted(values, key=lambda value: (-int(str(value["count"])), str(value["label"])))


def _misconception(item: Misconception, public_url: str, lang: str) -> dict[str, Any]:
    return {
        "id": item.id,
        "statement": label(item.statement, lang),
        "answer": label(item.answer, lang),
        "sources": list(item.sources),
        "url": misconception_address(public_url, item, lang),
        "resources": list(item.tools),
    }


def _place(answer: SearchAnswer) -> dict[str, Any] | None:
    place = answer.place
    return {"value": place.value, "basins": list(place.basins), "ambiguous": place.ambiguous} if place else None
