"""The frontier: which addresses of a source are known, and which of them this run still has to deal with.

It lives in the database, so a crawl that is killed goes on where it was: every page is settled in one transaction
together with the addresses that it led to. The queue of a run is the rows that carry its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.decide import LONGEST
from crawler.inventory import Item
from crawler.urls import origin_of
from directory.crawl_state import CrawlNote, CrawlPage, CrawlRun
from directory.rows import insert_new

RESUMABLE = timedelta(days=2)  #: an interrupted run older than this is closed, not resumed
_MAX_KNOWN = 250_000  #: addresses whose hash is kept to spare the database the question
_CHUNK = 500  #: values in one IN (…)


@dataclass(frozen=True)
class Run:
    """One crawl of one source. `only_due`: leave alone what the schedule does not want yet."""

    id: int
    source: str
    started_at: datetime
    max_pages: int
    only_due: bool
    resumed: bool


def open_run(
    session: Session, source: str, *, max_pages: int, only_due: bool, definition: Mapping[str, Any], now: datetime
) -> Run:
    """Go on with the source's interrupted run, or start one that has every known page (or the due ones) queued.

    A run is gone on with only while its source is defined as it was.
    """
    options = {"max_pages": max_pages, "only_due": only_due, "source": dict(definition)}
    rows = sa.select(CrawlRun).where(CrawlRun.source == source, CrawlRun.finished_at.is_(None)).with_for_update()
    for row in session.scalars(rows.order_by(CrawlRun.id)):
        if row.options == options and now - row.started_at < RESUMABLE:
            return Run(row.id, source, row.started_at, max_pages, only_due, resumed=True)
        row.finished_at = now
    run = CrawlRun(source=source, started_at=now, options=options, requested=0, fetched=0, not_modified=0, skipped={})
    session.add(run)
    session.flush()
    wanted = [CrawlPage.source == source, CrawlPage.state != "gone"]
    if only_due:
        wanted.append(sa.or_(CrawlPage.due_at <= now, CrawlPage.state == "waiting"))
    session.execute(sa.update(CrawlPage).where(*wanted).values(queued_run=run.id))
    return Run(run.id, source, now, max_pages, only_due, resumed=False)


_PAGES = cast(sa.Table, CrawlPage.__table__)
_RUNS = cast(sa.Table, CrawlRun.__table__)
_COUNTERS = (
    sa.select(_RUNS.c.requested, _RUNS.c.fetched, _RUNS.c.not_modified, _RUNS.c.skipped)
    .where(_RUNS.c.id == sa.bindparam("run"))
    .with_for_update()
)
_COUNT = (
    sa.update(_RUNS)
    .where(_RUNS.c.id == sa.bindparam("run"))
    .values({name: sa.bindparam(name) for name in ("requested", "fetched", "not_modified", "skipped")})
)


_STATES = sa.select(_PAGES.c.url, _PAGES.c.state).where(
    _PAGES.c.source == sa.bindparam("of"), _PAGES.c.url.in_(sa.bindparam("urls", expanding=True))
)


@lru_cache(maxsize=64)
def _settling(columns: tuple[str, ...]) -> sa.Update:
    """The statement that sets these columns of a page; building it costs more than running it."""
    return (
        sa.update(_PAGES)
        .where(_PAGES.c.id == sa.bindparam("page"))
        .values({name: sa.bindparam(name) for name in columns})
    )


class Frontier:
    """One run's view of its source's pages. Every method works in the session that it is given."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._known: set[int] = set()  #: hashes of addresses that have their row
        self._heard: set[int] = set()  #: hashes of all that were linked, refused ones included

    def unheard(self, urls: Iterable[str]) -> list[str]:
        """Those that this process has not come across before; from now on it has."""
        fresh = [url for url in urls if hash(url) not in self._heard]
        if len(self._heard) > _MAX_KNOWN:
            self._heard.clear()
        self._heard.update(map(hash, fresh))
        return fresh

    def add(self, session: Session, urls: Iterable[str], *, depth: int, now: datetime) -> None:
        """Queue the canonical addresses that are not known yet."""
        fresh = [url for url in dict.fromkeys(urls) if hash(url) not in self._known]
        if not fresh:
            return
        connection = session.connection()
        taken: dict[str, str] = {}
        for chunk in _chunks(fresh):
            known = connection.execute(_STATES, {"of": self.run.source, "urls": chunk})
            taken |= {url: state for url, state in known}  # noqa: C416 - rows are no pairs to dict()
        if back := [url for url, state in taken.items() if state == "gone"]:  # it is linked again
            for chunk in _chunks(back):
                self._queue(session, CrawlPage.url.in_(chunk), CrawlPage.state == "gone")
        rows = [_new_row(self.run, url, depth, now) for url in fresh if url not in taken]
        insert_new(session, CrawlPage, rows)
        self._remember(fresh)

    def hosts(self, session: Session) -> list[str]:
        """The hosts that still have queued pages."""
        query = sa.select(CrawlPage.host).where(*self._queued()).distinct()
        return sorted(session.scalars(query))

    def next_pages(self, session: Session, host: str, count: int) -> Sequence[CrawlPage]:
        """The next queued pages of a host: longest overdue first, then nearest to the start."""
        query = (
            sa.select(CrawlPage)
            .where(*self._queued(), CrawlPage.host == host)
            .order_by(CrawlPage.due_at, CrawlPage.depth, CrawlPage.id)
            .limit(count)
        )
        return session.scalars(query).all()

    def find(self, session: Session, url: str) -> CrawlPage | None:
        """What is known of an address."""
        query = sa.select(CrawlPage).where(CrawlPage.source == self.run.source, CrawlPage.url == url)
        return session.scalars(query).one_or_none()

    def has_content(self, session: Session, content_hash: str) -> bool:
        """Whether a page of the source was read with this content."""
        query = sa.select(CrawlPage.id).where(
            CrawlPage.source == self.run.source, CrawlPage.content_hash == content_hash
        )
        return session.scalars(query.limit(1)).first() is not None

    def settle(self, session: Session, page_id: int, **values: Any) -> None:
        """This run has dealt with the page."""
        settled = {"page": page_id, "queued_run": None, "run_id": self.run.id, **values}
        session.connection().execute(_settling(tuple(sorted(settled.keys() - {"page"}))), settled)

    def list_items(self, session: Session, items: Sequence[Item], *, by: str, depth: int, now: datetime) -> None:
        """Note what an inventory names; what is new is queued."""
        self.add(session, (item.url for item in items), depth=depth, now=now)
        connection = session.connection()
        table = CrawlPage.__table__
        assert isinstance(table, sa.Table)  # noqa: S101 - a mapped class has one
        statement = (
            sa.update(table)
            .where(table.c.source == self.run.source, table.c.url == sa.bindparam("item_url"))
            .values(listed_by=by, listed_run=self.run.id, listed_change=sa.bindparam("item_change"))
        )
        if items:
            connection.execute(statement, [{"item_url": item.url, "item_change": item.change} for item in items])

    def list_again(self, session: Session, *, by: str, run: int) -> None:
        """An inventory names what it named in an earlier run."""
        listed = sa.update(CrawlPage).where(
            CrawlPage.source == self.run.source, CrawlPage.listed_by == by, CrawlPage.listed_run == run
        )
        session.execute(listed.values(listed_run=self.run.id))

    def queue_changed(self, session: Session, *, by: str) -> None:
        """Queue what an inventory says has changed since it was read, whatever the schedule says."""
        self._queue(
            session,
            CrawlPage.listed_by == by,
            CrawlPage.listed_run == self.run.id,
            CrawlPage.listed_change.is_not(None),
            CrawlPage.listed_change.is_distinct_from(CrawlPage.visited_change),
        )

    def queue_unlisted(self, session: Session, host: str, *, by: str) -> None:
        """Queue what an inventory named before and, read whole, names no longer: it may have gone."""
        self._queue(
            session,
            CrawlPage.host == host,
            CrawlPage.listed_by == by,
            CrawlPage.listed_run != self.run.id,
            CrawlPage.state != "gone",
        )

    def skip_unchanged(self, session: Session, host: str, *, by: str, now: datetime) -> int:
        """Take from the queue what the inventory says has not changed since it was last read; how many."""
        return self._dequeue(
            session,
            CrawlPage.host == host,
            CrawlPage.listed_by == by,
            CrawlPage.listed_run == self.run.id,
            CrawlPage.listed_change.is_not(None),
            CrawlPage.listed_change == CrawlPage.visited_change,
            CrawlPage.state.in_(("visited", "redirect")),
            CrawlPage.visited_at > now - LONGEST,
        )

    def skip_unlisted(self, session: Session, host: str, *, now: datetime) -> int:
        """Where an inventory was read whole, leave pages that it never names to the schedule; how many.

        Listings and home pages follow from what the inventory says already. Documents may change unseen: they stay.
        """
        return self._dequeue(
            session,
            CrawlPage.host == host,
            CrawlPage.listed_by.is_(None),
            CrawlPage.due_at > now,
            CrawlPage.state != "waiting",
            sa.or_(CrawlPage.kind.is_(None), CrawlPage.kind != "resource"),
        )

    def skip_redirects(self, session: Session, host: str, *, now: datetime) -> int:
        """A lasting redirect is followed again only when it is due; how many were left."""
        return self._dequeue(session, CrawlPage.host == host, CrawlPage.state == "redirect", CrawlPage.due_at > now)

    def drop_rest(self, session: Session, *where: Any) -> int:
        """Leave what is queued to the next run; how many pages."""
        statement = sa.update(CrawlPage).where(*self._queued(), *where).values(queued_run=None)
        return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]

    def count(
        self,
        session: Session,
        *,
        requested: int = 0,
        fetched: int = 0,
        not_modified: int = 0,
        skipped: dict[str, int] | None = None,
    ) -> tuple[int, int]:
        """Add to the run's counters; how many pages it has now requested, and how many of them it got an answer for."""
        connection = session.connection()
        row = connection.execute(_COUNTERS, {"run": self.run.id}).one()
        totals = dict(row.skipped)
        for reason, number in (skipped or {}).items():
            if number:
                totals[reason] = totals.get(reason, 0) + number
        values = {
            "requested": row.requested + requested,
            "fetched": row.fetched + fetched,
            "not_modified": row.not_modified + not_modified,
        }
        connection.execute(_COUNT, {"run": self.run.id, "skipped": totals, **values})
        return values["requested"], values["fetched"] + values["not_modified"]

    def note(self, session: Session, kind: str, url: str, text: str) -> None:
        """Add a line to the run's report."""
        session.add(CrawlNote(run_id=self.run.id, kind=kind, url=url, text=text))
        session.flush()

    def _queued(self) -> tuple[Any, ...]:
        return CrawlPage.source == self.run.source, CrawlPage.queued_run == self.run.id

    def _queue(self, session: Session, *where: Any) -> None:
        """Put pages that this run has not dealt with into its queue."""
        mine = [CrawlPage.source == self.run.source, CrawlPage.queued_run.is_(None)]
        mine.append(CrawlPage.run_id.is_distinct_from(self.run.id))
        session.execute(sa.update(CrawlPage).where(*mine, *where).values(queued_run=self.run.id))

    def _dequeue(self, session: Session, *where: Any) -> int:
        statement = sa.update(CrawlPage).where(*self._queued(), *where).values(queued_run=None, run_id=self.run.id)
        return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]

    def _remember(self, urls: Iterable[str]) -> None:
        if len(self._known) > _MAX_KNOWN:
            self._known.clear()
        self._known.update(map(hash, urls))


def _new_row(run: Run, url: str, depth: int, now: datetime) -> dict[str, Any]:
    return {
        "source": run.source,
        "url": url,
        "host": origin_of(url),
        "depth": depth,
        "queued_run": run.id,
        "state": "waiting",
        "due_at": now,
        "misses": 0,
    }


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
