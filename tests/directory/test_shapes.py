"""The model, the migrations and the outside shape say the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from directory import crawl_state, curation_tables, models, upkeep_state
from directory.database import Database
from directory.models import Base, Resource
from directory.schemas import OPTIONAL_FIELDS, ResourceSchema, load_resource
from directory.sources import CrawlSourceSchema
from tests.directory.samples import FULL

#: Columns that no outside shape shows.
PRIVATE = {"created_at", "updated_at"}

#: Where a column of `resource` stands in the outside shape; the others carry the field's own name.
PLACE = {
    "cost_kind": "cost.kind",
    "cost_amount_cents": "cost.amount_eur",
    "cost_bim_amount_cents": "cost.bim_amount_eur",
    "cost_checked_on": "cost.checked_on",
    "recurring_since": "how_made.recurring_since",
    "contact_phone": "contact.phone",
    "contact_email": "contact.email",
    "address_street": "contact.address.street",
    "address_postal_code": "contact.address.postal_code",
    "address_commune": "contact.address.commune",
    "latitude": "location.latitude",
    "longitude": "location.longitude",
    "source_kind": "source.kind",
    "source_url": "source.url",
    "source_citation": "source.citation",
    "source_retrieved_on": "source.retrieved_on",
}
TEXT_PLACE = {
    "steps": "how_made.steps",
    "partners": "how_made.partners",
    "effort": "how_made.effort",
    "obstacles": "how_made.obstacles",
    "cost_note": "cost.note",
}


def published(schema: object, prefix: str = "") -> Iterator[str]:
    """The dotted names of everything that a resource can hold."""
    for name, field in schema.fields.items():  # type: ignore[attr-defined]
        inner = getattr(field, "inner", field)
        if hasattr(inner, "schema"):
            yield from published(inner.schema, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def stored() -> set[str]:
    """The dotted names of everything that the tables hold."""
    mapper = sa.inspect(Resource)
    found = {PLACE.get(column.key, column.key) for column in mapper.column_attrs if column.key not in PRIVATE}
    for relationship in mapper.relationships:
        columns = {column.key for column in relationship.mapper.column_attrs} - {"resource_id", "position"}
        if relationship.key == "translations":
            found |= {TEXT_PLACE.get(column, column) for column in columns - {"language"}}
        elif columns == {"value"}:
            found.add(relationship.key)
        else:
            found |= {f"{relationship.key}.{column}" for column in columns}
    return found


def test_every_column_is_published_or_declared_private() -> None:
    assert stored() == set(published(ResourceSchema()))


def test_every_table_belongs_to_a_resource_or_is_known_to_be_of_the_directory_itself() -> None:
    of_a_resource = {relationship.target.description for relationship in sa.inspect(Resource).relationships}
    own = {"resource", "revision", "outbox", "live_index", "outbox_acknowledgement", "crawl_source", "proposal"}
    own |= {"redirect", "audit_entry", "column_mapping", "search_gap", "search_gap_sighting", "search_gap_text"}
    beside = {
        table.name
        for module in (crawl_state, curation_tables, upkeep_state)
        for table in (getattr(value, "__table__", None) for value in vars(module).values())
        if table is not None
    }
    assert set(Base.metadata.tables) == of_a_resource | own | beside


def test_the_sample_with_every_field_has_every_field() -> None:
    def places(value: object, path: str = "") -> Iterator[str]:
        if isinstance(value, dict) and not set(value) <= {"fr", "nl", "en"}:
            for key, inner in value.items():
                yield from places(inner, f"{path}.{key}" if path else key)
        elif isinstance(value, list) and isinstance(value[0], dict):
            for inner in value:
                yield from places(inner, path)
        else:
            yield path

    assert set(places(FULL)) == set(published(ResourceSchema()))


def test_optional_fields_are_those_that_a_small_resource_leaves_out() -> None:
    assert set(ResourceSchema().fields) >= OPTIONAL_FIELDS
    small = {"id": "une", "type": "tool", "title": {"fr": "Un"}, "themes": ["grief"], "basins": ["nord"]}
    full = ResourceSchema().dump(load_resource({**small, "id": "une-ressource"}))
    assert set(full) == set(ResourceSchema().fields) - OPTIONAL_FIELDS


def test_a_crawl_source_is_stored_whole() -> None:
    assert "definition" in models.CrawlSource.__table__.columns
    assert {"name", "start_urls", "allow", "basins", "language", "max_pages", "delay_s", "allow_private"} == set(
        CrawlSourceSchema().fields
    )


def test_models_and_migrations_agree(database: Database) -> None:
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_go_down_and_up_again(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", "directory:migrations")
    config.set_main_option("path_separator", "os")
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
    assert database.check() is not None
    database.migrate()
    assert database.check() is None
    with database.writer.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.postgresql
def test_ids_sort_alike_whatever_language_the_server_speaks(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    database.migrate()
    try:
        with database.read() as session:
            collation = session.scalar(
                sa.text(
                    "SELECT collation_name FROM information_schema.columns"
                    " WHERE table_name = 'resource' AND column_name = 'id'"
                )
            )
        assert collation == "C"
    finally:
        database.close()
