"""How every entry stands, kept in memory for the lists of curators; only what changed is read again.

A database of 20,000 entries is read whole once a process; after that each question costs one look at the versions. What
changes without a change of the entry (the day, dead addresses) is judged when it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import catalogue, freshness, suggestions
from directory.followed_rows import FollowedRows
from directory.models import Proposal, Resource
from directory.per_database import PerDatabase
from directory.quality import DATED, Facts, Quality, addresses, assess, grade, missing_translations
from directory.text import fold
from directory.upkeep_state import LinkHealth

#: What tells that an entry is another than it was: a version alone can be written, taken back, and written anew. Times
#: are compared as the database keeps them.
_MARKS = sa.select(
    Resource.id, Resource.version, sa.type_coerce(Resource.updated_at, sa.types.NullType()).label("updated_at")
)
SORTS = ("changed", "quality", "title")


@dataclass(frozen=True, slots=True)
class Standing:
    """One entry. `quality` is that of today; `missing`: texts that lack, by language; `urls`: its web addresses."""

    id: str
    type: str
    status: str
    version: int
    title: Mapping[str, str]
    basins: tuple[str, ...]
    themes: tuple[str, ...]
    missing: Mapping[str, int]
    urls: tuple[str, ...]
    overdue_on: date
    changed_at: datetime
    quality: Quality


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries. `text`: a part of the title or id; `lack`: the id of a criterion of `quality`."""

    text: str = ""
    basin: str | None = None
    theme: str | None = None
    lack: str | None = None
    status: str | None = None
    sort: str = "changed"


def list_standings(session: Session, *, today: date) -> list[Standing]:
    """Every entry, of whatever status, by id."""
    kept = _STANDINGS.of(session).follow(session).list_all()
    dead = set(session.scalars(sa.select(LinkHealth.url).where(LinkHealth.state == "dead")))
    return [_as_of(one, today, dead) for one in kept]


def choose(standings: Iterable[Standing], wanted: Wanted) -> list[Standing]:
    """Those that are wanted, in the order that is wanted. A `lack` is looked for in published entries only."""
    text = fold(wanted.text)
    found = [
        one
        for one in standings
        if (not text or text in one.id or any(text in fold(title) for title in one.title.values()))
        and (wanted.basin is None or wanted.basin in one.basins)
        and (wanted.theme is None or wanted.theme in one.themes)
        and (wanted.status is None or one.status == wanted.status)
        and (wanted.lack is None or (one.status == "published" and wanted.lack in one.quality.lacks))
    ]
    if wanted.sort == "quality":
        return sorted(found, key=lambda one: (one.quality.score, one.id))
    if wanted.sort == "title":
        return sorted(found, key=lambda one: (fold(next(iter(one.title.values()), "")), one.id))
    return sorted(found, key=lambda one: (one.changed_at, one.id), reverse=True)


def assess_entry(session: Session, document: Mapping[str, Any], *, today: date) -> Quality:
    """The quality of one entry as it is, or as it is being written."""
    id_ = str(document.get("id") or "")
    dead = set(session.scalars(sa.select(LinkHealth.url).where(LinkHealth.state == "dead", LinkHealth.url.in_(addresses(document)))))  # fmt: skip
    added = catalogue.added_at(session, [id_]).get(id_)
    state: freshness.State = "current"
    if document.get("type") in freshness.PERIOD_MONTHS:
        added_on = freshness.local_day(added) if added else today
        state = freshness.judge(document, today=today, added_on=added_on).state
    return assess(document, Facts(state=state, dead=dead, quotes=_read_quotes(session, [id_]).get(id_, ())))


class Standings(FollowedRows[Standing]):
    """Follows the catalogue by the versions of its resources, and when they were made. What is dated is left open."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, Standing] = {}
        self._sorted: list[Standing] | None = None

    def list_all(self) -> list[Standing]:
        """All of them, by id. Not to be changed."""
        with self._lock:
            if self._sorted is None:
                self._sorted = [self._kept[id_] for id_ in sorted(self._kept)]
            return self._sorted

    def _read_marks(self, session: Session) -> dict[str, tuple[Any, ...]]:
        marks: dict[str, tuple[Any, ...]] = {}
        for rows in session.connection().execute(_MARKS).partitions(catalogue.BATCH):  # all rows at once wake the
            marks.update((row[0], tuple(row)) for row in rows)  # garbage collector
        return marks

    def _read(self, session: Session, ids: Sequence[str]) -> Iterator[Standing]:
        query = sa.select(Resource.id, Resource.created_at, Resource.updated_at).where(Resource.id.in_(ids))
        times = {row.id: row for row in session.execute(query)}
        quotes = _read_quotes(session, ids)
        for id_, document in catalogue.get_resources(session, ids, public=False).items():
            added_on = freshness.local_day(times[id_].created_at)
            yield Standing(
                id=id_,
                type=document["type"],
                status=document["status"],
                version=document["version"],
                title=document["title"],
                basins=tuple(document["basins"]),
                themes=tuple(document["themes"]),
                missing=missing_translations(document),
                urls=addresses(document),
                overdue_on=freshness.judge(document, today=added_on, added_on=added_on).overdue_on,
                changed_at=times[id_].updated_at,
                quality=assess(document, Facts(quotes=quotes.get(id_, ()))),
            )

    def _put(self, row: Standing) -> None:
        self._kept[row.id], self._sorted = row, None

    def _drop(self, row_id: str) -> None:
        del self._kept[row_id]
        self._sorted = None


_STANDINGS = PerDatabase(Standings)


def _as_of(one: Standing, today: date, dead: set[str]) -> Standing:
    dated = (today >= one.overdue_on, not dead.isdisjoint(one.urls))
    if not any(dated):
        return one
    lacks = [*one.quality.lacks, *(lack for lack, true in zip(DATED, dated, strict=True) if true)]
    return replace(one, quality=grade(one.type, lacks))


def _read_quotes(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What was read about the summary on the pages that became these entries; a reader's own words are no page."""
    query = sa.select(Proposal.decision, Proposal.evidence).where(
        Proposal.decision.in_(ids), Proposal.status == "accepted", Proposal.source != suggestions.SOURCE
    )
    found: dict[str, tuple[str, ...]] = {}
    for decision, evidence in session.execute(query):
        quotes = tuple(str(text) for field, text in evidence.items() if field.partition(".")[0] == "summary")
        found[decision] = found.get(decision, ()) + quotes
    return found
