"""Files that people uploaded and have not imported yet: kept in the database, so that any machine can go on with them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory.curation_tables import UploadedFile
from directory.errors import UploadNotFound

KEPT = timedelta(hours=24)
KEPT_EACH = 3  #: of one person


def keep(session: Session, owner: str, name: str, content: bytes, *, now: datetime) -> UploadedFile:
    """Keep a file for its owner; what is older than KEPT goes, and the owner's oldest beyond KEPT_EACH."""
    session.execute(sa.delete(UploadedFile).where(UploadedFile.uploaded_at < now - KEPT))
    mine = sa.select(UploadedFile.id).where(UploadedFile.owner == owner).order_by(UploadedFile.uploaded_at.desc())
    if old := list(session.scalars(mine.offset(KEPT_EACH - 1))):
        session.execute(sa.delete(UploadedFile).where(UploadedFile.id.in_(old)))
    row = UploadedFile(
        id=secrets.token_urlsafe(12), owner=owner, name=name, content=content, mapping={}, uploaded_at=now
    )
    session.add(row)
    session.flush()
    return row


def get_file(session: Session, file_id: str, owner: str, *, for_update: bool = False) -> UploadedFile:
    """A file of this person. Raises UploadNotFound: imported, dropped, too old, or another's."""
    row = session.get(UploadedFile, file_id, with_for_update=for_update)
    if row is None or row.owner != owner:
        raise UploadNotFound(file_id)
    return row


def list_files(session: Session, owner: str, *, now: datetime) -> list[sa.Row[tuple[str, str, datetime]]]:
    """(id, name, uploaded_at) of what this person has not imported yet, the newest first."""
    query = sa.select(UploadedFile.id, UploadedFile.name, UploadedFile.uploaded_at)
    mine = query.where(UploadedFile.owner == owner, UploadedFile.uploaded_at >= now - KEPT)
    return list(session.execute(mine.order_by(UploadedFile.uploaded_at.desc())))


def set_mapping(session: Session, row: UploadedFile, mapping: Mapping[str, str | None]) -> None:
    """What the person says its columns hold."""
    row.mapping = {**row.mapping, **mapping}
    session.flush()


def drop(session: Session, file_id: str, owner: str) -> None:
    """Take it away. Raises UploadNotFound: so of two imports of one file only the first goes on."""
    deleted = sa.delete(UploadedFile).where(UploadedFile.id == file_id, UploadedFile.owner == owner)
    if session.scalar(deleted.returning(UploadedFile.id)) is None:
        raise UploadNotFound(file_id)
