"""What a person may import: each entry by the rules of `curation`, exactly as if they had edited it by itself.

What they decide alone is written; what needs a second person waits to be confirmed; what they cannot decide becomes a
proposal. The same import made twice leaves nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import curation, decisions, records
from directory.accounts import Person
from directory.catalogue import Change, put_resource
from directory.errors import VersionConflict
from directory.models import Proposal, Resource
from directory.redirects import refuse_moved
from directory.schemas import dump_resource, load_resource

OPEN = ("pending", "to_confirm")


class PersonalPut:
    """`imports.Put` for one person and one import."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._waiting: dict[tuple[str, str], str] | None = None  # what they proposed and nobody has decided yet

    def __call__(
        self, session: Session, document: dict[str, Any], change: Change, locked: Mapping[str, Resource]
    ) -> str:
        """The outcome. Raises InvalidResource, VersionConflict, ResourceMoved."""
        values = load_resource(document)
        present = locked.get(values["id"])
        if present is None:
            refuse_moved(session, values["id"])
            after = dump_resource(values)
            verdict = curation.judge(self._person, None, after)
            if verdict == "alone":
                return put_resource(session, document, change, locked=locked)
            return self._leave(session, "new", after, verdict, change.reason)
        if "version" in document and values["version"] < present.version:
            raise VersionConflict(present.id, seen=values["version"], present=present.version)
        before = dump_resource(records.read_values(present))
        after = dump_resource(values | {"version": present.version})
        if after == before:
            return "unchanged"
        verdict = curation.judge(self._person, before, after)
        if verdict == "alone":
            return put_resource(session, document, change, locked=locked)
        return self._leave(session, "update", after, verdict, change.reason, base_version=present.version)

    def _leave(
        self,
        session: Session,
        kind: str,
        after: dict[str, Any],
        verdict: curation.Verdict,
        reason: str,
        *,
        base_version: int | None = None,
    ) -> str:
        if self._waiting is None:
            self._waiting = self._load_waiting(session)
        key = (kind, _written(after))
        if key not in self._waiting:
            made = decisions.leave_proposal(
                session, kind, after, self._person, verdict, reason=reason, base_version=base_version
            )
            self._waiting[key] = made.outcome
        return self._waiting[key]

    def _load_waiting(self, session: Session) -> dict[tuple[str, str], str]:
        query = sa.select(Proposal.kind, Proposal.resource, Proposal.status).where(
            Proposal.source == decisions.PEOPLE, Proposal.proposed_by == self._person.email, Proposal.status.in_(OPEN)
        )
        return {
            (kind, _written(resource)): "to_confirm" if status == "to_confirm" else "proposed"
            for kind, resource, status in session.execute(query)
        }


def _written(resource: Mapping[str, Any]) -> str:
    return json.dumps(resource, sort_keys=True)
