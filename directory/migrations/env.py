"""Alembic's entry: runs on the connection that `Database.migrate` hands over."""

from alembic import context

from directory import crawl_state, curation_tables, upkeep_state  # noqa: F401 - their tables belong to the metadata
from directory.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
context.run_migrations()
