"""Vectors on disk: an SQLite file that outlives processes and their crashes, and can be deleted at any time.

One process writes (the holder of the indexer's lock follows the catalogue, the holder of the filler's adds vectors),
any number read. Vectors are kept under the hash of their text, so that a text met again, in a rebuild or in another
resource, is not embedded again; a vector that no resource has any more is deleted.

    entries   the resources: fingerprint (of the whole document; NULL once it is gone), revision of its last change
    texts     the texts of each, one a language, by hash
    vectors   hash → vector, one byte a dimension
    queue     hash → text that has no vector yet
    facts     revision: of the last change
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from search.engines.generations import Generations
from search.errors import EngineUnavailable
from search.vectors.matrix import Packed

log = logging.getLogger(__name__)

LAYOUT = 1  #: of the tables
BUSY_S = 10.0  #: how long a writer is waited for
_FILE = "vectors.sqlite3"
_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE entries (id TEXT PRIMARY KEY, fingerprint TEXT, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX entries_by_revision ON entries (revision);
CREATE TABLE texts (id TEXT, language TEXT, hash BLOB NOT NULL, PRIMARY KEY (id, language)) WITHOUT ROWID;
CREATE INDEX texts_by_hash ON texts (hash);
CREATE TABLE vectors (hash BLOB PRIMARY KEY, scale REAL NOT NULL, data BLOB NOT NULL);
CREATE TABLE queue (hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL);
INSERT INTO facts VALUES ('revision', 0);
"""


@dataclass(frozen=True)
class Entry:
    """A resource as the store follows it: `texts` is {language: text to embed}."""

    id: str
    fingerprint: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Counts:
    """Texts of resources, and how many of them have their vector."""

    embedded: int
    total: int


class StoreCorrupt(EngineUnavailable):
    """The file of vectors cannot be trusted; its writer sets it aside and begins a new one."""


class VectorStore:
    """The file, in generations as an index has them: another model's vectors are another generation.

    Methods raise StoreCorrupt for a damaged file, which they set aside, EngineUnavailable for one absent or busy.
    """

    def __init__(self, folder: Path, model_version: str) -> None:
        self._model_version = model_version
        model = hashlib.sha256(model_version.encode()).hexdigest()[:8]
        self._generations = Generations(folder, f"v{LAYOUT}-{model}", kind="vectors")
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None  #: state of the pointer then
        self._file = folder

    @property
    def name(self) -> str:
        """Under which this folder follows the outbox."""
        return self._generations.identity()

    @property
    def generation(self) -> str:
        """Of the file in use; "" where there is none."""
        path = self._generations.current()
        return path.name if path else ""

    # -- writing -----------------------------------------------------------------------------------------------

    def create(self) -> None:
        """Make the file where it is absent or damaged, or of another layout or model."""
        if self._is_sound():
            return
        generation = self._generations.create()
        with closing(sqlite3.connect(generation / _FILE, isolation_level=None)) as connection:
            connection.executescript(f"PRAGMA journal_mode = WAL; BEGIN; {_SCHEMA} COMMIT;")
        self._generations.switch_to(generation)

    def _is_sound(self) -> bool:
        try:
            with self._reading() as connection:
                verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except StoreCorrupt:
            return False
        except EngineUnavailable:
            if self._generations.current():
                raise  # busy, or the disk is full: no reason to throw it away
            return False
        if verdict != "ok":
            self._set_aside(str(verdict))
        return bool(verdict == "ok")

    def put(self, entries: Iterable[Entry]) -> None:
        """Add or replace resources. A text that has no vector yet is queued."""
        with self._writing() as (connection, revision):
            for entry in entries:
                hashes = {language: self.hash(text) for language, text in entry.texts.items()}
                stored = dict(connection.execute("SELECT language, hash FROM texts WHERE id = ?", (entry.id,)))
                connection.execute(
                    "INSERT INTO entries VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint",
                    (entry.id, entry.fingerprint, revision),
                )
                if hashes == stored:
                    continue
                connection.execute("UPDATE entries SET revision = ? WHERE id = ?", (revision, entry.id))
                connection.execute("DELETE FROM texts WHERE id = ?", (entry.id,))
                for language, text in entry.texts.items():
                    hash_ = hashes[language]
                    connection.execute("INSERT INTO texts VALUES (?, ?, ?)", (entry.id, language, hash_))
                    connection.execute(
                        "INSERT OR IGNORE INTO queue SELECT ?1, ?2 WHERE ?1 NOT IN (SELECT hash FROM vectors)",
                        (hash_, text),
                    )
                _prune(connection, stored.values())

    def remove(self, ids: Iterable[str]) -> None:
        """Take resources out; unknown ids are ignored."""
        with self._writing() as (connection, revision):
            for id_ in ids:
                stored = [hash_ for (hash_,) in connection.execute("SELECT hash FROM texts WHERE id = ?", (id_,))]
                connection.execute("DELETE FROM texts WHERE id = ?", (id_,))
                connection.execute(
                    "UPDATE entries SET fingerprint = NULL, revision = ? WHERE id = ? AND fingerprint IS NOT NULL",
                    (revision, id_),
                )
                _prune(connection, stored)

    def next_texts(self, count: int) -> dict[bytes, str]:
        """Texts without a vector, by hash, those queued first first."""
        with self._reading() as connection:
            return dict(connection.execute("SELECT hash, text FROM queue ORDER BY rowid LIMIT ?", (count,)))

    def add_vectors(self, vectors: Mapping[bytes, Packed]) -> None:
        """Keep the vectors of queued texts; those that nobody waits for any more are dropped."""
        with self._writing() as (connection, revision):
            for hash_, vector in vectors.items():
                connection.execute("DELETE FROM queue WHERE hash = ?", (hash_,))
                connection.execute(
                    "INSERT OR REPLACE INTO vectors SELECT ?1, ?2, ?3 WHERE ?1 IN (SELECT hash FROM texts)",
                    (hash_, vector.scale, vector.data),
                )
                connection.execute(
                    "UPDATE entries SET revision = ? WHERE id IN (SELECT id FROM texts WHERE hash = ?)",
                    (revision, hash_),
                )

    # -- reading -----------------------------------------------------------------------------------------------

    def hash(self, text: str) -> bytes:
        """Under which a text's vector is kept."""
        return hashlib.sha256(f"{self._model_version}\0{text}".encode()).digest()[:16]

    def state(self) -> tuple[tuple[int, int] | None, int]:
        """Differs whenever something was written, by any process: which generation, and its revision."""
        with self._reading() as connection:
            return self._opened, _revision(connection)

    def changed_since(self, revision: int) -> tuple[int, dict[str, list[Packed]]]:
        """The present revision, and the vectors there are of every resource changed after `revision` (0: of all)."""
        with self._reading() as connection, _transaction(connection, "DEFERRED"):
            present = _revision(connection)
            changed: dict[str, list[Packed]] = {}
            rows = connection.execute(
                "SELECT entries.id, scale, data FROM entries LEFT JOIN texts USING (id) LEFT JOIN vectors USING (hash)"
                " WHERE revision > ? ORDER BY entries.id, language",
                (revision,),
            )
            for id_, scale, data in rows:
                vectors = changed.setdefault(id_, [])
                if data is not None:
                    vectors.append(Packed(scale, data))
        return present, changed

    def vectors_for(self, ids: Sequence[str]) -> dict[str, list[Packed]]:
        """The vectors there are of these resources, in the order of their languages; those without are left out."""
        found: dict[str, list[Packed]] = {}
        with self._reading() as connection:
            for id_ in ids:
                rows = connection.execute(
                    "SELECT scale, data FROM texts JOIN vectors USING (hash) WHERE id = ? ORDER BY language", (id_,)
                )
                if vectors := [Packed(*row) for row in rows]:
                    found[id_] = vectors
        return found

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """Id and fingerprint of every resource."""
        with self._reading() as connection:
            yield from connection.execute(
                "SELECT id, fingerprint FROM entries WHERE fingerprint IS NOT NULL"
            ).fetchall()

    def counts(self) -> Counts:
        """How far the vectors have come."""
        with self._reading() as connection:
            row = connection.execute("SELECT count(vectors.hash), count(*) FROM texts LEFT JOIN vectors USING (hash)")
            return Counts(*row.fetchone())

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._open()
            except sqlite3.Error as error:
                reason = f"The file of vectors cannot be used: {error}."
                if error.sqlite_errorcode & 0xFF in _CORRUPT:
                    self._set_aside(str(error))
                    raise StoreCorrupt(reason) from error
                self.close()
                raise EngineUnavailable(reason) from error

    @contextmanager
    def _writing(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A transaction, and the revision that it makes."""
        with self._reading() as connection, _transaction(connection, "IMMEDIATE"):
            connection.execute("UPDATE facts SET value = value + 1")
            yield connection, _revision(connection)

    def _open(self) -> sqlite3.Connection:
        """The connection to the generation that is in use now."""
        pointer = self._generations.pointer_state()
        if self._connection and pointer == self._opened and self._file.exists():  # or another process set it aside
            return self._connection
        self.close()
        generation = self._generations.current()
        if generation is None:
            raise EngineUnavailable("No vectors are kept yet.")
        self._file = generation / _FILE
        address = f"{self._file.absolute().as_uri()}?mode=rw"  # never makes the file
        connection = sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        self._connection, self._opened = connection, pointer
        connection.execute("PRAGMA synchronous = FULL")  # what the outbox was told is kept must be kept
        return connection

    def _set_aside(self, reason: str) -> None:
        """Take the present generation out of use, but keep it for whoever wants to know why."""
        self.close()
        log.warning("vectors_set_aside", extra={"reason": reason})
        if generation := self._generations.current():
            with suppress(FileNotFoundError):  # another process was first
                self._generations.set_aside(generation)


@contextmanager
def _transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _revision(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT value FROM facts").fetchone()[0])


def _prune(connection: sqlite3.Connection, hashes: Iterable[bytes]) -> None:
    """Delete what was kept for these texts, unless a resource still has them."""
    for hash_ in hashes:
        for table in ("vectors", "queue"):
            connection.execute(
                f"DELETE FROM {table} WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM texts WHERE hash = ?1)",  # noqa: S608
                (hash_,),
            )
