"""From what an extractor feels to how often it is right.

Each extractor gives its findings points between 0 and 1. Measured on labelled pages (docs/decisions/0004) the points were
too modest, most of all the low ones; a line for each field brings them to the share of findings that was right,
drawn halfway towards caution, since other sites will be harder.
"""

from __future__ import annotations

from collections.abc import Mapping

#: field → (at 0 points, at 1 point)
_LINES: Mapping[str, tuple[float, float]] = {
    "title": (0.45, 0.98),
    "type": (0.35, 0.97),
    "basins": (0.5, 0.97),
    "audiences": (0.3, 0.95),
    "occurrences": (0.25, 0.97),
    "themes": (0.05, 0.98),
}


def calibrated(field: str, points: float) -> float:
    """The share of such findings that is right, 0 to 1, with two decimals."""
    low, high = _LINES.get(field, (0.0, 1.0))
    return round(min(0.99, max(0.0, low + points * (high - low))), 2)
