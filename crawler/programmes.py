"""The hours of a day from its programme: "8h30 > 9h — Accueil … 15h > 16h — Conclusions"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time

from crawler.event_dates import find_event_dates
from crawler.findings import Line
from crawler.resource_types import spaced

_LEAST = 3  #: lines with an hour in front
_STARTS = re.compile(
    r"^\W{0,3}(?:de |van |from |à |om |at |dès )?\d{1,2}\s?(?:[:.hu]|heures?\b|[ap]m\b|[-–>])", re.IGNORECASE
)
_END = re.compile(
    r"(?<![a-z])(?:fin|cloture|einde|slot|afsluit\w*|end|close|closing|conclusions?|drink|verre|drinks)(?![a-z])"
)


def programme_hours(lines: Sequence[Line]) -> tuple[time, time | None] | None:
    """When the day begins and ends by the lines that start with an hour, which must ascend; None for no programme.

    The end is that of the last line's span, or its hour where it says "end"; else it is not known.
    """
    found: list[tuple[time, time | None, str]] = []
    for line in lines[:200]:
        if not _STARTS.match(line.text):
            continue
        marked = find_event_dates(f"1/1/2024 {line.text[:60]}").events
        if len(marked) != 1 or (begins := marked[0].begins) is None:
            continue
        if found and begins <= found[-1][0]:
            return None
        found.append((begins, marked[0].ends, line.text))
    if len(found) < _LEAST:
        return None
    last, ends, text = found[-1]
    return found[0][0], ends or (last if _END.search(spaced(text)) else None)
