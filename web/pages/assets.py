"""Style sheets, scripts and pictures under an address that changes with their content.

One hash stands for the whole folder: a module that imports its neighbour by a relative path then gets the
version that belongs to it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, send_from_directory, url_for

FOREVER = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Serve the static folder under `/assets/<hash>/` and offer `asset(path)` to templates."""
    folder = Path(app.static_folder or "")
    version = content_hash(folder)

    def serve(version_asked: str, filename: str) -> Response:
        response = send_from_directory(folder, filename)
        current = version_asked == version
        response.headers["Cache-Control"] = FOREVER if current else "no-cache"
        return response

    app.add_url_rule("/assets/<version_asked>/<path:filename>", "asset", serve)
    app.jinja_env.globals["asset"] = lambda path: url_for("asset", version_asked=version, filename=path)


def content_hash(folder: Path) -> str:
    """A short hash over the names and bytes of all files in the folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
