"""Questions about entries that are due: is this still right? One answer by a link needs no account.

The question goes to the organisation's own address where the entry gives one, else to a curator. A link is answered
once, within LIFE; while it waits no second question about the same entry is sent. "Right" verifies the entry, in all
its languages at once, through a revision; "change" and "gone" become proposals.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import audit, proposals
from directory.catalogue import Change, get_resource
from directory.curation_tables import Account
from directory.errors import ReminderOver
from directory.freshness import WorkItem, local_day, verify_resource
from directory.redirects import follow_redirect
from directory.upkeep_state import Reminder

LIFE = timedelta(days=30)
SOURCE = "reminder"  #: of the proposals made here
ANSWERS = ("right", "change", "gone")
Answer = Literal["right", "change", "gone"]


@dataclass(frozen=True)
class Question:
    """What to ask whom. `to`: "" where nobody's address is known."""

    to: str
    resource: dict[str, Any]
    due_on: date


def plan_reminders(
    session: Session,
    due: Iterable[WorkItem],
    *,
    now: datetime,
    find_curator: Callable[[list[str]], str | None],
    limit: int | None = None,
) -> list[Question]:
    """Whom to ask about which of the entries that are due, in their order; not those asked about already.

    find_curator: the address of somebody who keeps these basins.
    """
    waiting = set(session.scalars(sa.select(Reminder.resource_id).where(Reminder.expires_at > now, _unanswered())))
    found = [item for item in due if item.resource["id"] not in waiting][:limit]
    return [
        Question(
            _address(item.resource) or find_curator(item.resource["basins"]) or "", item.resource, item.freshness.due_on
        )
        for item in found
    ]


def curator_of(people: Iterable[Account], basins: Iterable[str]) -> str | None:
    """The address of a curator of one of these basins, else of an admin; None where there is neither."""
    present = [person for person in people if person.enabled]
    wanted = set(basins)
    curators = [person.email for person in present if person.role == "curator" and wanted & set(person.basins)]
    admins = [person.email for person in present if person.role == "admin"]
    return next(iter([*curators, *admins]), None)


def open_reminder(session: Session, question: Question, *, now: datetime) -> str:
    """Keep that the question is asked; the id that its link carries."""
    row = Reminder(
        id=secrets.token_urlsafe(16),
        resource_id=question.resource["id"],
        sent_to=question.to,
        sent_at=now,
        expires_at=now + LIFE,
    )
    session.add(row)
    session.flush()
    return row.id


def forget_reminder(session: Session, reminder_id: str) -> None:
    """The question could not be sent: it may be asked again."""
    session.execute(sa.delete(Reminder).where(Reminder.id == reminder_id))


def get_question(session: Session, reminder_id: str, *, now: datetime) -> dict[str, Any]:
    """The entry that a link asks about, as it is now. Raises ReminderOver, ResourceNotFound."""
    row = session.get(Reminder, reminder_id)
    if row is None:
        raise ReminderOver("unknown")
    if row.answered_at is not None:
        raise ReminderOver("answered")
    if row.expires_at <= now:
        raise ReminderOver("expired")
    return get_resource(session, follow_redirect(session, row.resource_id))


def answer_reminder(
    session: Session, reminder_id: str, answer: Answer, *, version: int, message: str, page: str, now: datetime
) -> None:
    """Take an answer, once; `version`: of the entry that was seen, `page`: its address. Part of one write transaction.

    Raises ReminderOver, ResourceNotFound, VersionConflict (it was changed meanwhile: nothing is taken).
    """
    document = get_question(session, reminder_id, now=now)
    taken = sa.update(Reminder).where(Reminder.id == reminder_id, _unanswered(), Reminder.expires_at > now)
    sent_to = session.scalar(taken.values(answered_at=now, answer=answer).returning(Reminder.sent_to))
    if sent_to is None:
        raise ReminderOver("answered")
    who = _name(document, sent_to)
    if answer == "right":
        change = Change(who, "reminder answered: still right", now)
        verify_resource(session, document["id"], version, change, on=local_day(now))
    else:
        _propose(session, answer, document, message, who, f"{page}#{reminder_id[:12]}")
    audit.record(session, who, "reminder.answered", document["id"], {"answer": answer}, at=now)


def _propose(session: Session, answer: Answer, document: dict[str, Any], message: str, who: str, url: str) -> None:
    told = message or ("Something has to change." if answer == "change" else "It does not exist any more.")
    proposals.submit(
        session,
        proposals.Finding(
            source=SOURCE,
            kind="update" if answer == "change" else "gone",
            url=url,
            resource={},
            evidence={"message": f"{who}: {told}"},
            confidence=0.8,
            matches=[document["id"]],
            content_hash=url,
        ),
    )


def _unanswered() -> sa.ColumnElement[bool]:
    return Reminder.answered_at.is_(None)


def _address(document: dict[str, Any]) -> str | None:
    found: str | None = (document.get("contact") or {}).get("email")
    return found


def _name(document: dict[str, Any], sent_to: str) -> str:
    """Who answered: the organisation where its own address was written to, else whose address it was."""
    if sent_to and sent_to != _address(document):
        return sent_to
    return str(document["organisations"][0]["name"]) if document["organisations"] else "an organisation"
