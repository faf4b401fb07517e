"""The outside shape of a resource: the one definition for API, imports, exports, forms and proposals."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_dump, validate, validates_schema

from directory.errors import InvalidResource
from directory.fields import (
    Day,
    EmailAddress,
    Euros,
    Instant,
    LanguageTag,
    OneOf,
    Phone,
    PlainText,
    Slug,
    Texts,
    WebAddress,
    terms,
    without_doubles,
)
from directory.misconceptions import misconceptions
from directory.taxonomy import REGION, taxonomy

SOURCE_KINDS = ("curated", "import", "crawl")
STATUSES = ("draft", "published", "archived")

#: Left out of the outside shape where there is nothing to say; the other fields are always there.
OPTIONAL_FIELDS = frozenset(
    [
        "description",
        "how_made",
        "easy_read",
        "recurring",
        "contact",
        "location",
        "occurrences",
        "myths",
        "keywords",
        "verified_on",
    ]
)
_LISTS = taxonomy()


#: Marshmallow's own messages say what is wrong, these also how to mend it.
_PLAIN = {"required": "is missing; it is required.", "null": "is null; give a value or leave the field out."}
_NOT_OF_KIND: dict[type[fields.Field[Any]], str] = {
    fields.List: "is not a list; write it as […].",
    fields.Boolean: "is neither true nor false.",
    fields.Integer: "is not a whole number.",
    fields.Float: "is not a number.",
}


class StrictSchema(Schema):
    """Unknown fields are an error that names them."""

    class Meta:
        unknown = RAISE

    error_messages = {  # noqa: RUF012
        "unknown": "is not a field of this shape; check its spelling or remove it.",
        "type": "is not an object; write it as {…} with its fields.",
    }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.error_messages |= _PLAIN | next(
            ({"invalid": message} for kind, message in _NOT_OF_KIND.items() if isinstance(field_obj, kind)), {}
        )

    @post_dump
    def drop_absent(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value is not None}


class OrganisationSchema(StrictSchema):
    name = PlainText(max_length=200, required=True)
    url = WebAddress(allow_none=True)


class LinkSchema(StrictSchema):
    url = WebAddress(required=True)
    language = LanguageTag(allow_none=True)
    kind = OneOf(_LISTS.link_kinds, "kind of link", load_default="page")


class CostSchema(StrictSchema):
    kind = OneOf(_LISTS.cost_kinds, "kind of cost", load_default="unknown")
    amount_eur = Euros(allow_none=True)
    bim_amount_eur = Euros(allow_none=True)
    note = Texts(max_length=500)
    checked_on = Day(allow_none=True)

    @post_dump
    def drop_empty_note(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value != {}}


class HowMadeSchema(StrictSchema):
    steps = Texts(max_length=5000, lines=True)
    partners = Texts(max_length=5000, lines=True)
    effort = Texts(max_length=5000, lines=True)
    obstacles = Texts(max_length=5000, lines=True)
    recurring_since = PlainText(max_length=50, allow_none=True)

    @post_dump
    def drop_empty(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value}


class AddressSchema(StrictSchema):
    street = PlainText(max_length=200, allow_none=True)
    postal_code = fields.String(
        required=True,
        error_messages={"invalid": "is not a text; put it in quotation marks."},
        validate=validate.Regexp(r"^[1-9][0-9]{3}\Z", error="is not a Belgian postal code of four digits."),
    )
    commune = PlainText(max_length=100, allow_none=True)


class ContactSchema(StrictSchema):
    """Of organisations only, never of a private person."""

    phone = Phone(allow_none=True)
    email = EmailAddress(allow_none=True, error_messages={"invalid": "is not an e-mail address."})
    address = fields.Nested(AddressSchema, allow_none=True)


class LocationSchema(StrictSchema):
    """WGS 84, degrees."""

    latitude = fields.Float(required=True, validate=validate.Range(min=-90, max=90))
    longitude = fields.Float(required=True, validate=validate.Range(min=-180, max=180))


class OccurrenceSchema(StrictSchema):
    start = Instant(required=True)
    end = Instant(allow_none=True)
    place = PlainText(max_length=200, allow_none=True)
    url = WebAddress(allow_none=True)

    @validates_schema
    def end_after_start(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("end") and data["end"] < data["start"]:
            raise ValidationError("is before the start.", "end")


class SourceSchema(StrictSchema):
    """Where we know the resource from (the sites we visit are crawl sources: CrawlSourceSchema)."""

    kind = OneOf(SOURCE_KINDS, "kind of source", load_default="import")
    url = WebAddress(allow_none=True)
    citation = PlainText(max_length=500, allow_none=True)
    retrieved_on = Day(allow_none=True)


class ResourceSchema(StrictSchema):
    """A tool, document, training, group, service or place. Fields stand in the order of exports."""

    id = Slug(required=True)
    type = OneOf(_LISTS.types, "type", required=True)
    title = Texts(max_length=200, at_least_one=True, required=True)
    summary = Texts(max_length=500, load_default=dict)
    description = Texts(max_length=20_000, lines=True)
    how_made = fields.Nested(HowMadeSchema, allow_none=True)
    organisations = fields.List(fields.Nested(OrganisationSchema), load_default=list)
    links = fields.List(fields.Nested(LinkSchema), load_default=list)
    languages = fields.List(LanguageTag(), load_default=list, validate=without_doubles)
    themes = terms(_LISTS.themes, "theme", at_least_one=True, required=True)
    basins = terms(_LISTS.basins, "basin", at_least_one=True, required=True)
    audiences = terms(_LISTS.audiences, "audience", load_default=list)
    cost = fields.Nested(CostSchema, load_default=lambda: {"kind": "unknown"})
    easy_read = OneOf(_LISTS.easy_read_levels, "easy-read level", allow_none=True)
    recurring = fields.Boolean(allow_none=True, truthy={True}, falsy={False})
    version = fields.Integer(strict=True, load_default=1, validate=validate.Range(min=1, max=1_000_000_000))
    contact = fields.Nested(ContactSchema, allow_none=True)
    location = fields.Nested(LocationSchema, allow_none=True)
    occurrences = fields.List(fields.Nested(OccurrenceSchema))
    myths = terms(misconceptions(), "misconception")
    keywords = fields.List(PlainText(max_length=100), validate=without_doubles)
    source = fields.Nested(SourceSchema, load_default=lambda: {"kind": "import"})
    verified_on = Day(allow_none=True)
    status = OneOf(STATUSES, "status", load_default="draft")

    @validates_schema
    def check_whole(self, data: dict[str, Any], **_: Any) -> None:
        if REGION in data["basins"] and len(data["basins"]) > 1:
            raise ValidationError("'region' is all of Brussels already: name it alone, or only basins.", "basins")
        if data["status"] == "published" and not data["organisations"]:
            raise ValidationError("a published resource needs at least one organisation.", "organisations")

    @post_dump
    def drop_optional(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value or key not in OPTIONAL_FIELDS or value is False}


def load_resource(data: Any) -> dict[str, Any]:
    """A resource in its outside shape as checked values (dates as `date`, occurrences as aware UTC).

    Raises InvalidResource with a message for every wrong field.
    """
    if not isinstance(data, dict):
        raise InvalidResource({"_schema": ['is not a JSON object of the form {"id": …}.']})
    try:
        loaded: dict[str, Any] = _resource_schema().load(data)
    except ValidationError as error:
        raise InvalidResource(error.messages_dict, named_id(data)) from error
    return loaded


def dump_resource(resource: Any) -> dict[str, Any]:
    """Checked values in the outside shape: JSON-ready, fields in their order, absent optional fields left out."""
    dumped: dict[str, Any] = _resource_schema().dump(resource)
    return dumped


def named_id(data: dict[str, Any]) -> str | None:
    """The id that unchecked data gives itself; None where that is no id: then no message should repeat it."""
    value = data.get("id")
    return value if isinstance(value, str) and Slug.matches(value) else None


@cache
def _resource_schema() -> ResourceSchema:
    """Built once: it takes longer to build than to use."""
    return ResourceSchema()
