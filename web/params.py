"""The parameters of a search as they come in an address: one definition for pages and API.

Repeated names are lists where a list is meant; anywhere else a repeated name is an error, not a guess. The API
refuses names it does not know; pages ignore them, as links carry all sorts of tags, and take an empty value for
an absent one, as forms send those.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from directory.fields import OneOf
from directory.schemas import StrictSchema
from directory.taxonomy import LANGUAGES
from search.engine import FACETS, SORTS
from search.service import ALLOWED, MAX_PER_PAGE, SearchRequest
from web.errors import InvalidParameters

MAX_PAGE = 1_000_000
DEFAULTS = SearchRequest()


class Page(fields.Integer):
    """A whole number from 1."""

    def __init__(self, most: int, default: int, what: str) -> None:
        check = validate.Range(min=1, max=most, error=f"must be a whole number from 1 to {most}.")
        super().__init__(load_default=default, validate=check, metadata={"description": what})


def _any_of(facet: str, what: str) -> fields.List[str]:
    return fields.List(
        OneOf(ALLOWED[facet], facet), load_default=list, metadata={"description": f"{what} Repeated: any of them."}
    )


class QuerySchema(StrictSchema):
    """The parameters of one address."""

    error_messages = {"unknown": "is not a parameter of this address; check its spelling or remove it."}  # noqa: RUF012


class SearchParams(QuerySchema):
    """What a search may ask."""

    q = fields.String(load_default="", metadata={"description": "Words, as people type them; 512 characters count."})
    basin = _any_of("basin", "Offered in this basin, or in all of Brussels.")
    theme = _any_of("theme", "About this theme.")
    type = _any_of("type", "Of this type.")
    language = _any_of("language", "The resource itself is in this language.")
    audience = _any_of("audience", "For these people.")
    cost = _any_of("cost", "At this kind of price.")
    scope = OneOf(["local"], "scope", metadata={"description": "local: leave the regional out."})
    place = fields.String(metadata={"description": "A commune or postal code of Brussels."})
    sort = OneOf(SORTS, "sort", load_default=DEFAULTS.sort)
    page = Page(MAX_PAGE, DEFAULTS.page, "Counts from 1.")
    per_page = Page(MAX_PER_PAGE, DEFAULTS.per_page, "Hits on a page.")
    lang = OneOf(LANGUAGES, "language", metadata={"description": "Of labels, marks and links."})


class QueryParser(FlaskParser):
    """Reads the query string into a schema by the rules above. Raises InvalidParameters."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012

    def load_querystring(self, req: Any, schema: Schema) -> dict[str, Any]:
        return collect(req.args, schema)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        messages = error.messages_dict
        raise InvalidParameters(messages.get("query", messages)) from error


def collect(args: MultiDict[str, str], schema: Schema) -> dict[str, Any]:
    """The parameters as plain values: lists for the schema's lists, one text for the others."""
    lists = {name for name, field in schema.fields.items() if isinstance(field, fields.List)}
    repeated = {
        name: ["is there more than once; give it once."]
        for name, values in args.lists()
        if name in schema.fields and name not in lists and len(values) > 1
    }
    if repeated:
        raise InvalidParameters(repeated)
    return {name: values if name in lists else values[0] for name, values in args.lists()}


def load_params(args: MultiDict[str, str], *, strict: bool) -> SearchRequest:
    """The search that an address asks for. `strict`: as the API does. Raises InvalidParameters."""
    schema = SearchParams(unknown=RAISE if strict else EXCLUDE)
    values = collect(args if strict else _without_empty(args), schema)
    try:
        return to_request(schema.load(values))
    except ValidationError as error:
        raise InvalidParameters(error.messages_dict) from error


def to_request(values: Mapping[str, Any]) -> SearchRequest:
    """The search that checked parameters ask for."""
    return SearchRequest(
        text=values["q"],
        filters={facet: _unique(values[facet]) for facet in FACETS if values[facet]},
        local_only=values.get("scope") == "local",
        place=values.get("place"),
        sort=values["sort"],
        page=values["page"],
        per_page=values["per_page"],
        lang=values.get("lang") or DEFAULTS.lang,
    )


def _unique(values: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _without_empty(args: MultiDict[str, str]) -> MultiDict[str, str]:
    return MultiDict((name, value) for name, value in args.items(multi=True) if value or name == "q")
