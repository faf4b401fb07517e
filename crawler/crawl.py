"""One crawl of one source: the loop that takes pages from the frontier until none is left, and its report."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from crawler.discovery import Discovery
from crawler.frontier import Frontier, Run, open_run
from crawler.gone import propose_gone
from crawler.hosts import Host, Hosts, learn, name_holder
from crawler.http import Fetcher
from crawler.nowhere import Nowhere
from crawler.outcomes import Findings
from crawler.record import Recorder
from crawler.report import report
from crawler.tools import PRODUCT_TOKEN, Tools
from crawler.traps import Traps
from crawler.urls import Scope, canonical_url, parse
from crawler.visit import LONGEST_WAIT_S, Visit, Visitor
from directory.crawl_state import CrawlPage, CrawlRun

_BATCH = 50
_POLL_S = 0.5  #: how often to look whether another crawl has given a host back
_UNREACHABLE = frozenset({"dns_failure", "dns_timeout", "connection_refused", "connect_timeout", "unreachable"})
_MAX_FAILURES = 5  #: in a row, of a kind that concerns the whole host
#: Seconds that a host gets which answered 429 or 503 and did not say when to come back; then its page is asked again.
_BUSY_WAITS_S = (10.0, 30.0)
_TRIES_PER_PAGE = 3  #: a site of dead ends: so many requests per page that max_pages allows


def crawl(
    source: Mapping[str, Any], tools: Tools, *, max_pages: int | None = None, only_due: bool = False
) -> dict[str, Any]:
    """Visit a source and report. An interrupted crawl of the same kind is gone on with; its report covers both parts.

    source: as `directory.sources.load_source` gives it. only_due: leave alone what the schedule does not want yet.
    """
    with tools.database.write() as session:
        run = open_run(
            session,
            source["name"],
            max_pages=max_pages or source["max_pages"],
            only_due=only_due,
            definition=source,
            now=tools.clock.now(),
        )
        if not run.resumed:
            Frontier(run).add(session, starts_of(source), depth=0, now=tools.clock.now())
    part = Crawl(source, run, tools)
    try:
        part.work()
        return part.finish()
    finally:
        part.close()


def ports_of(source: Mapping[str, Any]) -> set[int]:
    """The ports that its addresses may name besides 80 and 443: those of its start addresses; all on an intranet."""
    if source["allow_private"]:
        return set(range(1, 65536))
    return {parse(href).port for href in starts_of(source)}


def starts_of(source: Mapping[str, Any]) -> list[str]:
    """Its start addresses, canonical."""
    return [href for url in source["start_urls"] if (href := canonical_url(url)) is not None]


class Crawl:
    """The part of a run that one process does: all hosts of the source, or one of them."""

    def __init__(self, source: Mapping[str, Any], run: Run, tools: Tools, *, only_host: str | None = None) -> None:
        self._source, self._run, self._tools, self._only_host = source, run, tools, only_host
        self._clock, self._database = tools.clock, tools.database
        self.frontier = Frontier(run)
        scope = Scope(source["start_urls"], source["allow"])
        self.hosts = Hosts(
            self._database,
            holder=name_holder(f"run {run.id}"),
            delay_s=source["delay_s"],
            product_token=PRODUCT_TOKEN,
            clock=self._clock,
        )
        self._fetcher = Fetcher(tools.user_agent, allow_private=source["allow_private"], ports=ports_of(source))
        self.traps = Traps()
        self.visitor = Visitor(
            fetcher=self._fetcher,
            hosts=self.hosts,
            scope=scope,
            clock=self._clock,
            find=self._find,
            is_settled=lambda page: page.run_id == run.id,
        )
        self._nowhere = Nowhere(source, tools, self.visitor, self.frontier)
        self._recorder = Recorder(
            source=source,
            frontier=self.frontier,
            scope=scope,
            traps=self.traps,
            read=tools.read,
            match=tools.match,
            open_reading=self._database.read,
            says_nothing=self._nowhere.says_the_same,
        )
        self._discovery = Discovery(
            visitor=self.visitor,
            hosts=self.hosts,
            frontier=self.frontier,
            scope=scope,
            database=self._database,
            clock=self._clock,
        )
        self._batches: dict[str, deque[CrawlPage]] = {}
        self._settled: set[int] = set()
        self._busy: Counter[int] = Counter()  #: page → how often its host was too busy for it
        self._totals = self._load_totals()

    def work(self, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Visit queued pages until none is left, or `until` says so; whether pages are left."""
        self.look_up_inventories()
        while not until():
            if self._is_full():
                self._drop("max_pages")
                return False
            host = self._next_host()
            if host is None:
                return False
            if host.facts.get("seen"):
                self._discover(host)
            page = self._next_page(host)
            if page is not None:
                self._visit(host, page)
                self._discover(host)
        return True

    def finish(self) -> dict[str, Any]:
        """Close the run and give its report."""
        with self._database.write() as session:
            row = session.get_one(CrawlRun, self._run.id, with_for_update=True)
            if row.finished_at is None:  # else another worker did the last page
                held = propose_gone(session, self.frontier)
                self.frontier.count(session, skipped=held)
                row.finished_at = self._clock.now()
        with self._database.read() as session:
            return report(session, self._run.id)

    def close(self) -> None:
        """Give the hosts back and close the connections."""
        self._fetcher.close()
        self.hosts.release()

    @property
    def requests(self) -> int:
        """How many requests this part has sent, of every kind."""
        return self.visitor.requests

    def look_up_inventories(self) -> None:
        """Inventories tell what changed even where no page is due."""
        for origin in sorted({parse(href).origin for href in starts_of(self._source)}):
            if self._only_host in {None, origin}:
                host = self.hosts.lease(origin)
                if host is not None and host.facts.get("seen") and not self._must_wait_long(host):
                    self._discover(host)

    def _must_wait_long(self, host: Host) -> bool:
        return self.visitor.must_wait_s(host) > LONGEST_WAIT_S or host.failures >= _MAX_FAILURES

    def _load_totals(self) -> tuple[int, int]:
        with self._database.read() as session:
            row = session.get_one(CrawlRun, self._run.id)
            return row.requested, row.fetched + row.not_modified

    def _is_full(self) -> bool:
        requested, read = self._totals
        return read >= self._run.max_pages or requested >= _TRIES_PER_PAGE * self._run.max_pages + _BATCH

    def _next_host(self) -> Host | None:
        """The host that may be asked soonest, with its lease; waits while others have all of them."""
        while True:
            waiting = [origin for origin, batch in self._batches.items() if batch] or self._hosts_waiting()
            if not waiting:
                return None
            leased = [host for origin in waiting if (host := self.hosts.lease(origin)) is not None]
            if leased:
                now = self._clock.now()
                host = min(leased, key=lambda host: host.ready_at(now))
                if self._must_wait_long(host):
                    self._drop("postponed", CrawlPage.host == host.origin)
                    self._batches.pop(host.origin, None)
                    continue
                return host
            self._tools.progress(self._run.source, self._totals[1], 0, f"waiting: {waiting[0]} is being visited")
            self._clock.sleep(_POLL_S)

    def _hosts_waiting(self) -> list[str]:
        with self._database.read() as session:
            found = self.frontier.hosts(session)
        return [host for host in found if self._only_host in {None, host}]

    def _next_page(self, host: Host) -> CrawlPage | None:
        batch = self._batches.get(host.origin)
        if not batch:
            self._settled.clear()
            with self._database.read() as session:
                batch = deque(self.frontier.next_pages(session, host.origin, _BATCH))
            self._batches[host.origin] = batch
        while batch:
            page = batch.popleft()
            if page.id not in self._settled:
                return page
        return None

    def _visit(self, host: Host, page: CrawlPage) -> None:
        visit = self.visitor.visit(page)
        self._note_failures(host, visit)
        if self._is_put_off(host, page, visit):
            return
        found = self._recorder.prepare(host, page, visit)
        self._learn(host, found)
        final = self.hosts.find(parse(visit.final_url).origin) or host
        with self._database.write(durable=False) as session:  # after a power cut the page is asked again
            self._totals = self._recorder.write(session, page, visit, found)
            for touched in {id(host): host, id(final): final}.values():
                self.hosts.save(session, touched)
            if len(visit.path) > 1 and (row := self.frontier.find(session, visit.final_url)) is not None:
                self._settled.add(row.id)
        left = sum(len(batch) for batch in self._batches.values())
        self._tools.progress(self._run.source, self._totals[1], left, page.url)

    def _is_put_off(self, host: Host, page: CrawlPage, visit: Visit) -> bool:
        """Whether a busy host gets time, and the page another try after the others; it stays in the queue."""
        answer = visit.answer
        tries = self._busy[page.id]
        if answer is None or answer.status not in {429, 503} or "retry-after" in answer.headers:
            return False
        if tries == len(_BUSY_WAITS_S) or host.failures >= _MAX_FAILURES:
            return False
        self._busy[page.id] += 1
        busy = self.hosts.find(parse(visit.final_url).origin) or host
        earliest = self._clock.now() + timedelta(seconds=_BUSY_WAITS_S[tries])
        busy.next_at = max(busy.next_at or earliest, earliest)
        with self._database.write() as session:
            self._totals = self.frontier.count(session, requested=visit.requests)
            for touched in {id(host): host, id(busy): busy}.values():
                self.hosts.save(session, touched)
        self._batches[host.origin].append(page)
        return True

    def _note_failures(self, host: Host, visit: Visit) -> None:
        busy = visit.answer is not None and visit.answer.status in {429, 503}
        broken = visit.error is not None and visit.error.name in _UNREACHABLE
        host.failures = host.failures + 1 if busy or broken else 0

    def _learn(self, host: Host, found: Findings) -> None:
        """What a page's head says about its host."""
        if found.outline is not None:
            learn(host, found.outline)

    def _discover(self, host: Host) -> None:
        """Ask the host's inventories, once in a run; what was about to be visited may not be worth it any more."""
        if self._discovery.discover(host):
            self._batches.pop(host.origin, None)

    def _drop(self, reason: str, *where: Any) -> None:
        with self._database.write() as session:
            if self._only_host:
                where = (*where, CrawlPage.host == self._only_host)
            number = self.frontier.drop_rest(session, *where)
            self.frontier.count(session, skipped={reason: number})

    def _find(self, url: str) -> CrawlPage | None:
        with self._database.read() as session:
            return self.frontier.find(session, url)
