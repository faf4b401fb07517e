"""The whole catalogue with its history in one file, made and given back while Senne is running, on either database.

The file is a zip: `manifest.json` (migration, tables, rows, checksums) and one JSON Lines file a table. It holds every
table but those of the search indexes, which are derived, and what is of the moment only (logins, uploads); so a backup
made on SQLite can be restored on PostgreSQL, and nobody is logged in where it was restored.

Making: one consistent view, written to a draft that takes the file's name when it is whole. Giving back: everything is
checked and built beside what stands, at the migration of the backup, then brought to this version, then swapped in one
step; until then readers and writers go on, and a failure anywhere leaves everything as it was.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from directory.curation_tables import AccountSession, LoginAttempt, UploadedFile
from directory.database import Database
from directory.errors import BackupRefused, CatalogueUnavailable
from directory.models import Acknowledgement, LiveIndex, OutboxRow
from directory.tables import METADATA

FORMAT = "senne-backup-1"
DERIVED = frozenset([OutboxRow.__tablename__, LiveIndex.__tablename__, Acknowledgement.__tablename__])
#: Of the moment: a backup neither holds these nor gives them back, not even one that was made when they were held.
TRANSIENT = frozenset([AccountSession.__tablename__, LoginAttempt.__tablename__, UploadedFile.__tablename__])
BATCH = 500
MANIFEST = "manifest.json"

Progress = Callable[[str, int], None]  #: told the table and the rows taken since the last time


def write_backup(database: Database, path: Path, *, now: datetime, progress: Progress | None = None) -> dict[str, Any]:
    """Write the whole catalogue to `path` (mode 0600: it holds the accounts too); gives the manifest.

    What stood at `path` is replaced when the new file is whole. Raises CatalogueUnavailable, OSError.
    """
    if reason := database.check():
        raise CatalogueUnavailable(f"There is nothing to back up: {reason}")
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            manifest = _write(database, file, now, progress or _silent)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.absolute().parent)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """What a backup says of itself. Raises BackupRefused, OSError (it cannot be opened)."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest.get("format") == FORMAT and isinstance(manifest.get("tables"), dict):
                return dict(manifest)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        EOFError,
        AttributeError,
        NotImplementedError,
    ) as error:
        raise BackupRefused(str(path), "is damaged, or is no backup of Senne.") from error
    raise BackupRefused(str(path), "is no backup that this version of Senne knows.")


class BackupReader:
    """The rows of a backup, every byte checked against the manifest."""

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self.path, self.manifest = path, read_manifest(path)
        self._progress = progress or _silent

    @property
    def revision(self) -> str:
        """The migration that the backup was made at."""
        return str(self.manifest["migration"])

    def load(self, connection: sa.Connection) -> None:
        """Fill the empty tables of a database that is at the backup's migration. Raises BackupRefused."""
        there = sa.MetaData()
        there.reflect(connection)
        missing = set(self.manifest["tables"]) - set(there.tables)
        if missing:
            raise BackupRefused(str(self.path), f"holds the table {min(missing)!r}, which its version does not have.")
        for table in there.sorted_tables:  # parents first
            if table.name in self.manifest["tables"]:
                for column in table.columns:
                    if isinstance(column.type, sa.JSON):
                        column.type.none_as_null = bool(column.nullable)
                insert = sa.insert(table)
                for rows in _batches(self._rows(table)):
                    connection.execute(insert, rows)
                    self._progress(table.name, len(rows))

    def _rows(self, table: sa.Table) -> Iterator[dict[str, Any]]:
        expected = self.manifest["tables"][table.name]
        digest, count = hashlib.sha256(), 0
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(f"{table.name}.jsonl") as file:
                for line in file:
                    digest.update(line)
                    count += 1
                    values = json.loads(line)
                    yield {name: _load(table.c[name].type, value) for name, value in values.items()}
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError) as error:
            raise BackupRefused(str(self.path), f"is damaged in its table {table.name!r}.") from error
        if (count, digest.hexdigest()) != (expected["rows"], expected["sha256"]):
            raise BackupRefused(str(self.path), f"is damaged: its table {table.name!r} is not what was written.")


def _write(database: Database, file: IO[bytes], now: datetime, progress: Progress) -> dict[str, Any]:
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": now.astimezone(UTC).isoformat()}
    tables: dict[str, Any] = {}
    with database.read() as session, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        manifest["migration"] = session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        for table in METADATA.sorted_tables:
            if table.name in DERIVED | TRANSIENT:
                continue
            digest, count = hashlib.sha256(), 0
            rows = session.execute(
                sa.select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": BATCH}
            )
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                for partition in rows.mappings().partitions(BATCH):
                    lines = [_line(dict(row)) for row in partition]
                    for line in lines:
                        digest.update(line)
                        member.write(line)
                    count += len(lines)
                    progress(table.name, len(lines))
            tables[table.name] = {"rows": count, "sha256": digest.hexdigest()}
        manifest["tables"] = tables
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _line(row: dict[str, Any]) -> bytes:
    return (json.dumps({name: _dump(value) for name, value in row.items()}, ensure_ascii=False) + "\n").encode()


def _dump(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _load(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.DateTime):
        at = datetime.fromisoformat(value)
        return at if getattr(kind, "timezone", False) else at.replace(tzinfo=None)  # SQLite keeps UTC without zone
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return base64.b64decode(value["base64"]) if isinstance(kind, sa.LargeBinary) else value


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _silent(_table: str, _rows: int) -> None:
    pass
