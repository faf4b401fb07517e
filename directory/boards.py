"""What waits, ages and lacks in each basin: numbers for those who keep it, each with the list that it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory.accounts import Person
from directory.curation_tables import ProposalTerm
from directory.models import Proposal
from directory.quality import PAIRED
from directory.search_log import Gap, list_gaps
from directory.standings import Standing
from directory.taxonomy import REGION, taxonomy

THIN = 3  #: published entries of a theme in a basin; fewer are thin
SEARCHED = timedelta(days=90)  #: how far back searches without result are counted


@dataclass(frozen=True)
class ThinTheme:
    """A theme with few entries in a basin. `regional`: those that serve all of Brussels, which readers there find too."""

    theme: str
    local: int
    regional: int


@dataclass(frozen=True)
class Board:
    """One basin. Entries count where they carry its term; `quality` is their mean score, None where there are none."""

    basin: str
    published: int
    quality: int | None
    waiting: int
    to_confirm: int
    oldest_at: datetime | None
    overdue: int
    dead: int
    missing: dict[str, int]
    thin: tuple[ThinTheme, ...]
    searches: int
    gaps: tuple[Gap, ...]


@dataclass
class _Tally:
    """What the published entries of one basin add up to."""

    published: int = 0
    points: int = 0
    lacks: Counter[str] = field(default_factory=Counter)
    themes: Counter[str] = field(default_factory=Counter)


def list_boards(session: Session, standings: Iterable[Standing], person: Person, *, today: date) -> list[Board]:
    """Every basin, a curator's own first."""
    tallies, queue = _add_up(standings), _queue_by_basin(session)
    gaps = list_gaps(session, since=today - SEARCHED)
    order = sorted(taxonomy().basins, key=lambda basin: basin not in person.basins)  # stable: else the taxonomy's
    return [_make(basin, tallies, queue, gaps) for basin in order]


def _add_up(standings: Iterable[Standing]) -> dict[str, _Tally]:
    tallies = {basin: _Tally() for basin in taxonomy().basins}
    for one in standings:
        for basin in one.basins if one.status == "published" else ():
            tally = tallies[basin]
            tally.published += 1
            tally.points += one.quality.score
            tally.lacks.update(one.quality.lacks)
            tally.themes.update(one.themes)
    return tallies


def _make(
    basin: str, tallies: dict[str, _Tally], queue: dict[tuple[str, str], tuple[int, datetime]], gaps: list[Gap]
) -> Board:
    own = tallies[basin]
    waiting, oldest = queue.get((basin, "pending"), (0, None))
    confirming, oldest_confirming = queue.get((basin, "to_confirm"), (0, None))
    searched = tuple(gap for gap in gaps if gap.basin == basin)
    return Board(
        basin=basin,
        published=own.published,
        quality=round(own.points / own.published) if own.published else None,
        waiting=waiting,
        to_confirm=confirming,
        oldest_at=min((at for at in (oldest, oldest_confirming) if at), default=None),
        overdue=own.lacks["overdue"],
        dead=own.lacks["link_dead"],
        missing={language: own.lacks[f"translation_{language}"] for language in PAIRED},
        thin=_thin_themes(basin, own.themes, tallies[REGION].themes),
        searches=sum(gap.searches for gap in searched),
        gaps=searched,
    )


def _thin_themes(basin: str, local: Counter[str], regional: Counter[str]) -> tuple[ThinTheme, ...]:
    return tuple(
        ThinTheme(theme, local[theme], 0 if basin == REGION else regional[theme])
        for theme in sorted(taxonomy().themes, key=lambda theme: (local[theme], theme))
        if local[theme] < THIN
    )


def _queue_by_basin(session: Session) -> dict[tuple[str, str], tuple[int, datetime]]:
    """(basin, status) → how many proposals wait, and since when the oldest does."""
    query = (
        sa.select(ProposalTerm.value, Proposal.status, sa.func.count(), sa.func.min(Proposal.created_at))
        .join(Proposal, Proposal.id == ProposalTerm.proposal_id)
        .where(ProposalTerm.facet == "basin", Proposal.status.in_(("pending", "to_confirm")))
        .group_by(ProposalTerm.value, Proposal.status)
    )
    return {(basin, status): (number, oldest) for basin, status, number, oldest in session.execute(query)}
