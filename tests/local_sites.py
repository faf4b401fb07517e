"""Sites of fixtures/sites served over real HTTP, with a count of every visit.

    with LocalSite(Path("fixtures/sites/bassin-essai")) as site:
        crawl(site.source())
        assert site.report()["disallowed"] == []

By hand: `python -m tests.local_sites fixtures/sites/bassin-essai --port 8090`. The manifest's form is in
fixtures/sites/README.md. Answers depend on the manifest and on the edits made through this object only.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import json
import re
import signal
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.local_answers import inventory_answer, month_values, validate

SITES = Path(__file__).resolve().parent.parent / "fixtures" / "sites"
_TYPES = {
    ".html": "text/html; charset=utf-8", ".htm": "text/html", ".pdf": "application/pdf", ".json": "application/json",
    ".xml": "application/xml", ".txt": "text/plain; charset=utf-8", ".ics": "text/calendar; charset=utf-8",
    ".css": "text/css", ".gz": "application/gzip", ".png": "image/png",
}  # fmt: skip
#: Their bytes stand as they are: no placeholder is looked for.
_BINARY = {".pdf", ".gz", ".png"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as the server saw it; at_once counts those in flight, itself included."""

    path: str  #: with its query, as asked
    method: str
    status: int
    sent_bytes: int
    at_once: int
    user_agent: str


def site_names() -> list[str]:
    """The folders of fixtures/sites, sorted."""
    return sorted(folder.parent.name for folder in SITES.glob("*/site.json"))


def is_forbidden(path: str, rules: list[str]) -> bool:
    """Whether the manifest forbids the path (query included): a prefix, in which `*` matches anything."""
    return any(re.match(re.escape(rule).replace(r"\*", ".*"), path) for rule in rules)


class LocalSite:
    """A folder with a site.json, on a free loopback port from `start()` to `stop()`.

    hold: seconds that each answer waits, so that requests made together are seen together.
    """

    def __init__(self, folder: Path, *, port: int = 0, hold: float = 0.0) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads((folder / "site.json").read_text("utf-8"))
        self.visits: list[Visit] = []
        self._hold = hold
        self._lock = threading.Lock()
        self._in_flight = 0
        self._sessions = 0
        self._changed: dict[str, bytes] = {}
        self._gone: dict[str, int] = {}
        self._added: dict[str, dict[str, Any]] = {}
        self._server = HTTPServer(host="127.0.0.1", port=port, threaded=True)

    # --- life ---

    def start(self) -> Self:
        self._server.expect_request(re.compile(".*")).respond_with_handler(self._answer)
        self._server.start()
        return self

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def base(self) -> str:
        """Address without a final slash."""
        return f"http://{self._server.host}:{self._server.port}"

    def source(self) -> dict[str, Any]:
        """The crawl source of the manifest, in the form that `senne crawl FILE` reads (there, a list of them)."""
        text = json.dumps(self.manifest["source"]).replace("{{base}}", self.base)
        found: dict[str, Any] = json.loads(text)
        return found

    # --- edits between two crawls ---

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in what the path answers; its ETag and Last-Modified follow. KeyError if it is not there."""
        route = self._routes()[path]
        body = self._changed.get(path) or (self.folder / route["file"]).read_bytes()
        coding = route.get("coding", "utf-8")
        if old.encode(coding) not in body:
            raise KeyError(old)
        self._changed[path] = body.replace(old.encode(coding), new.encode(coding))
        self._touch(path)

    def add(self, path: str, body: bytes, *, title: str = "", kind: str = "posts") -> None:
        """A new page; where the site has a WordPress inventory, it is listed there."""
        self._added[path] = {"file": ".html"}
        self._changed[path] = body
        items = self.manifest.get("inventory", {}).get("wordpress")
        if items is not None:
            now = _utc_now()
            next_id = max((item["id"] for item in items), default=0) + 1
            items.append({"id": next_id, "kind": kind, "path": path, "title": title, "date": now, "modified": now})

    def remove(self, path: str, status: int = 404, *, from_inventory: bool = True) -> None:
        """The page answers `status` from now on, and leaves the site's own inventory."""
        self._gone[path] = status
        items = self.manifest.get("inventory", {}).get("wordpress")
        if items is not None and from_inventory:
            items[:] = [item for item in items if item["path"] != path]

    def _touch(self, path: str) -> None:
        self._routes()[path]["last_modified"] = _utc_now()
        for item in self.manifest.get("inventory", {}).get("wordpress", []):
            if item["path"] == path:
                item["modified"] = _utc_now()

    # --- what was seen ---

    def forget(self) -> None:
        """Empty the log."""
        with self._lock:
            self.visits.clear()

    def report(self) -> dict[str, Any]:
        """Counts over the log: requests, bytes, by_path, by_status, disallowed (paths), max_at_once, user_agents."""
        with self._lock:
            visits = list(self.visits)
        by_path: dict[str, int] = {}
        by_status: dict[str, int] = {}
        for visit in visits:
            by_path[visit.path] = by_path.get(visit.path, 0) + 1
            by_status[str(visit.status)] = by_status.get(str(visit.status), 0) + 1
        forbidden = self.manifest.get("forbidden", [])
        return {
            "site": self.manifest["name"],
            "requests": len(visits),
            "bytes": sum(visit.sent_bytes for visit in visits),
            "by_path": by_path,
            "by_status": by_status,
            "disallowed": sorted({v.path for v in visits if is_forbidden(v.path, forbidden)}),
            "max_at_once": max((visit.at_once for visit in visits), default=0),
            "overlaps": sum(visit.at_once > 1 for visit in visits),
            "user_agents": sorted({visit.user_agent for visit in visits}),
        }

    # --- answers ---

    def _routes(self) -> dict[str, dict[str, Any]]:
        routes: dict[str, dict[str, Any]] = self.manifest["routes"]
        return {**routes, **self._added} if self._added else routes

    def _answer(self, request: Request) -> Response:
        with self._lock:
            self._in_flight += 1
            at_once = self._in_flight
        try:
            if self._hold:
                time.sleep(self._hold)
            response = self._respond(request)
        finally:
            with self._lock:
                self._in_flight -= 1
        path = request.full_path if request.query_string else request.path
        with self._lock:
            self.visits.append(
                Visit(
                    path=path,
                    method=request.method,
                    status=response.status_code,
                    sent_bytes=0 if request.method == "HEAD" else len(response.get_data()),
                    at_once=at_once,
                    user_agent=request.headers.get("User-Agent", ""),
                )
            )
        return response

    def _respond(self, request: Request) -> Response:
        asked = request.full_path if request.query_string else request.path
        inventory = self.manifest.get("inventory", {})
        listed = inventory_answer(request, inventory, self.folder, self.base, self._gone)
        if listed is not None:
            return listed
        path, route, values = self._find(asked, request.path)
        if path in self._gone:
            return Response("Gone" if self._gone[path] == 410 else "Not found", self._gone[path], mimetype="text/plain")
        if route is None:
            missing = self.manifest["not_found"]
            return self._page(request, asked, {"status": 404, **missing}, values)
        if "redirect" in route:
            response = Response("", route.get("status", 301))
            response.headers["Location"] = route["redirect"].replace("{{base}}", self.base)
            return response
        return self._page(request, path, route, values)

    def _find(self, asked: str, bare: str) -> tuple[str, dict[str, Any] | None, dict[str, str]]:
        """The route of an address: with its query, then (where the route ignores queries) without, then patterns."""
        routes = self._routes()
        if asked in routes:
            return asked, routes[asked], {}
        if bare in routes and (bare == asked or routes[bare].get("ignore_query", True)):
            return bare, routes[bare], {}
        for pattern in self.manifest.get("patterns", []):
            match = re.fullmatch(pattern["path"], asked)
            if match:
                return asked, pattern, month_values(match.groups())
        return asked, None, {}

    def _page(self, request: Request, path: str, route: dict[str, Any], values: dict[str, str]) -> Response:
        body = self._changed.get(path)
        if body is None:
            body = (self.folder / route["file"]).read_bytes()
        suffix = Path(route["file"]).suffix
        steady = True
        if suffix not in _BINARY:
            for name, value in {**values, "base": self.base}.items():
                body = body.replace(b"{{" + name.encode() + b"}}", value.encode())
            if b"{{session}}" in body:
                steady = False
                with self._lock:
                    self._sessions += 1
                    body = body.replace(b"{{session}}", hashlib.md5(b"%d" % self._sessions).hexdigest().encode())
        etag = '"' + hashlib.sha1(body).hexdigest()[:20] + '"'
        if route.get("gzip"):
            body = gzip.compress(body, mtime=0)
        response = Response(body, route.get("status", 200), content_type=route.get("type", _TYPES.get(suffix)))
        for name, value in {**self.manifest.get("headers", {}), **route.get("headers", {})}.items():
            response.headers[name] = value.replace("{{base}}", self.base)
        validators = route.get("validators", self.manifest.get("validators", "none"))
        if response.status_code == 200 and steady and validators != "none":
            modified = route.get("last_modified", self.manifest.get("last_modified", _utc_now()))
            validate(request, response, validators, etag, datetime.fromisoformat(modified))
        return response


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def main() -> None:
    """Serve one folder by hand; the log's report is printed, and written if asked, at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.local_sites", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="a folder with a site.json, or the name of one in fixtures/sites")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seconds", type=float, default=600.0, help="stop after so long (default 600)")
    parser.add_argument("--source", type=Path, help="write the site's crawl source here, for senne crawl FILE")
    parser.add_argument("--report", type=Path, help="write the log's counts here at the end")
    options = parser.parse_args()
    for stop in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs ignore SIGINT unless told
        signal.signal(stop, signal.default_int_handler)
    folder = options.folder if (options.folder / "site.json").is_file() else SITES / options.folder
    with LocalSite(folder, port=options.port) as site:
        if options.source:
            options.source.write_text(json.dumps([site.source()], ensure_ascii=False, indent=2), "utf-8")
        print(site.base, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(options.seconds)
        report = json.dumps(site.report(), ensure_ascii=False, indent=2)
    if options.report:
        options.report.write_text(report, "utf-8")
    print(report)


if __name__ == "__main__":
    main()
