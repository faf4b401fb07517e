"""What waits for a decision, in one list: filtered, counted and paged in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory.accounts import Person
from directory.curation_tables import ProposalTerm
from directory.models import Proposal

PER_PAGE = 25
STATUSES = ("pending", "to_confirm", "accepted", "rejected")
KINDS = ("new", "update", "translation", "duplicate", "gone", "merge", "split")
#: name → (from, up to but not including)
CONFIDENCES: Mapping[str, tuple[float, float]] = {"high": (0.8, 2.0), "medium": (0.5, 0.8), "low": (-1.0, 0.5)}
SORTS = ("confidence", "oldest", "newest")


@dataclass(frozen=True)
class Asked:
    """Which part of the queue. `own`: only what this address proposed."""

    status: str = "pending"
    basin: str | None = None
    theme: str | None = None
    kind: str | None = None
    confidence: str | None = None
    sort: str = "confidence"
    page: int = 1
    own: str | None = None


@dataclass(frozen=True)
class Queue:
    """One page of it. `counts`: {facet: {value: how many}}, a facet's own choice ignored."""

    rows: list[Proposal]
    total: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    basins: Mapping[str, list[str]] = field(default_factory=dict)  #: by proposal, also where only its entry names them

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def for_person(asked: Asked, person: Person) -> Asked:
    """Contributors see what they proposed, the others everything."""
    return replace(asked, own=person.email) if person.role == "contributor" else asked


def list_queue(session: Session, asked: Asked) -> Queue:
    """The rows of a page, how many there are in all, and how many each choice would leave."""
    order: tuple[Any, ...] = {
        "confidence": (Proposal.confidence.desc(), Proposal.id),
        "oldest": (Proposal.created_at, Proposal.id),
        "newest": (Proposal.created_at.desc(), Proposal.id),
    }[asked.sort]
    query = sa.select(Proposal.id).where(*_conditions(asked)).order_by(*order)  # from an index alone: rows are large
    ids = list(session.scalars(query.limit(PER_PAGE).offset((asked.page - 1) * PER_PAGE)))
    known = {row.id: row for row in session.scalars(sa.select(Proposal).where(Proposal.id.in_(ids)))}
    rows = [known[proposal_id] for proposal_id in ids]
    counts = {
        "kind": _count(session, replace(asked, kind=None), Proposal.kind),
        "status": _count(session, asked, Proposal.status, by_status=True),
        "basin": _count_terms(session, replace(asked, basin=None), "basin"),
        "theme": _count_terms(session, replace(asked, theme=None), "theme"),
    }
    kinds = counts["kind"]
    total = kinds.get(asked.kind, 0) if asked.kind else sum(kinds.values())
    return Queue(rows, total, counts, list_basins(session, [row.id for row in rows]))


def last_decision(session: Session, person: Person) -> Proposal | None:
    """What this person decided last, of what can be undone; None where there is nothing."""
    query = (
        sa.select(Proposal)
        .where(
            sa.or_(
                sa.and_(Proposal.status.in_(("accepted", "rejected")), Proposal.decided_by == person.email),
                sa.and_(Proposal.status == "to_confirm", Proposal.approved_by == person.email),
            )
        )
        .order_by(Proposal.decided_at.desc(), Proposal.id)
        .limit(1)
    )
    return session.scalar(query)


def list_basins(session: Session, proposal_ids: list[str]) -> dict[str, list[str]]:
    """The basins that each of these proposals concerns."""
    query = sa.select(ProposalTerm.proposal_id, ProposalTerm.value).where(
        ProposalTerm.proposal_id.in_(proposal_ids), ProposalTerm.facet == "basin"
    )
    found: dict[str, list[str]] = {proposal_id: [] for proposal_id in proposal_ids}
    for row in session.execute(query.order_by(ProposalTerm.value)):
        found[row.proposal_id].append(row.value)
    return found


def _conditions(asked: Asked, *, any_status: bool = False) -> list[sa.ColumnElement[bool]]:
    found = _own_conditions(asked)
    if not any_status:
        found.append(Proposal.status == asked.status)
    return found + _term_conditions(asked, Proposal.id, STATUSES if any_status else (asked.status,))


def _own_conditions(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """What is asked of the proposals' own columns, beside their status."""
    found: list[sa.ColumnElement[bool]] = []
    if asked.kind:
        found.append(Proposal.kind == asked.kind)
    if asked.confidence:
        low, high = CONFIDENCES[asked.confidence]
        found += [Proposal.confidence >= low, Proposal.confidence < high]
    if asked.own:
        found.append(Proposal.proposed_by == asked.own)
    return found


def _term_conditions(asked: Asked, proposal_id: Any, statuses: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    """What is asked of their terms."""
    return [
        proposal_id.in_(
            sa.select(ProposalTerm.proposal_id).where(
                ProposalTerm.facet == facet, ProposalTerm.status.in_(statuses), ProposalTerm.value == value
            )
        )
        for facet in ("basin", "theme")
        if (value := getattr(asked, facet))
    ]


def _count(session: Session, asked: Asked, column: Any, *, by_status: bool = False) -> dict[str, int]:
    query = sa.select(column, sa.func.count()).where(*_conditions(asked, any_status=by_status)).group_by(column)
    return {str(value): number for value, number in session.execute(query)}


def _count_terms(session: Session, asked: Asked, facet: str) -> dict[str, int]:
    """From the index of terms alone, where nothing else is asked: proposals are many, and their rows large."""
    conditions = [ProposalTerm.facet == facet, ProposalTerm.status == asked.status]
    if _own_conditions(asked):
        conditions.append(ProposalTerm.proposal_id.in_(sa.select(Proposal.id).where(*_conditions(asked))))
    else:
        conditions += _term_conditions(asked, ProposalTerm.proposal_id, (asked.status,))
    query = sa.select(ProposalTerm.value, sa.func.count()).where(*conditions).group_by(ProposalTerm.value)
    return {str(value): number for value, number in session.execute(query)}
