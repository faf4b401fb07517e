"""Searches that found nothing, counted so that curators see what is missing, without any personal data.

Laws: counts are per day, basin and theme; no address, no cookie, no session and no time of day is ever kept. A text
is kept only once it was seen on `DAYS_UNTIL_KEPT` different days; before that there is a keyed hash of it, forgotten
after `FORGET_AFTER`. What looks like data about a person (a number, an address, a whole story) is never kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.models import SearchGap, SearchGapSighting, SearchGapText
from directory.text import words

DAYS_UNTIL_KEPT = 5
FORGET_AFTER = timedelta(days=90)
_MAX_WORDS = 8  #: more is a story
_PERSONAL = re.compile(r"@|\d(?:\D?\d){5}")  #: an electronic address, or a number of six digits and more


@dataclass(frozen=True, slots=True)
class Gap:
    """Searches without result of some days: `searches` in this basin and theme ("" where none was named)."""

    basin: str
    theme: str
    searches: int


@dataclass(frozen=True, slots=True)
class GapText:
    """A text that found nothing on so many different days, the last one being `last_day`."""

    text: str
    days: int
    last_day: date


def record_gap(
    session: Session, text: str, *, basins: Iterable[str], themes: Iterable[str], day: date, key: bytes
) -> None:
    """Count a search that found nothing; `key` is the installation's secret. Writes; commit is the caller's."""
    for basin in sorted(set(basins)) or [""]:
        for theme in sorted(set(themes)) or [""]:
            _count(session, day, basin, theme)
    folded = _comparable(text)
    if folded is None:
        return
    text_hash = hmac.new(key, folded.encode(), hashlib.sha256).hexdigest()
    if session.get(SearchGapSighting, (text_hash, day)) is not None:
        return
    if not _insert(session, sa.insert(SearchGapSighting).values(text_hash=text_hash, day=day)):
        return  # the same search, at the same moment
    session.execute(sa.delete(SearchGapSighting).where(SearchGapSighting.day < day - FORGET_AFTER))
    seen = sa.select(sa.func.count()).where(SearchGapSighting.text_hash == text_hash)
    days = session.scalar(seen) or 0
    if days < DAYS_UNTIL_KEPT:
        return
    kept = sa.update(SearchGapText).where(SearchGapText.text == folded).values(days=days, last_day=day)
    if session.scalar(kept.returning(SearchGapText.text)) is None:
        _insert(session, sa.insert(SearchGapText).values(text=folded, days=days, last_day=day))


def list_gaps(session: Session, *, since: date) -> list[Gap]:
    """Counts since a day, the most frequent first."""
    total = sa.func.sum(SearchGap.searches)
    query = (
        sa.select(SearchGap.basin, SearchGap.theme, total)
        .where(SearchGap.day >= since)
        .group_by(SearchGap.basin, SearchGap.theme)
        .order_by(total.desc(), SearchGap.basin, SearchGap.theme)
    )
    return [Gap(basin, theme, int(searches)) for basin, theme, searches in session.execute(query)]


def list_gap_texts(session: Session, *, limit: int = 100) -> list[GapText]:
    """Texts that found nothing on many days, the most frequent first."""
    query = sa.select(SearchGapText.text, SearchGapText.days, SearchGapText.last_day)
    ordered = query.order_by(SearchGapText.days.desc(), SearchGapText.last_day.desc(), SearchGapText.text)
    return [GapText(*row) for row in session.execute(ordered.limit(limit))]


def _count(session: Session, day: date, basin: str, theme: str) -> None:
    key = {"day": day, "basin": basin, "theme": theme}
    more = sa.update(SearchGap).filter_by(**key).values(searches=SearchGap.searches + 1).returning(SearchGap.day)
    if session.scalar(more) is None and not _insert(session, sa.insert(SearchGap).values(searches=1, **key)):
        session.execute(more)


def _insert(session: Session, statement: sa.Insert) -> bool:
    """Whether the row is new; False where another process inserted it at the same moment."""
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError:
        return False
    return True


def _comparable(text: str) -> str | None:
    """The text as it is counted; None where it may say something about a person, or nothing at all."""
    folded = [word.folded for word in words(text)]
    if not folded or len(folded) > _MAX_WORDS or _PERSONAL.search(text):
        return None
    return " ".join(folded)
