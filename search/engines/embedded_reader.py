"""The newest state of an embedded index: a look at two small files before each search shows every commit at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Query as T

from directory.text import Word
from search.engines.columns import Columns
from search.engines.embedded_fields import KeptWords, read_card, read_entry, schema
from search.engines.generations import Generations
from search.engines.postings import Postings
from search.errors import EngineUnavailable

_SHOWN = 1024  #: documents that were read from disk, of about 10 kB each
_ATTEMPTS = 3  #: at opening arrays, which may be replaced meanwhile
_ARRAYS = "arrays-"


class Shown:
    """A document as results show it."""

    def __init__(self, kept: Any) -> None:
        self.card: Mapping[str, Any] = read_card(kept)
        self._kept = kept
        self._words: dict[tuple[str, str], Sequence[Word]] = {}

    def words(self, name: str, language: str) -> Sequence[Word]:
        """`analysis.raw_words` of its text under a field of `kept_words.SHOWN`."""
        known = self._words.get((name, language))
        if known is None:
            known = self._words[name, language] = self._unpacked.of(name, language, self.card[name][language])
        return known

    @cached_property
    def _unpacked(self) -> KeptWords:
        return KeptWords(self._kept)


@dataclass(frozen=True, eq=False)
class State:
    """What one commit holds: the arrays that are searched, and the documents."""

    generation: Path
    columns: Columns
    searcher: Any
    change: int  #: number of the last one

    def shown(self, slot: int) -> Shown:
        """The document in a slot, perhaps remembered."""
        return self._recall(slot)

    @cached_property
    def _recall(self) -> Callable[[int], Shown]:
        return lru_cache(maxsize=_SHOWN)(self._read)

    def _read(self, slot: int) -> Shown:
        id_ = self.columns.id_of(slot)
        found = self.searcher.search(T.term_query(schema(), "id", id_, "basic"), limit=1, count=False).hits
        if not found:
            raise EngineUnavailable(f"The search index does not hold {id_}, which its arrays have.")
        return Shown(self.searcher.doc(found[0][1]))


class Reader:
    """Opens what is newest. Safe from any thread."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = threading.Lock()
        self._open: tuple[Any, Any, Path, State] | None = None  #: states of the files, index, arrays, state

    def state(self) -> State:
        """A view of the newest commit; stays consistent while it is held. Raises EngineUnavailable."""
        pointer = self._generations.pointer_state()
        opened = self._open
        if opened and opened[0] == (pointer, _commit_state(opened[3].generation)):
            return opened[3]
        with self._lock:
            generation = self._generations.current()
            if generation is None:
                raise EngineUnavailable("There is no search index yet; `senne init` builds it.")
            files = (pointer, _commit_state(generation))
            known = self._open if self._open and self._open[3].generation == generation else None
            if known and known[0] == files:
                return known[3]
            arrays = newest_arrays(generation)  # before the commit, which they must not be ahead of
            try:
                if known and known[2] == arrays:
                    index, before = known[1], known[3]
                    index.reload()
                else:
                    index = open_index(generation)
                    arrays, before = _read_arrays(generation)
                state = _with_changes(index.searcher(), before)
                if known and known[3].columns is not state.columns:
                    known[3].columns.forget()
            except (ValueError, OSError, EOFError) as error:
                raise EngineUnavailable(f"The search index cannot be read: {error}") from error
            self._open = (files, index, arrays, state)
            return state


def open_index(generation: Path) -> Any:
    """The documents of a generation. Raises EngineUnavailable."""
    try:
        index = tantivy.Index.open(str(generation))
        index.config_reader("manual")
        index.reload()
    except ValueError as error:
        raise EngineUnavailable(f"The search index cannot be read: {error}") from error
    return index


def arrays_folder(generation: Path, change: int) -> Path:
    """Where the arrays lie that hold every change up to this one; 0 for those of a rebuild."""
    return generation / f"{_ARRAYS}{change}"


def newest_arrays(generation: Path) -> Path:
    """The arrays that hold most changes. Raises EngineUnavailable where there are none."""
    found = all_arrays(generation)
    if not found:
        raise EngineUnavailable("The search index is not complete.")
    return found[-1]


def all_arrays(generation: Path) -> list[Path]:
    """The folders of arrays, oldest first."""
    return sorted(generation.glob(f"{_ARRAYS}*"), key=_change_of)


def last_change(searcher: Any) -> int:
    """The number of the last change; 0 before the first one."""
    changed = T.range_query(schema(), "change", tantivy.FieldType.Unsigned, 1, None)
    found = searcher.search(changed, limit=1, count=False, order_by_field="change", order=tantivy.Order.Desc).hits
    return int(found[0][0]) if found else 0


def _commit_state(generation: Path) -> tuple[int, int] | None:
    try:
        state = (generation / "meta.json").stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns


def _change_of(arrays: Path) -> int:
    return int(arrays.name.removeprefix(_ARRAYS))


def _read_arrays(generation: Path) -> tuple[Path, State]:
    for _ in range(_ATTEMPTS - 1):
        arrays = newest_arrays(generation)
        try:
            return arrays, State(generation, Columns.of(Postings(arrays)), None, _change_of(arrays))
        except FileNotFoundError:
            continue  # newer ones have taken their place
    arrays = newest_arrays(generation)
    return arrays, State(generation, Columns.of(Postings(arrays)), None, _change_of(arrays))


def _with_changes(searcher: Any, before: State) -> State:
    """The state of a searcher: one before, and what has changed since."""
    newer = T.range_query(schema(), "change", tantivy.FieldType.Unsigned, before.change + 1, None)
    found = searcher.search(newer, limit=max(1, searcher.num_docs), order_by_field="change", order=tantivy.Order.Asc)
    if not found.hits:
        return State(before.generation, before.columns, searcher, before.change)
    kept = [searcher.doc(address) for _change, address in found.hits]
    gone = [id_ for document in kept if (id_ := document.get_first("gone"))]
    entries = [read_entry(document) for document in kept if document.get_first("id")]
    return State(before.generation, before.columns.changed(entries, gone), searcher, int(found.hits[-1][0]))
