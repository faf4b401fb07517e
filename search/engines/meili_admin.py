"""Administration of a Meilisearch index through the official client: documents, settings, rebuilds.

A write is accepted at once and done later, and a task that fails raises nothing by itself: every task is awaited
and its error raised. The official client's headers are shared between threads, so one call is made at a time.
"""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import meilisearch
from meilisearch.errors import MeilisearchApiError, MeilisearchError
from meilisearch.models.task import TaskInfo

from search.engines.meili_settings import SUPPORTED, index_settings
from search.errors import EngineAway, EngineUnavailable

log = logging.getLogger(__name__)

REQUEST_S = 10  #: one call; documents are sent in batches that take far less
TASK_S = 900.0  #: one task, with those that wait before it
_BATCH = 1000  #: documents a call
_IN_FLIGHT = 8  #: calls whose tasks are not awaited yet
_PAGE = 100  #: indexes a call, when looking for leftovers
_POLL_S = (0.02, 0.5)  #: between two looks at a task: first, and at most
_T = TypeVar("_T")


class MeiliAdmin:
    """Writes to the index `uid` and to indexes named `{uid}_rebuild_…`, and to no other.

    Every method may raise EngineUnavailable (EngineAway where the server does not answer).
    """

    def __init__(self, url: str, key: str | None, uid: str, *, request_s: int = REQUEST_S) -> None:
        self._client = meilisearch.Client(url, key, timeout=request_s)
        self._uid = uid
        self._lock = threading.RLock()

    def update(self, documents: Iterable[Mapping[str, Any]], deleted: Sequence[str]) -> None:
        """Delete by id, then add or replace; done on return. The index must exist: adding would create a bare one."""
        with self._lock:
            self._ask(lambda: self._client.get_raw_index(self._uid))
            tasks = [self._delete_documents(deleted)] if deleted else []
            self._await_all([*tasks, *self._add(self._uid, documents)])

    def rebuild(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Fill a fresh index and swap it with the live one in one step; on an error the live one stays as it was."""
        with self._lock:
            self._delete_leftovers()
            fresh = f"{self._uid}_rebuild_{secrets.token_hex(4)}"
            try:
                self._await(self._ask(lambda: self._client.create_index(fresh, {"primaryKey": "id"})))
                self._await(self._ask(lambda: self._client.index(fresh).update_settings(index_settings())))
                self._await_all(self._add(fresh, documents))
                self._ensure_live()
                self._await(self._ask(lambda: self._client.swap_indexes([{"indexes": [self._uid, fresh]}])))
            finally:
                self._delete_quietly(fresh)

    def drop(self) -> None:
        """Delete the live index and what an interrupted rebuild left. For tests that made their own."""
        with self._lock:
            self._delete_leftovers()
            self._delete_quietly(self._uid)

    def _add(self, uid: str, documents: Iterable[Mapping[str, Any]]) -> list[TaskInfo]:
        """Send every document; the tasks that are not awaited yet."""
        index = self._client.index(uid)
        source = iter(documents)
        waiting: list[TaskInfo] = []
        while batch := list(islice(source, _BATCH)):
            waiting.append(self._ask(partial(index.add_documents, batch, "id")))
            if len(waiting) >= _IN_FLIGHT:
                self._await(waiting.pop(0))
        return waiting

    def _delete_documents(self, ids: Sequence[str]) -> TaskInfo:
        """By the plain route: the client deprecates its own method for it, the server does not."""
        path = f"indexes/{self._uid}/documents/delete-batch"
        return self._ask(lambda: TaskInfo(**self._client.http.post(path, list(ids))))

    def _ensure_live(self) -> None:
        """A swap needs both indexes. The first time, an empty one stands in; without settings it answers nobody."""
        try:
            self._ask(lambda: self._client.get_raw_index(self._uid))
        except _IndexNotFound:
            self._await(self._ask(lambda: self._client.create_index(self._uid, {"primaryKey": "id"})))

    def _delete_leftovers(self) -> None:
        """Drop what an interrupted rebuild left behind. One process at a time rebuilds, so nobody is at work on it."""
        pattern = re.compile(rf"{re.escape(self._uid)}_rebuild_[0-9a-f]{{8}}")
        offset = 0
        while True:
            parameters = {"limit": _PAGE, "offset": offset}
            answer: Any = self._ask(partial(self._client.get_raw_indexes, parameters))
            names = [index["uid"] for index in answer["results"]]
            for name in filter(pattern.fullmatch, names):
                self._delete_quietly(name)
            if len(names) < _PAGE:
                return
            offset += _PAGE

    def _delete_quietly(self, uid: str) -> None:
        """Delete an index if it is there; a failure only leaves something to tidy up later."""
        try:
            self._await(self._ask(lambda: self._client.delete_index(uid)))
        except EngineUnavailable as error:
            if not isinstance(error, _IndexNotFound):
                log.warning("meilisearch_leftover", extra={"index": uid, "reason": str(error)})

    def _await_all(self, tasks: Iterable[TaskInfo]) -> None:
        for task in tasks:
            self._await(task)

    def _await(self, info: TaskInfo) -> None:
        """Wait until a task is done. Raises EngineUnavailable with its error where it failed or was cancelled."""
        end = time.monotonic() + TASK_S
        pause, longest = _POLL_S
        while True:
            task = self._ask(lambda: self._client.get_task(info.task_uid))
            if task.status == "succeeded":
                return
            if task.status in {"failed", "canceled"}:
                error = task.error or {}
                kind = _IndexNotFound if error.get("code") == "index_not_found" else EngineUnavailable
                raise kind(
                    f"Meilisearch task {task.uid} ({task.type}) {task.status}: "
                    f"{error.get('message', 'no reason given')} [{error.get('code', '')}]"
                )
            if time.monotonic() > end:
                raise EngineAway(
                    f"Meilisearch task {task.uid} ({task.type}) is still {task.status} after {TASK_S:.0f} s."
                )
            time.sleep(pause)
            pause = min(pause * 1.5, longest)

    def _ask(self, call: Callable[[], _T]) -> _T:
        """One call, its failures as ours. Not all are wrapped by the client: broken answers come as they are."""
        try:
            with self._lock:
                return call()
        except MeilisearchApiError as error:
            raise _api_error(error) from error
        except (MeilisearchError, OSError, ValueError, TypeError, KeyError) as error:  # requests' errors are OSErrors
            raise EngineAway(f"Meilisearch does not answer its administrator ({type(error).__name__}).") from error


class _IndexNotFound(EngineUnavailable):
    """There is no such index."""


def _api_error(error: MeilisearchApiError) -> EngineUnavailable:
    if error.code == "index_not_found":
        return _IndexNotFound("There is no search index on Meilisearch yet; `senne index rebuild` builds it.")
    if error.status_code in (401, 403):
        return EngineAway(f"Meilisearch does not accept SENNE_MEILI_KEY for this: {error.message}")
    if error.code == "invalid_settings_ranking_rules":
        major, minor = SUPPORTED
        return EngineUnavailable(
            f"This Meilisearch is older than {major}.{minor}; upgrade it. It says: {error.message}"
        )
    if error.status_code in (408, 429) or error.status_code >= 500:
        return EngineAway(f"Meilisearch cannot do this now: {error.message[:300]}")
    return EngineUnavailable(f"Meilisearch refuses a change ({error.code}): {error.message[:300]}")
