"""The report of a crawl, as the design has it, from what the run wrote down."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import proposals
from directory.crawl_state import CrawlNote, CrawlRun
from directory.models import Proposal


def report(session: Session, run_id: int) -> dict[str, Any]:
    """The crawl report of the design."""
    row = session.get_one(CrawlRun, run_id)
    told = sa.select(CrawlNote).where(CrawlNote.run_id == run_id, CrawlNote.kind.in_(("error", "proposal")))
    notes = session.scalars(told.order_by(CrawlNote.id)).all()
    ids = [note.text for note in notes if note.kind == "proposal"]
    made = sa.select(Proposal).join(CrawlNote, CrawlNote.text == Proposal.id).where(CrawlNote.run_id == run_id)
    found = {proposal.id: proposal for proposal in session.scalars(made).unique()}
    keys = ("id", "kind", "url", "resource", "evidence", "places", "field_confidence", "confidence", "matches")
    documents = [proposals.to_document(found[key]) for key in dict.fromkeys(ids) if key in found]
    return {
        "source": row.source,
        "requested": row.requested,
        "fetched": row.fetched,
        "not_modified": row.not_modified,
        "skipped": dict(sorted(row.skipped.items())),
        "errors": [{"url": note.url, "error": note.text} for note in notes if note.kind == "error"],
        "proposals": [{key: document[key] for key in keys} for document in documents],
    }
