"""GET /api/v1/resources/{id}."""

from __future__ import annotations

from flask import Response

from directory.catalogue import get_resource
from directory.schemas import ResourceSchema
from web.api import bp, respond
from web.wiring import get_services


@bp.get("/resources/<string:resource_id>")
@bp.response(200, ResourceSchema, content_type="application/json")
def read_resource(resource_id: str) -> Response:
    """A published resource, every field that it has."""
    with get_services().database.read() as session:
        return respond(get_resource(session, resource_id))
