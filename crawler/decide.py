"""The crawler's judgements about time and absence. Pure: no network, no database, no clock of its own.

How often: a page that changed is visited sooner (× 0.6), a steady one later (× 1.4), between a day and thirty; the
page of an event that is to come after a quarter of the time that is left, between six hours and seven days.
How fast: one request at a time per host; the gap is the longest of our delay, the site's Crawl-delay, and twice the
time that its last answer took when it is slow; doubled for a day after it said 429 or 503.
Gone: a 410, or a 404 on a page that the site's own inventory no longer lists, at once; a 404 alone after three
misses over seven days; and never more than a tenth of a site in one run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

DAY = timedelta(days=1)
SHORTEST, LONGEST = DAY, 30 * DAY
EVENT_SHORTEST, EVENT_LONGEST = timedelta(hours=6), 7 * DAY
SLOW_FOR = DAY
LONGEST_RETRY_AFTER = 7 * DAY
ROBOTS_AGE = DAY
GONE_MISSES, GONE_AFTER = 3, 7 * DAY
GONE_SHARE = 0.10
_SLOW_ANSWER_S = 0.25  #: from here on an answer counts as slow
_LONGEST_SLOW_GAP_S = 30.0


def next_interval(previous_s: float | None, *, changed: bool) -> float:
    """Seconds until a page should be visited again. previous_s is None before its second visit."""
    if previous_s is None:
        return 2 * DAY.total_seconds()
    wanted = previous_s * (0.6 if changed else 1.4)
    return min(max(wanted, SHORTEST.total_seconds()), LONGEST.total_seconds())


def event_interval(usual_s: float, *, starts_at: datetime, now: datetime) -> float:
    """Seconds until the page of an event should be visited again: it may still be moved or called off."""
    left_s = (starts_at - now).total_seconds()
    if left_s <= 0:
        return usual_s
    return min(usual_s, max(left_s / 4, EVENT_SHORTEST.total_seconds()), EVENT_LONGEST.total_seconds())


def next_start(occurrences: Iterable[Mapping[str, Any]], now: datetime) -> datetime | None:
    """When the next of a resource's occurrences starts; None where all are past."""
    starts = (_instant(str(one.get("start"))) for one in occurrences)
    return min((start for start in starts if start is not None and start > now), default=None)


def _instant(text: str) -> datetime | None:
    """An ISO 8601 time with its zone; None for anything else."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def due_at(url: str, interval_s: float, now: datetime) -> datetime:
    """`interval_s` from now, give or take a tenth, always the same tenth for one address: spreads the load."""
    spread = int.from_bytes(hashlib.sha256(url.encode()).digest()[:2], "big") / 0xFFFF  # 0 to 1
    return now + timedelta(seconds=interval_s * (0.9 + 0.2 * spread))


def gap_s(*, ours: float, crawl_delay: float | None, latency_s: float | None, is_slowed: bool) -> float:
    """Seconds from the end of one request to the start of the next to the same host."""
    slowness = 0.0
    if latency_s is not None and latency_s > _SLOW_ANSWER_S:
        slowness = min(2 * latency_s, _LONGEST_SLOW_GAP_S)
    gap = max(ours, crawl_delay or 0.0, slowness)
    return max(2 * gap, 1.0) if is_slowed else gap


def retry_at(header: str | None, now: datetime) -> datetime | None:
    """When a Retry-After header allows the next request; None where there is none that can be read.

    At most seven days ahead. Source: RFC 9110 §10.2.3.
    """
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=min(int(text[:9]), LONGEST_RETRY_AFTER.total_seconds()))
        return now + wait
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return min(max(at, now), now + LONGEST_RETRY_AFTER)


def is_gone(status: int, *, misses: int, missed_since: datetime, unlisted: bool, now: datetime) -> bool:
    """Whether a page that answered `status` (404 or 410) has gone for good.

    misses: visits in a row that found nothing, this one included. unlisted: an inventory of the site, read whole
    in this run, names it no longer, though it did before.
    """
    return status == 410 or unlisted or (misses >= GONE_MISSES and now - missed_since >= GONE_AFTER)


def may_go(entries: int) -> int:
    """How many of a site's entries one run may propose as gone: a tenth, but always one."""
    return max(1, int(entries * GONE_SHARE))
