"""The services that change and ask the catalogue.

Every change is one transaction with its revision and its outbox row: run it inside `Database.write()`. The
values taken and given are the outside shape of a resource (`schemas.ResourceSchema`), as JSON-ready dicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory import records
from directory.errors import ResourceExists, ResourceNotFound, VersionConflict
from directory.models import OutboxRow, Resource, ResourceBasin, ResourceTheme, Revision
from directory.redirects import refuse_moved
from directory.schemas import dump_resource, load_resource

BATCH = 500


@dataclass(frozen=True)
class Change:
    """Who changes, why, and when (aware UTC; now where None is given)."""

    author: str
    reason: str
    at: datetime | None = None


def create_resource(session: Session, document: dict[str, Any], change: Change) -> dict[str, Any]:
    """Add a resource; it keeps the version it names (default 1).

    Raises InvalidResource, ResourceExists, ResourceMoved (the id was merged into another).
    """
    values = load_resource(document)
    if session.get(Resource, values["id"]):
        raise ResourceExists(values["id"])
    return _create(session, values, change)


def revise_resource(session: Session, document: dict[str, Any], change: Change) -> dict[str, Any]:
    """Replace a resource by `document`, whose `version` is the one the editor saw.

    The version grows by one. A document equal to what stands changes nothing and makes no revision.
    Raises InvalidResource, ResourceNotFound (ResourceMoved where it was merged), VersionConflict.
    """
    values = load_resource(document)
    resource = _lock(session, values["id"])
    _check_version(resource, values["version"])
    return _revise(session, resource, values, change)


def archive_resource(session: Session, resource_id: str, version: int, change: Change) -> dict[str, Any]:
    """Take a resource out of public view; nothing of it is lost. Raises ResourceNotFound, VersionConflict."""
    resource = _lock(session, resource_id)
    _check_version(resource, version)
    values = load_resource(dump_resource(records.read_values(resource)) | {"status": "archived"})
    return _revise(session, resource, values, change)


def put_resource(
    session: Session, document: dict[str, Any], change: Change, *, locked: Mapping[str, Resource] | None = None
) -> str:
    """Create or replace by id, as imports do: "created", "revised" or "unchanged".

    A `version` lower than the present one is a conflict; a document without version takes the present one.
    `locked`: what `lock_resources` gave for a batch in which this id is.
    Raises InvalidResource, VersionConflict, ResourceMoved.
    """
    values = load_resource(document)
    resource = _find_locked(session, values["id"]) if locked is None else locked.get(values["id"])
    if resource is None:
        try:
            _create(session, values, change)
            return "created"
        except ResourceExists:  # someone created it since we looked
            resource = _lock(session, values["id"])
    if "version" in document and values["version"] < resource.version:
        raise VersionConflict(resource.id, seen=values["version"], present=resource.version)
    before = resource.version
    return "revised" if _revise(session, resource, values, change)["version"] > before else "unchanged"


def lock_resources(session: Session, ids: Iterable[str]) -> dict[str, Resource]:
    """Those of these resources that exist, locked until the transaction ends: a batch for `put_resource`."""
    query = sa.select(Resource).where(Resource.id.in_(list(ids))).order_by(Resource.id)
    locking = query.with_for_update().execution_options(populate_existing=True)
    return {resource.id: resource for resource in session.scalars(locking)}


def get_resource(
    session: Session, resource_id: str, *, public: bool = True, for_update: bool = False
) -> dict[str, Any]:
    """One resource. `public`: only if it is published; `for_update`: locked until the transaction ends.

    Raises ResourceNotFound; ResourceMoved for the id of one that was merged into another.
    """
    resource = _find_locked(session, resource_id) if for_update else session.get(Resource, resource_id)
    if resource is None:
        refuse_moved(session, resource_id, public=public)
    if resource is None or (public and resource.status != "published"):
        raise ResourceNotFound(resource_id)
    return dump_resource(records.read_values(resource))


def get_resources(session: Session, ids: Iterable[str], *, public: bool = True) -> dict[str, dict[str, Any]]:
    """Several resources by id; those that do not exist (or, `public`, are not published) are absent."""
    query = sa.select(Resource).where(Resource.id.in_(list(ids)))
    if public:
        query = query.where(Resource.status == "published")
    return {resource.id: dump_resource(records.read_values(resource)) for resource in session.scalars(query)}


def list_resources(
    session: Session, *, theme: str | None = None, basin: str | None = None, public: bool = True
) -> Iterator[dict[str, Any]]:
    """Resources by id, lazily, in batches: the catalogue may be large."""
    query = sa.select(Resource).order_by(Resource.id).limit(BATCH)
    if public:
        query = query.where(Resource.status == "published")
    if theme:
        query = query.where(Resource.themes.any(ResourceTheme.value == theme))
    if basin:
        query = query.where(Resource.basins.any(ResourceBasin.value == basin))
    last = ""
    while batch := session.scalars(query.where(Resource.id > last)).all():
        last = batch[-1].id
        yield from [dump_resource(records.read_values(resource)) for resource in batch]
        for resource in batch:
            session.expunge(resource)


def count_resources(session: Session, *, public: bool = True) -> int:
    """How many resources there are."""
    query = sa.select(sa.func.count()).select_from(Resource)
    return session.scalar(query.where(Resource.status == "published") if public else query) or 0


def added_at(session: Session, ids: Iterable[str]) -> dict[str, datetime]:
    """When each resource came into the catalogue (aware UTC)."""
    query = sa.select(Resource.id, Resource.created_at).where(Resource.id.in_(list(ids)))
    return {row.id: row.created_at for row in session.execute(query)}


def revive_resource(session: Session, document: dict[str, Any], change: Change) -> dict[str, Any]:
    """Create a resource whose id has a history already: its versions go on from there. Raises as `create_resource`."""
    last = session.scalar(sa.select(sa.func.max(Revision.version)).where(Revision.resource_id == document.get("id")))
    return create_resource(session, {**document, "version": (last or 0) + 1}, change)


def list_revisions(session: Session, resource_id: str) -> list[Revision]:
    """The history of a resource, oldest first."""
    return list(session.scalars(sa.select(Revision).where(Revision.resource_id == resource_id).order_by(Revision.id)))


def _find_locked(session: Session, resource_id: str) -> Resource | None:
    """The resource, locked until the transaction ends (on SQLite the whole database is)."""
    return session.get(Resource, resource_id, with_for_update=True)


def _lock(session: Session, resource_id: str) -> Resource:
    resource = _find_locked(session, resource_id)
    if resource is None:
        refuse_moved(session, resource_id)
        raise ResourceNotFound(resource_id)
    return resource


def _check_version(resource: Resource, seen: int) -> None:
    if seen != resource.version:
        raise VersionConflict(resource.id, seen=seen, present=resource.version)


def _create(session: Session, values: dict[str, Any], change: Change) -> dict[str, Any]:
    at = change.at or datetime.now(UTC)
    resource = Resource(id=values["id"], version=values["version"], created_at=at, updated_at=at)
    records.write_values(resource, values)
    try:
        with session.begin_nested():  # two may create it at once: the transaction must survive the second's failure
            session.add(resource)
            session.flush()
            refuse_moved(session, resource.id)  # after the row: a merge under way holds the old row until it ends
    except IntegrityError as error:
        raise ResourceExists(values["id"]) from error
    return record_change(session, resource, None, dump_resource(values), change, at)


def _revise(session: Session, resource: Resource, values: dict[str, Any], change: Change) -> dict[str, Any]:
    before = dump_resource(records.read_values(resource))
    after = dump_resource(values | {"version": resource.version})
    if after == before:
        return before
    at = change.at or datetime.now(UTC)
    records.write_values(resource, values)
    resource.version, resource.updated_at = max(resource.version + 1, values["version"]), at
    return record_change(session, resource, before, after | {"version": resource.version}, change, at)


def record_change(
    session: Session,
    resource: Resource,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    change: Change,
    at: datetime,
    *,
    beside: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the revision and the outbox row of a change. `before` is None for a new resource.

    `beside`: changes that are not of a field, such as {"merged_into": [None, id]}.
    """
    old = before or {}
    changed = {key: [old.get(key), after.get(key)] for key in {**old, **after} if old.get(key) != after.get(key)}
    session.add(
        Revision(
            resource_id=resource.id,
            version=resource.version,
            at=at,
            author=change.author,
            reason=change.reason,
            changes=changed | (beside or {}),
            document=after,
        )
    )
    session.add(OutboxRow(resource_id=resource.id, at=at))
    session.flush()
    return after
