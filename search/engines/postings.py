"""The words, families, concepts and facet values of many documents as arrays on disk, mapped into memory to be read.

A document is a slot, a number from 0. A *key* is a group and a value ("word" deuil, "theme" grief); its *posting* is
the slots that have it, ascending, each with the fields of the group that hold it, one bit each. Scores are constants of
the fields, so a posting is all that a search needs. The arrays never change: what changes later lies beside them
(`columns`).

Files, all .npy: keys + key_ends (UTF-8, sorted, joined), ends (of each key's posting), slots, fields, letters + lengths
(of the words: which letters occur, how many; for mistyped ones), ids + id_ends (by slot), and of each order its rank by
slot and its keys by rank.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.taxonomy import LANGUAGES
from search.documents import Document
from search.engine import FACETS
from search.index_fields import concept_fields, kin_fields, sort_fields, text_fields
from search.relevance import CONCEPT_WEIGHTS, FIELD_WEIGHTS, KIN_WEIGHTS
from search.spelling import letter_bits

Slots = NDArray[np.uint32]
Bits = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Numbers = NDArray[Any]
Uses = tuple[Numbers, Slots, Bits]  #: of keys: their places, the slots, the fields; all of one length

#: Group → its fields; the place of a field is its bit.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "word": tuple(FIELD_WEIGHTS),
    "kin": tuple(KIN_WEIGHTS),
    "concept": tuple(CONCEPT_WEIGHTS),
    **{facet: (facet,) for facet in FACETS},
    "id": ("id",),
}
#: What results are sorted by; `index_fields.sort_fields`.
ORDERS = (*(f"title_{language}" for language in LANGUAGES), "verified_on", "added")
_BLOCK = 1_000_000  #: postings sorted at once
_SEPARATOR = "\x1f"
_CHECKSUMS = "checksums.json"


@dataclass(frozen=True)
class Entry:
    """A document as the arrays take it: key → bits of its fields, and order → its key there."""

    id: str
    keys: Mapping[str, int]
    orders: Mapping[str, str]


def entry_of(document: Document) -> Entry:
    """The entry of a document."""
    fields = {**text_fields(document), **kin_fields(document), **concept_fields(document)}
    keys: dict[str, int] = {}
    for field, text in fields.items():
        prefix, bit = _places()[field]
        for value in set(text.split()):
            key = prefix + value
            keys[key] = keys.get(key, 0) | bit
    for facet, values in document.facets.items():
        keys.update((f"{facet}{_SEPARATOR}{value}", 1) for value in values)
    keys[f"id{_SEPARATOR}{document.id}"] = 1
    return Entry(document.id, keys, sort_fields(document))


def place_of(field: str) -> tuple[str, int]:
    """The group of a field, and its bit there."""
    prefix, bit = _places()[field]
    return prefix[:-1], bit


def key_of(group: str, value: str) -> bytes:
    """A key as it is sorted."""
    return f"{group}{_SEPARATOR}{value}".encode()


@cache
def _places() -> Mapping[str, tuple[str, int]]:
    return {
        field: (group + _SEPARATOR, 1 << place)
        for group, fields in GROUPS.items()
        for place, field in enumerate(fields)
    }


class Texts(Sequence[bytes]):
    """Many short texts in two arrays."""

    def __init__(self, data: Bits, ends: Numbers) -> None:
        self._data, self._ends = np.ascontiguousarray(data).data.cast("B"), ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: Any) -> Any:
        """One text; slices are not needed."""
        start = int(self._ends[place - 1]) if place else 0
        return bytes(self._data[start : int(self._ends[place])])


class Postings:
    """The arrays in a folder. Raises ValueError or OSError where they are damaged or absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.keys = self._texts("keys")
        self._ends, self._slots, self._fields = (self._load(name) for name in ("ends", "slots", "fields"))
        self.letters, self.lengths = self._load("letters"), self._load("lengths")
        self.ids = self._texts("ids")
        self.first_word, self.last_word = self.range_of(key_of("word", ""))
        if len(self._ends) != len(self.keys) or len(self._slots) != len(self._fields):
            raise ValueError("the arrays of the search index do not fit together")

    def __len__(self) -> int:
        """How many slots there are."""
        return len(self.ids)

    def find(self, key: bytes) -> tuple[Slots, Bits] | None:
        """The posting of a key."""
        place = bisect_left(self.keys, key)
        return self.at(place, place + 1) if place < len(self.keys) and self.keys[place] == key else None

    def range_of(self, prefix: bytes) -> tuple[int, int]:
        """The place of the first key that begins so, and that after the last one."""
        return bisect_left(self.keys, prefix), bisect_left(self.keys, prefix + b"\xff")

    def at(self, first: int, last: int) -> tuple[Slots, Bits]:
        """The postings of the keys from one place to before another, one after the other."""
        start, end = int(self._ends[first - 1]) if first else 0, int(self._ends[last - 1]) if last else 0
        return self._slots[start:end], self._fields[start:end]

    def rank(self, order: str) -> Numbers:
        """The place of each slot in an order."""
        ranks: Numbers = self._load(f"{order}_rank")
        return ranks

    def order_keys(self, order: str) -> Texts:
        """The keys of an order, sorted."""
        return self._texts(f"{order}_keys")

    def uses(self) -> Iterator[Uses]:
        """All of it, block by block."""
        for start in range(0, len(self._slots), _BLOCK):
            end = min(start + _BLOCK, len(self._slots))
            places = np.searchsorted(self._ends, np.arange(start, end), side="right")
            yield places, self._slots[start:end], self._fields[start:end]

    def verify(self) -> None:
        """Raises ValueError or OSError where a file is not what was written."""
        for name, checksum in json.loads((self._folder / _CHECKSUMS).read_text()).items():
            if zlib.crc32(np.load(self._folder / f"{name}.npy", mmap_mode="r")) != checksum:
                raise ValueError(f"the array {name} of the search index is damaged")

    def _load(self, name: str) -> Any:
        return np.asarray(np.load(self._folder / f"{name}.npy", mmap_mode="r"))

    def _texts(self, name: str) -> Texts:
        return Texts(self._load(name), self._load(f"{name}_ends"))


class Collected:
    """Entries on their way to the arrays."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.orders: dict[str, list[str]] = {order: [] for order in ORDERS}
        self._numbers: dict[str, int] = {}
        self._keys, self._fields, self._counts = array("I"), array("B"), array("I")

    def add(self, entry: Entry) -> None:
        """Give an entry the next slot."""
        numbers = self._numbers
        self.ids.append(entry.id)
        self._keys.extend([numbers.setdefault(key, len(numbers)) for key in entry.keys])
        self._fields.extend(entry.keys.values())
        self._counts.append(len(entry.keys))
        for order, key in entry.orders.items():
            self.orders[order].append(key)

    def write(self, folder: Path) -> None:
        """Write the arrays of all entries to a folder, which appears in one step."""
        keys = sorted((key.encode(), number) for key, number in self._numbers.items())
        places = np.empty(len(keys), dtype=np.uint32)
        places[[number for _key, number in keys]] = np.arange(len(keys))
        used, fields = np.frombuffer(self._keys, dtype=np.uint32), np.frombuffer(self._fields, dtype=np.uint8)
        ends = np.cumsum(np.frombuffer(self._counts, dtype=np.uint32), dtype=np.int64)

        def uses() -> Iterator[Uses]:
            for start in range(0, len(used), _BLOCK):
                end = min(start + _BLOCK, len(used))
                slots = np.searchsorted(ends, np.arange(start, end), side="right").astype(np.uint32)
                yield places[used[start:end]], slots, fields[start:end]

        orders = {order: [text.encode() for text in texts] for order, texts in self.orders.items()}
        write(folder, [key for key, _number in keys], uses, [id_.encode() for id_ in self.ids], orders)


def write(
    folder: Path,
    keys: Sequence[bytes],
    uses: Callable[[], Iterable[Uses]],
    ids: Sequence[bytes],
    orders: Mapping[str, Sequence[bytes]],
) -> None:
    """Write arrays to a folder, which appears in one step and survives a power cut.

    uses: gives every use of a key, block by block, the slots of each key ascending; asked twice. orders: keys by slot.
    """
    draft = folder.with_name(f"draft-{folder.name}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    counts, slots, fields = _gathered(uses, len(keys))
    words = [_letters_of(key) for key in keys]
    arrays: dict[str, Numbers] = {
        **_joined("keys", keys),
        "ends": np.cumsum(counts, dtype=np.int64),
        "slots": slots,
        "fields": fields,
        "letters": np.array([word[0] for word in words], dtype=np.uint64),
        "lengths": np.array([word[1] for word in words], dtype=np.uint16),
        **_joined("ids", ids),
    }
    for order, texts in orders.items():
        by_rank = sorted(range(len(texts)), key=texts.__getitem__)
        rank = np.empty(len(texts), dtype=np.uint32)
        rank[by_rank] = np.arange(len(texts))
        arrays |= {f"{order}_rank": rank, **_joined(f"{order}_keys", [texts[slot] for slot in by_rank])}
    for name, values in arrays.items():
        with (draft / f"{name}.npy").open("wb") as file:
            np.save(file, values)
            file.flush()
            os.fsync(file.fileno())
    checksums = {name: zlib.crc32(np.ascontiguousarray(values).data) for name, values in arrays.items()}
    with (draft / _CHECKSUMS).open("w") as listed:
        json.dump(checksums, listed)
        listed.flush()
        os.fsync(listed.fileno())
    draft.rename(folder)


def _letters_of(key: bytes) -> tuple[int, int]:
    """Which letters a word has, and how many; nothing for other keys."""
    group, _separator, value = key.decode().partition(_SEPARATOR)
    return (letter_bits(value), min(len(value), 65_535)) if group == "word" else (0, 0)


def _joined(name: str, texts: Sequence[bytes]) -> dict[str, Numbers]:
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return {name: np.frombuffer(b"".join(texts), dtype=np.uint8), f"{name}_ends": np.cumsum(lengths, dtype=np.int64)}


def _gathered(uses: Callable[[], Iterable[Uses]], keys: int) -> tuple[Numbers, Slots, Bits]:
    """How often each key is used; slots and fields in the order of their keys. Block by block: that takes little memory."""
    counts = np.zeros(keys, dtype=np.int64)
    for places, _slots, _fields in uses():
        counts += np.bincount(places, minlength=keys)
    free = np.cumsum(counts) - counts  #: the next place of each key's posting
    total = int(counts.sum())
    sorted_slots, sorted_fields = np.empty(total, dtype=np.uint32), np.empty(total, dtype=np.uint8)
    for places, slots, fields in uses():
        order = np.argsort(places, kind="stable")
        met, first, times = np.unique(places[order], return_index=True, return_counts=True)
        to = np.repeat(free[met] - first, times) + np.arange(len(places))
        sorted_slots[to], sorted_fields[to] = slots[order], fields[order]
        free[met] += times
    return counts, sorted_slots, sorted_fields
