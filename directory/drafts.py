"""Drafts: what a person was writing about an entry, kept for them alone until they hand it in or discard it.

A draft is no proposal: nobody else sees it, nothing follows from it, and it is never checked. One a person and subject;
the last one saved counts. Each function is part of one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory.curation_tables import Draft
from directory.rows import insert_new

Kind = Literal["new", "entry", "proposal"]


@dataclass(frozen=True)
class Subject:
    """What a draft is of. `id`: of the entry or proposal, "" for a new entry; `into`: the entry a proposal is merged into."""

    kind: Kind
    id: str = ""
    into: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.kind, self.id, self.into)))

    @classmethod
    def parse(cls, text: str) -> Subject | None:
        """The subject that is written so; None for anything else."""
        kind, *rest = text.split("/")
        if kind == "new" and not rest:
            return cls("new")
        if kind == "entry" and len(rest) == 1 and rest[0]:
            return cls("entry", rest[0])
        if kind == "proposal" and len(rest) in (1, 2) and all(rest):
            return cls("proposal", *rest)
        return None


def save_draft(
    session: Session, account_id: int, subject: Subject, document: dict[str, Any], *, reason: str, now: datetime
) -> None:
    """Keep what was typed, in the place of what was kept before."""
    values = {"document": document, "reason": reason, "saved_at": now}
    insert_new(session, Draft, [{"account_id": account_id, "subject": str(subject), **values}])
    session.execute(sa.update(Draft).where(*_at(account_id, subject)).values(**values))


def find_draft(session: Session, account_id: int, subject: Subject) -> Draft | None:
    """What this person was writing about it; None where nothing is kept."""
    return session.scalar(sa.select(Draft).where(*_at(account_id, subject)))


def list_drafts(session: Session, account_id: int) -> list[Draft]:
    """All that this person was writing, the newest first."""
    query = sa.select(Draft).where(Draft.account_id == account_id)
    return list(session.scalars(query.order_by(Draft.saved_at.desc(), Draft.subject)))


def discard_draft(session: Session, account_id: int, subject: Subject) -> None:
    """It was handed in, or is not wanted any more."""
    session.execute(sa.delete(Draft).where(*_at(account_id, subject)))


def _at(account_id: int, subject: Subject) -> tuple[sa.ColumnElement[bool], ...]:
    return Draft.account_id == account_id, Draft.subject == str(subject)
