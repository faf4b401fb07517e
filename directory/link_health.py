"""What is known of the links of the catalogue, and what follows from it. Never changes an entry by itself.

Laws: an address is dead only after two failures (404, 410, a host that no longer exists, a page that says it is not
there) at least a day apart with no answer between them. A refusal, an overload, a time-out says nothing: what was known
stays. A permanent redirect that leads to the same page twice, a day apart, is proposed as an update of the link.
A link that is dead, or has moved, becomes a proposal; a curator decides. One whose removal would leave the entry without
any link is not proposed for removal: it stays in the work list until somebody finds where it went.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import proposals
from directory.catalogue import Change, get_resources
from directory.models import Proposal, Resource, ResourceBasin, ResourceLink, ResourceOccurrence, ResourceOrganisation
from directory.upkeep_state import LinkHealth

APART = timedelta(days=1)  #: between two sightings that confirm each other
CHECK_EVERY = timedelta(days=7)
SOURCE = "links"  #: of the proposals made here

Outcome = Literal["ok", "moved", "gone", "unsure"]
STATES = ("ok", "moving", "moved", "failing", "dead", "unsure")


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What one look at an address found. `reason`: a fixed word, "" for ok; `title`: of the page, where it has one."""

    url: str
    outcome: Outcome
    at: datetime
    reason: str = ""
    status: int | None = None
    target: str | None = None  #: of a permanent redirect to a page that answers
    title: str | None = None


@dataclass(frozen=True)
class Link:
    """An address of the catalogue: which published entries name it, in which basins, and what is known of it."""

    url: str
    resources: tuple[str, ...]
    basins: tuple[str, ...]
    health: LinkHealth | None


@dataclass
class Recorded:
    """What became of a sighting."""

    state: str
    proposals: list[str] = field(default_factory=list)  #: ids of those made, or already waiting


def list_links(session: Session, *, basin: str | None = None) -> list[Link]:
    """Every address that published entries name, sorted; with `basin` those of entries offered there."""
    found: dict[str, list[str]] = {}
    for table in (ResourceLink, ResourceOrganisation, ResourceOccurrence):
        query = sa.select(table.url, table.resource_id).join(Resource, Resource.id == table.resource_id)
        query = query.where(Resource.status == "published", table.url.is_not(None))
        if basin:
            query = query.where(Resource.basins.any(ResourceBasin.value == basin))
        for url, resource_id in session.execute(query):
            found.setdefault(str(url), []).append(resource_id)
    basins: dict[str, set[str]] = {}
    for resource_id, value in session.execute(sa.select(ResourceBasin.resource_id, ResourceBasin.value)):
        basins.setdefault(resource_id, set()).add(value)
    health = {row.url: row for row in session.scalars(sa.select(LinkHealth))}
    return [
        Link(
            url,
            tuple(sorted(set(ids))),
            tuple(sorted(set().union(*(basins.get(id_, set()) for id_ in ids)))),
            health.get(url),
        )
        for url, ids in sorted(found.items())
    ]


def due_links(links: Iterable[Link], *, now: datetime, limit: int | None = None) -> list[Link]:
    """Those to look at now, the longest unseen first: every week, a doubtful one every day."""
    waiting = [link for link in links if link.health is None or now >= due_at(link.health)]
    waiting.sort(key=lambda link: (link.health is not None, link.health.checked_at if link.health else now, link.url))
    return waiting[:limit]


def due_at(health: LinkHealth) -> datetime:
    """When an address should be looked at again."""
    return health.checked_at + (APART if health.state in {"failing", "moving", "unsure"} else CHECK_EVERY)


def record_sighting(session: Session, sighting: Sighting, resources: Iterable[str]) -> Recorded:
    """Keep what was seen, and propose what follows for these entries. Part of one write transaction."""
    row = session.get(LinkHealth, sighting.url, with_for_update=True)
    if row is None:
        row = LinkHealth(url=sighting.url, state="unsure", reason="", checked_at=sighting.at)
        session.add(row)
    _learn(row, sighting)
    session.flush()
    if row.state not in {"dead", "moved"}:
        if row.state == "ok":
            _withdraw(session, sighting)
        return Recorded(row.state)
    made = []
    for document in get_resources(session, resources).values():
        if proposal := _propose(session, row, document):
            made.append(proposal)
    return Recorded(row.state, made)


def count_by_basin(links: Iterable[Link]) -> dict[str, dict[str, int]]:
    """{basin: {state: addresses}}; an address that several basins share counts in each. "unchecked": never seen."""
    counts: dict[str, dict[str, int]] = {}
    for link in links:
        state = link.health.state if link.health else "unchecked"
        for basin in link.basins:
            states = counts.setdefault(basin, dict.fromkeys((*STATES, "unchecked"), 0))
            states[state] += 1
    return dict(sorted(counts.items()))


def replace_address(document: Mapping[str, Any], old: str, new: str | None) -> dict[str, Any]:
    """The fields of an entry that change where `old` becomes `new`, or (None) is taken out."""
    changed: dict[str, Any] = {}
    for name in ("links", "organisations", "occurrences"):
        items = document.get(name) or []
        if any(item.get("url") == old for item in items):
            changed[name] = list(_replaced(items, old, new, drop=name == "links"))
    return changed


def _replaced(items: Iterable[dict[str, Any]], old: str, new: str | None, *, drop: bool) -> Iterator[dict[str, Any]]:
    known = {item.get("url") for item in items}
    for item in items:
        if item.get("url") != old:
            yield item
        elif new is None or (drop and new in known):  # the entry names the new address already
            if not drop:
                yield {key: value for key, value in item.items() if key != "url"}
        else:
            yield {**item, "url": new}


def _learn(row: LinkHealth, sighting: Sighting) -> None:
    """One step of the laws above."""
    at, settled = sighting.at, row.state in {"dead", "moved"}
    row.checked_at = at
    if sighting.outcome == "unsure":
        if not settled:
            row.state, row.reason, row.status = "unsure", sighting.reason, sighting.status
        return
    row.reason, row.status = sighting.reason, sighting.status
    if sighting.outcome == "gone":
        row.failing_since = row.failing_since or at
        row.state = "dead" if at - row.failing_since >= APART else "failing"
        return
    row.failing_since = None
    if sighting.title:
        if row.title and row.title != sighting.title:
            row.note = f"On {at:%Y-%m-%d} the page called itself “{sighting.title}”; before, “{row.title}”."
        row.title = sighting.title
    if sighting.outcome == "ok":
        row.state, row.target, row.moved_since = "ok", None, None
        return
    if row.target != sighting.target:
        row.target, row.moved_since = sighting.target, at
    assert row.moved_since is not None  # noqa: S101 - set with the target
    row.state = "moved" if at - row.moved_since >= APART else "moving"


def _propose(session: Session, row: LinkHealth, document: dict[str, Any]) -> str | None:
    """The id of the proposal for one entry; None where there is nothing to propose, or it was refused before."""
    changed = replace_address(document, row.url, row.target if row.state == "moved" else None)
    if not changed or ("links" in changed and not changed["links"]):
        return None
    outcome, proposal = proposals.submit(
        session,
        proposals.Finding(
            source=SOURCE,
            kind="update",
            url=_page_of(row.url, document["id"]),
            resource=changed,
            evidence=dict.fromkeys(changed, _evidence(row)),
            field_confidence=dict.fromkeys(changed, 0.9),
            confidence=0.9,
            matches=[document["id"]],
            content_hash=_hash(row, changed),
        ),
    )
    return None if outcome == "already_rejected" else proposal["id"]


def _hash(row: LinkHealth, changed: Mapping[str, Any]) -> str:
    """Of what is proposed and why: a refusal holds until the address dies or moves anew, or the entry's links change."""
    told = [row.state, row.target, str(row.failing_since), str(row.moved_since), changed]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _page_of(url: str, resource_id: str) -> str:
    """One address may stand in several entries, each with a proposal of its own: the fragment tells them apart."""
    return f"{url}#in-{resource_id}" if "#" not in url else f"{url}-in-{resource_id}"


def _evidence(row: LinkHealth) -> str:
    if row.state == "moved":
        return f"{row.url} leads for good to {row.target} (seen on {row.moved_since:%Y-%m-%d} and {row.checked_at:%Y-%m-%d})"
    why = f"answers {row.status}" if row.status and row.status != 200 else row.reason.replace("_", " ")
    return f"{row.url}: {why} (on {row.failing_since:%Y-%m-%d} and {row.checked_at:%Y-%m-%d})"


def _withdraw(session: Session, sighting: Sighting) -> None:
    """The address answers: proposals that rest on its absence, and that nobody has decided, are closed."""
    waiting = sa.select(Proposal).where(
        Proposal.source == SOURCE,
        Proposal.status == "pending",
        Proposal.url.startswith(_page_of(sighting.url, ""), autoescape=True),
    )
    for proposal in session.scalars(waiting):
        proposals.reject(session, proposal.id, Change(SOURCE, "the address answers again", sighting.at))
