"""Writing rows the same way on every database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.models import Base


def insert_new(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose keys are not taken yet; the others stay as they stand. All rows name the same columns."""
    if rows:
        connection = session.connection()
        connection.execute(_insert_new(model, connection.dialect.name), list(rows))


@lru_cache(maxsize=32)
def _insert_new(model: type[Base], dialect: str) -> sa.Insert:
    """Built once: that costs more than running it."""
    table = model.__table__
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()  # type: ignore[arg-type]
