"""Turns pages that have gone into proposals, never more than a tenth of a site in one run."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.decide import may_go
from crawler.frontier import Frontier
from directory import proposals
from directory.crawl_state import CrawlNote, CrawlPage
from directory.models import Proposal, Resource


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


def find_entries(session: Session, source: str, url: str) -> list[str]:
    """The catalogue's entries that rest on this page."""
    stated = sa.select(Resource.id).where(Resource.source_url == url, Resource.status != "archived")
    decided = sa.select(Proposal.decision).where(
        Proposal.source == source, Proposal.url == url, Proposal.status == "accepted", Proposal.kind != "gone"
    )
    ids = {*session.scalars(stated), *(decision for decision in session.scalars(decided) if decision)}
    living = sa.select(Resource.id).where(Resource.id.in_(ids), Resource.status != "archived")
    return sorted(session.scalars(living))


def _propose(session: Session, frontier: Frontier, page: CrawlPage, matches: list[str]) -> None:
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
            content_hash=f"gone {page.content_hash}",
        ),
    )
    if outcome in {"added", "replaced"}:
        frontier.note(session, "proposal", page.url, document["id"])
    else:
        frontier.count(session, skipped={outcome: 1})
