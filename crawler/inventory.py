"""What a site says that it has: the shape that every kind of inventory is read into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Item:
    """What an inventory says of one address. `change`: its time of change, as the inventory writes it."""

    url: str
    change: str | None = None


@dataclass
class Inventory:
    """What one kind of inventory named. `complete`: all of it was read. as_in_run: it is as it was in that run."""

    by: str
    items: dict[str, Item] = field(default_factory=dict)
    complete: bool = True
    occurrences: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  #: by address, where a calendar tells
    as_in_run: int | None = None
    is_uniform: bool = False  #: `lastmod.is_uniform`
