"""Looks at the links of the catalogue as politely as a crawl visits pages: robots.txt, one request at a time per host.

HEAD first; GET where HEAD is refused, or where the page's words matter. Hosts are worked through side by side, the
links of one host one after another. What was seen is written link by link, so a check that is interrupted loses nothing.
Where most host names cannot be found, the fault is our own network: then none of them counts as gone.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from crawler.clock import Clock, SystemClock
from crawler.errors import FetchError, LeaseLost
from crawler.head import read_head
from crawler.hosts import Host, Hosts, name_holder
from crawler.html import parse as parse_html
from crawler.http import REDIRECTS, Answer, Fetcher, Limits
from crawler.link_verdicts import (
    Verdict,
    judge_error,
    judge_not_found,
    judge_path,
    judge_status,
    judge_words,
    needs_a_look,
)
from crawler.outline import HTML_TYPES
from crawler.page import Page, Reading
from crawler.tools import PRODUCT_TOKEN, Read
from crawler.urls import canonical_url, origin_of
from crawler.visit import LONGEST_WAIT_S, MAX_REDIRECTS
from directory.database import Database
from directory.link_health import Link, Sighting, record_sighting

log = logging.getLogger("senne.crawler")

LIMITS = Limits(whole_s=30.0, max_bytes=1_000_000, max_pdf_bytes=100_000, cut=True)
AT_ONCE = 4  #: hosts looked at side by side
_NO_SOURCE: Mapping[str, Any] = {"name": "links", "start_urls": [], "allow": [], "basins": []}
_MANY_HOSTS = 3  #: from so many on, a majority without name means that our own network is at fault


@dataclass(frozen=True, kw_only=True)
class LinkTools:
    """What a check works with. `open_fetcher`: a new one for each thread; `read`: how pages are understood."""

    database: Database
    open_fetcher: Callable[[], Fetcher]
    read: Read
    clock: Clock = field(default_factory=SystemClock)
    delay_s: float = 2.0  #: between two requests to one host
    limits: Limits = LIMITS
    at_once: int = AT_ONCE
    progress: Callable[[int], None] = lambda _done: None


@dataclass(frozen=True)
class Checked:
    """What came of one link: what was seen, the state that follows, the proposals that wait for it."""

    link: Link
    sighting: Sighting
    state: str
    proposals: tuple[str, ...]


def check_links(links: Sequence[Link], tools: LinkTools) -> list[Checked]:
    """Look at each link once, write down what was seen; in the order given. Never raises for what a host does."""
    groups: dict[str, list[Link]] = {}
    for link in links:
        address = canonical_url(link.url)
        groups.setdefault(origin_of(address) if address else "", []).append(link)
    with ThreadPoolExecutor(max_workers=tools.at_once) as pool:
        parts = list(pool.map(lambda item: _check_host(item, tools), enumerate(groups.values())))
    seen = {url: pair for part in parts for url, pair in part.items()}
    busy = [link for link in links if seen[link.url][0].reason == "host_busy"]  # another of our threads had it
    seen |= _check_host((len(groups), busy), replace(tools, progress=lambda _done: None)) if busy else {}
    nameless = [url for url, (sighting, _) in seen.items() if sighting.reason == "no_such_host"]
    ours = len(groups) >= _MANY_HOSTS and len({_origin(url) for url in nameless}) * 2 > len(groups)
    done = []
    for link in links:
        sighting, recorded = seen[link.url]
        if recorded is None:  # a name that was not found waits until all have been asked
            if ours:
                sighting = replace(sighting, outcome="unsure", reason="own_network")
            with tools.database.write() as session:
                recorded = record_sighting(session, sighting, link.resources)
        done.append(Checked(link, sighting, recorded.state, tuple(recorded.proposals)))
    return done


def _origin(url: str) -> str:
    address = canonical_url(url)
    return origin_of(address) if address else ""


def _check_host(item: tuple[int, list[Link]], tools: LinkTools) -> dict[str, tuple[Sighting, Any]]:
    number, links = item
    fetcher = tools.open_fetcher()
    hosts = Hosts(
        tools.database,
        holder=name_holder(f"links {number}"),
        delay_s=tools.delay_s,
        product_token=PRODUCT_TOKEN,
        clock=tools.clock,
    )
    checker = Checker(tools, fetcher.fetch, hosts)
    found: dict[str, tuple[Sighting, Any]] = {}
    try:
        for link in links:
            sighting = checker.look(link.url)
            recorded = None
            if sighting.reason != "no_such_host":
                with tools.database.write() as session:
                    recorded = record_sighting(session, sighting, link.resources)
                checker.renew()
            found[link.url] = (sighting, recorded)
            tools.progress(1)
    finally:
        fetcher.close()
        hosts.release()
    return found


class Checker:
    """Looks at the links of one host, and wherever they lead."""

    def __init__(self, tools: LinkTools, fetch: Callable[..., Answer], hosts: Hosts) -> None:
        """fetch: `Fetcher.fetch`, or what does the same."""
        self._tools, self._fetch, self._hosts, self._clock = tools, fetch, hosts, tools.clock
        self._robots_errors: dict[str, FetchError] = {}
        self._honest: dict[str, bool | None] = {}
        self._used: dict[str, Host] = {}

    def look(self, url: str) -> Sighting:
        """One look at one address."""
        href = canonical_url(url)
        if href is None:
            return Sighting(url=url, outcome="unsure", reason="bad_address", at=self._clock.now())
        path, statuses = [href], list[int]()
        answer, title = None, None
        try:
            answer = self._follow(path, statuses)
            verdict, title = self._judge(answer, path, statuses)
        except _Unsure as error:
            verdict = Verdict("unsure", str(error))
        except FetchError as error:
            verdict = judge_error(error)
        target = verdict.target
        if target and "#" in url:
            target += url[url.index("#") :]
        return Sighting(
            url=url,
            outcome=verdict.outcome,
            at=self._clock.now(),
            reason=verdict.reason,
            status=statuses[0] if verdict.outcome == "moved" else answer.status if answer else None,
            target=target,
            title=title,
        )

    def renew(self) -> None:
        """Keep the leases of the hosts that were asked, and when they may be asked again."""
        with self._tools.database.write() as session:
            for origin, host in list(self._used.items()):
                try:
                    self._hosts.save(session, host)
                except LeaseLost:
                    del self._used[origin]

    def _follow(self, path: list[str], statuses: list[int]) -> Answer:
        """The last answer of the way. Raises FetchError, _Unsure."""
        method: Literal["GET", "HEAD"] = "HEAD"
        while True:
            host = self._open(path[-1])
            answer = None
            try:
                answer = self._ask(host, path[-1], method)
            except FetchError:
                if method == "GET":
                    raise
            if answer is not None and answer.status in REDIRECTS:
                statuses.append(answer.status)
                path.append(self._target(answer, path))
                method = "HEAD"
            elif answer is None or (method == "HEAD" and needs_a_look(answer)):
                method = "GET"
            else:
                return answer

    def _target(self, answer: Answer, path: Sequence[str]) -> str:
        target = canonical_url(answer.headers.get("location", ""), answer.url)
        if target is None:
            raise _Unsure("bad_redirect")
        if target in path:
            raise _Unsure("redirect_loop")
        if len(path) > MAX_REDIRECTS:
            raise _Unsure("too_many_redirects")
        return target

    def _open(self, url: str) -> Host:
        """The host of an address, where it may be asked. Raises FetchError, _Unsure."""
        host = self._hosts.lease(origin_of(url))
        if host is None:
            raise _Unsure("host_busy")
        self._used[host.origin] = host

        def fetch(address: str, limits: Limits, _conditions: Mapping[str, str]) -> Answer:
            try:
                return self._ask(self._hosts.lease(origin_of(address)) or host, address, "GET", limits)
            except FetchError as error:
                self._robots_errors[host.origin] = error
                raise

        rules = self._hosts.load_robots(host, fetch)
        if not rules.allows(url):
            if (error := self._robots_errors.get(host.origin)) is not None:
                raise error
            raise _Unsure("robots")
        return host

    def _ask(self, host: Host, url: str, method: Literal["GET", "HEAD"], limits: Limits | None = None) -> Answer:
        """One request in the host's turn. Raises FetchError, _Unsure."""
        now = self._clock.now()
        if (host.ready_at(now) - now).total_seconds() > LONGEST_WAIT_S:
            raise _Unsure("host_asks_to_wait")
        self._hosts.wait(host)
        answer = None
        try:
            answer = self._fetch(url, method=method, limits=limits or self._tools.limits)
        finally:
            self._hosts.asked(host, answer)
        return answer

    def _judge(self, answer: Answer, path: Sequence[str], statuses: Sequence[int]) -> tuple[Verdict, str | None]:
        """The verdict on an answer, and the page's title where it is one."""
        if not 200 <= answer.status < 300:
            return judge_status(answer.status), None
        verdict = judge_path(path, statuses)
        if verdict.outcome in {"gone", "unsure"} or answer.content_type not in HTML_TYPES:
            return verdict, None
        title, reading = self._read(answer, path)
        if reading is None:
            return verdict, title or None
        said = judge_words(title, reading.text)
        if said.outcome != "ok":
            return said, None
        if reading.kind == "soft_404":
            return judge_not_found(honest=self._is_honest(path[-1])), None
        return verdict, title or None

    def _read(self, answer: Answer, path: Sequence[str]) -> tuple[str, Reading | None]:
        root = parse_html(answer.body, answer.charset)
        if root is None:
            return "", None
        page = Page(
            url=path[0], final_url=path[-1], body=answer.body, fetched_at=self._clock.now(),
            content_type=answer.content_type, charset=answer.charset, headers=answer.headers,
        )  # fmt: skip
        title = read_head(root, path[-1]).title
        try:
            return title, self._tools.read(page, _NO_SOURCE)
        except Exception:  # whatever a page does to a parser, it answered
            log.exception("reading failed", extra={"url": path[-1]})
            return title, None

    def _is_honest(self, url: str) -> bool | None:
        """Whether the site says 404 to an address that cannot exist; None where it could not be asked."""
        origin = origin_of(url)
        if origin not in self._honest:
            nowhere = f"{origin}/{hashlib.sha256(origin.encode()).hexdigest()[:32]}"
            try:
                status = self._ask(self._open(nowhere), nowhere, "GET").status
                refused = status in {401, 403, 405, 429} or status >= 500
                self._honest[origin] = None if refused else status in {404, 410}
            except (FetchError, _Unsure):
                self._honest[origin] = None
        return self._honest[origin]


class _Unsure(Exception):
    """Nothing can be said of the link; the reason is the message."""
