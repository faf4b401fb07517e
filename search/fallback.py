"""When the search server is away: a simpler engine answers at once, and says so.

The breaker opens with the first failure and no reader waits for the server again until a probe in the background, every
`PROBE_S`, has had an answer from it. It comes back only once its index has caught up with the catalogue, or an entry
that was just published would vanish from the results.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from search.documents import Document
from search.engine import Hits, IndexStatus, Query, SearchEngine, Suggestion
from search.errors import EngineAway, EngineUnavailable, QueryRefused

log = logging.getLogger(__name__)

PROBE_S = 5.0  #: between two looks at a server that is away
_MAX_WAIT_S = 60.0  #: a server that asks for more (Retry-After) is looked at nevertheless
_PATIENCE_S = 60.0  #: for an index that never quite catches up, because the catalogue keeps changing
_LAST_LOOK_S = 10.0  #: for a probe that is under way when the process ends
_T = TypeVar("_T")


class ServerEngine(SearchEngine, Protocol):
    """An engine behind a network."""

    def ping(self) -> None:
        """Whether a search could be answered now. Raises EngineUnavailable."""

    def close(self) -> None:
        """Give back every connection. Never raises."""


@dataclass(frozen=True)
class Outage:
    """Why and since when the server is not asked."""

    reason: str
    since: datetime


class Breaker:
    """Remembers that a server is away and finds out when it is back. Safe to share between threads.

    probe: raises EngineUnavailable while the server is away. caught_up: whether its index may be trusted again;
    False for as long as it lacks changes, and it may raise as it likes: that counts as no.
    """

    def __init__(
        self, probe: Callable[[], None], caught_up: Callable[[], bool] = lambda: True, *, probe_s: float = PROBE_S
    ) -> None:
        self._probe, self._caught_up, self._probe_s = probe, caught_up, probe_s
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._outage: Outage | None = None
        self._looking: threading.Thread | None = None

    @property
    def outage(self) -> Outage | None:
        """None while the server answers."""
        return self._outage

    def open(self, error: EngineUnavailable) -> None:
        """Stop asking the server; start looking for its return."""
        with self._lock:
            if self._outage is not None or self._stop.is_set():
                return
            self._outage = Outage(str(error), datetime.now(UTC))
            self._looking = threading.Thread(target=self._look, args=(error,), name="search-probe", daemon=True)
            log.warning("search_server_away", extra={"reason": str(error)})
            self._looking.start()

    def close(self) -> None:
        """Stop looking, for good. For the end of the process and of tests."""
        with self._lock:
            self._stop.set()
        if self._looking:
            self._looking.join(_LAST_LOOK_S)

    def _look(self, error: EngineUnavailable) -> None:
        answers_since: float | None = None
        wait = self._wait(error)
        while not self._stop.wait(wait):
            try:
                self._probe()
            except EngineUnavailable as failure:
                answers_since, wait = None, self._wait(failure)
                continue
            answers_since = answers_since or time.monotonic()
            wait = min(self._probe_s, 0.5)
            if self._may_return(time.monotonic() - answers_since):
                with self._lock:
                    self._outage = None
                log.warning("search_server_back")
                return

    def _may_return(self, answering_for: float) -> bool:
        """Whether the index has caught up. One that lags for long is used all the same: it is the better one."""
        try:
            return self._caught_up() or answering_for > _PATIENCE_S
        except Exception:
            log.exception("search_server_backlog_unknown")
            return answering_for > _PATIENCE_S

    def _wait(self, error: EngineUnavailable) -> float:
        asked = error.retry_after if isinstance(error, EngineAway) else None
        return max(self._probe_s, min(asked or 0.0, _MAX_WAIT_S))


class FallbackEngine:
    """`SearchEngine` that asks a server and, where it does not answer, an engine of this machine.

    Writes go to the server's index; the indexer of the simpler engine works on that one itself.
    """

    def __init__(
        self,
        server: ServerEngine,
        local: SearchEngine,
        *,
        caught_up: Callable[[], bool] = lambda: True,
        probe_s: float = PROBE_S,
    ) -> None:
        self.name = server.name
        self._server, self._local = server, local
        self._breaker = Breaker(server.ping, caught_up, probe_s=probe_s)

    def search(self, query: Query) -> Hits:
        """See SearchEngine; `degraded` where the local engine answered. Raises EngineUnavailable when both are away."""
        return self._ask(lambda: self._server.search(query), lambda: replace(self._local.search(query), degraded=True))

    def suggest(
        self, prefix: str, *, basins: Collection[str] = (), lang: str = "fr", limit: int = 8
    ) -> list[Suggestion]:
        """See SearchEngine."""
        return self._ask(
            lambda: self._server.suggest(prefix, basins=basins, lang=lang, limit=limit),
            lambda: self._local.suggest(prefix, basins=basins, lang=lang, limit=limit),
        )

    def update(self, documents: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """See SearchEngine: the server's index."""
        self._server.update(documents, deleted)

    def rebuild(self, documents: Iterable[Document]) -> None:
        """See SearchEngine: the server's index."""
        self._server.rebuild(documents)

    def status(self) -> IndexStatus:
        """See SearchEngine: of the engine that answers now."""
        return self._ask(self._server.status, self._local.status)

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """See SearchEngine: the server's index."""
        return self._server.fingerprints()

    def health(self) -> tuple[str, str]:
        """Status (ok, degraded or down) and a sentence, for /readyz. Asks the server when it is thought to answer.

        Degraded where only one of the two could answer, whichever it is.
        """
        outage = self._find_outage()
        since = outage.since.isoformat(timespec="seconds") if outage else ""
        try:
            documents = self._local.status().documents
        except EngineUnavailable as error:
            if outage is None:
                return "degraded", f"The search server answers; nothing on this machine could stand in for it: {error}"
            return "down", f"No index answers. Search server (since {since}): {outage.reason} This machine: {error}"
        if outage is None:
            return "ok", "The search server answers."
        return "degraded", (
            f"The search server is away since {since}: {outage.reason} "
            f"The index of this machine answers, with {documents} resources."
        )

    def close(self) -> None:
        """Stop looking for the server, and give back its connections."""
        self._breaker.close()
        self._server.close()

    def _find_outage(self) -> Outage | None:
        if self._breaker.outage is None:
            try:
                self._server.ping()
            except EngineUnavailable as error:
                self._breaker.open(error)
                return Outage(str(error), datetime.now(UTC))
        return self._breaker.outage

    def _ask(self, server: Callable[[], _T], local: Callable[[], _T]) -> _T:
        if self._breaker.outage is not None:
            return local()
        try:
            return server()
        except QueryRefused:
            log.exception("search_server_refuses")
            return local()
        except EngineUnavailable as error:
            self._breaker.open(error)
            return local()
