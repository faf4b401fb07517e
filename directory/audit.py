"""The audit log: who did what, when. It only grows: the database itself refuses to change or delete a row.

What happened to the text of a resource stands in its revisions; the log holds what a revision cannot say (merges,
imports, restores, accounts). An export tells both, in the order in which they happened.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory.models import AuditEntry, Revision

BATCH = 1000


def record(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    detail: dict[str, Any] | None = None,
    *,
    at: datetime | None = None,
) -> None:
    """Add a line to the log, in the transaction of what it tells. `action` is noun.verb; `detail` is JSON."""
    row = AuditEntry(at=at or datetime.now(UTC), actor=actor, action=action, subject=subject, detail=detail or {})
    session.add(row)
    session.flush()


def list_entries(
    session: Session, *, subject: str | None = None, action: str | None = None, limit: int | None = None
) -> list[AuditEntry]:
    """The log without the revisions, newest first."""
    query = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if subject:
        query = query.where(AuditEntry.subject == subject)
    if action:
        query = query.where(AuditEntry.action == action)
    return list(session.scalars(query))


def export_log(session: Session) -> Iterator[str]:
    """The whole log as JSON Lines."""
    for line in walk_log(session):
        yield json.dumps(line, ensure_ascii=False) + "\n"


def walk_log(session: Session) -> Iterator[dict[str, Any]]:
    """The whole log with the revisions, lazily, oldest first: at, actor, action, subject, detail."""
    for _at, line in heapq.merge(_entries(session), _revisions(session), key=lambda pair: pair[0]):
        yield line


def _entries(session: Session) -> Iterator[tuple[datetime, dict[str, Any]]]:
    query = sa.select(AuditEntry.at, AuditEntry.actor, AuditEntry.action, AuditEntry.subject, AuditEntry.detail)
    rows = session.execute(query.order_by(AuditEntry.at, AuditEntry.id), execution_options={"yield_per": BATCH})
    for at, actor, action, subject, detail in rows:
        yield at, _line(at, actor, action, subject, detail)


def _revisions(session: Session) -> Iterator[tuple[datetime, dict[str, Any]]]:
    query = sa.select(
        Revision.at, Revision.author, Revision.resource_id, Revision.version, Revision.reason, Revision.changes
    )
    rows = session.execute(query.order_by(Revision.at, Revision.id), execution_options={"yield_per": BATCH})
    for at, author, resource_id, version, reason, changes in rows:
        created = changes.get("id", [""])[0] is None
        detail = {"version": version, "reason": reason} | ({} if created else {"fields": sorted(changes)})
        yield at, _line(at, author, "resource.created" if created else "resource.revised", resource_id, detail)


def _line(at: datetime, actor: str, action: str, subject: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"at": at.isoformat(), "actor": actor, "action": action, "subject": subject, "detail": detail}
