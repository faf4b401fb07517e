"""Keeps what a site's calendar says of its pages until they are read: in the run's notes, so that a kill loses none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.frontier import Run
from crawler.page import Reading
from directory.crawl_state import CrawlNote, CrawlRun

CONFIDENCE = 0.95  #: a site's own calendar, on when its event is
_KIND = "occurrences"


def keep_occurrences(session: Session, run: Run, told: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Note it for this run's readings, by address; what earlier runs of the source noted goes."""
    earlier = sa.select(CrawlRun.id).where(CrawlRun.source == run.source, CrawlRun.id != run.id)
    session.execute(sa.delete(CrawlNote).where(CrawlNote.kind == _KIND, CrawlNote.run_id.in_(earlier)))
    for url, occurrences in told.items():
        session.add(CrawlNote(run_id=run.id, kind=_KIND, url=url, text=json.dumps(list(occurrences))))
    session.flush()


def keep_again(session: Session, run: Run, *, as_in_run: int) -> None:
    """The calendar has not changed since that run."""
    noted = sa.update(CrawlNote).where(CrawlNote.run_id == as_in_run, CrawlNote.kind == _KIND)
    session.execute(noted.values(run_id=run.id))


def with_occurrences(session: Session, run: Run, reading: Reading, url: str) -> Reading:
    """The reading of the resource at `url`, with what the calendar says where the page itself does not."""
    if reading.kind != "resource" or reading.resource.get("occurrences"):
        return reading
    query = sa.select(CrawlNote.text).where(CrawlNote.run_id == run.id, CrawlNote.kind == _KIND, CrawlNote.url == url)
    text = session.scalars(query.limit(1)).first()
    if text is None:
        return reading
    told: list[dict[str, Any]] = json.loads(text)
    return replace(
        reading,
        resource={**reading.resource, "occurrences": told},
        evidence={**reading.evidence, "occurrences": ", ".join(str(one["start"]) for one in told[:4])},
        places={**reading.places, "occurrences": "text/calendar"},
        field_confidence={**reading.field_confidence, "occurrences": CONFIDENCE},
    )
