"""Taking entries apart, by the rules of curation: a split, and a merge or split that is taken back.

What a person may not do alone is left for a second one, as every change is. Taking back is for who may decide alone: what
waited for a second person is undone in the queue. Each function is part of one write transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from directory import catalogue, history, redirects
from directory.accounts import Person
from directory.catalogue import Change
from directory.decisions import Decision, leave_proposal, verdict_on
from directory.errors import NotAllowed, ResourceExists, UndoRefused, VersionConflict
from directory.schemas import load_resource


def split(
    session: Session, kept: dict[str, Any], others: list[dict[str, Any]], person: Person, *, reason: str
) -> Decision:
    """An entry becomes `kept` (with the version seen), and `others` stand beside it. Raises as `history.split_resource`."""
    present = catalogue.get_resource(session, kept["id"], public=False, for_update=True)
    if kept["version"] != present["version"]:
        raise VersionConflict(kept["id"], seen=kept["version"], present=present["version"])
    parts = [kept, *others]
    for document in parts:
        load_resource(document)
    touched = {"basins": [basin for document in parts for basin in document["basins"]]}
    verdict = verdict_on(person, present, touched)
    if verdict == "alone":
        history.split_resource(session, kept, others, Change(person.email, reason))
        return Decision("done", kept["id"])
    for other in others:
        if catalogue.lock_resources(session, [other["id"]]):
            raise ResourceExists(other["id"])
        if redirects.find_redirect(session, other["id"]) not in (None, kept["id"]):
            redirects.refuse_moved(session, other["id"])
    return leave_proposal(
        session, "split", kept, person, verdict, reason=reason, base_version=kept["version"], places={"others": others}
    )


def undo_split(session: Session, resource_id: str, person: Person, *, reason: str) -> None:
    """Take the last split of an entry back. Raises NotAllowed, UndoRefused, ResourceNotFound."""
    told = history.find_split(session, resource_id)
    if told is None:
        raise UndoRefused(resource_id, "it was not split, or one of the entries was changed since.")
    _require_alone(session, list(told["versions"]), person)
    history.undo_split(session, resource_id, Change(person.email, reason))


def undo_merge(session: Session, retired_id: str, person: Person, *, reason: str) -> None:
    """Take a merge back. Raises NotAllowed, UndoRefused (it is merged no more)."""
    kept_id = redirects.find_redirect(session, retired_id)
    if kept_id is None:
        raise UndoRefused(retired_id, "it is merged no more.")
    _require_alone(session, [kept_id], person, catalogue.list_revisions(session, retired_id)[-1].document["basins"])
    history.undo_merge(session, retired_id, Change(person.email, reason))


def _require_alone(session: Session, ids: list[str], person: Person, basins: list[str] | None = None) -> None:
    found = catalogue.get_resources(session, ids, public=False).values()
    touched = {"basins": [basin for document in found for basin in document["basins"]] + (basins or [])}
    if verdict_on(person, None, touched) != "alone":
        raise NotAllowed("The entry lies in basins that are not all yours.")
