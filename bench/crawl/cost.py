"""What a process has cost so far."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable


def report_cost(crawl: Callable[[], int]) -> None:
    """Run a crawl that returns how many pages it visited, and print what it cost as JSON."""
    cpu, wall = cpu_seconds(), time.monotonic()
    pages = crawl()
    cost = {"pages": pages, "cpu_s": cpu_seconds() - cpu, "wall_s": time.monotonic() - wall}
    print(json.dumps({**cost, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
