"""GET /api/v1/taxonomy: every value list with its labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as members
from functools import cache
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from directory.taxonomy import Term, TermList, taxonomy
from web.api import bp, respond
from web.params import QuerySchema

_TEXTS: Mapping[str, Any] = {"keys": fields.String(), "values": fields.String()}


class TermSchema(Schema):
    """One value of a list; texts by language."""

    id = fields.String(required=True)
    label = fields.Dict(**_TEXTS, required=True)
    plural = fields.Dict(**_TEXTS)
    short = fields.Dict(**_TEXTS)
    description = fields.Dict(**_TEXTS)
    group = fields.String()
    site = fields.Dict(**_TEXTS)


_LISTS = [member.name for member in members(taxonomy())]
TaxonomySchema = Schema.from_dict(
    {name: fields.List(fields.Nested(TermSchema), required=True) for name in _LISTS}, name="TaxonomySchema"
)


@bp.get("/taxonomy")
@bp.arguments(QuerySchema, location="query")
@bp.response(200, TaxonomySchema, content_type="application/json")
def read_taxonomy(_values: Mapping[str, Any]) -> Response:
    """Types, themes, basins, audiences, kinds of cost and links, easy-read levels."""
    return respond(taxonomy_document())


@cache
def taxonomy_document() -> dict[str, Any]:
    """List name → terms, in the file's order."""
    return {name: [_term(term) for term in _list(name).values()] for name in _LISTS}


def _list(name: str) -> TermList:
    found: TermList = getattr(taxonomy(), name)
    return found


def _term(term: Term) -> dict[str, Any]:
    shape = {member.name: getattr(term, member.name) for member in members(term)}
    return {key: value for key, value in shape.items() if value}
