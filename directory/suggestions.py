"""What readers tell us: a resource is missing, or what an entry says is wrong. Becomes a proposal, never a change.

Nothing is kept of who wrote. To keep floods out, suggestions are counted by sender and day under a hash whose key is
made anew each day (`sender_hash`); the counts of past days are deleted with the first look at a new one.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import proposals
from directory.catalogue import get_resource
from directory.proposals import Outcome
from directory.rows import insert_new
from directory.text import words
from directory.upkeep_state import SuggestionTally

SOURCE = "public"  #: of the proposals made here
MOST_PER_DAY = 10
CONFIDENCE = 0.5  #: a reader saw it; nobody has checked it


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A resource that a reader misses, in the reader's language. All texts are checked; `url`, `organisation` or ""."""

    title: str
    message: str
    language: str
    url: str = ""
    organisation: str = ""
    basin: str = ""


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What a reader found wrong in an entry. `about`: a fixed word of ABOUT; `url`: where the right facts stand, or ""."""

    resource_id: str
    about: str
    message: str
    url: str = ""


ABOUT = ("link", "contact", "content", "gone", "other")


def suggest_missing(session: Session, told: Missing, *, page: str) -> tuple[Outcome, dict[str, Any]]:
    """Put a missing resource before the curators. `page`: the address of the form, where no other is known."""
    resource: dict[str, Any] = {"id": make_id(told.title), "title": {told.language: told.title}}
    resource["summary"] = {told.language: told.message[:500]}
    if told.organisation:
        resource["organisations"] = [{"name": told.organisation}]
    if told.url:
        resource["links"] = [{"url": told.url, "kind": "page"}]
    if told.basin:
        resource["basins"] = [told.basin]
    typed = {"title": told.title, "summary": told.message, "links": told.url, "organisations": told.organisation}
    evidence = {field: text for field, text in {**typed, "basins": told.basin}.items() if text}
    return _submit(session, "new", told.url or page, resource, evidence, [])


def suggest_correction(session: Session, told: Wrong, *, page: str) -> tuple[Outcome, dict[str, Any]]:
    """Put what is wrong before the curators; it changes no field by itself. Raises ResourceNotFound."""
    get_resource(session, told.resource_id)
    evidence = {
        field: text for field, text in (("about", told.about), ("message", told.message), ("url", told.url)) if text
    }
    return _submit(session, "update", page, {}, evidence, [told.resource_id])


def count_today(session: Session, sender: str, *, day: date) -> int:
    """How many suggestions this sender made today. Forgets every other day."""
    forget_past_days(session, day=day)
    return session.scalar(sa.select(SuggestionTally.sent).filter_by(day=day, sender_hash=sender)) or 0


def count_one(session: Session, sender: str, *, day: date) -> int:
    """Count a suggestion of this sender; how many that makes today. Safe against two at once."""
    forget_past_days(session, day=day)
    insert_new(session, SuggestionTally, [{"day": day, "sender_hash": sender, "sent": 0}])
    more = sa.update(SuggestionTally).filter_by(day=day, sender_hash=sender).values(sent=SuggestionTally.sent + 1)
    return session.scalar(more.returning(SuggestionTally.sent)) or 0


def forget_past_days(session: Session, *, day: date) -> None:
    """Delete the counts of all days but this one."""
    session.execute(sa.delete(SuggestionTally).where(SuggestionTally.day != day))


def sender_hash(address: str, *, key: bytes, day: date) -> str:
    """A sender under the key of the day. Of an IPv6 address only the network counts: people have 2^64 addresses there."""
    try:
        network = ipaddress.ip_network(f"{address}/{64 if ':' in address else 32}", strict=False)
        told = str(network)
    except ValueError:
        told = address
    daily = hmac.new(key, f"suggestions {day.isoformat()}".encode(), hashlib.sha256).digest()
    return hmac.new(daily, told.encode(), hashlib.sha256).hexdigest()[:32]


def make_id(title: str) -> str:
    """A slug from a title, with a mark of the whole title: two different ones never share it."""
    mark = hashlib.sha256(title.encode()).hexdigest()[:6]
    slug = re.sub(r"[^a-z0-9]+", "-", " ".join(word.folded for word in words(title))).strip("-")[:60].strip("-")
    return f"{slug}-{mark}" if slug else f"resource-{mark}"


def _submit(
    session: Session, kind: str, url: str, resource: dict[str, Any], evidence: dict[str, str], matches: list[str]
) -> tuple[Outcome, dict[str, Any]]:
    """Two different texts about one page are two proposals; the same text sent twice is one."""
    told = hashlib.sha256("\n".join(f"{field}: {text}" for field, text in evidence.items()).encode()).hexdigest()[:12]
    finding = proposals.Finding(
        source=SOURCE,
        kind=kind,
        url=f"{url.partition('#')[0]}#{told}",
        resource=resource,
        evidence=evidence,
        field_confidence=dict.fromkeys(resource, CONFIDENCE),
        confidence=CONFIDENCE,
        matches=matches,
        content_hash=told,
    )
    return proposals.submit(session, finding)
