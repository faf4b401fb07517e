"""Talks to Meilisearch on a reader's behalf: pooled connections, one budget of time for a whole search.

Two measured facts (docs/decisions/0002-two-engines.md): the official client opens a connection a call, and keep-alive
with compressed answers takes 48 ms instead of 5, hence `Accept-Encoding: identity`. Proxies in the environment
are not for this connection.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import httpx

from search.errors import EngineAway, EngineUnavailable, QueryRefused

CONNECT_S = 0.15  #: a machine that is there answers at once; one that is not must not hold a reader up
BUDGET_S = 0.9  #: for everything one search asks; with what is around it, a stalled server costs a reader one second
_MAX_ANSWER_BYTES = 64 * 1024 * 1024
#: Connections that the server closed between two calls show themselves so; the call did not happen.
_BROKEN = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
#: 400 codes which say that the index was laid out by other rules than ours.
_OTHER_LAYOUT = {"invalid_search_filter", "invalid_search_sort", "invalid_search_facets"}


class KeyRefused(EngineAway):
    """The key is not known, or may not do this."""


class Deadline:
    """A moment by which a search has to be answered."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that remain. Raises EngineAway where none do."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise EngineAway("Meilisearch takes too long to answer.")
        return left


class MeiliClient:
    """The calls of the search path. Safe to share between threads. Every call may raise EngineUnavailable:

    EngineAway where the server does not answer or not as Meilisearch does, QueryRefused where it refuses one
    request, EngineUnavailable itself where there is no index, or one of another layout.
    """

    def __init__(self, url: str, key: str | None, *, budget: float = BUDGET_S, connect: float = CONNECT_S) -> None:
        self._budget, self._connect = budget, connect
        headers = {"Accept-Encoding": "identity", "User-Agent": "Senne"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=30)
        self._http = httpx.Client(base_url=url, headers=headers, limits=limits, trust_env=False)

    def deadline(self, seconds: float | None = None) -> Deadline:
        """The time one search has, from now."""
        return Deadline(self._budget if seconds is None else seconds)

    def multi_search(self, queries: Sequence[Mapping[str, Any]], deadline: Deadline) -> list[dict[str, Any]]:
        """The answers to several searches, in their order."""
        answer = self._call("POST", "/multi-search", {"queries": queries}, deadline)
        results = answer.get("results")
        if not isinstance(results, list) or len(results) != len(queries):
            raise EngineAway("Meilisearch answered a search with something else.")
        return results

    def facet_values(self, index: str, attribute: str, text: str, deadline: Deadline) -> list[str]:
        """Values of an attribute that start like `text`, typos forgiven; commonest first."""
        body = {"facetName": attribute, "facetQuery": text}
        answer = self._call("POST", f"/indexes/{index}/facet-search", body, deadline)
        return [str(hit["value"]) for hit in answer.get("facetHits", ())]

    def get(self, path: str, deadline: Deadline, **parameters: Any) -> dict[str, Any]:
        """Any reading call."""
        return self._call("GET", path, None, deadline, parameters)

    def close(self) -> None:
        """Give back every connection."""
        self._http.close()

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        deadline: Deadline,
        parameters: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            status, headers, content = self._send(method, path, body, deadline, parameters)
        except _BROKEN:  # most often a connection kept alive, closed meanwhile: once more on a fresh one
            try:
                status, headers, content = self._send(method, path, body, deadline, parameters)
            except httpx.HTTPError as error:
                raise EngineAway(f"Meilisearch breaks off ({type(error).__name__}).") from error
        except httpx.TimeoutException as error:
            raise EngineAway("Meilisearch takes too long to answer.") from error
        except httpx.HTTPError as error:
            raise EngineAway(f"Meilisearch cannot be reached ({error}).") from error
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise EngineAway(f"Something else than Meilisearch answers (status {status}, no JSON).") from error
        if not isinstance(answer, dict):
            raise EngineAway(f"Something else than Meilisearch answers (status {status}).")
        if status != httpx.codes.OK:
            _refuse(status, headers, answer)
        return answer

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        deadline: Deadline,
        parameters: Mapping[str, Any] | None,
    ) -> tuple[int, httpx.Headers, bytes]:
        """One exchange. The budget holds for the whole of it, also where the answer comes in drops."""
        left = deadline.left()
        timeout = httpx.Timeout(left, connect=min(self._connect, left))
        content = bytearray()
        with self._http.stream(method, path, json=body, params=parameters, timeout=timeout) as response:
            for part in response.iter_raw():
                content += part
                deadline.left()
                if len(content) > _MAX_ANSWER_BYTES:
                    raise EngineAway("Meilisearch answers with more than a search can need.")
            return response.status_code, response.headers, bytes(content)


def _refuse(status: int, headers: httpx.Headers, answer: Mapping[str, Any]) -> NoReturn:
    """Raise what an error of the server means. Its shape: message, code, type, link."""
    code, message = str(answer.get("code", "")), str(answer.get("message", ""))[:300]
    if code == "index_not_found":
        raise EngineUnavailable("There is no search index on Meilisearch yet; `senne index rebuild` builds it.")
    if status in (401, 403):
        raise KeyRefused(f"Meilisearch does not accept SENNE_MEILI_KEY: {message}")
    if status == 400 and code in _OTHER_LAYOUT:
        raise EngineUnavailable(f"The index on Meilisearch was built by another version of Senne: {message}")
    if status in (408, 429) or status >= 500:
        raise EngineAway(f"Meilisearch cannot answer now: {message or status}", retry_after=_retry_after(headers))
    raise QueryRefused(f"Meilisearch refuses a request ({code or status}): {message}")


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds; None where the header is absent or a date, which the server never sends."""
    value = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else None
