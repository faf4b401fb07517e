"""What people decide about proposals, and what they change themselves: each by the rules of `curation`.

Nothing passes by: a person who may not decide alone leaves a proposal, and the old version stays public until a second
person confirms it. Every decision can be undone while nothing has happened since. Each function is part of one write
transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import audit, catalogue, curation, history, proposals
from directory.accounts import Person, find_account
from directory.catalogue import Change
from directory.errors import NotAllowed, ProposalDecided, ProposalNotFound, UndoRefused
from directory.models import Proposal, Revision
from directory.redirects import follow_redirect
from directory.schemas import load_resource

PEOPLE = "people"  #: the source of what persons propose
Outcome = Literal["done", "to_confirm", "proposed", "unchanged"]


@dataclass(frozen=True)
class Decision:
    """What became of a change. `proposal_id`: where it waits, or what was decided."""

    outcome: Outcome
    resource_id: str
    proposal_id: str | None = None


def accept(
    session: Session, proposal_id: str, person: Person, *, reason: str, document: dict[str, Any] | None = None
) -> Decision:
    """Publish a proposal, or leave it for a second person to confirm; confirm it where it waits for that.

    `document`: what the person made of it, whole, with the version they saw (for a new resource: any version). Raises
    NotAllowed, ProposalNotFound, ProposalDecided, InvalidResource, VersionConflict, ResourceExists, ResourceNotFound.
    """
    row = _lock(session, proposal_id)
    if document is not None:
        _adopt(session, row, document)
    before, after = proposals.outcome(session, row, for_update=True)
    if row.status == "to_confirm":
        _require_second(session, row, person)
        author = str(row.approved_by) if document is None else person.email
        reason = f"{row.note or reason} (confirmed by {person.email})" if document is None else reason
        return _publish(session, row, person, Change(author, reason))
    verdict = _judge(session, person, row, before, after)
    if verdict == "propose":
        raise NotAllowed("The entry lies in none of your basins.")
    if verdict == "confirm" and after != before:
        load_resource(after)
        row.status, row.approved_by, row.note, row.decided_at = "to_confirm", person.email, reason, datetime.now(UTC)
        if row.kind == "update" and row.base_version is None and before is not None:
            row.resource, row.base_version = after, before["version"]
        session.flush()
        return Decision("to_confirm", after["id"], row.id)
    return _publish(session, row, person, Change(person.email, reason))


def reject(session: Session, proposal_id: str, person: Person, *, reason: str) -> None:
    """Close a proposal; the reason is kept, and the same page is not proposed again while it says the same.

    Raises NotAllowed, ProposalNotFound, ProposalDecided.
    """
    row = _lock(session, proposal_id)
    if row.status == "to_confirm" and row.approved_by != person.email:
        _require_second(session, row, person)
    elif row.proposed_by != person.email:
        basins = {"basins": list(row.resource.get("basins") or ())}
        match = catalogue.get_resources(session, row.matches[:1], public=False) if row.matches else {}
        if _verdict_on(person, next(iter(match.values()), None), basins) == "propose":
            raise NotAllowed("The entry lies in none of your basins.")
    row.status, row.decided_by, row.decision, row.decided_at = "rejected", person.email, reason, datetime.now(UTC)
    session.flush()


def undo(session: Session, proposal_id: str, person: Person) -> Proposal:
    """The proposal waits again, and the catalogue says what it said before.

    Raises NotAllowed (another decided), UndoRefused (the entry was changed since), ProposalNotFound.
    """
    row = _lock(session, proposal_id, decided=True)
    decider = row.approved_by if row.status == "to_confirm" else row.decided_by
    if person.role != "admin" and decider != person.email:
        raise NotAllowed("Only who decided, or an admin, can undo it.")
    if row.status == "accepted" and row.decision and row.decided_version is not None:
        _go_back(session, row, person)
    if row.status in {"accepted", "rejected"}:
        audit.record(session, person.email, "proposal.undone", row.id, {"was": row.status})
    row.status = "pending"
    row.decided_at = row.decided_by = row.decision = row.decided_version = row.approved_by = None
    session.flush()
    return row


def save(session: Session, document: dict[str, Any], person: Person, *, reason: str) -> Decision:
    """A person's own edit, or a new entry: done, or left for a second person, or proposed.

    `document` names the version that the person saw. Raises InvalidResource, VersionConflict, ResourceExists,
    ResourceMoved.
    """
    values = load_resource(document)
    rows = catalogue.lock_resources(session, [values["id"]])
    if not rows:
        verdict = curation.judge(person, None, document)
        if verdict == "alone":
            made = catalogue.create_resource(session, document, Change(person.email, reason))
            return Decision("done", made["id"])
        return leave(session, "new", document, person, verdict, reason=reason)
    before = catalogue.get_resource(session, values["id"], public=False)
    if before["version"] != values["version"]:
        catalogue.revise_resource(session, document, Change(person.email, reason))  # says which versions
    verdict = curation.judge(person, before, document)
    if verdict == "alone":
        after = catalogue.revise_resource(session, document, Change(person.email, reason))
        return Decision("done" if after["version"] > before["version"] else "unchanged", after["id"])
    if not curation.changed_fields(before, document):
        return Decision("unchanged", before["id"])
    return leave(session, "update", document, person, verdict, reason=reason, base_version=before["version"])


def turn_archived(
    session: Session, resource_id: str, version: int, person: Person, *, archived: bool, reason: str
) -> Decision:
    """Take an entry out of public view, or bring it back to what it was. Raises as `save`."""
    before = catalogue.get_resource(session, resource_id, public=False, for_update=True)
    after = {**before, "status": "archived" if archived else "published"}
    verdict = curation.judge(person, before, after)
    if verdict == "alone":
        turn = catalogue.archive_resource if archived else history.unarchive_resource
        turn(session, resource_id, version, Change(person.email, reason))
        return Decision("done", resource_id)
    kind, base = ("gone", None) if archived else ("update", version)
    return leave(session, kind, after, person, verdict, reason=reason, base_version=base)


def restore(session: Session, resource_id: str, version: int, person: Person, *, seen: int, reason: str) -> Decision:
    """Let an entry say again what it said at `version`. Raises as `history.restore_revision`."""
    before = catalogue.get_resource(session, resource_id, public=False, for_update=True)
    after = {**history.get_revision(session, resource_id, version).document, "version": seen}
    verdict = curation.judge(person, before, after)
    if verdict == "alone":
        history.restore_revision(session, resource_id, version, Change(person.email, reason), seen=seen)
        return Decision("done", resource_id)
    return leave(session, "update", after, person, verdict, reason=reason, base_version=seen)


def merge(
    session: Session, retired_id: str, kept: dict[str, Any], person: Person, *, retired_version: int, reason: str
) -> Decision:
    """Retire an entry in favour of another, which becomes `kept`. Raises as `history.merge_resources`."""
    retired = catalogue.get_resource(session, retired_id, public=False, for_update=True)
    present = catalogue.get_resource(session, kept["id"], public=False, for_update=True)
    touched = {**retired, "basins": [*retired["basins"], *present["basins"]]}
    verdict = _verdict_on(person, touched, kept)
    if verdict == "alone":
        history.merge_resources(
            session, retired_id, kept, Change(person.email, reason), retired_version=retired_version
        )
        return Decision("done", kept["id"])
    load_resource(kept)
    return leave(
        session, "merge", kept, person, verdict, reason=reason, base_version=kept["version"], matches=[retired_id],
        places={"retired_version": str(retired_version)},
    )  # fmt: skip


def _verdict_on(person: Person, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> curation.Verdict:
    """As `curation.judge`, for what is never a small fix: a merge, a rejection."""
    basins = [*((before or {}).get("basins") or ()), *(after.get("basins") or ())]
    verdict = curation.judge(person, None, {"basins": basins})
    if verdict == "confirm" and before and not set(before["basins"]) & {*person.basins, "region"}:
        return "propose"
    return verdict


def _judge(
    session: Session, person: Person, row: Proposal, before: dict[str, Any] | None, after: dict[str, Any]
) -> curation.Verdict:
    if row.kind != "merge":
        return curation.judge(person, before, after)
    retired = catalogue.get_resource(session, row.matches[0], public=False)
    return _verdict_on(person, {**retired, "basins": [*retired["basins"], *(before or retired)["basins"]]}, after)


def _adopt(session: Session, row: Proposal, document: dict[str, Any]) -> None:
    """The proposal says from now on what a person made of it; it may have become an update of an entry (merged into)."""
    load_resource(document)
    present = catalogue.get_resources(session, [document["id"]], public=False).get(document["id"])
    if present is None or (row.kind == "new" and row.base_version is not None):
        row.resource, row.kind = document, "new"
    else:
        kind = row.kind if row.kind == "merge" else "update"
        row.resource, row.kind, row.base_version = document, kind, document["version"]
        if kind == "update":
            row.matches = [document["id"]]
    session.flush()
    proposals.set_terms(session, row)


def _publish(session: Session, row: Proposal, person: Person, change: Change) -> Decision:
    before = _version(session, row)
    resource = proposals.publish(session, row, change)
    row.status, row.decided_by, row.decision, row.decided_at = (
        "accepted",
        person.email,
        resource["id"],
        datetime.now(UTC),
    )
    row.decided_version = resource["version"] if resource["version"] != before else None
    session.flush()
    return Decision("done", resource["id"], row.id)


def _version(session: Session, row: Proposal) -> int | None:
    """The present version of what the proposal is about; None for a new resource."""
    resource_id = str(row.resource.get("id")) if row.kind in {"new", "merge"} or not row.matches else row.matches[0]
    found = catalogue.get_resources(session, [follow_redirect(session, resource_id)], public=False)
    return next((document["version"] for document in found.values()), None)


def _go_back(session: Session, row: Proposal, person: Person) -> None:
    """Take back what an acceptance made of the catalogue. Raises UndoRefused."""
    resource_id, version = str(row.decision), int(row.decided_version or 0)
    present = catalogue.get_resources(session, [resource_id], public=False).get(resource_id)
    if present is None or present["version"] != version:
        raise UndoRefused(row.id, "the entry was changed since; use its history instead.")
    change = Change(person.email, "a decision undone")
    if row.kind == "gone":
        history.unarchive_resource(session, resource_id, version, change)
        return
    if row.kind == "merge":
        history.unmerge_resource(session, row.matches[0], change)
    before = sa.select(sa.func.max(Revision.version)).where(
        Revision.resource_id == resource_id, Revision.version < version
    )
    earlier = session.scalar(before)
    if earlier is not None:
        history.restore_revision(session, resource_id, earlier, change, seen=version)
        return
    archived = catalogue.archive_resource(session, resource_id, version, change)
    row.base_version = archived["version"]  # accepted again, it brings that one back


def leave(
    session: Session,
    kind: str,
    document: dict[str, Any],
    person: Person,
    verdict: curation.Verdict,
    *,
    reason: str,
    base_version: int | None = None,
    matches: list[str] | None = None,
    places: dict[str, str] | None = None,
) -> Decision:
    """A person's change as a proposal: to confirm where they decided their part, else pending."""
    waiting, now = verdict == "confirm", datetime.now(UTC)
    row = Proposal(
        id=f"p-{secrets.token_hex(8)}", source=PEOPLE, kind=kind, url="", resource=document, evidence={},
        places=places or {}, field_confidence={}, confidence=1.0,
        matches=matches if matches is not None else [] if kind == "new" else [document["id"]],
        content_hash="", status="to_confirm" if waiting else "pending", created_at=now, proposed_by=person.email,
        note=reason, base_version=base_version, approved_by=person.email if waiting else None,
        decided_at=now if waiting else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    proposals.set_terms(session, row)
    return Decision("to_confirm" if waiting else "proposed", document["id"], row.id)


def _require_second(session: Session, row: Proposal, person: Person) -> None:
    approver = find_account(session, row.approved_by or "")
    basins = approver.basins if approver else []
    if not curation.may_confirm(person, approver=row.approved_by, approver_basins=basins):
        raise NotAllowed("It waits for a curator of another basin, or an admin.")


def _lock(session: Session, proposal_id: str, *, decided: bool = False) -> Proposal:
    row = session.get(Proposal, proposal_id, with_for_update=True)
    if row is None:
        raise ProposalNotFound(proposal_id)
    open_ = row.status in ({"accepted", "rejected", "to_confirm"} if decided else {"pending", "to_confirm"})
    if not open_:
        raise ProposalDecided(proposal_id, row.status)
    return row
