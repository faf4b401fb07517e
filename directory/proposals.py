"""Proposals: what the crawler suggests, and the curator's decision. A proposal never changes the catalogue by itself.

Statuses: pending → accepted | rejected; an entry of several basins waits in between, to_confirm (`decisions`). A new reading of the same page replaces a pending proposal; a
rejected one stays rejected while the page says the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory import catalogue, history
from directory.catalogue import Change
from directory.curation_tables import ProposalTerm
from directory.errors import InvalidResource, ProposalDecided, ProposalNotFound
from directory.models import Proposal, Resource
from directory.redirects import follow_redirect
from directory.schemas import load_resource

_TEXTS = ("title", "summary", "description")

Outcome = Literal["added", "replaced", "unchanged", "already_rejected"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the crawler read on one page. `resource`: the outside shape, possibly incomplete."""

    source: str
    kind: str  #: new, update, duplicate, translation or gone
    url: str
    resource: dict[str, Any]
    evidence: dict[str, str]  #: field → quote
    places: dict[str, str] = field(default_factory=dict)  #: field → CSS path or PDF page
    field_confidence: dict[str, float] = field(default_factory=dict)
    confidence: float
    matches: list[str] = field(default_factory=list)  #: existing resource ids
    content_hash: str  #: of the text that was read


def submit(session: Session, finding: Finding) -> tuple[Outcome, dict[str, Any]]:
    """Put a finding before the curators: what became of it, and the proposal's outside shape."""
    proposal_id = "p-" + hashlib.sha256(f"{finding.source}\n{finding.url}\n{finding.kind}".encode()).hexdigest()[:12]
    row = _find_locked(session, proposal_id)
    if row is None:
        row = Proposal(id=proposal_id)
        _propose(row, finding)
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
                set_terms(session, row)
            return "added", to_document(row)
        except IntegrityError:  # another crawl of the same page was first
            row = _get(session, proposal_id, lock=True)
    if row.content_hash == finding.content_hash:
        return ("already_rejected" if row.status == "rejected" else "unchanged"), to_document(row)
    _propose(row, finding)
    session.flush()
    set_terms(session, row)
    return "replaced", to_document(row)


def get_proposal(session: Session, proposal_id: str) -> dict[str, Any]:
    """One proposal in its outside shape. Raises ProposalNotFound."""
    return to_document(_get(session, proposal_id))


def list_proposals(session: Session, *, status: str | None = None, source: str | None = None) -> list[dict[str, Any]]:
    """Proposals in their outside shape, the surest first."""
    query = sa.select(Proposal).order_by(Proposal.confidence.desc(), Proposal.id)
    if status:
        query = query.where(Proposal.status == status)
    if source:
        query = query.where(Proposal.source == source)
    return [to_document(row) for row in session.scalars(query)]


def accept(session: Session, proposal_id: str, change: Change) -> dict[str, Any]:
    """Publish what a proposal says; returns the resource.

    "new" creates a resource; "update" gives the first match the fields of the proposal, and keeps its texts in
    other languages; "translation" adds only the texts, links and languages that it lacks; "gone" archives it;
    "duplicate" has nothing to publish and only closes. Raises ProposalNotFound, ProposalDecided, InvalidResource,
    ResourceExists, ResourceNotFound (the match).
    """
    row = _lock_pending(session, proposal_id)
    resource = publish(session, row, change)
    _decide(row, "accepted", change, resource["id"])
    session.flush()
    return resource


def publish(session: Session, row: Proposal, change: Change) -> dict[str, Any]:
    """Let the catalogue say what a locked proposal says; the decision is the caller's. Raises as `accept`, and
    VersionConflict where a person's proposal was made on an older version.
    """
    if row.kind == "merge":
        versions = {"retired_version": int(row.places["retired_version"])}
        return history.merge_resources(session, row.matches[0], _on_base(row), change, **versions)
    if row.kind == "split":
        return history.split_resource(session, _on_base(row), row.places["others"], change)[0]
    before, after = outcome(session, row, for_update=True)
    if row.kind == "gone" and before is not None:
        return catalogue.archive_resource(session, before["id"], before["version"], change)
    if before is None:
        return catalogue.create_resource(session, after, change)
    return before if row.kind == "duplicate" else catalogue.revise_resource(session, after, change)


def outcome(
    session: Session, row: Proposal, *, for_update: bool = False
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What stands now (None for a new resource) and what accepting the proposal would make of it.

    Raises InvalidResource (it names no resource), ResourceNotFound.
    """
    if row.kind == "new":
        undone = session.get(Resource, str(row.resource.get("id")), with_for_update=for_update)
        if undone is None or undone.status != "archived" or row.base_version is None:
            return None, {**row.resource, "status": "published"}
        before = catalogue.get_resource(session, undone.id, public=False)  # it was accepted once, and that undone
        return before, {**row.resource, "status": "published", "version": before["version"]}
    if row.kind == "merge":
        kept = catalogue.get_resource(session, row.resource["id"], public=False, for_update=for_update)
        return kept, _on_base(row)
    if not row.matches:
        raise InvalidResource({"matches": [f"the proposal ({row.kind}) names no resource; reject it."]})
    match = follow_redirect(session, row.matches[0])
    before = catalogue.get_resource(session, match, public=False, for_update=for_update)
    if row.kind == "gone":
        return before, {**before, "status": "archived"}
    if row.base_version is not None:  # a person saw the whole resource and wrote what it should say
        return before, {**_on_base(row), "id": before["id"]}
    if row.kind in {"update", "translation"}:
        merge = _updated if row.kind == "update" else _translated
        return before, merge(before, row.resource)
    return before, before


def check(document: dict[str, Any]) -> None:
    """Whether what a proposal would make can be published. Raises InvalidResource."""
    load_resource(document)


def _on_base(row: Proposal) -> dict[str, Any]:
    return {**row.resource, "version": row.base_version}


def reject(session: Session, proposal_id: str, change: Change) -> dict[str, Any]:
    """Close a proposal without publishing; the reason is kept. Raises ProposalNotFound, ProposalDecided."""
    row = _lock_pending(session, proposal_id)
    _decide(row, "rejected", change, change.reason)
    return to_document(row)


def withdraw(session: Session, where: Sequence[sa.ColumnElement[bool]], change: Change) -> None:
    """Close those that wait and do not hold any more. That is no refusal: what is found again is proposed again."""
    waiting = sa.select(Proposal).where(Proposal.status == "pending", *where).with_for_update()
    for row in session.scalars(waiting).all():
        _decide(row, "rejected", change, change.reason)
        row.content_hash = ""
    session.flush()


def note_gone(session: Session, proposal_id: str, change: Change) -> None:
    """Close a proposal that a page has gone where no resource rests on it: there is nothing to decide."""
    _decide(_lock_pending(session, proposal_id), "accepted", change, change.reason)
    session.flush()


def to_document(row: Proposal) -> dict[str, Any]:
    """The shape of crawl reports, plus `status`."""
    return {
        "id": row.id,
        "kind": row.kind,
        "url": row.url,
        "source": row.source,
        "resource": row.resource,
        "evidence": row.evidence,
        "places": row.places,
        "field_confidence": row.field_confidence,
        "confidence": row.confidence,
        "matches": row.matches,
        "status": row.status,
    }


def _updated(resource: dict[str, Any], proposed: dict[str, Any]) -> dict[str, Any]:
    """The resource with the proposed fields; a text stays where the proposal has none in its language."""
    texts = {name: {**resource.get(name, {}), **proposed[name]} for name in _TEXTS if proposed.get(name)}
    kept = {name: resource[name] for name in ("id", "version", "status")}
    given = {name: value for name, value in proposed.items() if value is not None}
    return {**resource, **given, **texts, **kept}


def _translated(resource: dict[str, Any], proposed: dict[str, Any]) -> dict[str, Any]:
    """The resource with the texts, links and languages of the other page that it does not have yet."""
    texts = {name: {**proposed[name], **resource.get(name, {})} for name in _TEXTS if proposed.get(name)}
    addresses = {link["url"] for link in resource["links"]}
    links = [link for link in proposed.get("links") or () if link.get("url") not in addresses]
    languages = [tag for tag in proposed.get("languages") or () if tag not in resource["languages"]]
    lists = {"links": resource["links"] + links, "languages": resource["languages"] + languages}
    return {**resource, **texts, **lists}


def _propose(row: Proposal, finding: Finding) -> None:
    """Let the row say what the finding says, and wait for a decision."""
    for name, value in asdict(finding).items():
        setattr(row, name, value)
    row.status, row.created_at = "pending", datetime.now(UTC)
    row.decided_at = row.decided_by = row.decision = None
    row.proposed_by = row.note = row.base_version = row.approved_by = row.decided_version = None


def set_terms(session: Session, row: Proposal) -> None:
    """What the queue is filtered by: the basins and themes of what is proposed, else of what it is about."""
    session.execute(sa.delete(ProposalTerm).where(ProposalTerm.proposal_id == row.id))
    known: dict[str, Any] = row.resource
    if not (known.get("basins") and known.get("themes")) and row.matches:
        found = catalogue.get_resources(session, row.matches[:1], public=False)
        known = {**next(iter(found.values()), {}), **{name: value for name, value in known.items() if value}}
    session.add_all(
        ProposalTerm(proposal_id=row.id, facet=facet, value=value, status=row.status)
        for facet, field in (("basin", "basins"), ("theme", "themes"))
        for value in dict.fromkeys(str(term) for term in known.get(field) or ())
    )
    session.flush()


def _find_locked(session: Session, proposal_id: str) -> Proposal | None:
    return session.get(Proposal, proposal_id, with_for_update=True)


def _get(session: Session, proposal_id: str, *, lock: bool = False) -> Proposal:
    row = _find_locked(session, proposal_id) if lock else session.get(Proposal, proposal_id)
    if row is None:
        raise ProposalNotFound(proposal_id)
    return row


def _lock_pending(session: Session, proposal_id: str) -> Proposal:
    row = _get(session, proposal_id, lock=True)
    if row.status != "pending":
        raise ProposalDecided(proposal_id, row.status)
    return row


def _decide(row: Proposal, status: str, change: Change, decision: str) -> None:
    row.status, row.decided_by, row.decision = status, change.author, decision
    row.decided_at = change.at or datetime.now(UTC)
