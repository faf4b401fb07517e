"""Where the ids of merged resources lead.

Laws: a redirect leads to a resource that exists (a foreign key), never to another redirect (a merge turns those that
led to the retired id), and no id is both a resource and a redirect. So there is no chain, and no cycle.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory.errors import ResourceMoved
from directory.models import Redirect, Resource


def find_redirect(session: Session, old_id: str, *, public: bool = False) -> str | None:
    """The id that this one was merged into; None where it was not (`public`: or where that is not published)."""
    query = sa.select(Redirect.to_id).where(Redirect.old_id == old_id)
    if public:
        query = query.join(Resource, Resource.id == Redirect.to_id).where(Resource.status == "published")
    return session.scalar(query)


def follow_redirect(session: Session, resource_id: str) -> str:
    """The id under which a resource is known today."""
    return find_redirect(session, resource_id) or resource_id


def refuse_moved(session: Session, resource_id: str, *, public: bool = False) -> None:
    """Raises ResourceMoved where the id was merged into another."""
    if to := find_redirect(session, resource_id, public=public):
        raise ResourceMoved(resource_id, to)


def list_redirects(session: Session) -> dict[str, str]:
    """Every old id with the id that it leads to."""
    rows = session.execute(sa.select(Redirect.old_id, Redirect.to_id).order_by(Redirect.old_id))
    return {row.old_id: row.to_id for row in rows}


def turn_redirects(session: Session, retired_id: str, to_id: str) -> None:
    """Let everything that leads to `retired_id` lead to `to_id`, before the resource goes."""
    session.execute(sa.update(Redirect).where(Redirect.to_id == retired_id).values(to_id=to_id))


def add_redirect(session: Session, old_id: str, to_id: str, *, at: datetime) -> None:
    """Let `old_id`, whose resource is gone, lead to `to_id`."""
    session.execute(sa.insert(Redirect).values(old_id=old_id, to_id=to_id, at=at))


def remove_redirect(session: Session, old_id: str) -> None:
    """The id is to be a resource again."""
    session.execute(sa.delete(Redirect).where(Redirect.old_id == old_id))
