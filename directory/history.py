"""What can be done with the past of a resource: read it, restore it, merge, split, bring back.

Nothing is ever lost: a restored state is a new revision, a merged resource keeps its history and its id leads to the
one it went into, an archived one can be brought back. Each function is part of one write transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import audit, catalogue, redirects
from directory.catalogue import Change
from directory.errors import (
    MergeRefused,
    ResourceMoved,
    ResourceNotFound,
    RevisionNotFound,
    UndoRefused,
    VersionConflict,
)
from directory.models import Resource, Revision

_ABSENT: tuple[Any, ...] = (None, "", [], {})
_UNITED_LISTS = ("organisations", "links", "languages", "themes", "audiences", "occurrences", "myths", "keywords")
_FILLED_FIELDS = ("easy_read", "recurring", "location", "verified_on")


@dataclass(frozen=True)
class FieldChange:
    """One value that a revision changed: `field` dotted ("title.fr"), None for absent."""

    field: str
    before: Any
    after: Any


def get_revision(session: Session, resource_id: str, version: int) -> Revision:
    """One revision, also of a merged resource. Raises RevisionNotFound."""
    query = sa.select(Revision).where(Revision.resource_id == resource_id, Revision.version == version)
    revision = session.scalar(query)
    if revision is None:
        raise RevisionNotFound(resource_id, version)
    return revision


def field_changes(changes: dict[str, Any]) -> list[FieldChange]:
    """A revision's `changes`, or two sides of an edit, as single values: texts by language, parts of objects."""
    return [found for field, (before, after) in changes.items() for found in _walk(field, before, after)]


def restore_revision(session: Session, resource_id: str, version: int, change: Change, *, seen: int) -> dict[str, Any]:
    """Let the resource say again what it said at `version`, as a new revision; `seen`: the present version.

    Raises RevisionNotFound, ResourceNotFound (ResourceMoved where it was merged: split it off first),
    VersionConflict, InvalidResource (today's rules refuse what stood then).
    """
    document = get_revision(session, resource_id, version).document
    restored = catalogue.revise_resource(session, {**document, "version": seen}, change)
    audit.record(session, change.author, "resource.restored", resource_id, {"version": version}, at=change.at)
    return restored


def unarchive_resource(session: Session, resource_id: str, version: int, change: Change) -> dict[str, Any]:
    """Bring an archived resource back to what it was before: published or draft (draft where nobody knows).

    One that is not archived stays as it is. Raises ResourceNotFound, VersionConflict, InvalidResource.
    """
    document = catalogue.get_resource(session, resource_id, public=False, for_update=True)
    if document["status"] == "archived":
        before = (
            row.changes["status"][0]
            for row in reversed(catalogue.list_revisions(session, resource_id))
            if row.changes.get("status", [None, None])[1] == "archived"
        )
        document = {**document, "status": next(before, None) or "draft"}
    return catalogue.revise_resource(session, {**document, "version": version}, change)


def combine(kept: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What a merge would say by default: `kept`, filled and widened with what only `other` knows. Changes neither."""
    merged = dict(kept)
    for field in ("title", "summary", "description"):
        merged[field] = {**other.get(field, {}), **kept.get(field, {})}
    for field in ("how_made", "contact"):
        if kept.get(field) or other.get(field):
            merged[field] = {**other.get(field, {}), **kept.get(field, {})}
    for field in _UNITED_LISTS:
        merged[field] = _united(field, kept.get(field, []), other.get(field, []))
    regional = ["region"] in (kept["basins"], other["basins"])
    merged["basins"] = ["region"] if regional else _united("basins", kept["basins"], other["basins"])
    if kept["cost"]["kind"] == "unknown":
        merged["cost"] = other["cost"]
    for field in _FILLED_FIELDS:
        if kept.get(field) is None and other.get(field) is not None:
            merged[field] = other[field]
    return merged


def merge_resources(
    session: Session, retired_id: str, kept: dict[str, Any], change: Change, *, retired_version: int
) -> dict[str, Any]:
    """Retire a resource in favour of another, which becomes `kept` (its whole outside shape, with the version seen).

    The retired id leads to the kept one from then on, for ever, and so does all that led to it; its history stays.
    Raises MergeRefused, ResourceNotFound, VersionConflict (either of the two), InvalidResource.
    """
    kept_id = kept.get("id")
    if kept_id == retired_id:
        raise MergeRefused(retired_id, "cannot be merged with itself.")
    rows = catalogue.lock_resources(session, [retired_id, str(kept_id)])
    for resource_id in (retired_id, str(kept_id)):
        if resource_id not in rows:
            redirects.refuse_moved(session, resource_id)
            raise ResourceNotFound(resource_id)
    retired = rows[retired_id]
    if retired.version != retired_version:
        raise VersionConflict(retired_id, seen=retired_version, present=retired.version)
    at = change.at or datetime.now(UTC)
    change = replace(change, at=at)
    result = catalogue.revise_resource(session, kept, change)
    if retired.status == "published" and result["status"] != "published":
        raise MergeRefused(retired_id, f"is published, {kept_id!r} would not be: readers would lose it. Publish that.")
    before = catalogue.get_resource(session, retired_id, public=False)
    retired.version += 1
    after = {**before, "version": retired.version, "status": "archived"}
    catalogue.record_change(session, retired, before, after, change, at, beside={"merged_into": [None, kept_id]})
    redirects.turn_redirects(session, retired_id, result["id"])
    session.delete(retired)
    session.flush()
    redirects.add_redirect(session, retired_id, result["id"], at=at)
    detail = {"into": kept_id, "before": kept["version"], "version": result["version"]}
    audit.record(session, change.author, "resource.merged", retired_id, detail, at=at)
    return result


def split_resource(
    session: Session, kept: dict[str, Any], others: Sequence[dict[str, Any]], change: Change
) -> list[dict[str, Any]]:
    """Take a resource apart: it becomes `kept` (with the version seen), and `others` are created beside it.

    An id that was merged into the resource may come back among the others: it stops leading there, and its history
    goes on. Gives all of them, the kept first. Raises InvalidResource, ResourceNotFound, VersionConflict,
    ResourceExists, ResourceMoved (an id that was merged into another resource).
    """
    change = replace(change, at=change.at or datetime.now(UTC))
    result = [catalogue.revise_resource(session, kept, change)]
    for other in others:
        other_id = str(other.get("id"))
        to = redirects.find_redirect(session, other_id)
        if to not in (None, result[0]["id"]):
            raise ResourceMoved(other_id, str(to))
        redirects.remove_redirect(session, other_id)
        part_of = replace(change, reason=f"{change.reason} (split from {result[0]['id']})")
        result.append(catalogue.revive_resource(session, other, part_of))
    detail = {
        "into": [document["id"] for document in result[1:]],
        "before": kept["version"],
        "versions": {document["id"]: document["version"] for document in result},
    }
    audit.record(session, change.author, "resource.split", result[0]["id"], detail, at=change.at)
    return result


def unmerge_resource(session: Session, retired_id: str, change: Change) -> dict[str, Any]:
    """Undo a merge: the retired resource says again what it said before. The other keeps what it says now.

    Raises MergeRefused (it was not merged), InvalidResource (today's rules refuse what stood then).
    """
    kept_id = redirects.find_redirect(session, retired_id)
    if kept_id is None:
        raise MergeRefused(retired_id, "was not merged; there is nothing to take apart.")
    kept = catalogue.get_resource(session, kept_id, public=False, for_update=True)
    last = catalogue.list_revisions(session, retired_id)[-1]
    status = last.changes.get("status", [last.document["status"]])[0]
    return split_resource(session, kept, [{**last.document, "status": status}], change)[1]


def undo_merge(session: Session, retired_id: str, change: Change) -> dict[str, Any]:
    """Take a merge back: the retired resource says again what it said, and so does the kept one unless it was changed since.

    Gives the retired one. Raises MergeRefused (it was not merged), InvalidResource.
    """
    told = _last_told(session, "resource.merged", retired_id)
    kept_id = redirects.find_redirect(session, retired_id)
    back = unmerge_resource(session, retired_id, change)
    if told is not None and told.get("into") == kept_id and told.get("before") != told.get("version"):
        present = catalogue.get_resource(session, str(kept_id), public=False)
        if present["version"] == told.get("version"):
            before = get_revision(session, str(kept_id), told["before"]).document
            catalogue.revise_resource(session, {**before, "version": present["version"]}, change)
    return back


def find_split(session: Session, resource_id: str) -> dict[str, Any] | None:
    """The last split of this resource, where it can be undone: nothing of it was changed since. None otherwise.

    {"into": [ids], "before": the version it was made on, "versions": {id: version then}}.
    """
    told = _last_told(session, "resource.split", resource_id)
    if told is None or "versions" not in told:
        return None
    query = sa.select(Resource.id, Resource.version).where(Resource.id.in_(list(told["versions"])))
    present = {row.id: row.version for row in session.execute(query)}
    return told if present == told["versions"] else None


def undo_split(session: Session, resource_id: str, change: Change) -> dict[str, Any]:
    """Take the last split back: the resource says again what it said, and what was split off leads to it.

    Raises UndoRefused (any of them was changed since, or there is nothing to undo), InvalidResource.
    """
    told = find_split(session, resource_id)
    if told is None:
        raise UndoRefused(resource_id, "it was not split, or one of the entries was changed since.")
    kept = {**get_revision(session, resource_id, told["before"]).document, "version": told["versions"][resource_id]}
    for other_id in told["into"]:
        kept = merge_resources(session, other_id, kept, change, retired_version=told["versions"][other_id])
    return kept


def _last_told(session: Session, action: str, subject: str) -> dict[str, Any] | None:
    """What the log says of the last time that this happened."""
    entries = audit.list_entries(session, subject=subject)  # the newest first
    return next((entry.detail for entry in entries if entry.action == action), None)


def _united(field: str, kept: list[Any], other: list[Any]) -> list[Any]:
    """Both lists without doubles; two links or organisations are the same by address or name."""
    key = {"organisations": "name", "links": "url"}.get(field)
    known = [item[key] if key else item for item in kept]
    return kept + [item for item in other if (item[key] if key else item) not in known]


def _walk(field: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if before == after or (before in _ABSENT and after in _ABSENT):
        return
    if (isinstance(before, dict) or before is None) and (isinstance(after, dict) or after is None):
        old, new = before or {}, after or {}
        for key in {**old, **new}:
            yield from _walk(f"{field}.{key}", old.get(key), new.get(key))
    else:
        yield FieldChange(field, before, after)
