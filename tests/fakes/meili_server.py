"""A FAKE Meilisearch 1.50: no Meilisearch code, and no search by words.

It answers in the shapes and with the errors that were recorded from a real server (`test_meili_fake.py` holds it to
the recordings), and keeps the habits that matter to the adapter: writes are accepted at once and done later, in
order; a failed task is silent; an unknown attribute in a filter or sort is an error. A non-empty `q` is refused with
501, because ranking by words cannot be faked honestly; the adapter sends none.

Longer than 300 lines: one server, whose answers are read beside one another.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import queue
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.meili_filter import Held
from tests.fakes.meili_index import Index, Refusal, check_settings, retrieve

VERSION = "1.50.0"
TASK_DELAY_S = 0.004


class FakeMeilisearch:
    """The server: `url` to speak to it, `requests` to see what it was asked. Use it as a context manager."""

    def __init__(self, *, key: str | None = None, first_task: int = 0, task_delay_s: float = TASK_DELAY_S) -> None:
        self.key, self._task_delay_s = key, task_delay_s
        self.indexes: dict[str, Index] = {}
        self.requests: list[tuple[str, str, Any]] = []
        self.tasks: dict[int, dict[str, Any]] = {}
        self._numbers = itertools.count(first_task)
        self._queue: queue.Queue[tuple[int, Callable[[], dict[str, Any]]] | None] = queue.Queue()
        self._lock = threading.RLock()
        self._connections: set[socket.socket] = set()
        self._http = self._listen(0)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def restarted(self) -> FakeMeilisearch:
        """The same server with what it held, at the same address, to be entered again after it was stopped."""
        self._http = self._listen(self._http.server_port)
        return self

    def _listen(self, port: int) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        server.daemon_threads = True
        return server

    def __enter__(self) -> FakeMeilisearch:
        self._threads = [
            threading.Thread(target=self._http.serve_forever, args=(0.02,)),
            threading.Thread(target=self._work),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        for connection in list(self._connections):  # a stopped process serves no kept-alive one either
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        """Does the tasks in their order, each a little later than it was accepted."""
        while item := self._queue.get():
            number, action = item
            time.sleep(self._task_delay_s)
            task = self.tasks[number]
            task["status"], task["startedAt"] = "processing", _now()
            try:
                with self._lock:
                    task["details"].update(action())
                task["status"] = "succeeded"
            except Refusal as refusal:
                task["status"], task["error"] = "failed", refusal.body
            task["finishedAt"], task["duration"] = _now(), "PT0.001S"

    def _enqueue(
        self, type_: str, uid: str | None, details: dict[str, Any], action: Callable[[], dict[str, Any]]
    ) -> tuple[int, dict[str, Any]]:
        number = next(self._numbers)
        enqueued = _now()
        self.tasks[number] = {
            "uid": number, "batchUid": number, "indexUid": uid, "status": "enqueued", "type": type_,
            "canceledBy": None, "details": details, "error": None, "duration": None, "enqueuedAt": enqueued,
            "startedAt": None, "finishedAt": None,
        }  # fmt: skip
        self._queue.put((number, action))
        return 202, {"taskUid": number, "indexUid": uid, "status": "enqueued", "type": type_, "enqueuedAt": enqueued}

    # Routes

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> tuple[int, Any]:
        """Status and body. Raises Refusal."""
        parts = [part for part in path.split("/") if part]
        match method, parts:
            case "GET", ["health"]:
                return 200, {"status": "available"}
            case "GET", ["version"]:
                return 200, {"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": VERSION}
            case "POST", ["multi-search"]:
                return 200, {"results": list(self._multi_search(body["queries"]))}
            case "POST", ["swap-indexes"]:
                swaps = [{"indexes": swap["indexes"], "rename": swap.get("rename", False)} for swap in body]
                return self._enqueue("indexSwap", None, {"swaps": swaps}, lambda: self._swap(body))
            case "GET", ["tasks", number]:
                if int(number) not in self.tasks:
                    raise Refusal(404, "task_not_found", f"Task `{number}` not found.")
                return 200, self.tasks[int(number)]
            case "POST", ["indexes"]:
                uid, key = body["uid"], body.get("primaryKey")
                return self._enqueue("indexCreation", uid, {"primaryKey": key}, lambda: self._create(uid))
            case "GET", ["indexes"]:
                return 200, self._page([_index(uid, index) for uid, index in sorted(self.indexes.items())], query)
            case "GET", ["indexes", uid]:
                return 200, _index(uid, self._get(uid))
            case "DELETE", ["indexes", uid]:
                return self._enqueue("indexDeletion", uid, {}, lambda: self._drop(uid))
            case "PATCH", ["indexes", uid, "settings"]:
                check_settings(body)
                return self._enqueue("settingsUpdate", uid, dict(body), lambda: self._configure(uid, body))
            case "GET", ["indexes", uid, "settings"]:
                return 200, self._get(uid).settings
            case "GET", ["indexes", uid, "stats"]:
                documents = self._get(uid).documents.values()
                carried = Counter(name for document in documents for name in document)
                return 200, {"numberOfDocuments": len(documents), "isIndexing": False, "fieldDistribution": carried}
            case "GET", ["indexes", uid, "documents"]:
                fields = query["fields"].split(",") if "fields" in query else ["*"]
                found = [retrieve(document, fields) for document in self._get(uid).documents.values()]
                return 200, self._page(found, query)
            case "GET", ["indexes", uid, "documents", id_]:
                if id_ not in self._get(uid).documents:
                    raise Refusal(404, "document_not_found", f"Document `{id_}` not found.")
                return 200, self._get(uid).documents[id_]
            case (("POST" | "PUT"), ["indexes", uid, "documents"]):
                details = {"receivedDocuments": len(body), "indexedDocuments": 0}
                partial = method == "PUT"
                return self._enqueue("documentAdditionOrUpdate", uid, details, lambda: self._put(uid, body, partial))
            case "POST", ["indexes", uid, "documents", "delete-batch"]:
                return self._enqueue("documentDeletion", uid, {}, lambda: self._delete(uid, body))
            case "DELETE", ["indexes", uid, "documents", id_]:
                return self._enqueue("documentDeletion", uid, {}, lambda: self._delete(uid, [id_]))
            case "POST", ["indexes", uid, "search"]:
                return 200, self._get(uid).search(uid, body)
            case "POST", ["indexes", uid, "facet-search"]:
                return 200, self._get(uid).facet_search(uid, body)
        raise Refusal(404, "not_found", f"{method} {path} is not faked.")

    def _get(self, uid: str) -> Index:
        if uid not in self.indexes:
            raise Refusal(404, "index_not_found", f"Index `{uid}` not found.")
        return self.indexes[uid]

    # Tasks

    def _create(self, uid: str) -> dict[str, Any]:
        if uid in self.indexes:
            raise Refusal(409, "index_already_exists", f"Index `{uid}` already exists.")
        self.indexes[uid] = Index(_now())
        return {}

    def _drop(self, uid: str) -> dict[str, Any]:
        count = len(self._get(uid).documents)
        del self.indexes[uid]
        return {"deletedDocuments": count}

    def _configure(self, uid: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        if uid not in self.indexes:
            self._create(uid)
        self.indexes[uid].settings |= changes
        return {}

    def _swap(self, swaps: list[Mapping[str, Any]]) -> dict[str, Any]:
        for swap in swaps:
            one, other = swap["indexes"]
            first, second = self._get(one), self._get(other)
            self.indexes[one], self.indexes[other] = second, first
        return {}

    def _put(self, uid: str, documents: list[dict[str, Any]], partial: bool) -> dict[str, Any]:
        if uid not in self.indexes:
            self._create(uid)  # as the server does, without settings
        for document in documents:
            if "id" not in document:
                raise Refusal(400, "missing_document_id", f"Document doesn't have a `id` attribute: `{document}`.")
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,511}", str(document["id"])):
                raise Refusal(400, "invalid_document_id", f"Document identifier `{document['id']}` is invalid.")
        held = self.indexes[uid].documents
        for document in documents:
            id_ = str(document["id"])
            held[id_] = Held({**held.get(id_, {}), **document} if partial else document)
        return {"indexedDocuments": len(documents)}

    def _delete(self, uid: str, ids: list[str]) -> dict[str, Any]:
        held = self._get(uid).documents
        gone = [id_ for id_ in dict.fromkeys(map(str, ids)) if held.pop(id_, None) is not None]
        return {"providedIds": len(ids), "deletedDocuments": len(gone), "originalFilter": None}

    # Searches

    def _multi_search(self, queries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for number, query in enumerate(queries):
            uid = query["indexUid"]
            try:
                found = self._get(uid).search(uid, query)
            except Refusal as refusal:
                refusal.body["message"] = f"Inside `.queries[{number}]`: {refusal.body['message']}"
                refusal.status = 400
                raise
            yield {"indexUid": uid, **found}

    @staticmethod
    def _page(rows: list[Any], query: Mapping[str, str]) -> dict[str, Any]:
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 20))
        return {"results": rows[offset : offset + limit], "offset": offset, "limit": limit, "total": len(rows)}

    # HTTP

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each answer waits 40 ms for the client

            def setup(self) -> None:
                super().setup()
                server._connections.add(self.connection)

            def finish(self) -> None:
                server._connections.discard(self.connection)
                super().finish()

            def _answer(self) -> None:
                parts = urlsplit(self.path)
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    server.check_key(parts.path, self.headers.get("Authorization"))
                    reads = self.command not in {"GET", "DELETE"}
                    body = _read(self.headers.get("Content-Type", ""), raw) if reads else None
                    server.requests.append((self.command, parts.path, body))
                    with server._lock:
                        status, answer = server.answer(self.command, parts.path, dict(parse_qsl(parts.query)), body)
                        content = json.dumps(answer).encode()
                except Refusal as refusal:
                    status, content = refusal.status, json.dumps(refusal.body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler

    def check_key(self, path: str, given: str | None) -> None:
        """Raises Refusal as the server does: 401 without a key, 403 with a wrong one."""
        if self.key is None or path == "/health":
            return
        if given is None:
            raise Refusal(401, "missing_authorization_header", "The Authorization header is missing.", "auth")
        if given != f"Bearer {self.key}":
            raise Refusal(403, "invalid_api_key", "The provided API key is invalid.", "auth")


def _read(content_type: str, raw: bytes) -> Any:
    if not raw:
        return None
    try:
        if content_type.startswith("application/x-ndjson"):
            return [json.loads(line) for line in raw.splitlines() if line.strip()]
        if not content_type.startswith("application/json"):
            raise Refusal(415, "invalid_content_type", f"The Content-Type `{content_type}` is invalid.")
        text = raw.decode()
        body = json.loads(text)
        text.encode()
    except ValueError as error:
        raise Refusal(400, "malformed_payload", f"The `json` payload provided is malformed. `{error}`.") from error
    if re.search(rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])", raw):
        raise Refusal(400, "malformed_payload", "The `json` payload provided is malformed: lone surrogate.")
    return body


def _index(uid: str, index: Index) -> dict[str, Any]:
    return {"uid": uid, "createdAt": index.made, "updatedAt": index.made, "primaryKey": "id"}


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
