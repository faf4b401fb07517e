"""Turns pages that have gone into proposals, never more than a tenth of a site in one run.

What was proposed from the page and waits is withdrawn with it. Where no entry of the catalogue rests on the page, the
report names it and nobody has to decide anything.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.decide import may_go
from crawler.frontier import Frontier
from directory import proposals
from directory.catalogue import Change
from directory.crawl_state import CrawlNote, CrawlPage
from directory.models import Proposal, Resource

AUTHOR = "crawler"  #: who withdraws, and closes what needs no decision


def propose_gone(session: Session, frontier: Frontier) -> dict[str, int]:
    """Propose what this run found gone, the longest missing first; {reason: how many} of those that wait.

    A page that was never a resource, here or in the catalogue, goes without a word: there is nothing to decide.
    """
    source, run_id = frontier.run.source, frontier.run.id
    entries = session.scalar(
        sa.select(sa.func.count())
        .select_from(CrawlPage)
        .where(CrawlPage.source == source, CrawlPage.kind == "resource", CrawlPage.state != "gone")
    )
    done = session.scalar(
        sa.select(sa.func.count())
        .select_from(CrawlNote)
        .join(Proposal, Proposal.id == CrawlNote.text)
        .where(CrawlNote.run_id == run_id, CrawlNote.kind == "proposal", Proposal.kind == "gone")
    )
    left = may_go(entries or 0) - (done or 0)
    held = 0
    going = sa.select(CrawlPage).where(
        CrawlPage.source == source, CrawlPage.state == "going", CrawlPage.run_id == run_id
    )
    for page in session.scalars(going.order_by(CrawlPage.missed_since, CrawlPage.id)).all():
        matches = find_entries(session, source, page.url)
        if page.kind != "resource" and not matches:
            page.state = "gone"
        elif left <= 0:
            held += 1
        else:
            left -= 1
            page.state = "gone"
            _propose(session, frontier, page, matches)
    return {"gone_held_back": held}


def withdraw_gone(session: Session, source: str, url: str, at: datetime) -> None:
    """A page is there again: the proposal that it has gone, if nobody has decided on it, is withdrawn."""
    where = (Proposal.source == source, Proposal.url == url, Proposal.kind == "gone")
    proposals.withdraw(session, where, Change(AUTHOR, "the page is there again", at))


def find_entries(session: Session, source: str, url: str) -> list[str]:
    """The catalogue's entries that rest on this page, or that it was proposed as an update of."""
    stated = sa.select(Resource.id).where(Resource.source_url == url, Resource.status != "archived")
    ids = set(session.scalars(stated))
    query = sa.select(Proposal.kind, Proposal.status, Proposal.decision, Proposal.matches).where(
        Proposal.source == source, Proposal.url == url, Proposal.kind != "gone"
    )
    for kind, status, decision, matches in session.execute(query):
        if status == "accepted" and decision:
            ids.add(decision)
        elif status != "rejected" and kind == "update":
            ids.update(matches[:1])
    living = sa.select(Resource.id).where(Resource.id.in_(ids), Resource.status != "archived")
    return sorted(session.scalars(living))


def _propose(session: Session, frontier: Frontier, page: CrawlPage, matches: list[str]) -> None:
    change = Change(AUTHOR, "the page has gone", page.visited_at)
    stale = (Proposal.source == frontier.run.source, Proposal.url == page.url, Proposal.kind != "gone")
    proposals.withdraw(session, stale, change)
    since = f"{page.missed_since:%Y-%m-%d}" if page.missed_since else "now"
    quote = f"{page.url} answers {page.status} since {since}"
    resource = {"title": page.title} if page.title else {}
    outcome, document = proposals.submit(
        session,
        proposals.Finding(
            source=frontier.run.source,
            kind="gone",
            url=page.url,
            resource={**resource, "links": [{"url": page.url, "kind": "page"}]},
            evidence={"links": quote},
            confidence=0.95 if page.status == 410 or page.listed_by else 0.8,
            matches=matches,
            content_hash=f"gone since {since}: {page.content_hash}",
        ),
    )
    if outcome in {"added", "replaced"}:
        frontier.note(session, "proposal", page.url, document["id"])
        if not matches:
            proposals.note_gone(session, document["id"], change)
    else:
        frontier.count(session, skipped={outcome: 1})
