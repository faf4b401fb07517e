"""Alembic's entry: runs on the connection that `Database.migrate` hands over."""

from alembic import context

from directory.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
context.run_migrations()
