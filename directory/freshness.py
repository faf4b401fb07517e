"""How long what was verified may be believed: when an entry is due for another look, when readers are told that it is late.

The period goes by type. An entry is *due* from the day that its period ends, and *overdue* `GRACE` later: then readers
are told, and it sinks in results; it never vanishes by itself. An event is over when its last date has passed: due and
overdue the day after. An entry that was never verified is due at once, overdue a period after it was added.
Every judgement takes today's date as an argument.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import catalogue
from directory.catalogue import Change
from directory.fields import BRUSSELS
from directory.models import Resource, ResourceBasin, ResourceTheme, Revision

GRACE = timedelta(days=30)
#: Months by type. A number to call must be right, a text ages slowly; what is offered changes with the school year.
PERIOD_MONTHS: Mapping[str, int] = {
    "helpline": 6,
    "event": 6,
    "campaign": 6,
    "pharmacy": 12,
    "service": 12,
    "training": 12,
    "awareness": 12,
    "intervision": 12,
    "supervision": 12,
    "community_of_practice": 12,
    "working_group": 12,
    "immersion": 12,
    "project": 12,
    "website": 12,
    "directory": 12,
    "guide": 24,
    "brochure": 24,
    "tool": 24,
    "card_game": 24,
}

State = Literal["current", "due", "overdue"]


@dataclass(frozen=True)
class Freshness:
    """Where an entry stands. `due_on`: the first day of being due; `overdue_on`: from when readers are told."""

    state: State
    due_on: date
    overdue_on: date
    verified_on: date | None


@dataclass(frozen=True)
class WorkItem:
    """An entry that waits for a curator's look."""

    resource: dict[str, Any]
    freshness: Freshness
    verified_by: str | None


def judge(document: Mapping[str, Any], *, today: date, added_on: date | None = None) -> Freshness:
    """Where a resource (its outside shape) stands today. `added_on`: when it came into the catalogue, if known."""
    verified = date.fromisoformat(document["verified_on"]) if document.get("verified_on") else None
    last = _last_day(document)
    months = PERIOD_MONTHS[document["type"]]
    if document["type"] == "event" and last:
        due = overdue = last + timedelta(days=1)
    elif verified:
        due = add_months(verified, months)
        overdue = due + GRACE
    else:
        due = added_on or today
        overdue = add_months(due, months) if added_on else due + GRACE
    state: State = "overdue" if today >= overdue else "due" if today >= due else "current"
    return Freshness(state, due, overdue, verified)


def over_on(document: Mapping[str, Any], *, today: date) -> date | None:
    """The last day of an event that is over; None for what is not over, or has no dates."""
    last = _last_day(document) if document["type"] == "event" else None
    return last if last and last < today else None


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def verified_by(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Who set the day on which each of these was last verified; absent where it never was."""
    query = (
        sa.select(Revision.resource_id, Revision.author, Revision.changes)
        .where(Revision.resource_id.in_(list(ids)))
        .order_by(Revision.id)
    )
    found: dict[str, str] = {}
    for row in session.execute(query):
        if "verified_on" in row.changes:
            found[row.resource_id] = row.author
            if row.changes["verified_on"][1] is None:
                del found[row.resource_id]
    return found


def verify_resource(session: Session, resource_id: str, version: int, change: Change, *, on: date) -> dict[str, Any]:
    """Somebody checked the entry on this day, and it is right. Raises ResourceNotFound, VersionConflict."""
    document = catalogue.get_resource(session, resource_id, public=False, for_update=True)
    return catalogue.revise_resource(session, {**document, "version": version, "verified_on": on.isoformat()}, change)


def list_due(
    session: Session, *, today: date, basin: str | None = None, theme: str | None = None, limit: int | None = None
) -> list[WorkItem]:
    """The published entries that are due or overdue, the longest waiting first."""
    query = sa.select(Resource.id, Resource.created_at).where(Resource.status == "published", _may_be_due(today))
    if basin:
        query = query.where(Resource.basins.any(ResourceBasin.value == basin))
    if theme:
        query = query.where(Resource.themes.any(ResourceTheme.value == theme))
    added = {row.id: local_day(row.created_at) for row in session.execute(query)}
    judged = []
    ids = sorted(added)
    for start in range(0, len(ids), catalogue.BATCH):
        batch = catalogue.get_resources(session, ids[start : start + catalogue.BATCH])
        judged += [(judge(resource, today=today, added_on=added[id_]), resource) for id_, resource in batch.items()]
    waiting = [(freshness, resource) for freshness, resource in judged if freshness.state != "current"]
    waiting.sort(key=lambda pair: (pair[0].due_on, pair[1]["id"]))
    names = verified_by(session, [resource["id"] for _, resource in waiting[:limit]])
    return [WorkItem(resource, freshness, names.get(resource["id"])) for freshness, resource in waiting[:limit]]


def local_day(at: datetime) -> date:
    """The day in Brussels."""
    return at.astimezone(BRUSSELS).date()


def _may_be_due(today: date) -> sa.ColumnElement[bool]:
    """A net wide enough for the exact rule, which months of unlike length make awkward in SQL."""
    by_period: dict[int, list[str]] = {}
    for type_, months in PERIOD_MONTHS.items():
        by_period.setdefault(months, []).append(type_)
    aged = [
        Resource.type.in_(types) & (Resource.verified_on <= add_months(today, -months) + timedelta(days=4))
        for months, types in by_period.items()
    ]
    return sa.or_(Resource.verified_on.is_(None), Resource.type == "event", *aged)


def _last_day(document: Mapping[str, Any]) -> date | None:
    ends = [occurrence.get("end", occurrence["start"]) for occurrence in document.get("occurrences", ())]
    return max((local_day(datetime.fromisoformat(end)) for end in ends), default=None)
