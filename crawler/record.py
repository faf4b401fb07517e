"""Writes down what a visit brought: the page's new state, the addresses it led to, the proposal it gave.

Reading happens before the transaction, so that nothing slow holds the database; everything about one page is then
written in one transaction, or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.calendar_notes import with_occurrences
from crawler.decide import due_at, next_interval, next_start
from crawler.errors import NamedError
from crawler.frontier import Frontier
from crawler.gone import withdraw_gone
from crawler.hosts import Host
from crawler.lastmod import observe_lastmod
from crawler.outcomes import Findings, failed, left, missing, rhythm, seen, sooner, steady, why_unreadable
from crawler.outline import HTML_TYPES, Outline, header_directives, read_outline
from crawler.page import Page, Reading
from crawler.tools import Matcher, Read
from crawler.traps import MAX_DEPTH, Traps
from crawler.urls import Scope
from crawler.validators import facts_after
from crawler.visit import PDF, Visit, body_hash
from directory import proposals
from directory.crawl_state import CrawlPage
from directory.errors import DirectoryError
from directory.models import Proposal

log = logging.getLogger("senne.crawler")


class Recorder:
    """Reads and writes the pages of one source in one run."""

    def __init__(
        self,
        *,
        source: Mapping[str, Any],
        frontier: Frontier,
        scope: Scope,
        traps: Traps,
        read: Read | None,
        match: Matcher | None,
        open_reading: Callable[[], Any],
        says_nothing: Callable[[Host, Reading], bool],
    ) -> None:
        """open_reading: a read-only session. says_nothing: whether the host gives this text for any address."""
        self._source, self._frontier, self._scope, self._traps = source, frontier, scope, traps
        self._read, self._match, self._open_reading, self._says_nothing = read, match, open_reading, says_nothing

    def prepare(self, host: Host, page: CrawlPage, visit: Visit) -> Findings:
        """Everything slow: hash, outline, reading, matching. Never raises for what a page holds."""
        if visit.error is not None:
            return failed(page, visit, str(visit.error))
        if visit.skip is not None:
            return left(page, visit)
        found = self._prepare_answer(host, page, visit)
        if (starts_at := self._next_start(page, visit, found)) is not None:
            found.values |= sooner(page, found.values, starts_at=starts_at, now=visit.at)
        if page.listed_by == "sitemap" and page.listed_change and page.visited_change and found.values["status"] == 200:
            observe_lastmod(
                host,
                said_changed=page.listed_change != page.visited_change,
                did_change=found.values.get("content_hash", page.content_hash) != page.content_hash,
            )
        return found

    def _next_start(self, page: CrawlPage, visit: Visit, found: Findings) -> datetime | None:
        """When the event starts that the page is about, as it says now or as it was proposed."""
        if "interval_s" not in found.values or found.values.get("kind", page.kind) != "resource":
            return None
        if found.occurrences is None:
            query = sa.select(Proposal.resource).where(
                Proposal.source == self._source["name"], Proposal.url == visit.final_url, Proposal.kind != "gone"
            )
            with self._open_reading() as session:
                latest = session.scalars(query.order_by(Proposal.created_at.desc()).limit(1)).first()
            found.occurrences = (latest or {}).get("occurrences") or ()
        return next_start(found.occurrences, visit.at)

    def _prepare_answer(self, host: Host, page: CrawlPage, visit: Visit) -> Findings:
        answer = visit.answer
        assert answer is not None  # noqa: S101 - one of the three is given
        if answer.status == 304:
            return steady(page, visit)
        if answer.status in {404, 410}:
            return missing(host, page, visit, self._frontier.run.id)
        if answer.status != 200:
            return failed(page, visit, f"http_{answer.status}: the host answered with status {answer.status}")
        return self._prepare_body(host, page, visit)

    def _prepare_body(self, host: Host, page: CrawlPage, visit: Visit) -> Findings:
        answer = visit.answer
        assert answer is not None  # noqa: S101
        digest = body_hash(answer.body)
        if digest == page.body_hash and page.state == "visited":
            host.facts = facts_after(host.facts, page, answer.headers, visit.at)
            return steady(page, visit)
        values = {**seen(page, visit, changed=True), "body_hash": digest, "content_hash": None, "kind": None}
        found = Findings(values=values)
        try:
            noindex = self._outline(found, visit)
        except NamedError as error:
            return failed(page, visit, str(error))
        outline = found.outline
        if noindex:
            found.skip = "noindex"
        elif outline is not None and self._is_copy(outline, visit):
            found.links, found.skip = (*found.links, str(outline.canonical)), "not_canonical"
        elif self._read is None:
            found.skip = "not_read"
        else:
            return self._prepare_reading(host, page, visit, found)
        return found

    def _outline(self, found: Findings, visit: Visit) -> bool:
        """Note the page's links; whether its author keeps it out of indexes. Raises BadDocument."""
        answer = visit.answer
        assert answer is not None  # noqa: S101
        if visit.content_type not in HTML_TYPES:
            return header_directives(answer.headers)[0]
        outline = read_outline(answer.body, url=visit.final_url, charset=answer.charset, headers=answer.headers)
        found.outline, found.links = outline, outline.links
        return outline.noindex

    def _is_copy(self, outline: Outline, visit: Visit) -> bool:
        """Whether the page names another one of the source as the original. Other sites' claims are not followed."""
        canonical = outline.canonical
        if canonical is None or canonical in visit.path or not self._scope.covers(canonical):
            return False
        with self._open_reading() as session:
            original = self._frontier.find(session, canonical)
        return original is None or original.state not in {"failed", "missing", "going", "gone", "refused"}

    def _prepare_reading(self, host: Host, page: CrawlPage, visit: Visit, found: Findings) -> Findings:
        answer = visit.answer
        assert answer is not None  # noqa: S101
        assert self._read is not None  # noqa: S101
        try:
            reading = self._read(
                Page(
                    url=page.url,
                    final_url=visit.final_url,
                    body=answer.body,
                    fetched_at=visit.at,
                    content_type=visit.content_type,
                    charset=answer.charset,
                    headers=answer.headers,
                ),
                self._source,
            )
        except DirectoryError as error:
            return failed(page, visit, str(error))
        except Exception:  # whatever a page does to a parser, the crawl goes on
            log.exception("reading failed", extra={"url": visit.final_url})
            return failed(page, visit, "reading_failed: the page cannot be read")
        with self._open_reading() as session:
            reading = with_occurrences(session, self._frontier.run, reading, visit.final_url)
        if reading.kind == "empty" and visit.content_type == PDF:
            return failed(page, visit, why_unreadable(answer.body))
        is_new = reading.content_hash != page.content_hash or page.state == "gone"
        is_resource = reading.kind == "resource"
        if is_resource and is_new and self._says_nothing(host, reading):
            found.skip, is_resource = "soft_404", False
        is_told = not is_new or found.skip is not None or self._is_told_elsewhere(reading)
        self._traps.visited(visit.final_url, said_something_new=not is_told, is_resource=is_resource)
        found.values |= {"content_hash": reading.content_hash, "kind": reading.kind}
        found.occurrences = reading.resource.get("occurrences") or ()
        if not is_new:
            found.values |= rhythm(page, visit, changed=False)
        if found.skip or not is_resource:
            found.skip = found.skip or reading.kind
        elif not is_new:
            found.skip = "unchanged"
        else:
            found.values["title"] = dict(reading.resource.get("title") or {})
            found.finding, found.skip = self._finding(visit, reading)
        return found

    def _is_told_elsewhere(self, reading: Reading) -> bool:
        """Whether another page of the source reads the same."""
        with self._open_reading() as session:
            return self._frontier.has_content(session, reading.content_hash)

    def _finding(self, visit: Visit, reading: Reading) -> tuple[proposals.Finding | None, str | None]:
        """The proposal that the reading makes, or why there is none."""
        name, url = str(self._source["name"]), visit.final_url
        with self._open_reading() as session:
            if _is_rejected(session, name, url, reading.content_hash):
                return None, "already_rejected"
            match = self._match(session, source=name, url=url, reading=reading) if self._match else None
        if match is not None and match.known is not None:
            return None, match.known
        resource = dict(reading.resource)
        if match is not None and match.id is not None:
            resource["id"] = match.id
        return proposals.Finding(
            source=name,
            kind=match.kind if match else "new",
            url=url,
            resource=resource,
            evidence=dict(reading.evidence),
            places=dict(reading.places),
            field_confidence=dict(reading.field_confidence),
            confidence=reading.confidence,
            matches=list(match.matches) if match else [],
            content_hash=reading.content_hash,
        ), None

    def write(self, session: Session, page: CrawlPage, visit: Visit, found: Findings) -> tuple[int, int]:
        """Settle the page and whatever its redirects led to; the run's totals, as `Frontier.count` gives them."""
        frontier, answer = self._frontier, visit.answer
        now = visit.at
        fresh = frontier.unheard(found.links) if page.depth < MAX_DEPTH else []
        if found.outline is not None and found.error is None:
            covered = [url for url in fresh if self._scope.covers(url)]
            self._traps.followed(visit.final_url, covered, is_resource=found.values.get("kind") == "resource")
        admitted = [url for url in fresh if self._scope.covers(url) and self._traps.admits(url, now=now)]
        frontier.add(session, admitted, depth=page.depth + 1, now=now)
        final_id = page.id
        if len(visit.path) > 1 and visit.error is None:
            final_id = self._write_redirects(session, page, visit)
        skipped = {found.skip: 1} if found.skip else {}
        if found.finding is not None:
            outcome, document = proposals.submit(session, found.finding)
            if outcome in {"added", "replaced"}:
                frontier.note(session, "proposal", visit.final_url, document["id"])
            else:
                skipped = {outcome: 1}
        if page.state == "gone" and found.values.get("state") == "visited":
            withdraw_gone(session, frontier.run.source, page.url, now)
        if found.error:
            frontier.note(session, "error", page.url, found.error)
        if not (len(visit.path) > 1 and visit.skip == "redirect"):
            frontier.settle(session, final_id, **found.values)
        return frontier.count(
            session,
            requested=visit.requests,
            fetched=int(answer is not None and answer.status == 200),
            not_modified=int(answer is not None and answer.status == 304),
            skipped=skipped,
        )

    def _write_redirects(self, session: Session, page: CrawlPage, visit: Visit) -> int:
        """Each address of the path leads to the next; the id of the last one's row."""
        last = visit.path[-1]
        self._frontier.add(session, visit.path[1:], depth=page.depth, now=visit.at)
        for url in dict.fromkeys(visit.path[:-1]):
            row = self._frontier.find(session, url)
            if row is not None:
                interval = next_interval(row.interval_s, changed=row.target != last)
                values = {"state": "redirect", "target": last, "visited_at": visit.at, "interval_s": interval}
                values |= {"due_at": due_at(url, interval, visit.at), "visited_change": row.listed_change}
                self._frontier.settle(session, row.id, **values)
        final = self._frontier.find(session, last)
        assert final is not None  # noqa: S101 - added above
        return final.id


def _is_rejected(session: Session, source: str, url: str, content_hash: str) -> bool:
    query = sa.select(Proposal.id).where(
        Proposal.source == source,
        Proposal.url == url,
        Proposal.content_hash == content_hash,
        Proposal.status == "rejected",
    )
    return session.scalars(query.limit(1)).first() is not None
