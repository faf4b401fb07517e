"""The crawl sources: the sites that the crawler may visit."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from marshmallow import ValidationError, fields, validate, validates_schema
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.errors import DataFileError, InvalidSource, SourceExists, SourceNotFound
from directory.fields import LanguageTag, PlainText, WebAddress, terms
from directory.models import CrawlSource
from directory.schemas import StrictSchema
from directory.taxonomy import taxonomy


class CrawlSourceSchema(StrictSchema):
    """The outside shape of a crawl source. `delay_s`: seconds between two requests to one host."""

    name = PlainText(required=True, max_length=80)
    start_urls = fields.List(WebAddress(), required=True, validate=validate.Length(min=1, error="needs one address."))
    allow = fields.List(fields.String(), load_default=list)
    basins = terms(taxonomy().basins, "basin", load_default=list)
    language = LanguageTag(allow_none=True, load_default=None)
    max_pages = fields.Integer(strict=True, load_default=200, validate=validate.Range(min=1, max=100_000))
    delay_s = fields.Float(load_default=2.0, validate=validate.Range(min=0, max=3600))
    allow_private = fields.Boolean(load_default=False, truthy={True}, falsy={False})

    @validates_schema
    def check_patterns(self, data: dict[str, Any], **_: Any) -> None:
        bad = {
            position: [f"{pattern[:100]!r} is no address pattern such as 'https://host/path*'."]
            for position, pattern in enumerate(data["allow"])
            if not _is_pattern(pattern)
        }
        if bad:
            raise ValidationError({"allow": bad})


def _is_pattern(text: str) -> bool:
    try:
        WebAddress().deserialize(text.replace("*", "x"))
    except ValidationError:
        return False
    return True


def load_source(data: Any) -> dict[str, Any]:
    """A checked crawl source with every field. Raises InvalidSource."""
    if not isinstance(data, dict):
        raise InvalidSource({"_schema": ['is not a JSON object of the form {"name": …}.']})
    try:
        loaded: dict[str, Any] = CrawlSourceSchema().load(data)
    except ValidationError as error:
        raise InvalidSource(error.messages_dict) from error
    return loaded


def add_source(session: Session, data: Any, *, enabled: bool = True) -> dict[str, Any]:
    """Register a source. Raises InvalidSource, SourceExists."""
    source = load_source(data)
    if session.get(CrawlSource, source["name"]):
        raise SourceExists(source["name"])
    row = CrawlSource(name=source["name"], definition=source, enabled=enabled, created_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # added by someone else at the same moment
        raise SourceExists(source["name"]) from error
    return source


def remove_source(session: Session, name: str) -> None:
    """Forget a source; its proposals stay. Raises SourceNotFound."""
    row = session.get(CrawlSource, name)
    if row is None:
        raise SourceNotFound(name)
    session.delete(row)


def enable_source(session: Session, name: str, enabled: bool) -> None:
    """Switch a source on or off; crawls without a named source leave out what is off. Raises SourceNotFound."""
    row = session.get(CrawlSource, name)
    if row is None:
        raise SourceNotFound(name)
    row.enabled = enabled


def shipped_sources() -> list[dict[str, Any]]:
    """The sources that come with Senne, checked. Raises DataFileError."""
    file = "sources.json"
    try:
        data = json.loads(files("directory").joinpath("data", file).read_text(encoding="utf-8"))
        return [load_source(entry) for entry in data]
    except (ValueError, TypeError, InvalidSource) as error:
        raise DataFileError(file, str(error)) from error


def load_shipped_sources(session: Session) -> int:
    """Register the shipped sources, switched off, where there is none yet; how many.

    Where there is any, nothing is touched: what curators took out must not come back.
    """
    if session.scalars(sa.select(CrawlSource.name).limit(1)).first() is not None:
        return 0
    shipped = shipped_sources()
    for source in shipped:
        add_source(session, source, enabled=False)
    return len(shipped)


def get_source(session: Session, name: str) -> dict[str, Any]:
    """One source. Raises SourceNotFound."""
    row = session.get(CrawlSource, name)
    if row is None:
        raise SourceNotFound(name)
    return row.definition


def list_sources(session: Session, *, enabled_only: bool = False) -> list[dict[str, Any]]:
    """The sources by name, each with `enabled` added."""
    rows = session.scalars(sa.select(CrawlSource).order_by(CrawlSource.name))
    return [{**row.definition, "enabled": row.enabled} for row in rows if row.enabled or not enabled_only]
