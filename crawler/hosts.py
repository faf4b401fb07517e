"""What is known of each host: its robots.txt, when it may be asked again, and who is asking it now.

One process at a time visits a host: it holds the lease, renews it with every page and loses it when it dies. All of
it is kept in the database, so a restart is as polite as the run before.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler import robots
from crawler.clock import Clock
from crawler.decide import ROBOTS_AGE, SLOW_FOR, gap_s, retry_at
from crawler.errors import FetchError, LeaseLost
from crawler.http import REDIRECTS, ROBOTS, Answer, Limits
from crawler.outline import Outline
from crawler.robots import ALLOW_ALL, FORBID_ALL, Robots
from crawler.urls import canonical_url, origin_of
from crawler.validators import conditions, validators_of
from directory.crawl_state import CrawlHost
from directory.database import Database
from directory.rows import insert_new

LEASE = timedelta(seconds=180)  #: longer than the slowest page takes to fetch and read
MAX_ROBOTS_REDIRECTS = 5
_MAX_FEEDS = 3
UNREACHABLE_FOR_LONG = timedelta(days=30)

_HOSTS = cast(sa.Table, CrawlHost.__table__)
#: Written with every page: built once, as building it costs more than running it.
_SAVE = (
    sa.update(_HOSTS)
    .where(_HOSTS.c.host == sa.bindparam("of"), _HOSTS.c.lease_holder == sa.bindparam("by"))
    .values({name: sa.bindparam(name) for name in ("next_at", "slow_until", "latency_s", "lease_until", "facts")})
)

Fetch = Callable[[str, Limits, Mapping[str, str]], Answer]  #: (address, limits, headers)


@dataclass
class Host:
    """One host during a crawl. `facts`: what discovery learnt; written back with the next page."""

    origin: str
    next_at: datetime | None
    slow_until: datetime | None
    latency_s: float | None
    robots: Robots | None = None
    robots_at: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    failures: int = 0  #: connections or answers in a row that failed

    def ready_at(self, now: datetime) -> datetime:
        """When it may be asked again."""
        return max(self.next_at or now, now)


class Hosts:
    """The hosts that one crawl visits."""

    def __init__(self, database: Database, *, holder: str, delay_s: float, product_token: str, clock: Clock) -> None:
        self._database, self._holder, self._clock = database, holder, clock
        self._delay_s, self._token = delay_s, product_token
        self._open: dict[str, Host] = {}

    def find(self, origin: str) -> Host | None:
        """A host whose lease is ours."""
        return self._open.get(origin)

    def lease(self, origin: str) -> Host | None:
        """Take the host for this crawl; None while another one has it."""
        if (known := self._open.get(origin)) is not None:
            return known
        now = self._clock.now()
        with self._database.write() as session:
            insert_new(session, CrawlHost, [{"host": origin, "facts": {}}])
            row = session.get_one(CrawlHost, origin, with_for_update=True)
            taken_over = row.lease_holder is not None and row.lease_holder != self._holder
            if taken_over and row.lease_until is not None and row.lease_until > now and not is_dead(row.lease_holder):
                return None
            if taken_over or row.lease_holder == self._holder:  # what the one before us asked last is not known
                row.next_at = max(row.next_at or now, now + timedelta(seconds=self._delay_s))
            row.lease_holder, row.lease_until = self._holder, now + LEASE
            host = Host(origin, row.next_at, row.slow_until, row.latency_s, facts=dict(row.facts))
        self._open[origin] = host
        return host

    def release(self) -> None:
        """Give every host back."""
        with self._database.write() as session:
            for host in self._open.values():
                row = session.get(CrawlHost, host.origin, with_for_update=True)
                if row is not None and row.lease_holder == self._holder:
                    row.next_at, row.facts = host.next_at, dict(host.facts)
                    row.lease_holder = row.lease_until = None
        self._open.clear()

    def save(self, session: Session, host: Host) -> None:
        """Write the host's state and renew the lease, in the transaction of a page. Raises LeaseLost."""
        values = {
            "of": host.origin,
            "by": self._holder,
            "next_at": host.next_at,
            "slow_until": host.slow_until,
            "latency_s": host.latency_s,
            "lease_until": self._clock.now() + LEASE,
            "facts": host.facts,
        }
        changed = session.connection().execute(_SAVE, values)
        if changed.rowcount != 1:
            raise LeaseLost(host.origin)

    def wait(self, host: Host) -> None:
        """Sleep until the host may be asked."""
        now = self._clock.now()
        if (ready := host.ready_at(now)) > now:
            self._clock.sleep((ready - now).total_seconds())

    def asked(self, host: Host, answer: Answer | None) -> None:
        """Note a request that has just ended; answer is None when it failed."""
        now = self._clock.now()
        told = None
        if answer is not None:
            host.latency_s = answer.elapsed_s
            if answer.status in {429, 503}:
                host.slow_until = now + SLOW_FOR
                told = retry_at(answer.headers.get("retry-after"), now)
        gap = gap_s(
            ours=self._delay_s,
            crawl_delay=host.robots.crawl_delay if host.robots else None,
            latency_s=host.latency_s,
            is_slowed=host.slow_until is not None and host.slow_until > now,
        )
        host.next_at = max(now + timedelta(seconds=gap), told or now)

    def load_robots(self, host: Host, fetch: Fetch) -> Robots:
        """The host's rules, at most 24 h old, from the database or the host itself."""
        now = self._clock.now()
        if host.robots is not None and host.robots_at is not None and now < host.robots_at + ROBOTS_AGE:
            return host.robots
        with self._database.read() as session:
            row = session.get_one(CrawlHost, host.origin)
            body, verdict, at = row.robots, row.robots_verdict, row.robots_at
        if verdict is not None and at is not None and at <= now < at + ROBOTS_AGE and verdict != "forbidden":
            host.robots, host.robots_at = self._rules(verdict, body), at
            return host.robots
        known = body if verdict == "rules" else None
        new_verdict, new_body = self._fetch_robots(host, fetch, known)
        if new_verdict == "forbidden" and body is not None and at is not None and now - at > UNREACHABLE_FOR_LONG:
            host.robots, host.robots_at = self._rules("rules", body), now  # for so long that the last copy counts again
            return host.robots
        host.robots, host.robots_at = self._rules(new_verdict, new_body), now
        with self._database.write() as session:
            kept = session.get_one(CrawlHost, host.origin)
            kept.robots_verdict = new_verdict
            if new_verdict != "forbidden" or kept.robots_at is None:
                kept.robots, kept.robots_at = new_body, now
            self.save(session, host)
        return host.robots

    def _rules(self, verdict: str, body: str | None) -> Robots:
        if verdict == "rules":
            return robots.parse((body or "").encode("latin-1"), self._token)
        return ALLOW_ALL if verdict == "allowed" else FORBID_ALL

    def _fetch_robots(self, host: Host, fetch: Fetch, known: str | None) -> tuple[str, str | None]:
        """(verdict, body): 4xx allows all, 5xx, 429 and a broken network forbid all. Source: RFC 9309 §2.3.1.

        known: the body that we have; then it is asked for only if it has changed.
        """
        url = f"{host.origin}/robots.txt"
        kept = host.facts.get("robots") if known is not None else None
        for redirects in range(MAX_ROBOTS_REDIRECTS + 1):
            try:
                answer = fetch(url, ROBOTS, conditions(tuple(kept)) if kept and not redirects else {})
            except FetchError:
                return "forbidden", None
            if answer.status in REDIRECTS:
                target = canonical_url(answer.headers.get("location", ""), url)
                if target is None:
                    return "allowed", None
                url = target
                continue
            if answer.status == 429 or answer.status >= 500:
                return "forbidden", None
            if answer.status == 304 and known is not None:
                return "rules", known
            facts = {name: value for name, value in host.facts.items() if name != "robots"}
            if not redirects and any(validators := validators_of(answer.headers)):
                facts["robots"] = list(validators)
            host.facts = facts
            if 200 <= answer.status < 300:
                return "rules", answer.body[: robots.MAX_BYTES].decode("latin-1").replace("\0", "")
            return "allowed", None
        return "allowed", None  # more than five redirects: unavailable


def learn(host: Host, outline: Outline) -> None:
    """Note what a page's head says about its host."""
    facts = {**host.facts, "seen": True}
    if outline.wordpress_api is not None and origin_of(outline.wordpress_api) == host.origin:
        facts["api"] = outline.wordpress_api
    for name, found in (("feeds", outline.feeds), ("calendars", outline.calendars)):
        here = [url for url in found if origin_of(url) == host.origin]
        facts[name] = list(dict.fromkeys([*facts.get(name, []), *here]))[:_MAX_FEEDS]
    if facts != host.facts:
        host.facts = facts


def name_holder(purpose: str) -> str:
    """Who holds a lease: this machine, this process, and what it does."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}:{purpose}"


def is_dead(holder: str | None) -> bool:
    """Whether the holder was a process of this machine that has ended. One elsewhere may live: then False."""
    machine, _, rest = (holder or "").partition(":")
    pid, _, rest = rest.partition(":")
    started = rest.partition(":")[0]
    if machine != socket.gethostname() or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    """When a process started, in the kernel's ticks; "" where there is none (or no /proc)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - hot and simple
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return "" if not _is_alive(pid) else "alive"
    return "" if fields[0] == "Z" else fields[19]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
