"""What has changed in an index since its arrays were written, and the posting of a value over both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from search.engines.postings import Bits, Bools, Entry, Numbers, Slots


class Posting:
    """The slots that have a value, each with the bits of the fields that hold it."""

    def __init__(self, slots: Slots, fields: Bits, size: int) -> None:
        self.slots, self.fields, self._size = slots, fields, size
        self._dense: Bits | None = None

    @property
    def dense(self) -> Bits:
        """The fields of every slot."""
        if self._dense is None:
            spread = np.zeros(self._size, dtype=np.uint8)
            spread[self.slots] = self.fields
            self._dense = spread
        return self._dense

    def hits(self, bits: int) -> Bools:
        """Which slots have it in one of the fields."""
        found: Bools = (self.dense & np.uint8(bits)) != 0
        return found

    def at(self, slots: Numbers) -> Bits:
        """Its fields in these slots."""
        return self.dense[slots]


@dataclass(frozen=True, slots=True)
class Added:
    """What is kept of an entry whose keys have been taken."""

    id: str
    orders: Mapping[str, str]


class Changes:
    """The entries that came after the arrays were written, by slot from theirs on. Only grows; one thread adds."""

    def __init__(self) -> None:
        self.entries: list[Added] = []
        self.by_key: dict[bytes, tuple[list[int], list[int]]] = {}

    def add(self, entry: Entry, slot: int) -> None:
        """Give an entry this slot, the next one."""
        for key, bits in entry.keys.items():
            slots, fields = self.by_key.setdefault(key.encode(), ([], []))
            fields.append(bits)
            slots.append(slot)
        self.entries.append(Added(entry.id, entry.orders))
