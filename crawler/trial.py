"""A dry run on one address: what the crawler would do with it, and why. Proposes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crawler.crawl import ports_of
from crawler.errors import NamedError
from crawler.hosts import Hosts, name_holder
from crawler.http import Fetcher
from crawler.outline import HTML_TYPES, read_outline
from crawler.page import Page, Reading
from crawler.tools import PRODUCT_TOKEN, Tools
from crawler.traps import is_endless
from crawler.urls import Scope, canonical_url
from crawler.visit import Visitor


@dataclass(kw_only=True)
class Trial:
    """The answer in the order in which the questions are asked. `verdict` is one sentence."""

    url: str
    verdict: str
    requests: int = 0
    status: int | None = None
    final_url: str | None = None
    kind: str | None = None
    would_propose: dict[str, Any] | None = None  #: kind, matches, resource, evidence, places, field_confidence
    follows: list[str] = field(default_factory=list)  #: the addresses that it would go on to

    def to_document(self) -> dict[str, Any]:
        return asdict(self)


def try_page(url: str, source: Mapping[str, Any], tools: Tools) -> Trial:
    """Fetch one page as a crawl of `source` would, read it, and say what would come of it."""
    href = canonical_url(url)
    if href is None:
        return Trial(url=url, verdict="bad_address: this is no web address that can be visited")
    scope = Scope(source["start_urls"], source["allow"])
    if not scope.covers(href):
        return Trial(url=href, verdict="outside: the address is outside the source's `allow` patterns")
    fetcher = Fetcher(tools.user_agent, allow_private=source["allow_private"], ports=ports_of(source))
    hosts = Hosts(
        tools.database,
        holder=name_holder("trial"),
        delay_s=source["delay_s"],
        product_token=PRODUCT_TOKEN,
        clock=tools.clock,
    )
    try:
        visitor = Visitor(
            fetcher=fetcher,
            hosts=hosts,
            scope=scope,
            clock=tools.clock,
            find=lambda _: None,
            is_settled=lambda _: False,
        )
        return _try(href, source, tools, visitor, scope)
    finally:
        fetcher.close()
        hosts.release()


def _try(href: str, source: Mapping[str, Any], tools: Tools, visitor: Visitor, scope: Scope) -> Trial:
    visit = visitor.visit_address(href)
    trial = Trial(url=href, verdict="", requests=visitor.requests, final_url=visit.final_url)
    answer = visit.answer
    if visit.error is not None or visit.skip is not None or answer is None:
        trial.verdict = str(visit.error) if visit.error else f"{visit.skip}: the page is not asked for"
        return trial
    trial.status = answer.status
    if answer.status != 200:
        trial.verdict = f"http_{answer.status}: the host answered with status {answer.status}"
        return trial
    now = tools.clock.now()
    try:
        if visit.content_type in HTML_TYPES:
            outline = read_outline(answer.body, url=visit.final_url, charset=answer.charset, headers=answer.headers)
            trial.follows = [url for url in outline.links if scope.covers(url) and not is_endless(url, now=now)]
            if outline.noindex:
                trial.verdict = "noindex: the page asks not to be listed"
                return trial
            if outline.canonical not in {None, *visit.path} and scope.covers(str(outline.canonical)):
                trial.verdict = f"not_canonical: the page names {outline.canonical} as the original"
                return trial
        if tools.read is None:
            trial.verdict = "not_read: there is no reader"
            return trial
        page = Page(
            url=href, final_url=visit.final_url, body=answer.body, fetched_at=visit.at,
            content_type=visit.content_type, charset=answer.charset, headers=answer.headers,
        )  # fmt: skip
        reading = tools.read(page, source)
    except NamedError as error:
        trial.verdict = str(error)
        return trial
    return _judge(trial, reading, source, tools)


def _judge(trial: Trial, reading: Reading, source: Mapping[str, Any], tools: Tools) -> Trial:
    trial.kind = reading.kind
    if reading.kind != "resource":
        trial.verdict = f"{reading.kind}: the page is read for its links, and proposes nothing"
        return trial
    match = None
    if tools.match is not None:
        with tools.database.read() as session:
            match = tools.match(session, source=source["name"], url=trial.final_url, reading=reading)
    kind, matches = (match.kind, list(match.matches)) if match else ("new", [])
    of = f" of {', '.join(matches)}" if matches else ""
    trial.verdict = f"{kind}: would be proposed{of}, {reading.confidence:.0%} sure"
    trial.would_propose = {
        "kind": kind,
        "matches": matches,
        "confidence": reading.confidence,
        "resource": dict(reading.resource),
        "evidence": dict(reading.evidence),
        "places": dict(reading.places),
        "field_confidence": dict(reading.field_confidence),
    }
    return trial
