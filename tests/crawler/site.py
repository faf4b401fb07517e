"""A web site for tests: real sockets, a count of everything that was asked, and what partner sites do wrong."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

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


def resource(title: str, *links: str, text: str = "", footer: str = "") -> str:
    """A page that the plain reader takes for a resource."""
    anchors = "".join(f'<a href="{link}">x</a>' for link in links)
    main = f"<h1>{title}</h1><p>Le texte de {title}. {text}</p>"
    return f"<html><body><nav>{anchors}</nav><main>{main}</main><footer>{footer}</footer></body></html>"


def listing(*links: str, head: str = "") -> str:
    """A page of links."""
    anchors = "".join(f'<a href="{link}">x</a>' for link in links)
    return f"<html><head>{head}</head><body>{anchors}</body></html>"


class WordPress:
    """The parts of WordPress' REST interface that the crawler uses, over the pages of a site."""

    def __init__(self, site: Site, *, closed: bool = False) -> None:
        self.site, self.closed = site, closed
        self.modified: dict[str, str] = {}
        site.answer = self.answer

    def post(self, path: str, html: str, modified: str) -> None:
        self.site.page(path, html)
        self.modified[path] = modified

    def home(self, *links: str) -> None:
        head = f'<link rel="https://api.w.org/" href="{self.site.origin}/wp-json/">'
        self.site.page("/", listing(*links, head=head))

    def delete(self, path: str, *, status: int = 404) -> None:
        del self.modified[path]
        self.site.documents[path] = Document(b"weg", status, {"Content-Type": "text/html"})

    def answer(self, path: str) -> Document | None:
        address = urlsplit(path)
        if not address.path.startswith("/wp-json/"):
            return None
        if self.closed:
            return Document(b'{"code": "rest_login_required"}', 401, {"Content-Type": "application/json"})
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        route = address.path.removeprefix("/wp-json/").strip("/")
        headers = {"Content-Type": "application/json"}
        if route == "":
            return Document(b'{"namespaces": ["wp/v2"]}', headers=headers)
        if route == "wp/v2/types":
            types = {"post": {"rest_base": "posts", "rest_namespace": "wp/v2"}, "wp_block": {"rest_base": "blocks"}}
            return Document(json.dumps(types).encode(), headers=headers)
        if route != "wp/v2/posts":
            return Document(b"[]", headers=headers) if route == "wp/v2/media" else None
        posts = sorted(self.modified.items(), key=lambda item: item[1], reverse=True)
        size, number = int(query["per_page"]), int(query["page"])
        pages = -(-len(posts) // size)
        if number > max(pages, 1):
            return Document(b'{"code": "rest_post_invalid_page_number"}', 400, headers)
        some = posts[(number - 1) * size : number * size]
        items = [
            {"id": position, "link": self.site.origin + path, "modified_gmt": modified}
            for position, (path, modified) in enumerate(some)
        ]
        return Document(json.dumps(items).encode(), headers={**headers, "X-WP-TotalPages": str(pages)})


@contextmanager
def serve(site: Site) -> Iterator[Site]:
    """Serve the site on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body are sent apart: else 40 ms an answer

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
