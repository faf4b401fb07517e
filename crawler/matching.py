"""What a reading is to the catalogue and to the other proposals: new, an update, a duplicate or a translation.

The order of evidence: the same address; a language twin that is known; a text that is nearly the same; the same title of the same
organisation. The catalogue is held in a small index (`catalogue_index`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.catalogue_index import catalogue_index
from crawler.original_index import near_of, original_index
from crawler.page import Reading
from crawler.records_alike import SAME, RecordIndex, same_resource, speaks_other_language
from directory.models import Proposal, Resource, ResourceLink, ResourceTranslation

MatchKind = Literal["new", "update", "duplicate", "translation"]
MAX_FOUND = 5


@dataclass(frozen=True, kw_only=True)
class Match:
    """matches: ids of resources, the closest first (of proposals that wait: the id their resource will have).

    known: set where this address was decided on before and says the same since: "unchanged" after it was accepted,
    "already_rejected" after it was not; then nothing needs to be submitted.
    """

    kind: MatchKind
    matches: list[str] = field(default_factory=list)
    known: Literal["unchanged", "already_rejected"] | None = None
    id: str | None = None  #: of a new one: what it may be called, as no other is


def match(session: Session, *, source: str, url: str, reading: Reading) -> Match:
    """What a resource that was read at `url` (canonical) is. `source`: the crawl source's name."""
    known = _decided_before(session, url, reading)
    if ids := _ids_at(session, [url], own=url):
        kind: MatchKind = "update" if _speaks(session, ids[0], reading) else "translation"
        return Match(kind=kind, matches=ids, known=known)
    if ids := _ids_at(session, list(reading.twins.values()), own=url, like=reading.resource):
        return Match(kind="translation", matches=ids, known=known)
    if ids := _read_alike(session, url, reading):
        return Match(kind="duplicate", matches=ids, known=known)
    found = find_duplicates(session, reading.resource, not_at=url)
    if found:
        return Match(kind="duplicate", matches=[one for one, _ in found], known=known)
    wanted = str(reading.resource.get("id") or "")
    return Match(kind="new", known=known, id=unused_id(session, wanted, url=url) if wanted else None)


def find_duplicates(
    among: Session | Iterable[Mapping[str, Any]], resource: Mapping[str, Any], *, not_at: str | None = None
) -> list[tuple[str, float]]:
    """Resources that are probably the same, with a score from 0 to 1, the likeliest first; only what is likely.

    `among`: the catalogue with the proposals that wait, or resources in their outside shape. A resource is never its
    own duplicate (by id). `not_at`: leave out what was read at this address.
    """
    if isinstance(among, Session):
        found = [*catalogue_index(among).find(resource), *original_index(among).find(resource, not_at=not_at)]
    else:
        found = RecordIndex(among).find(resource)
    best: dict[str, float] = {}
    for one, score in found:
        if score >= SAME and one != resource.get("id"):
            best[one] = max(score, best.get(one, 0.0))
    return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:MAX_FOUND]


def changed_fields(existing: Mapping[str, Any], proposed: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field by field what an update would change: {field: (now, proposed)}; texts of languages not proposed stay."""
    changed: dict[str, tuple[Any, Any]] = {}
    for name, value in proposed.items():
        now = existing.get(name)
        if name in {"id", "source", "version", "status", "verified_on"} or value in (None, {}, []):
            continue
        if isinstance(value, Mapping) and isinstance(now, Mapping) and name in {"title", "summary", "description"}:
            value = {**now, **value}
        if value != now:
            changed[name] = (now, value)
    return changed


def unused_id(session: Session, wanted: str, *, url: str) -> str:
    """The id, with a number after it where another resource or another page's proposal has it."""
    taken = set(session.scalars(sa.select(Resource.id).where(Resource.id.startswith(wanted, autoescape=True))))
    taken |= original_index(session).ids(not_at=url)
    number, candidate = 2, wanted
    while candidate in taken:
        candidate = f"{wanted[:76].rstrip('-')}-{number}"
        number += 1
    return candidate


def _ids_at(
    session: Session, addresses: Sequence[str], *, own: str, like: Mapping[str, Any] | None = None
) -> list[str]:
    """Resources that these addresses belong to: as their source or a link to their page, or by a proposal read there.

    `like`: a resource that a proposal may not differ from in its days or basins: a language switch leads anywhere.
    """
    if not addresses:
        return []
    variants = sorted({variant for address in addresses for variant in address_variants(address)})
    by_source = sa.select(Resource.id).where(Resource.source_url.in_(variants), Resource.status != "archived")
    ids = list(session.scalars(by_source.order_by(Resource.id)))
    if not ids:
        by_link = (
            sa.select(ResourceLink.resource_id)
            .join(Resource, Resource.id == ResourceLink.resource_id)
            .where(ResourceLink.url.in_(variants), Resource.status != "archived")
        )
        linked = list(dict.fromkeys(session.scalars(by_link.order_by(ResourceLink.position, ResourceLink.resource_id))))
        ids = linked if len(linked) == 1 else []  # an address that several resources share belongs to none of them
    for row in session.scalars(sa.select(Proposal).where(Proposal.url.in_(variants), Proposal.status != "rejected")):
        if like is not None and _apart(like, row.resource):
            continue
        if row.status == "accepted" and row.decision and row.kind != "gone":
            ids.append(row.decision)
        elif row.status == "pending" and row.kind == "new" and own not in address_variants(row.url):
            ids.append(str(row.resource.get("id")))
    return list(dict.fromkeys(ids))[:MAX_FOUND]


def _speaks(session: Session, resource_id: str, reading: Reading) -> bool:
    """Whether the resource has texts in the language that was read (or none at all, or is not there yet)."""
    query = sa.select(ResourceTranslation.language).where(ResourceTranslation.resource_id == resource_id)
    languages = set(session.scalars(query.where(ResourceTranslation.title.is_not(None))))
    return not languages or bool(languages & set(reading.resource.get("title") or ()))


def address_variants(address: str) -> set[str]:
    """Ways of writing one address that sites use side by side: http and https, with and without www. and final slash."""
    parts = urlsplit(address)
    host = parts.netloc
    bare = host.removeprefix("www.")
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    paths = {rest}
    if not parts.query:
        paths |= {rest.rstrip("/"), rest.rstrip("/") + "/"}
    return {
        f"{scheme}://{name}{path}" for scheme in ("https", "http") for name in (bare, f"www.{bare}") for path in paths
    }


def _read_alike(session: Session, url: str, reading: Reading) -> list[str]:
    """Resources whose page, as it was read, says nearly the same."""
    own = near_of(reading.content_hash)
    if own is None:
        return []
    found = [
        (apart, original.resource_id)
        for apart, original in original_index(session).near(own, not_at=url)
        if not _apart(reading.resource, original.apart)
    ]
    return list(dict.fromkeys(one for _, one in sorted(found)))[:MAX_FOUND]


def _apart(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two resources of one text differ in what makes them two: another day, another basin."""
    days = [{one.get("start") for one in resource.get("occurrences") or ()} for resource in (first, second)]
    basins = [set(resource.get("basins") or ()) for resource in (first, second)]
    return (all(days) and not days[0] & days[1]) or (all(basins) and not basins[0] & basins[1])


def _decided_before(session: Session, url: str, reading: Reading) -> Literal["unchanged", "already_rejected"] | None:
    query = sa.select(Proposal).where(
        Proposal.url == url,
        Proposal.content_hash == reading.content_hash,
        Proposal.status != "pending",
        Proposal.kind != "gone",
    )
    statuses = {row.status for row in session.scalars(query)}
    if "accepted" in statuses:
        return "unchanged"
    return "already_rejected" if "rejected" in statuses else None


def compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> Literal["same", "translation", "different"]:
    """What two resources in their outside shape are to each other."""
    if same_resource(first, second) < SAME:
        return "different"
    return "translation" if speaks_other_language(first, second) else "same"
