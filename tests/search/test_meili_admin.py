"""Administration through the official client, on recorded answers: every task is awaited and its error raised."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from search.engines import meili_admin
from search.engines.meili_admin import MeiliAdmin
from search.errors import EngineAway, EngineUnavailable
from tests.search.recordings import answer, recorded

FRESH = re.compile(r"/indexes/resources_rebuild_[0-9a-f]{8}")
FRESH_SETTINGS = re.compile(FRESH.pattern + "/settings")


@pytest.fixture
def admin(httpserver: HTTPServer) -> MeiliAdmin:
    return MeiliAdmin(httpserver.url_for("").rstrip("/"), "the-key", "resources", request_s=5)


def replay(httpserver: HTTPServer, name: str, *, method: str | None = None, path: str | None = None) -> None:
    """The next request is to be this recorded one, or one with another method or path."""
    request, (status, body) = recorded(name)["request"], answer(name)
    httpserver.expect_ordered_request(path or request["path"], method=method or request["method"]).respond_with_json(
        body, status=status
    )


def sent(httpserver: HTTPServer, path: str) -> list[Request]:
    """The requests to this path."""
    return [request for request, _response in httpserver.log if request.path == path]


def exists(httpserver: HTTPServer) -> None:
    """The live index is there: an entry of the recorded list."""
    body = answer("list indexes")[1]["results"][0]
    httpserver.expect_ordered_request("/indexes/resources", method="GET").respond_with_json(body)


def test_documents_are_there_when_the_update_returns(httpserver: HTTPServer, admin: MeiliAdmin) -> None:
    exists(httpserver)
    replay(httpserver, "add documents")
    accepted = answer("add documents")[1]
    waiting = {**answer("task of add documents")[1], "status": "processing"}
    for _ in range(3):
        httpserver.expect_ordered_request(f"/tasks/{accepted['taskUid']}").respond_with_json(waiting)
    replay(httpserver, "task of add documents")
    admin.update([{"id": "a-vos-souhaits"}], [])
    httpserver.check()
    assert len(sent(httpserver, "/tasks/25")) == 4
    [added] = sent(httpserver, "/indexes/resources/documents")
    assert added.get_json() == [{"id": "a-vos-souhaits"}]
    assert added.args["primaryKey"] == "id"


def test_deletions_go_first_and_are_awaited(httpserver: HTTPServer, admin: MeiliAdmin) -> None:
    exists(httpserver)
    replay(httpserver, "delete several documents")
    replay(httpserver, "add documents")
    replay(httpserver, "task of delete-batch")
    replay(httpserver, "task of add documents")
    admin.update([{"id": "a"}], ["formation-volontaires-palliatifs", "not-there"])
    httpserver.check()
    [deleted] = sent(httpserver, "/indexes/resources/documents/delete-batch")
    assert deleted.get_json() == recorded("delete several documents")["request"]["body"]


@pytest.mark.parametrize(
    ("accepted", "failed", "code"),
    [
        ("a document with a bad id", "its task fails: invalid_document_id", "invalid_document_id"),
        ("a document without an id", "its task fails: missing_document_id", "missing_document_id"),
    ],
)
def test_a_failed_task_raises_its_error(
    httpserver: HTTPServer, admin: MeiliAdmin, accepted: str, failed: str, code: str
) -> None:
    exists(httpserver)
    replay(httpserver, accepted)
    replay(httpserver, failed)
    with pytest.raises(EngineUnavailable, match=code):
        admin.update([{"id": "not a slug!"}], [])
    httpserver.check()


def test_a_cancelled_task_is_no_success(httpserver: HTTPServer, admin: MeiliAdmin) -> None:
    exists(httpserver)
    replay(httpserver, "add documents")
    cancelled = {**answer("task of add documents")[1], "status": "canceled", "canceledBy": 26}
    httpserver.expect_ordered_request("/tasks/25").respond_with_json(cancelled)
    with pytest.raises(EngineUnavailable, match="canceled"):
        admin.update([{"id": "a"}], [])


def test_a_task_that_does_not_end_is_waited_for_no_longer(
    httpserver: HTTPServer, admin: MeiliAdmin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meili_admin, "TASK_S", 0.0)
    exists(httpserver)
    replay(httpserver, "add documents")
    waiting = {**answer("task of add documents")[1], "status": "enqueued"}
    httpserver.expect_request("/tasks/25").respond_with_json(waiting)
    with pytest.raises(EngineAway, match="still enqueued"):
        admin.update([{"id": "a"}], [])


def test_nothing_is_added_to_an_index_that_is_not_there(httpserver: HTTPServer, admin: MeiliAdmin) -> None:
    """The server would make a bare one, without our settings, and its readers would find nothing."""
    replay(httpserver, "search an index that is not there", method="GET", path="/indexes/resources")
    with pytest.raises(EngineUnavailable) as error:
        admin.update([{"id": "a"}], [])
    assert not isinstance(error.value, EngineAway)
    assert sent(httpserver, "/indexes/resources/documents") == []


def test_an_older_server_that_hides_its_version_is_told_by_the_settings(
    httpserver: HTTPServer, admin: MeiliAdmin
) -> None:
    httpserver.expect_request("/indexes", method="GET").respond_with_json(answer("list indexes")[1])
    httpserver.expect_request("/indexes", method="POST").respond_with_json(answer("create index")[1], status=202)
    httpserver.expect_request("/tasks/22").respond_with_json(answer("task of create index")[1])
    refusal = answer("settings with a bad ranking rule")
    httpserver.expect_request(FRESH_SETTINGS, method="PATCH").respond_with_json(refusal[1], status=refusal[0])
    httpserver.expect_request(FRESH, method="DELETE").respond_with_json(answer("delete the old index")[1], status=202)
    httpserver.expect_request("/tasks/37").respond_with_json(answer("task of delete index")[1])
    with pytest.raises(EngineUnavailable, match=r"older than 1\.50"):
        admin.rebuild([])
    httpserver.check()


def test_a_failed_swap_leaves_the_live_index_and_takes_the_fresh_one_away(
    httpserver: HTTPServer, admin: MeiliAdmin
) -> None:
    httpserver.expect_request("/indexes", method="GET").respond_with_json(answer("list indexes")[1])
    httpserver.expect_request("/indexes", method="POST").respond_with_json(answer("create index")[1], status=202)
    httpserver.expect_request("/tasks/22").respond_with_json(answer("task of create index")[1])
    httpserver.expect_request(FRESH_SETTINGS).respond_with_json(answer("update settings")[1], status=202)
    httpserver.expect_request("/tasks/24").respond_with_json(answer("task of update settings")[1])
    exists_body = answer("list indexes")[1]["results"][0]
    httpserver.expect_request("/indexes/resources", method="GET").respond_with_json(exists_body)
    swap = answer("swap with an index that is not there")[1]
    httpserver.expect_request("/swap-indexes").respond_with_json(swap, status=202)
    httpserver.expect_request("/tasks/36").respond_with_json(answer("its task fails")[1])
    deleted = answer("delete the old index")[1]
    httpserver.expect_request(FRESH, method="DELETE").respond_with_json(deleted, status=202)
    httpserver.expect_request("/tasks/37").respond_with_json(answer("task of delete index")[1])
    with pytest.raises(EngineUnavailable, match="nowhere"):
        admin.rebuild([])
    httpserver.check()
    paths = [(request.method, request.path) for request, _ in httpserver.log]
    assert ("DELETE", "/indexes/resources") not in paths
    assert [path for method, path in paths if method == "DELETE"] == [
        path.removesuffix("/settings") for method, path in paths if method == "PATCH"
    ]


@pytest.mark.parametrize(
    "respond",
    [
        lambda handler: handler.respond_with_data("<html>Welcome</html>", content_type="text/html"),
        lambda handler: handler.respond_with_data("<html>Bad gateway</html>", status=502),
        lambda handler: handler.respond_with_data("", status=200),
        lambda handler: handler.respond_with_json([1, 2]),
        lambda handler: handler.respond_with_json({"message": "x", "code": "too_many_search_requests"}, status=503),
        lambda handler: handler.respond_with_response(Response(b"{", headers={"Content-Length": "100"})),
    ],
    ids=["html", "bad gateway", "empty", "list", "busy", "cut off"],
)
def test_a_server_out_of_its_mind_is_away(
    httpserver: HTTPServer, admin: MeiliAdmin, respond: Callable[[Any], None]
) -> None:
    exists(httpserver)
    respond(httpserver.expect_ordered_request("/indexes/resources/documents"))
    with pytest.raises(EngineAway):
        admin.update([{"id": "a"}], [])


def test_nobody_listens(free_tcp_port: int) -> None:
    with pytest.raises(EngineAway):
        MeiliAdmin(f"http://127.0.0.1:{free_tcp_port}", None, "resources").rebuild([])


def test_a_wrong_key_is_named(httpserver: HTTPServer, admin: MeiliAdmin) -> None:
    status, body = answer("search key may not write")
    httpserver.expect_request("/indexes/resources").respond_with_json(body, status=status)
    with pytest.raises(EngineAway, match="SENNE_MEILI_KEY"):
        admin.update([], ["a"])
