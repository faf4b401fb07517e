"""Counts searches that found nothing, off the reader's path: noted in memory, written by a thread, a batch at a time.

What is kept of them, and what never is, says `directory.search_log`. A count lost in a crash does no harm.
"""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Flask, current_app, request

from directory.database import Database
from directory.errors import CatalogueUnavailable
from directory.fields import BRUSSELS
from directory.search_log import record_gap
from search.service import SearchAnswer

log = logging.getLogger(__name__)

MAX_WAITING = 1_000  #: notes; more are dropped
PAUSE_S = 5.0  #: between two writes


@dataclass(frozen=True, slots=True)
class _Note:
    text: str
    basins: tuple[str, ...]
    themes: tuple[str, ...]
    day: date


class GapRecorder:
    """Takes notes from any thread; one thread of its own writes them."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database, self._key = database, key
        self._waiting: queue.Queue[_Note] = queue.Queue(MAX_WAITING)
        self._start_lock = threading.Lock()
        self._started = False

    def note(self, answer: SearchAnswer) -> None:
        """Note a search without result; one that found something, or was no question, is none."""
        query = answer.query
        if answer.hits.total or not query.text or query.page > 1:
            return
        day = datetime.now(UTC).astimezone(BRUSSELS).date()
        try:
            self._waiting.put_nowait(_Note(query.text, query.values("basin"), query.values("theme"), day))
        except queue.Full:
            return
        self._start()

    def flush(self) -> int:
        """Write what waits, in one transaction; how many notes."""
        notes: list[_Note] = []
        while len(notes) < MAX_WAITING:
            try:
                notes.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        if notes:
            with self._database.write() as session:
                for note in notes:
                    record_gap(session, note.text, basins=note.basins, themes=note.themes, day=note.day, key=self._key)
        return len(notes)

    def _start(self) -> None:
        with self._start_lock:
            if not self._started:
                self._started = True
                threading.Thread(target=self._run, name="gaps", daemon=True).start()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(PAUSE_S)
            try:
                self.flush()
            except CatalogueUnavailable as error:
                log.info("gaps_not_written", extra={"reason": str(error)})


def register(app: Flask) -> None:
    """Make the recorder of this app."""
    key = str(app.config["SECRET_KEY"]).encode()
    app.extensions["senne.gaps"] = GapRecorder(app.extensions["senne"].database, key)


def note_gap(answer: SearchAnswer) -> None:
    """Count the present request's search if it found nothing; what is still being typed is no search yet."""
    if request.headers.get("HX-Trigger") != "q":
        recorder: GapRecorder = current_app.extensions["senne.gaps"]
        recorder.note(answer)
