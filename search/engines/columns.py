"""One state of an index in memory: the postings on disk, and beside them what has changed since.

A changed document gets a new slot after all others, and its old one is dead. So slots only grow, a state stays as it
is while others come, and readers need no lock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from rapidfuzz.distance import OSA

from search.engine import FACETS
from search.engines.changes import Changes, Posting
from search.engines.postings import ORDERS, Bits, Bools, Entry, Numbers, Postings, Slots, Uses, key_of, place_of, write
from search.spelling import letter_bits

_KEPT_BYTES = 16_000_000  #: of postings spread over all slots, for the next searches
_KEPT_FREQUENCIES = 16_384  #: keys
_MANY = 2**20  #: more changes than are ever kept beside the arrays


class Columns:
    """What is searched. Build one with `Columns.of`; `changed` gives the next state."""

    def __init__(self, base: Postings, changes: Changes, size: int, dead: Numbers) -> None:
        self._base, self._changes, self.size = base, changes, size
        self.alive: Bools = np.ones(size, dtype=np.bool_)
        self.alive[dead] = False
        self._dead = dead
        self.documents = size - len(dead)
        kept = max(16, _KEPT_BYTES // max(1, size))
        self.posting = lru_cache(maxsize=kept)(self._posting)  #: (group, value) → Posting
        self.beginning = lru_cache(maxsize=kept)(self._beginning)  #: of words that begin so
        self.resembling = lru_cache(maxsize=kept)(self._resembling)  #: of words within so many edits
        self._any_values = lru_cache(maxsize=kept)(self._slots_with_any)
        self._counts = lru_cache(maxsize=_KEPT_FREQUENCIES)(self._count_fields)
        self.rank = lru_cache(maxsize=len(ORDERS))(self._rank)  #: of each slot in an order: lower comes first

    @classmethod
    def of(cls, base: Postings) -> Columns:
        """The arrays as they were written."""
        return cls(base, Changes(), len(base), np.zeros(0, dtype=np.int64))

    @property
    def added(self) -> int:
        """How many entries lie beside the arrays."""
        return self.size - len(self._base)

    def changed(self, entries: Iterable[Entry], gone: Iterable[str]) -> Columns:
        """The state after these entries came (or came anew) and those ids went. Only the newest state may be changed."""
        dead, size = set(self._dead.tolist()), self.size
        newest: dict[str, int] = {}
        for entry in entries:
            dead.update(self._slots_of(entry.id))
            if entry.id in newest:
                dead.add(newest[entry.id])
            self._changes.add(entry, size)
            newest[entry.id] = size
            size += 1
        for id_ in gone:
            dead.update(self._slots_of(id_))
        return Columns(self._base, self._changes, size, np.array(sorted(dead), dtype=np.int64))

    def _slots_of(self, id_: str) -> list[int]:
        found: list[int] = self.posting("id", id_).slots.tolist()
        return found

    def slot_of(self, id_: str) -> int | None:
        """The slot of a document; None where there is none of that id."""
        return next((slot for slot in reversed(self._slots_of(id_)) if self.alive[slot]), None)

    def id_of(self, slot: int) -> str:
        """The id of the document in a slot."""
        first = len(self._base)
        return self._changes.entries[slot - first].id if slot >= first else self._base.ids[slot].decode()

    def ids(self) -> list[str]:
        """Of all documents."""
        return [self.id_of(slot) for slot in np.flatnonzero(self.alive).tolist()]

    def frequency(self, field: str, value: str) -> int:
        """How many documents have the value in the field."""
        group, bit = place_of(field)
        return self._counts(group, value).get(bit, 0)

    def is_written(self, group: str, value: str) -> bool:
        """Whether any document has the value in a field of the group."""
        return any(self._counts(group, value).values())

    def count_facet(self, facet: str, packed: Numbers) -> dict[str, int]:
        """Value → how many of the slots have it. packed: as `pack` gives them."""
        values, bits = self._facets
        counts = np.bitwise_count(bits[facet] & packed).sum(axis=1, dtype=np.int64).tolist()
        return {value: count for value, count in zip(values[facet], counts, strict=True) if count}

    def values_of(self, facet: str, slot: int) -> tuple[str, ...]:
        """The values of a facet that the document in a slot has."""
        values, bits = self._facets
        column = bits[facet].view(np.uint8)[:, slot // 8] >> (7 - slot % 8) & 1
        return tuple(values[facet][row] for row in np.flatnonzero(column).tolist())

    def any_value(self, facet: str, values: tuple[str, ...]) -> Bools:
        """Which slots have one of the values."""
        return self._any_values(facet, values)

    def forget(self) -> None:
        """Give back the memory of what was worked out; a newer state is asked from now on."""
        for known in (self.posting, self.beginning, self.resembling, self._any_values, self._counts, self.rank):
            known.cache_clear()

    def write(self, folder: Path) -> None:
        """Write new arrays, without the dead, to a folder. The changes beside them become part of them."""
        new_slots = (np.cumsum(self.alive, dtype=np.int64) - 1).astype(np.uint32)
        added = {key: posting for key, posting in self._changes.by_key.items() if posting[0][0] < self.size}
        keys = sorted({*self._base.keys, *added})
        places = {key: place for place, key in enumerate(keys)}
        old_places = np.fromiter((places[key] for key in self._base.keys), dtype=np.uint32, count=len(self._base.keys))

        def uses() -> Iterator[Uses]:
            for base_places, slots, fields in self._base.uses():
                kept = self.alive[slots]
                yield old_places[base_places[kept]], new_slots[slots[kept]], fields[kept]
            for key, posting in added.items():  # these slots come after all of the arrays
                slots, fields = (np.array(part) for part in posting)
                kept = (slots < self.size) & self.alive[np.minimum(slots, self.size - 1)]
                place = np.full(np.count_nonzero(kept), places[key], dtype=np.uint32)
                yield place, new_slots[slots[kept]], fields[kept].astype(np.uint8)

        alive = np.flatnonzero(self.alive).tolist()
        orders = {order: self._order_keys(order, alive) for order in ORDERS}
        write(folder, keys, uses, [self.id_of(slot).encode() for slot in alive], orders)

    def _order_keys(self, order: str, slots: Sequence[int]) -> list[bytes]:
        keys, first = self._base.order_keys(order), len(self._base)
        rank = self._base.rank(order).tolist()
        return [
            keys[rank[slot]] if slot < first else self._changes.entries[slot - first].orders[order].encode()
            for slot in slots
        ]

    def _slots_with_any(self, facet: str, values: tuple[str, ...]) -> Bools:
        found = np.zeros(self.size, dtype=np.bool_)
        for value in values:
            found |= self.posting(facet, value).hits(1)
        return found

    def _posting(self, group: str, value: str) -> Posting:
        key = key_of(group, value)
        found = self._base.find(key)
        added = self._changes.by_key.get(key)
        return self._merged([found] if found else [], [added] if added else [])

    def _beginning(self, prefix: str) -> Posting:
        key = key_of("word", prefix)
        first, last = self._base.range_of(key)
        return self._merged(
            [self._base.at(first, last)],
            [posting for other, posting in tuple(self._changes.by_key.items()) if other.startswith(key)],
            repeated=True,
        )

    def _resembling(self, form: str, distance: int) -> Posting:
        base, bits = self._base, letter_bits(form)
        first, last = base.first_word, base.last_word
        lengths = base.lengths[first:last].astype(np.int32)
        differing = np.bitwise_count(base.letters[first:last] ^ np.uint64(bits))
        candidates = np.flatnonzero((differing <= 2 * distance) & (abs(lengths - len(form)) <= distance))
        start = len(key_of("word", ""))
        near = [
            place
            for place in (candidates + first).tolist()
            if OSA.distance(base.keys[place][start:].decode(), form, score_cutoff=distance) <= distance
        ]
        head = key_of("word", "")
        added = [
            posting
            for key, posting in tuple(self._changes.by_key.items())
            if key.startswith(head) and OSA.distance(key[start:].decode(), form, score_cutoff=distance) <= distance
        ]
        return self._merged([base.at(place, place + 1) for place in near], added)

    def _merged(
        self,
        found: Sequence[tuple[Slots, Bits]],
        added: Sequence[tuple[Collection[int], Collection[int]]],
        *,
        repeated: bool = False,
    ) -> Posting:
        """One posting of several; of those beside the arrays only what this state has.

        repeated: one of them may have a slot more than once.
        """
        parts = list(found)
        for more_slots, more_fields in added:
            slots, fields = np.array(more_slots, dtype=np.uint32), np.array(more_fields, dtype=np.uint8)
            here = slots[: len(fields)] < self.size
            parts.append((slots[: len(fields)][here], fields[: len(slots)][here]))
        if len(parts) == 1 and not repeated:
            return Posting(*parts[0], self.size)
        if not parts:
            return Posting(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8), self.size)
        spread = np.zeros(self.size, dtype=np.uint8)
        for slots, fields in parts:
            if repeated:
                for bit in _BITS:
                    spread[slots[(fields & bit) != 0]] |= bit
            else:
                spread[slots] |= fields
        met = np.flatnonzero(spread)
        return Posting(met.astype(np.uint32), spread[met], self.size)

    def _count_fields(self, group: str, value: str) -> dict[int, int]:
        posting = self.posting(group, value)
        fields = posting.fields[self.alive[posting.slots]] if len(self._dead) else posting.fields
        counts = np.bincount(fields, minlength=2)
        met = [(bits, int(counts[bits])) for bits in np.flatnonzero(counts).tolist()]
        return {bit: count for bit in _BITS if (count := sum(times for bits, times in met if bits & bit))}

    @cached_property
    def _facets(self) -> tuple[dict[str, tuple[str, ...]], dict[str, Numbers]]:
        values: dict[str, tuple[str, ...]] = {}
        bits: dict[str, Numbers] = {}
        for facet in FACETS:
            head = key_of(facet, "")
            first, last = self._base.range_of(head)
            keys = {self._base.keys[place] for place in range(first, last)}
            keys.update(key for key in tuple(self._changes.by_key) if key.startswith(head))
            values[facet] = tuple(key[len(head) :].decode() for key in sorted(keys))
            rows = [pack(self._posting(facet, value).hits(1)) for value in values[facet]]
            bits[facet] = np.array(rows) if rows else np.zeros((0, _words(self.size)), dtype=np.uint64)
        return values, bits

    def _rank(self, order: str) -> Numbers:
        rank: Numbers = self._base.rank(order).astype(np.int64) * _MANY + (_MANY - 1)
        entries = self._changes.entries[: self.added]
        if not entries:
            return rank
        keys = self._base.order_keys(order)
        by_key = sorted((entry.orders[order].encode(), number) for number, entry in enumerate(entries))
        added = np.empty(len(entries), dtype=np.int64)
        for place, (key, number) in enumerate(by_key):
            added[number] = bisect_left(keys, key) * _MANY + place
        return np.concatenate([rank, added])


_BITS = tuple(1 << place for place in range(8))


def pack(slots: Bools) -> Numbers:
    """Which slots, one bit each, to be counted."""
    packed = np.zeros(_words(len(slots)) * 8, dtype=np.uint8)
    bits = np.packbits(slots)
    packed[: len(bits)] = bits
    return packed.view(np.uint64)


def _words(size: int) -> int:
    return -(-size // 64)
