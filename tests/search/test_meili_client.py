"""The pooled client of the search path: recorded answers, and all the ways a server can fail to give one."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from search.engines.meili_client import Deadline, KeyRefused, MeiliClient
from search.errors import EngineAway, EngineUnavailable, QueryRefused
from tests.search.recordings import answer, recorded, recordings

QUERY = {"indexUid": "resources", "q": "", "page": 1, "hitsPerPage": 1}


@pytest.fixture
def client(httpserver: HTTPServer) -> Iterator[MeiliClient]:
    with closing(MeiliClient(httpserver.url_for("").rstrip("/"), "the-key", budget=5, connect=1)) as made:
        yield made


def search(client: MeiliClient) -> list[dict[str, Any]]:
    return client.multi_search([QUERY], client.deadline())


def replay(httpserver: HTTPServer, name: str, path: str = "/multi-search") -> None:
    status, body = answer(name)
    httpserver.expect_request(path).respond_with_json(body, status=status)


def test_a_recorded_multi_search_is_read(httpserver: HTTPServer, client: MeiliClient) -> None:
    exchange = recorded("disjunctive facets by multi-search")
    httpserver.expect_ordered_request(
        "/multi-search", method="POST", json=exchange["request"]["body"]
    ).respond_with_json(exchange["response"]["body"])
    answers = client.multi_search(exchange["request"]["body"]["queries"], client.deadline())
    assert answers == exchange["response"]["body"]["results"]


def test_a_recorded_facet_search_is_read(httpserver: HTTPServer, client: MeiliClient) -> None:
    replay(httpserver, "facet search", "/indexes/resources/facet-search")
    assert client.facet_values("resources", "themes", "vac", client.deadline()) == ["vaccination"]
    [(request, _response)] = httpserver.log
    assert request.get_json() == recorded("facet search")["request"]["body"]


def test_every_request_carries_the_key_and_forbids_compression(httpserver: HTTPServer, client: MeiliClient) -> None:
    replay(httpserver, "version", "/version")
    assert client.get("/version", client.deadline())["pkgVersion"] == "1.50.0"
    [(request, _response)] = httpserver.log
    assert request.headers["Authorization"] == "Bearer the-key"
    assert request.headers["Accept-Encoding"] == "identity"


def test_a_server_without_keys_is_sent_none(httpserver: HTTPServer) -> None:
    replay(httpserver, "version", "/version")
    with closing(MeiliClient(httpserver.url_for("").rstrip("/"), None)) as client:
        client.get("/version", client.deadline())
    assert "Authorization" not in httpserver.log[0][0].headers


def test_a_proxy_in_the_environment_is_not_used(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    replay(httpserver, "health", "/health")
    with closing(MeiliClient(httpserver.url_for("").rstrip("/"), None)) as client:
        assert client.get("/health", client.deadline()) == {"status": "available"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("search an index that is not there", EngineUnavailable),
        ("multi-search with a bad query", EngineUnavailable),
        ("filter on an attribute that is not filterable", EngineUnavailable),
        ("facet that is not filterable", EngineUnavailable),
        ("sort on an attribute that is not sortable", EngineUnavailable),
        ("limit of the wrong kind", QueryRefused),
        ("unknown parameter", QueryRefused),
        ("malformed JSON", QueryRefused),
        ("wrong content type", QueryRefused),
        ("version without key", KeyRefused),
        ("version with a wrong key", KeyRefused),
        ("search key may not search another index", KeyRefused),
        ("expired tenant token", KeyRefused),
    ],
)
def test_a_recorded_error_says_what_it_means(
    httpserver: HTTPServer, client: MeiliClient, name: str, kind: type[EngineUnavailable]
) -> None:
    replay(httpserver, name)
    with pytest.raises(EngineUnavailable) as error:
        search(client)
    assert type(error.value) is kind


def test_every_recorded_error_is_one_of_ours(httpserver: HTTPServer, client: MeiliClient) -> None:
    seen = set()
    for exchange in recordings():
        if exchange["response"]["status"] >= 400:
            httpserver.clear()
            replay(httpserver, exchange["name"])
            with pytest.raises(EngineUnavailable):
                search(client)
            seen.add(exchange["response"]["body"]["code"])
    assert len(seen) >= 12


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<html><body>Welcome to the router</body></html>"),
        (502, "<html><h1>Bad Gateway</h1></html>"),
        (200, ""),
        (200, "[1, 2]"),
        (200, '"text"'),
        (200, "{}"),
        (200, '{"results": []}'),
        (200, '{"results": 3}'),
        (200, b"\xff\xfe\x00"),
    ],
)
def test_something_else_than_meilisearch_is_not_believed(
    httpserver: HTTPServer, client: MeiliClient, status: int, body: str
) -> None:
    httpserver.expect_request("/multi-search").respond_with_data(body, status=status, content_type="text/html")
    with pytest.raises(EngineAway):
        search(client)


def test_a_server_with_too_much_to_do_says_for_how_long(httpserver: HTTPServer, client: MeiliClient) -> None:
    body = {"message": "Too many search requests.", "code": "too_many_search_requests", "type": "system", "link": ""}
    httpserver.expect_request("/multi-search").respond_with_json(body, status=503, headers={"Retry-After": "10"})
    with pytest.raises(EngineAway) as error:
        search(client)
    assert error.value.retry_after == 10


@pytest.mark.parametrize("value", ["soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 50, ""])
def test_an_unreadable_retry_after_counts_as_absent(httpserver: HTTPServer, client: MeiliClient, value: str) -> None:
    httpserver.expect_request("/multi-search").respond_with_json({}, status=503, headers={"Retry-After": value})
    with pytest.raises(EngineAway) as error:
        search(client)
    assert error.value.retry_after is None


def test_nobody_listens(free_tcp_port: int) -> None:
    with closing(MeiliClient(f"http://127.0.0.1:{free_tcp_port}", None)) as client, pytest.raises(EngineAway):
        search(client)


def test_a_server_that_never_answers_is_given_up(httpserver: HTTPServer) -> None:
    release = threading.Event()

    def stall(_request: Request) -> Response:
        release.wait(20)
        return Response("{}")

    httpserver.expect_request("/multi-search").respond_with_handler(stall)
    with closing(MeiliClient(httpserver.url_for("").rstrip("/"), None, budget=0.2)) as client:
        try:
            with pytest.raises(EngineAway, match="too long"):
                search(client)
        finally:
            release.set()


def test_an_answer_in_drops_is_given_up(httpserver: HTTPServer) -> None:
    stop = threading.Event()

    def drops() -> Iterator[bytes]:
        while not stop.wait(0.05):
            yield b" "

    httpserver.expect_request("/multi-search").respond_with_handler(
        lambda _request: Response(drops(), content_type="application/json")
    )
    with closing(MeiliClient(httpserver.url_for("").rstrip("/"), None, budget=0.3)) as client:
        try:
            with pytest.raises(EngineAway, match="too long"):
                search(client)
        finally:
            stop.set()


def test_a_spent_budget_asks_nothing_more(httpserver: HTTPServer, client: MeiliClient) -> None:
    httpserver.expect_request("/never").respond_with_json({})
    deadline = client.deadline(0)
    with pytest.raises(EngineAway):
        client.get("/never", deadline)
    assert "/never" not in [request.path for request, _response in httpserver.log]


def read_request(connection: socket.socket) -> None:
    """Read one whole request: head and body may come apart."""
    content = b""
    while b"\r\n\r\n" not in content:
        content += connection.recv(65536)
    head, _, body = content.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]
    while len(body) < length:
        body += connection.recv(65536)


@contextmanager
def raw_server(*answers: bytes) -> Iterator[str]:
    """A server that sends these bytes, one a connection, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for content in answers:
                connection, _address = listener.accept()
                with connection:
                    read_request(connection)
                    connection.sendall(content)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def whole(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


GOOD = json.dumps({"results": [answer("disjunctive facets by multi-search")[1]["results"][0]]}).encode()


def test_an_answer_that_breaks_off_twice_is_an_outage() -> None:
    cut = whole(GOOD)[:-20]
    with (
        raw_server(cut, cut) as url,
        closing(MeiliClient(url, None, budget=5, connect=1)) as client,
        pytest.raises(EngineAway, match="breaks off"),
    ):
        search(client)


@pytest.mark.parametrize("first", [b"", whole(GOOD)[:-20]])
def test_an_answer_that_breaks_off_once_is_asked_for_again(first: bytes) -> None:
    with raw_server(first, whole(GOOD)) as url, closing(MeiliClient(url, None, budget=5, connect=1)) as client:
        assert search(client)[0]["indexUid"] == "resources"


def test_one_connection_serves_one_search_after_another() -> None:
    """Or each search would pay for a new one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _address = listener.accept()
            with connection:
                for _ in range(5):
                    read_request(connection)
                    connection.sendall(whole(GOOD))

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with closing(MeiliClient(url, None, budget=5, connect=1)) as client:
            for _ in range(5):
                search(client)
        thread.join()


def gives_up(client: MeiliClient, deadline: Deadline) -> bool:
    try:
        client.multi_search([QUERY], deadline)
    except EngineAway:
        return True
    return False


def test_what_a_search_may_take_is_counted_over_all_its_calls(httpserver: HTTPServer) -> None:
    def slowly(_request: Request) -> Response:
        time.sleep(0.15)
        return Response(GOOD, content_type="application/json")

    httpserver.expect_request("/multi-search").respond_with_handler(slowly)
    with closing(MeiliClient(httpserver.url_for("").rstrip("/"), None, budget=0.4)) as client:
        deadline = client.deadline()
        answered = 0
        while not gives_up(client, deadline):
            answered += 1
    assert answered < 3
