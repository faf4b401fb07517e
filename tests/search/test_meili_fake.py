"""The fake Meilisearch is held to what a real one was recorded to answer."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.fakes.meili_server import FakeMeilisearch
from tests.search.recordings import recordings

#: What differs from run to run, and what the fake does not measure.
VARYING = {
    "enqueuedAt", "startedAt", "finishedAt", "duration", "requestUid", "processingTimeMs", "createdAt", "updatedAt",
    "rawDocumentDbSize", "avgDocumentSize", "numberOfEmbeddings", "numberOfEmbeddedDocuments",
}  # fmt: skip
#: Recorded answers that the fake is not made for: ranking by words, places on a map, vectors, keys, task lists.
NOT_FAKED = {
    "near a point", "empty query: everything, facets", "create a search key", "create a writer key", "list tasks",
    "search key may not write", "search key may not search another index", "tenant token is held to its filter",
    "expired tenant token", "get settings", "task of update settings", "vector of the wrong size", "hybrid search",
    "facet that is not filterable", "filter that does not parse",
}  # fmt: skip
KEYS = {"none": None, "master": "Bearer master", "other": "Bearer other"}


def is_faked(exchange: dict[str, Any]) -> bool:
    """Whether the fake claims to answer this one."""
    body = exchange["request"].get("body")
    asks_words = isinstance(body, dict) and (body.get("q") or any(q.get("q") for q in body.get("queries", ())))
    is_vector = "embedder" in exchange["name"] or "vector" in exchange["name"]
    return not (asks_words or is_vector or exchange["name"] in NOT_FAKED or "search key" in exchange["name"])


def comparable(value: Any) -> Any:
    """An answer without what varies. Messages are for people: of an error its code counts."""
    if isinstance(value, dict):
        is_error = {"code", "type", "link"} <= set(value)
        left_out = VARYING | ({"message"} if is_error else set())
        return {key: comparable(inner) for key, inner in value.items() if key not in left_out}
    return [comparable(inner) for inner in value] if isinstance(value, list) else value


def perform(client: httpx.Client, request: dict[str, Any]) -> httpx.Response:
    headers = {"Authorization": key} if (key := KEYS[request["authorization"]]) else {}
    if "body_text" in request:
        headers["Content-Type"] = request["content_type"]
        return client.request(
            request["method"], request["path"], content=request["body_text"].encode(), headers=headers
        )
    return client.request(
        request["method"], request["path"], params=request.get("query"), json=request.get("body"), headers=headers
    )


def test_the_fake_answers_as_the_real_one_was_recorded_to() -> None:
    compared = 0
    with FakeMeilisearch(key="master", first_task=22) as server, httpx.Client(base_url=server.url) as client:
        for exchange in recordings():
            if not is_faked(exchange):
                continue
            if exchange["request"]["path"].startswith("/tasks/"):
                settle(server)
            response = perform(client, exchange["request"])
            name = exchange["name"]
            assert response.status_code == exchange["response"]["status"], name
            assert comparable(response.json()) == comparable(exchange["response"]["body"]), name
            compared += 1
            settle(server)
    assert compared >= 45


def settle(server: FakeMeilisearch) -> None:
    """Wait until every task is done, as whoever made the recordings did."""
    while any(task["status"] in {"enqueued", "processing"} for task in server.tasks.values()):
        time.sleep(0.002)


def test_a_task_is_not_done_when_it_is_accepted() -> None:
    with FakeMeilisearch(task_delay_s=1) as server, httpx.Client(base_url=server.url) as client:
        accepted = client.post("/indexes", json={"uid": "late", "primaryKey": "id"})
        assert accepted.status_code == 202
        assert client.get("/indexes/late").status_code == 404
        settle(server)
        assert client.get("/indexes/late").status_code == 200


@pytest.mark.parametrize("body", [{"q": "words"}, {"q": "x", "filter": "id = y"}])
def test_the_fake_refuses_what_it_cannot_do(body: dict[str, Any]) -> None:
    with FakeMeilisearch() as server, httpx.Client(base_url=server.url) as client:
        client.post("/indexes", json={"uid": "some", "primaryKey": "id"})
        settle(server)
        assert client.post("/indexes/some/search", json=body).status_code == 501
