"""Visits one page: robots.txt first, then its turn, then the request, redirects included. Writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from crawler.clock import Clock
from crawler.errors import FetchError
from crawler.hosts import Host, Hosts
from crawler.http import PAGE, REDIRECTS, Answer, Fetcher, Limits
from crawler.outline import HTML_TYPES
from crawler.urls import Scope, canonical_url, origin_of
from crawler.validators import page_conditions
from directory.crawl_state import CrawlPage

MAX_REDIRECTS = 5
MAX_RETRIES = 2
LONGEST_WAIT_S = 120.0  #: a host that wants more time than this is left to the next run
_UNSURE_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What came of one page. Exactly one of `answer`, `error` and `skip` is given.

    path: every address that was asked, the page's own first. requests: how many were sent.
    """

    path: tuple[str, ...]
    at: datetime
    requests: int
    answer: Answer | None = None
    error: FetchError | None = None
    skip: str | None = None
    content_type: str = ""  #: as the body shows it, where the header does not

    @property
    def final_url(self) -> str:
        """Where the answer came from."""
        return self.path[-1]


class Visitor:
    """Sends the requests of one crawl, each in its host's turn."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        hosts: Hosts,
        scope: Scope,
        clock: Clock,
        find: Callable[[str], CrawlPage | None],
        is_settled: Callable[[CrawlPage], bool],
    ) -> None:
        """find: what is known of an address. is_settled: whether this run has dealt with it."""
        self._fetcher, self._hosts, self._scope, self._clock = fetcher, hosts, scope, clock
        self._find, self._is_settled = find, is_settled
        self.requests = 0  #: every request of the crawl, robots.txt and inventories included

    def visit(self, page: CrawlPage) -> Visit:
        """Fetch one page, or learn that it has not changed. Never raises for what a host does."""
        return self.visit_address(page.url, known=page)

    def visit_address(self, url: str, *, known: CrawlPage | None = None) -> Visit:
        """Fetch a canonical address; `known` is what the frontier knows of it."""
        path, before = [url], self.requests
        robots_requests = 0

        def result(**values: object) -> Visit:
            sent = self.requests - before - robots_requests
            return Visit(path=tuple(path), at=self._clock.now(), requests=sent, **values)  # type: ignore[arg-type]

        if not self._scope.covers(url):
            return result(skip="outside")  # the source has changed since the address was found
        while True:
            url = path[-1]
            host = self._hosts.lease(origin_of(url))
            if host is None:
                return result(skip="host_busy")
            at_robots = self.requests
            rules = self._hosts.load_robots(host, partial(self.ask, host))
            robots_requests += self.requests - at_robots
            if not rules.allows(url):
                return result(skip="robots")
            try:
                known_as = page_conditions(known, host.facts, self._clock.now())
                answer = self.ask(host, url, PAGE, known_as, accepts=_is_read)
                if answer.status == 304 and not known_as:
                    raise FetchError("bad_http", "the host says that the page is unchanged, without being asked")
                if answer.status not in REDIRECTS:
                    content_type = sniff(answer) if answer.status == 200 else answer.content_type
                    return result(answer=answer, content_type=content_type)
                target = self._target(answer, path)
            except FetchError as error:
                return result(error=error)
            path.append(target)
            known = self._find(target)
            if known is not None and self._is_settled(known):
                return result(skip="redirect")

    def ask(
        self,
        host: Host,
        url: str,
        limits: Limits,
        headers: Mapping[str, str] | None = None,
        *,
        accepts: Callable[[str], bool] | None = None,
    ) -> Answer:
        """One request in the host's turn; again where a busy host says when, and it is soon. Raises FetchError."""
        for attempt in range(MAX_RETRIES + 1):
            self._hosts.wait(host)
            self.requests += 1
            try:
                answer = self._fetcher.fetch(url, headers=headers, limits=limits, accepts=accepts)
            except FetchError:
                self._hosts.asked(host, None)
                raise
            self._hosts.asked(host, answer)
            busy = answer.status in {429, 503} and "retry-after" in answer.headers
            if not busy or attempt == MAX_RETRIES or self.must_wait_s(host) > LONGEST_WAIT_S:
                break
        return answer

    def must_wait_s(self, host: Host) -> float:
        """How long until the host may be asked, in seconds."""
        now = self._clock.now()
        return (host.ready_at(now) - now).total_seconds()

    def _target(self, answer: Answer, path: list[str]) -> str:
        """Where a redirect leads. Raises FetchError for one that is not followed."""
        target = canonical_url(answer.headers.get("location", ""), answer.url)
        if target is None:
            raise FetchError("bad_redirect", "the page redirects to something that is no web address", permanent=True)
        if target in path:
            raise FetchError("redirect_loop", "the page redirects in a circle", permanent=True)
        if len(path) > MAX_REDIRECTS:
            raise FetchError(
                "too_many_redirects", f"the page redirects more than {MAX_REDIRECTS} times", permanent=True
            )
        if not self._scope.covers(target):
            raise FetchError(
                "redirect_outside", f"the page redirects to {target[:200]}, outside the source", permanent=True
            )
        return target


def sniff(answer: Answer) -> str:
    """What the body is: the header is believed but where it says nothing. Raises FetchError for what is not read."""
    start = answer.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\f")
    is_pdf = b"%PDF-" in answer.body[:1024]
    if answer.content_type == PDF:
        if not is_pdf:
            raise FetchError("not_a_pdf", "the document is announced as PDF and is none", permanent=True)
        return PDF
    if answer.content_type not in _UNSURE_TYPES:
        return answer.content_type
    if is_pdf:
        return PDF
    if start.startswith(b"<"):
        return "text/html"
    raise FetchError("content_type", "the answer is neither a page nor a PDF", permanent=True)


def body_hash(body: bytes) -> str:
    """To know the same body again."""
    return hashlib.sha256(body).hexdigest()[:32]


def _is_read(content_type: str) -> bool:
    return content_type in HTML_TYPES or content_type in _UNSURE_TYPES or content_type == PDF
