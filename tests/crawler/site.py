"""A web site for tests: real sockets, a count of everything that was asked, and what partner sites do wrong."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Document:
    """What one address answers. `raw`: takes the connection over."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: Reply | None = None


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    started: float
    ended: float = 0.0
    status: int = 0
    body_bytes: int = 0


class Site:
    """Documents by path. `asked` is the server's own account of what came in."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.asked: list[Asked] = []
        self.validators = False
        self.answer: Callable[[str], Document | None] = lambda _: None  #: for paths without a document
        self.together = 0  #: the most requests at once
        self._open = 0
        self._lock = threading.Lock()
        self.port = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str, html: str, **headers: str) -> None:
        """An HTML page; `{origin}` in it is filled in."""
        body = html.replace("{origin}", self.origin).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.documents[path] = Document(body, headers={"Content-Type": "text/html; charset=utf-8", **named})

    def text(self, path: str, text: str, content_type: str = "text/plain") -> None:
        self.documents[path] = Document(
            text.replace("{origin}", self.origin).encode(), headers={"Content-Type": content_type}
        )

    def gzipped(self, path: str, body: bytes, content_type: str) -> None:
        self.documents[path] = Document(gzip.compress(body), headers={"Content-Type": content_type})

    def raw(self, path: str, reply: Reply) -> None:
        self.documents[path] = Document(raw=reply)

    def redirect(self, path: str, target: str, status: int = 301) -> None:
        self.documents[path] = Document(status=status, headers={"Location": target.replace("{origin}", self.origin)})

    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    def count(self) -> Counter[str]:
        return Counter(self.paths())

    def pages(self) -> list[str]:
        """What was asked, without robots.txt."""
        return [path for path in self.paths() if path != "/robots.txt"]

    def forget(self) -> None:
        """Start a new account."""
        self.asked.clear()

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        asked = Asked(handler.path, {k.lower(): v for k, v in handler.headers.items()}, time.monotonic())
        with self._lock:
            self.asked.append(asked)
            self._open += 1
            self.together = max(self.together, self._open)
        try:
            document = self.documents.get(handler.path) or self.answer(handler.path)
            document = document or Document(b"nothing here", 404, {"Content-Type": "text/plain"})
            if document.raw is not None:
                document.raw(handler)
                return
            self._send(handler, document, asked)
        except (ConnectionError, TimeoutError):
            handler.close_connection = True
        finally:
            with self._lock:
                self._open -= 1
                asked.ended = time.monotonic()

    def _send(self, handler: BaseHTTPRequestHandler, document: Document, asked: Asked) -> None:
        headers, status, body = dict(document.headers), document.status, document.body
        if self.validators and status == 200:
            etag = f'"{sha256(body).hexdigest()[:12]}"'
            headers["ETag"] = etag
            if handler.headers.get("If-None-Match") == etag:
                status, body = 304, b""
        asked.status, asked.body_bytes = status, len(body)
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status != 304:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def serve(site: Site) -> Iterator[Site]:
    """Serve the site on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.reply(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
