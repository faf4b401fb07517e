"""GET /api/v1/suggest: completions while one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from directory.fields import OneOf
from directory.taxonomy import LANGUAGES
from search.engine import Suggestion
from search.service import ALLOWED, prepare_text
from web.addresses import resource_address, search_address
from web.api import bp, respond
from web.i18n import reader_language
from web.params import QuerySchema
from web.wiring import get_services

MAX_SUGGESTIONS = 20


class SuggestParams(QuerySchema):
    """What is being typed, and where."""

    q = fields.String(load_default="", metadata={"description": "What has been typed so far."})
    basin = fields.List(OneOf(ALLOWED["basin"], "basin"), load_default=list)
    lang = OneOf(LANGUAGES, "language")
    limit = fields.Integer(
        load_default=8,
        validate=validate.Range(
            min=1, max=MAX_SUGGESTIONS, error=f"must be a whole number from 1 to {MAX_SUGGESTIONS}."
        ),
    )


class SuggestionSchema(Schema):
    """A completion. `id` names the resource or concept."""

    text = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["resource", "concept", "organisation"]))
    id = fields.String()
    url = fields.Url(required=True)


class SuggestionsSchema(Schema):
    """Completions, best first."""

    query = fields.String(required=True)
    suggestions = fields.List(fields.Nested(SuggestionSchema), required=True)


@bp.get("/suggest")
@bp.arguments(SuggestParams, location="query")
@bp.response(200, SuggestionsSchema, content_type="application/json")
def suggest(values: Mapping[str, Any]) -> Response:
    """Titles, concepts and organisations that continue what is typed, within the basins and what is regional."""
    services = get_services()
    lang = values.get("lang") or reader_language()
    text, _cut = prepare_text(values["q"])
    basins = tuple(dict.fromkeys(values["basin"]))
    found = services.engine.suggest(text, basins=basins, lang=lang, limit=values["limit"]) if text else []
    public_url = services.settings.public_url
    document = {"query": text, "suggestions": [_shape(item, public_url, lang, list(basins)) for item in found]}
    return respond(document, vary=None if values.get("lang") else "Accept-Language")


def _shape(item: Suggestion, public_url: str, lang: str, basins: list[str]) -> dict[str, str]:
    """A resource leads to its page, the others to a search for them in the same basins."""
    if item.kind == "resource" and item.id:
        url = resource_address(public_url, item.id, lang)
    else:
        url = search_address(public_url, lang, q=item.text, basin=basins)
    shape = {"text": item.text, "kind": item.kind, "id": item.id, "url": url}
    return {key: value for key, value in shape.items() if value is not None}
