"""The JSON API: anonymous reads, described by /openapi.json. Errors are problem details."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields

from web.params import QueryParser

CACHE = "public, max-age=60, stale-while-revalidate=300"


class ReadBlueprint(Blueprint):
    """Refuses query parameters that it does not know."""

    ARGUMENTS_PARSER = QueryParser()


class WrongFieldSchema(Schema):
    """A parameter or field that was refused, and how to mend it."""

    field = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """Problem details. Source: RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(WrongFieldSchema))


class _Api(Api):
    """Errors are answered by `web.problems`, for pages and API alike."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"  # of the errors; views name theirs

    def _register_error_handlers(self) -> None:
        pass


bp = ReadBlueprint("api", __name__, url_prefix="/api/v1", description="Search and read the directory.")


def register(app: Flask) -> None:
    """Serve /api/v1/… and /openapi.json."""
    from web.api import resources, search, suggest, taxonomy  # noqa: F401 - views

    app.config.update(
        API_TITLE="Senne",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = _Api(app, spec_kwargs={"info": {"description": "Social-health resources of Brussels, by basin and theme."}})
    api.register_blueprint(bp)


def respond(document: Any, *, vary: str | None = None, keep: bool = True) -> Response:
    """JSON that shared caches may keep a minute, with an ETag; 304 for whoever has it. Not `keep`: nobody keeps it."""
    response = Response(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")), content_type="application/json"
    )
    response.headers["Cache-Control"] = CACHE if keep else "no-store"
    if vary:
        response.vary.add(vary)
    response.add_etag()
    response.make_conditional(request)
    return response
