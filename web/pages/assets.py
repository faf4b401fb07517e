"""Style sheets, scripts and pictures under an address that changes with their content.

One hash stands for the whole folder: a module that imports its neighbour by a relative path then gets the
version that belongs to it. The folder is small and kept in memory, gzipped once.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file of the folder."""

    content_type: str
    body: bytes
    zipped: bytes


def register(app: Flask) -> None:
    """Serve the static folder under `/assets/<hash>/` and offer `asset(path)` to templates."""
    assets = load_assets(Path(app.static_folder or ""))
    version = content_hash(assets)

    def serve(version_asked: str, filename: str) -> Response:
        asset = assets.get(filename)
        if asset is None:
            abort(404)
        return _respond(asset, current=version_asked == version)

    app.add_url_rule("/assets/<version_asked>/<path:filename>", "asset", serve)
    app.jinja_env.globals["asset"] = lambda path: url_for("asset", version_asked=version, filename=path)


def load_assets(folder: Path) -> dict[str, Asset]:
    """Every file of the folder by its path in it."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        guessed = mimetypes.guess_type(path.name)[0] or "text/plain; charset=utf-8"
        body = path.read_bytes()
        found[path.relative_to(folder).as_posix()] = Asset(
            _TYPES.get(path.suffix, guessed), body, gzip.compress(body, compresslevel=9, mtime=0)
        )
    return found


def content_hash(assets: Mapping[str, Asset]) -> str:
    """A short hash over the names and bytes of all files."""
    digest = hashlib.sha256()
    for name, asset in assets.items():
        digest.update(name.encode() + b"\0" + asset.body + b"\0")
    return digest.hexdigest()[:12]


def _respond(asset: Asset, *, current: bool) -> Response:
    """The file; one that is asked for under an older address may be kept for that page only."""
    zipped = request.accept_encodings["gzip"] > 0 and len(asset.zipped) < len(asset.body)
    response = Response(asset.zipped if zipped else asset.body, content_type=asset.content_type)
    if zipped:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOREVER if current else "no-cache"
    return response
